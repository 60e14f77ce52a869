//! `[cache]`: how long look-ups by CPR number are kept.

use std::time::Duration;

use super::section::Section;
use super::value::{integer, seconds};

/// `[cache]`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cache {
    /// `contacts_ttl_seconds`: zero: not kept.
    pub contacts_ttl: Duration,
    /// `empty_ttl_seconds`: zero: not kept.
    pub empty_ttl: Duration,
    /// `not_found_ttl_seconds`: zero: not kept.
    pub not_found_ttl: Duration,
    /// `max_entries`
    pub max_entries: u64,
    /// `max_bytes`
    pub max_bytes: u64,
}

impl Default for Cache {
    fn default() -> Self {
        Self {
            contacts_ttl: Duration::from_secs(60),
            empty_ttl: Duration::from_secs(60),
            not_found_ttl: Duration::from_secs(10),
            max_entries: 100_000,
            max_bytes: 67_108_864,
        }
    }
}

impl Cache {
    pub(super) fn read(section: &mut Section<'_>) -> Self {
        let default = Self::default();
        let ttl = || seconds(0.0..=86_400.0);
        Self {
            contacts_ttl: section.or("contacts_ttl_seconds", default.contacts_ttl, ttl()),
            empty_ttl: section.or("empty_ttl_seconds", default.empty_ttl, ttl()),
            not_found_ttl: section.or("not_found_ttl_seconds", default.not_found_ttl, ttl()),
            max_entries: section.or("max_entries", default.max_entries, integer(1..=100_000_000)),
            max_bytes: section.or("max_bytes", default.max_bytes, integer(1..=1 << 40)),
        }
    }
}
