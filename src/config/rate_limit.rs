//! `[rate_limit]`: how much one caller may ask for.

use std::num::NonZeroU32;

use super::section::Section;
use super::value::integer;

/// `[rate_limit]`, per caller. `None` is off, written 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RateLimit {
    /// `requests_per_second`
    pub requests_per_second: Option<NonZeroU32>,
    /// `burst`: requests at once; `None`: as many as `requests_per_second`.
    pub burst: Option<NonZeroU32>,
    /// `persons_per_hour`: a query of 1000 numbers counts 1000.
    pub persons_per_hour: Option<NonZeroU32>,
}

impl RateLimit {
    pub(super) fn read(section: &mut Section<'_>) -> Self {
        let mut limit = |name| NonZeroU32::new(section.or(name, 0, integer(0..=1_000_000_000)));
        Self {
            requests_per_second: limit("requests_per_second"),
            burst: limit("burst"),
            persons_per_hour: limit("persons_per_hour"),
        }
    }
}
