//! Stops calling an upstream that keeps failing, and finds out when it is well again.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::window::Window;
use crate::config;

/// What a breaker does with the next call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BreakerState {
    /// Lets it through.
    Closed,
    /// Refuses it.
    Open,
    /// Lets one through to find out.
    HalfOpen,
}

/// Counts failures in a row and their share of late.
pub(super) struct Breaker {
    upstream: &'static str,
    settings: config::Breaker,
    inner: Mutex<Inner>,
}

struct Inner {
    state: State,
    /// Counts the changes of state, so that a call that began before one says nothing after it.
    era: u64,
}

enum State {
    Closed { in_a_row: u32, window: Window },
    Open { until: Instant },
    HalfOpen { probing: bool },
}

/// Leave to make one call. Dropped without a verdict it counts as never made.
pub(super) struct Pass<'a> {
    breaker: &'a Breaker,
    era: u64,
}

impl Breaker {
    /// Closed.
    pub(super) fn new(upstream: &'static str, settings: config::Breaker) -> Self {
        let state = State::Closed { in_a_row: 0, window: Window::new(settings.window) };
        Self { upstream, settings, inner: Mutex::new(Inner { state, era: 0 }) }
    }

    /// Leave for one call at `now`.
    ///
    /// # Errors
    ///
    /// How long until the next call may be let through.
    pub(super) fn admit(&self, now: Instant) -> Result<Pass<'_>, Duration> {
        let mut inner = self.lock();
        match &mut inner.state {
            State::Closed { .. } => {}
            State::Open { until } if now < *until => return Err(*until - now),
            // Open to half-open: the time is over, and this call is the probe.
            State::Open { .. } => self.turn(&mut inner, State::HalfOpen { probing: true }),
            State::HalfOpen { probing: true } => return Err(PROBE_TAKES),
            State::HalfOpen { probing } => *probing = true,
        }
        Ok(Pass { breaker: self, era: inner.era })
    }

    /// What the next call at `now` would meet.
    pub(super) fn state(&self, now: Instant) -> BreakerState {
        match self.lock().state {
            State::Closed { .. } => BreakerState::Closed,
            State::Open { until } if now < until => BreakerState::Open,
            State::Open { .. } | State::HalfOpen { .. } => BreakerState::HalfOpen,
        }
    }

    fn succeeded(&self, era: u64, now: Instant) {
        let mut inner = self.lock();
        if inner.era != era {
            return;
        }
        match &mut inner.state {
            State::Closed { in_a_row, window } => {
                *in_a_row = 0;
                window.count(now, false);
            }
            // Half-open to closed: the probe went well.
            State::HalfOpen { .. } => {
                let window = Window::new(self.settings.window);
                self.turn(&mut inner, State::Closed { in_a_row: 0, window });
            }
            State::Open { .. } => {}
        }
    }

    fn failed(&self, era: u64, now: Instant) {
        let mut inner = self.lock();
        if inner.era != era {
            return;
        }
        let opens = match &mut inner.state {
            State::Closed { in_a_row, window } => {
                *in_a_row += 1;
                window.count(now, true);
                *in_a_row >= self.settings.consecutive_failures || self.too_many(window, now)
            }
            State::HalfOpen { .. } => true,
            State::Open { .. } => false,
        };
        // Closed or half-open to open.
        if opens {
            self.turn(&mut inner, State::Open { until: now + self.settings.open });
        }
    }

    fn abandoned(&self, era: u64) {
        let mut inner = self.lock();
        if inner.era == era
            && let State::HalfOpen { probing } = &mut inner.state
        {
            *probing = false;
        }
    }

    fn too_many(&self, window: &mut Window, now: Instant) -> bool {
        let (calls, failures) = window.totals(now);
        calls >= self.settings.minimum_calls
            && f64::from(failures) >= self.settings.failure_rate * f64::from(calls)
    }

    fn turn(&self, inner: &mut Inner, state: State) {
        match state {
            State::Closed { .. } => tracing::info!(upstream = self.upstream, "breaker closed"),
            State::Open { .. } => tracing::warn!(upstream = self.upstream, "breaker opened"),
            State::HalfOpen { .. } => tracing::info!(upstream = self.upstream, "breaker probes"),
        }
        inner.state = state;
        inner.era += 1;
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is answered while the probe is under way, which has no known end.
const PROBE_TAKES: Duration = Duration::from_secs(1);

impl Pass<'_> {
    /// The upstream is well.
    pub(super) fn succeed(self, now: Instant) {
        self.breaker.succeeded(self.era, now);
    }

    /// The upstream is not.
    pub(super) fn fail(self, now: Instant) {
        self.breaker.failed(self.era, now);
    }
}

impl Drop for Pass<'_> {
    /// After a verdict on the probe the era is over, and this does nothing.
    fn drop(&mut self) {
        self.breaker.abandoned(self.era);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn breaker() -> (Breaker, Instant) {
        (Breaker::new("test", config::Breaker::default()), Instant::now())
    }

    fn fail(breaker: &Breaker, times: usize, now: Instant) {
        for _ in 0..times {
            breaker.admit(now).ok().unwrap().fail(now);
        }
    }

    fn succeed(breaker: &Breaker, times: usize, now: Instant) {
        for _ in 0..times {
            breaker.admit(now).ok().unwrap().succeed(now);
        }
    }

    #[test]
    fn five_failures_in_a_row_open_it_and_it_says_for_how_long() {
        let (breaker, now) = breaker();
        fail(&breaker, 4, now);
        assert_eq!(breaker.state(now), BreakerState::Closed);
        fail(&breaker, 1, now);
        assert_eq!(breaker.state(now), BreakerState::Open);
        assert_eq!(breaker.admit(now + 3 * SECOND).err(), Some(7 * SECOND));
    }

    #[test]
    fn a_success_in_between_starts_the_row_anew() {
        let (breaker, now) = breaker();
        fail(&breaker, 4, now);
        succeed(&breaker, 1, now);
        fail(&breaker, 4, now);
        assert_eq!(breaker.state(now), BreakerState::Closed);
    }

    #[test]
    fn half_of_twenty_calls_failing_opens_it() {
        let (breaker, now) = breaker();
        for _ in 0..9 {
            succeed(&breaker, 1, now);
            fail(&breaker, 1, now);
        }
        succeed(&breaker, 1, now);
        assert_eq!(breaker.state(now), BreakerState::Closed);
        fail(&breaker, 1, now);
        assert_eq!(breaker.state(now), BreakerState::Open);
    }

    #[test]
    fn failures_older_than_the_window_are_forgotten() {
        let (breaker, now) = breaker();
        for _ in 0..9 {
            succeed(&breaker, 1, now);
            fail(&breaker, 1, now);
        }
        let later = now + 31 * SECOND;
        succeed(&breaker, 1, later);
        fail(&breaker, 1, later);
        assert_eq!(breaker.state(later), BreakerState::Closed);
    }

    #[test]
    fn half_open_lets_one_call_through_and_its_success_closes_it() {
        let (breaker, now) = breaker();
        fail(&breaker, 5, now);
        let later = now + 10 * SECOND;
        assert_eq!(breaker.state(later), BreakerState::HalfOpen);
        let probe = breaker.admit(later).ok().unwrap();
        assert_eq!(breaker.admit(later).err(), Some(SECOND));
        probe.succeed(later);
        assert_eq!(breaker.state(later), BreakerState::Closed);
        fail(&breaker, 4, later);
        assert_eq!(breaker.state(later), BreakerState::Closed);
    }

    #[test]
    fn a_failed_probe_opens_it_for_the_whole_time_again() {
        let (breaker, now) = breaker();
        fail(&breaker, 5, now);
        let later = now + 12 * SECOND;
        fail(&breaker, 1, later);
        assert_eq!(breaker.admit(later).err(), Some(10 * SECOND));
    }

    #[test]
    fn a_cancelled_probe_makes_room_for_the_next() {
        let (breaker, now) = breaker();
        fail(&breaker, 5, now);
        let later = now + 10 * SECOND;
        drop(breaker.admit(later).ok().unwrap());
        assert_eq!(breaker.state(later), BreakerState::HalfOpen);
        succeed(&breaker, 1, later);
        assert_eq!(breaker.state(later), BreakerState::Closed);
    }

    #[test]
    fn a_call_from_before_it_opened_says_nothing_after() {
        let (breaker, now) = breaker();
        let early = breaker.admit(now).ok().unwrap();
        let late = breaker.admit(now).ok().unwrap();
        fail(&breaker, 5, now);
        let later = now + 10 * SECOND;
        let _probe = breaker.admit(later).ok().unwrap();
        early.succeed(later);
        late.fail(later);
        assert_eq!(breaker.state(later), BreakerState::HalfOpen);
        assert!(breaker.admit(later).is_err());
    }
}
