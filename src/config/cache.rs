//! `[cache]`: how long look-ups by CPR number are kept.

use std::time::Duration;

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
