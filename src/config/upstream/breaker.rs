//! `[upstreams.<name>.breaker]`: when an upstream is left alone for a while.

use std::time::Duration;

use crate::config::section::Section;
use crate::config::value::{integer, number, seconds};

/// `[upstreams.<name>.breaker]`
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Breaker {
    /// `consecutive_failures`: opens after so many in a row.
    pub consecutive_failures: u32,
    /// `failure_rate`: opens at this share of failures, above 0 and at most 1.
    pub failure_rate: f64,
    /// `minimum_calls`: below this many calls in `window` the rate says nothing.
    pub minimum_calls: u32,
    /// `window_seconds`
    pub window: Duration,
    /// `open_seconds`: how long no call is let through.
    pub open: Duration,
}

impl Default for Breaker {
    fn default() -> Self {
        Self {
            consecutive_failures: 5,
            failure_rate: 0.5,
            minimum_calls: 20,
            window: Duration::from_secs(30),
            open: Duration::from_secs(10),
        }
    }
}

impl Breaker {
    pub(super) fn read(section: &mut Section<'_>) -> Self {
        let default = Self::default();
        let mut count = |name, default| section.or(name, default, integer(1..=1_000_000));
        Self {
            consecutive_failures: count("consecutive_failures", default.consecutive_failures),
            minimum_calls: count("minimum_calls", default.minimum_calls),
            failure_rate: section.or("failure_rate", default.failure_rate, number(0.001..=1.0)),
            window: section.or("window_seconds", default.window, seconds(0.1..=3600.0)),
            open: section.or("open_seconds", default.open, seconds(0.1..=3600.0)),
        }
    }
}
