//! A limit's arithmetic and what the headers `RateLimit-Policy` and `RateLimit` say of it.
//!
//! The headers follow draft-ietf-httpapi-ratelimit-headers-11.

const SECOND: u64 = 1_000_000_000;

/// A bucket that holds `quota` units and gets one back every `refill` nanoseconds.
///
/// A caller's use of it is one number: the time at which it is full again.
#[derive(Debug, Clone, Copy)]
pub(super) struct Meter {
    name: &'static str,
    pub(super) quota: u32,
    refill: u64,
}

impl Meter {
    /// `rate` units come back in `period` nanoseconds.
    pub(super) fn new(name: &'static str, quota: u32, period: u64, rate: u32) -> Self {
        Self { name, quota, refill: (period / u64::from(rate)).max(1) }
    }

    /// When the bucket is full again once so many units were taken.
    ///
    /// # Errors
    /// How many nanoseconds it takes until so many are there; for more than it ever holds, until it is full.
    pub(super) fn ask(self, full_at: u64, units: u32, now: u64) -> Result<u64, u64> {
        let before = full_at.max(now);
        let after = self.overdraw(full_at, units, now);
        let holds = u64::from(self.quota) * self.refill;
        match (after - now).checked_sub(holds) {
            None | Some(0) => Ok(after),
            // Nothing asked for, nothing refused.
            Some(_) if units == 0 => Ok(before),
            Some(_) if units > self.quota => Err((before - now).max(SECOND)),
            Some(wait) => Err(wait),
        }
    }

    /// When the bucket is full again once so many were taken, however few there were.
    pub(super) fn overdraw(self, full_at: u64, units: u32, now: u64) -> u64 {
        full_at.max(now).saturating_add(u64::from(units).saturating_mul(self.refill))
    }
}

/// What is left of one limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Level {
    name: &'static str,
    quota: u64,
    window: u64,
    left: u64,
    /// Seconds until one unit more is there; none where the bucket is full.
    more_in: Option<u64>,
}

impl Level {
    pub(super) fn of(meter: Meter, full_at: u64, now: u64) -> Self {
        let quota = u64::from(meter.quota);
        let missing = full_at.saturating_sub(now);
        let next = missing.checked_sub(1).map(|missing| missing % meter.refill + 1);
        Self {
            name: meter.name,
            quota,
            window: (quota * meter.refill).div_ceil(SECOND).max(1),
            left: quota.saturating_sub(missing.div_ceil(meter.refill)),
            more_in: next.map(|next| next.div_ceil(SECOND)),
        }
    }
}

/// What is left of a caller's limits after a request; the outermost layer writes it into the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RateState(pub(super) Vec<Level>);

impl RateState {
    /// `RateLimit-Policy` and `RateLimit`.
    pub fn headers(&self) -> (String, String) {
        let policy = |level: &Level| format!("\"{}\";q={};w={}", level.name, level.quota, level.window);
        let state = |level: &Level| match level.more_in {
            Some(seconds) => format!("\"{}\";r={};t={seconds}", level.name, level.left),
            None => format!("\"{}\";r={}", level.name, level.left),
        };
        let listed =
            |write: &dyn Fn(&Level) -> String| self.0.iter().map(write).collect::<Vec<_>>().join(", ");
        (listed(&policy), listed(&state))
    }
}
