//! Spares callers the wait for a Redis that has not answered lately.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// One lost connection is an idle one that was closed; three in a row are an outage.
const FAILURES: u32 = 3;
/// While it lasts, one caller in this time finds out whether it is over.
const PAUSE: Duration = Duration::from_secs(1);

/// Open after [`FAILURES`] in a row, until one call succeeds.
#[derive(Default)]
pub(super) struct Breaker(Mutex<State>);

#[derive(Default)]
struct State {
    failures: u32,
    /// When the next caller may try, while open.
    next: Option<Instant>,
}

impl Breaker {
    /// Whether a call may be tried. While open, saying yes means no to everybody else for a while.
    pub(super) fn admits(&self, now: Instant) -> bool {
        let mut state = self.state();
        match state.next {
            None => true,
            Some(next) if next > now => false,
            Some(_) => {
                state.next = Some(now + PAUSE);
                true
            }
        }
    }

    /// Redis answered. Returns whether that ends an outage.
    pub(super) fn succeeded(&self) -> bool {
        std::mem::take(&mut *self.state()).next.is_some()
    }

    /// Redis did not answer. Returns whether that begins an outage.
    pub(super) fn failed(&self, now: Instant) -> bool {
        let mut state = self.state();
        state.failures = state.failures.saturating_add(1);
        if state.failures < FAILURES {
            return false;
        }
        state.next.replace(now + PAUSE).is_none()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_failures_in_a_row_open_it_and_one_success_closes_it() {
        let (breaker, now) = (Breaker::default(), Instant::now());
        assert!(!breaker.failed(now));
        assert!(!breaker.failed(now));
        assert!(!breaker.succeeded());
        assert!(!breaker.failed(now));
        assert!(!breaker.failed(now));
        assert!(breaker.admits(now));
        assert!(breaker.failed(now));
        assert!(!breaker.failed(now), "the outage began before");
        assert!(!breaker.admits(now));
        assert!(breaker.succeeded());
        assert!(breaker.admits(now));
    }

    #[test]
    fn an_open_one_admits_one_caller_at_a_time() {
        let (breaker, now) = (Breaker::default(), Instant::now());
        for _ in 0..FAILURES {
            breaker.failed(now);
        }
        let later = now + PAUSE;
        assert!(!breaker.admits(later - Duration::from_millis(1)));
        assert!(breaker.admits(later));
        assert!(!breaker.admits(later));
        assert!(breaker.admits(later + PAUSE));
    }
}
