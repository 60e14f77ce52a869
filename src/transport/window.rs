//! How many calls there were of late, and how many of them failed.

use std::time::Duration;

use tokio::time::Instant;

/// The window moves in steps of a tenth of itself, so that it needs no memory per call.
const SLICES: usize = 10;

pub(super) struct Window {
    length: Duration,
    slices: [Slice; SLICES],
    /// The slice in use and when it began; none before the first call.
    current: Option<(usize, Instant)>,
}

#[derive(Clone, Copy, Default)]
struct Slice {
    calls: u32,
    failures: u32,
}

impl Window {
    pub(super) fn new(length: Duration) -> Self {
        Self { length, slices: [Slice::default(); SLICES], current: None }
    }

    pub(super) fn count(&mut self, now: Instant, failed: bool) {
        let slice = self.advance(now);
        slice.calls += 1;
        slice.failures += u32::from(failed);
    }

    /// Calls and failures within the window that ends at `now`.
    pub(super) fn totals(&mut self, now: Instant) -> (u32, u32) {
        self.advance(now);
        self.slices
            .iter()
            .fold((0, 0), |(calls, failures), slice| (calls + slice.calls, failures + slice.failures))
    }

    /// Empties the slices whose time is over and returns the one for `now`.
    fn advance(&mut self, now: Instant) -> &mut Slice {
        let (mut index, mut began) = self.current.unwrap_or((0, now));
        let step = (self.length / SLICES as u32).max(Duration::from_millis(1));
        let age = now.saturating_duration_since(began);
        if age >= self.length {
            self.slices = [Slice::default(); SLICES];
            began = now;
        }
        while now.saturating_duration_since(began) >= step {
            index = (index + 1) % SLICES;
            began += step;
            self.slices[index] = Slice::default();
        }
        self.current = Some((index, began));
        &mut self.slices[index]
    }
}
