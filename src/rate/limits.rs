//! How much one caller may ask for: requests a second and persons an hour.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::time::Instant;

use super::policy::{Level, Meter, RateState};
use crate::auth::Identity;
use crate::config::RateLimit;
use crate::problem::{Problem, names};
use crate::telemetry::metrics::{self, Limit};

/// Callers that are remembered. Each costs about fifty octets; one whose buckets are full again costs nothing.
const MAX_CALLERS: usize = 500_000;
/// Fewer are not worth a look for those that can be forgotten.
const FIRST_SWEEP: usize = 10_000;

/// The buckets of all callers, each known by issuer, client and subject.
///
/// A bucket is full at first and fills evenly, so that a caller who was away may take at once what it holds.
pub struct RateLimits {
    requests: Option<Meter>,
    persons: Option<Meter>,
    hasher: RandomState,
    began: Instant,
    callers: Mutex<Callers>,
}

struct Callers {
    used: HashMap<u64, Used>,
    sweep_at: usize,
}

/// When each bucket of a caller is full again.
#[derive(Clone, Copy, Default)]
struct Used {
    requests: u64,
    persons: u64,
}

/// What a caller asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ask {
    /// Requests.
    pub requests: u32,
    /// Persons whose data is looked up or changed.
    pub persons: u32,
}

impl RateLimits {
    /// As `[rate_limit]` says.
    pub fn new(config: &RateLimit) -> Self {
        let requests = config.requests_per_second.map(|rate| {
            let burst = config.burst.unwrap_or(rate);
            Meter::new("requests", burst.get(), 1_000_000_000, rate.get())
        });
        let persons = config
            .persons_per_hour
            .map(|rate| Meter::new("persons", rate.get(), 3_600_000_000_000, rate.get()));
        Self {
            requests,
            persons,
            hasher: RandomState::new(),
            began: Instant::now(),
            callers: Mutex::new(Callers { used: HashMap::new(), sweep_at: FIRST_SWEEP }),
        }
    }

    /// Takes all of it or, where a bucket has not enough, nothing. The state is what the answer's headers say; there is
    /// none where nothing is limited.
    pub fn take(
        &self,
        caller: &Identity,
        ask: Ask,
        now: Instant,
    ) -> (Option<RateState>, Result<(), Problem>) {
        if self.requests.is_none() && self.persons.is_none() {
            return (None, Ok(()));
        }
        let now = self.nanoseconds(now);
        let mut callers = self.lock();
        let mut fresh = Used::default();
        let used = callers.remembered(self.known(caller), now).unwrap_or(&mut fresh);
        let requests = self.requests.map(|meter| (meter, meter.ask(used.requests, ask.requests, now)));
        let persons = self.persons.map(|meter| (meter, meter.ask(used.persons, ask.persons, now)));
        let wait = [&requests, &persons].into_iter().flatten().filter_map(|(_, asked)| asked.err()).max();
        let refused = |asked: &Option<(Meter, Result<u64, u64>)>| matches!(asked, Some((_, Err(_))));
        if refused(&requests) {
            metrics::rate_limited(Limit::Requests);
        }
        if refused(&persons) {
            metrics::rate_limited(Limit::Persons);
        }
        if wait.is_none() {
            let after = |asked: &Option<(Meter, Result<u64, u64>)>, before| match asked {
                Some((_, Ok(after))) => *after,
                _ => before,
            };
            *used =
                Used { requests: after(&requests, used.requests), persons: after(&persons, used.persons) };
        }
        let used = *used;
        drop(callers);
        (Some(self.state(used, now)), wait.map_or(Ok(()), |wait| Err(self.refusal(ask, wait))))
    }

    /// Whether the caller may be shown anybody at all, before it is known how many there are.
    ///
    /// # Errors
    /// 429 `rate-limited`.
    pub fn check_persons(&self, caller: &Identity, now: Instant) -> Result<(), Problem> {
        let Some(meter) = self.persons else { return Ok(()) };
        let now = self.nanoseconds(now);
        let full_at = self.lock().used.get(&self.known(caller)).map_or(0, |used| used.persons);
        let asked = meter.ask(full_at, 1, now);
        asked.map(|_| ()).map_err(|wait| {
            metrics::rate_limited(Limit::Persons);
            self.refusal(Ask { requests: 0, persons: 1 }, wait)
        })
    }

    /// Takes the persons whom an answer shows, also more than are left: those must come back before anybody is shown
    /// again. Says what is left.
    pub fn take_shown(&self, caller: &Identity, persons: u32, now: Instant) -> Option<RateState> {
        let meter = self.persons?;
        let now = self.nanoseconds(now);
        let mut callers = self.lock();
        let mut fresh = Used::default();
        let used = callers.remembered(self.known(caller), now).unwrap_or(&mut fresh);
        used.persons = meter.overdraw(used.persons, persons, now);
        Some(self.state(*used, now))
    }

    fn nanoseconds(&self, now: Instant) -> u64 {
        u64::try_from((now - self.began).as_nanos()).unwrap_or(u64::MAX)
    }

    fn known(&self, caller: &Identity) -> u64 {
        self.hasher.hash_one((caller.issuer_index, &caller.client, &caller.subject))
    }

    fn state(&self, used: Used, now: u64) -> RateState {
        let levels = [(self.requests, used.requests), (self.persons, used.persons)];
        let levels = levels.into_iter().filter_map(|(meter, full_at)| Some(Level::of(meter?, full_at, now)));
        RateState(levels.collect())
    }

    fn refusal(&self, ask: Ask, wait: u64) -> Problem {
        let problem = Problem::own(names::RATE_LIMITED).after(wait.div_ceil(1_000_000_000));
        match self.persons {
            Some(meter) if ask.persons > meter.quota => problem.saying(
                format!("One request may name at most {} persons.", meter.quota),
                format!("Én forespørgsel må højst nævne {} personer.", meter.quota),
            ),
            _ => problem,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Callers> {
        self.callers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Callers {
    /// The buckets of a caller; none where the memory is full of callers who are all using theirs.
    fn remembered(&mut self, caller: u64, now: u64) -> Option<&mut Used> {
        if self.used.len() >= self.sweep_at && !self.used.contains_key(&caller) {
            self.used.retain(|_, used| used.requests > now || used.persons > now);
            self.sweep_at = (2 * self.used.len()).clamp(FIRST_SWEEP, MAX_CALLERS);
            if self.used.len() >= MAX_CALLERS {
                return None;
            }
        }
        Some(self.used.entry(caller).or_default())
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;
    use std::time::Duration;

    use super::*;

    const ONE: Ask = Ask { requests: 1, persons: 1 };

    fn limits(per_second: u32, burst: u32, persons: u32) -> RateLimits {
        RateLimits::new(&RateLimit {
            requests_per_second: NonZeroU32::new(per_second),
            burst: NonZeroU32::new(burst),
            persons_per_hour: NonZeroU32::new(persons),
        })
    }

    fn caller(subject: &str) -> Identity {
        Identity {
            issuer_index: 0,
            issuer: "https://idp.example.dk/".to_owned(),
            subject: subject.to_owned(),
            user_id: Some(subject.to_owned()),
            client: None,
            name: None,
            is_system: false,
            scopes: Default::default(),
            authorities: Vec::new(),
            untrusted: Vec::new(),
            ill_formed: 0,
        }
    }

    fn retry_after(result: Result<(), Problem>) -> Option<u64> {
        result.err().and_then(|problem| problem.retry_after)
    }

    #[test]
    fn without_limits_nothing_is_counted_and_nothing_said() {
        let limits = limits(0, 0, 0);
        let (state, result) = limits.take(&caller("a"), ONE, Instant::now());
        assert!(state.is_none() && result.is_ok());
        assert!(limits.lock().used.is_empty());
    }

    #[test]
    fn a_burst_is_taken_at_once_and_comes_back_evenly() {
        let limits = limits(2, 4, 0);
        let (one, now) = (caller("a"), Instant::now());
        for _ in 0..4 {
            assert!(limits.take(&one, ONE, now).1.is_ok());
        }
        assert_eq!(retry_after(limits.take(&one, ONE, now).1), Some(1));
        let later = now + Duration::from_millis(499);
        assert!(limits.take(&one, ONE, later).1.is_err());
        let later = now + Duration::from_millis(500);
        assert!(limits.take(&one, ONE, later).1.is_ok());
        assert!(limits.take(&one, ONE, later).1.is_err());
    }

    #[test]
    fn callers_do_not_share() {
        let limits = limits(1, 0, 0);
        let now = Instant::now();
        let mut other_client = caller("a");
        other_client.client = Some("a".to_owned());
        let mut other_issuer = caller("a");
        other_issuer.issuer_index = 1;
        for caller in [caller("a"), caller("b"), other_client, other_issuer] {
            assert!(limits.take(&caller, ONE, now).1.is_ok());
            assert!(limits.take(&caller, ONE, now).1.is_err());
        }
    }

    #[test]
    fn a_query_counts_each_of_its_persons_and_is_refused_whole() {
        let limits = limits(0, 0, 1000);
        let (one, now) = (caller("a"), Instant::now());
        let ask = |persons| limits.take(&one, Ask { requests: 0, persons }, now);
        assert!(ask(999).1.is_ok());
        assert_eq!(retry_after(ask(2).1), Some(4));
        let (state, result) = ask(1);
        assert!(result.is_ok());
        let (policy, level) = state.unwrap().headers();
        assert_eq!(policy, "\"persons\";q=1000;w=3600");
        assert_eq!(level, "\"persons\";r=0;t=4");
    }

    #[test]
    fn who_was_shown_more_than_were_left_waits_until_they_have_come_back() {
        let limits = limits(0, 0, 10);
        let (one, now) = (caller("a"), Instant::now());
        assert!(limits.take(&one, Ask { requests: 0, persons: 9 }, now).1.is_ok());
        assert!(limits.check_persons(&one, now).is_ok());
        let state = limits.take_shown(&one, 3, now).unwrap();
        assert_eq!(state.headers().1, "\"persons\";r=0;t=360");
        // Two too many, and one for the next.
        let come_back = Duration::from_secs(3 * 360);
        assert_eq!(retry_after(limits.check_persons(&one, now)), Some(3 * 360));
        assert!(limits.check_persons(&one, now + come_back - Duration::from_millis(1)).is_err());
        assert!(limits.check_persons(&one, now + come_back).is_ok());
        assert!(limits.check_persons(&caller("b"), now).is_ok());
    }

    #[test]
    fn asking_whether_anybody_may_be_shown_costs_nothing() {
        let limits = limits(0, 0, 1);
        let (one, now) = (caller("a"), Instant::now());
        for _ in 0..3 {
            assert!(limits.check_persons(&one, now).is_ok());
        }
        assert!(limits.lock().used.is_empty());
        assert!(limits.take(&one, ONE, now).1.is_ok());
        assert!(self::limits(0, 0, 0).take_shown(&one, 100, now).is_none());
    }

    #[test]
    fn more_than_an_hour_holds_is_never_possible_and_says_so() {
        let limits = limits(0, 0, 10);
        let refused = limits.take(&caller("a"), Ask { requests: 1, persons: 11 }, Instant::now()).1;
        let problem = refused.unwrap_err();
        assert!(problem.retry_after.is_some());
        assert!(problem.addendum.as_ref().unwrap().en.contains("at most 10 persons"));
    }

    #[test]
    fn what_one_limit_refuses_the_other_does_not_count() {
        let limits = limits(1, 0, 5);
        let (one, now) = (caller("a"), Instant::now());
        assert!(limits.take(&one, ONE, now).1.is_ok());
        let (state, result) = limits.take(&one, ONE, now);
        assert!(result.is_err());
        assert_eq!(state.unwrap().headers().1, "\"requests\";r=0;t=1, \"persons\";r=4;t=720");
    }

    #[test]
    fn callers_whose_buckets_are_full_are_forgotten() {
        let limits = limits(1, 0, 0);
        let now = Instant::now();
        for number in 0..FIRST_SWEEP {
            assert!(limits.take(&caller(&number.to_string()), ONE, now).1.is_ok());
        }
        assert!(limits.take(&caller("next"), ONE, now + Duration::from_secs(1)).1.is_ok());
        assert_eq!(limits.lock().used.len(), 1);
    }
}
