//! What is known of young people for a while: answers ready to be sent, and the memory that keeps them.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use moka::Expiry;
use moka::sync::Cache;

use crate::config;
use crate::problem::Problem;
use crate::types::Authority;

/// What an entry weighs besides its document, about.
const ENTRY_OVERHEAD: usize = 256;

/// What is known of one young person, ready to be sent.
#[derive(Debug)]
pub struct Known {
    /// The document of getYouthContacts with its entity tag, or why there is none.
    pub result: Result<Document, Problem>,
    /// The platform's id of the exchange that told it.
    pub correlation_id: Option<String>,
}

/// `{"cpr":…,"contacts":[…]}`.
#[derive(Clone)]
pub struct Document {
    /// The JSON text.
    pub json: Bytes,
    /// Its entity tag, with quotes.
    pub tag: String,
    /// Whether it says that there is nothing.
    pub empty: bool,
}

impl std::fmt::Debug for Document {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Document").field("bytes", &self.json.len()).finish_non_exhaustive()
    }
}

/// Where an answer came from (RFC 9211).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// From what is remembered, for so much longer.
    Hit {
        /// How long it will still be.
        remaining: Duration,
    },
    /// From a call of its own.
    Miss,
    /// From a call that another look-up had begun.
    Collapsed,
}

impl Source {
    /// The word in the audit trail and in metrics.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hit { .. } => "hit",
            Self::Miss => "miss",
            Self::Collapsed => "collapsed",
        }
    }

    /// The value of `Cache-Status`.
    pub fn header(self) -> String {
        match self {
            Self::Hit { remaining } => format!("ungebro; hit; ttl={}", remaining.as_secs()),
            Self::Miss => "ungebro; fwd=miss".to_owned(),
            Self::Collapsed => "ungebro; fwd=miss; collapsed".to_owned(),
        }
    }
}

/// One look-up's result.
#[derive(Debug, Clone)]
pub struct Looked {
    /// What is known.
    pub known: Arc<Known>,
    /// Where it came from.
    pub source: Source,
}

/// Whom a look-up is about, and for whom it is made.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Key {
    authority: Authority,
    number: String,
}

#[derive(Clone)]
struct Remembered {
    known: Arc<Known>,
    until: Instant,
}

/// Answers by authority and CPR number, each for its own time, bounded in number and bytes.
pub(super) struct Memory {
    remembered: Cache<Key, Remembered>,
    times: config::Cache,
}

impl Memory {
    pub(super) fn new(times: &config::Cache) -> Self {
        // One bound for both limits: an entry weighs at least its share of the bytes.
        let share = usize::try_from(times.max_bytes / times.max_entries.max(1)).unwrap_or(usize::MAX);
        let weight = move |_: &Key, entry: &Remembered| {
            let document = entry.known.result.as_ref().map_or(0, |document| document.json.len());
            u32::try_from((document + ENTRY_OVERHEAD).max(share)).unwrap_or(u32::MAX)
        };
        let remembered =
            Cache::builder().max_capacity(times.max_bytes).weigher(weight).expire_after(UntilItsTime).build();
        Self { remembered, times: *times }
    }

    /// What is remembered of a person for an authority.
    pub(super) fn recall(&self, authority: &Authority, number: &str) -> Option<Looked> {
        let key = Key { authority: authority.clone(), number: number.to_owned() };
        let entry = self.remembered.get(&key)?;
        let remaining = entry.until.checked_duration_since(Instant::now())?;
        Some(Looked { known: entry.known, source: Source::Hit { remaining } })
    }

    /// Remembers an answer for the time of its kind; faults are not remembered.
    pub(super) fn remember(&self, authority: &Authority, number: String, known: &Arc<Known>) {
        let time = match &known.result {
            Ok(document) if document.empty => self.times.empty_ttl,
            Ok(_) => self.times.contacts_ttl,
            Err(problem) if matches!(problem.code.as_deref(), Some("14" | "68")) => self.times.not_found_ttl,
            Err(_) => return,
        };
        if !time.is_zero() {
            let key = Key { authority: authority.clone(), number };
            let entry = Remembered { known: Arc::clone(known), until: Instant::now() + time };
            self.remembered.insert(key, entry);
        }
    }

    /// How many entries there are.
    pub(super) fn entries(&self) -> u64 {
        self.remembered.run_pending_tasks();
        self.remembered.entry_count()
    }
}

/// Entries end when their own time is up.
struct UntilItsTime;

impl Expiry<Key, Remembered> for UntilItsTime {
    fn expire_after_create(&self, _: &Key, entry: &Remembered, now: Instant) -> Option<Duration> {
        Some(entry.until.saturating_duration_since(now))
    }

    fn expire_after_update(
        &self,
        _: &Key,
        entry: &Remembered,
        now: Instant,
        _: Option<Duration>,
    ) -> Option<Duration> {
        Some(entry.until.saturating_duration_since(now))
    }
}
