//! What writes: it chains lines, writes all that it was given at once, and knows whether that succeeded.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::chain::{ADDED, Chain};
use super::error::{AuditError, AuditUnavailable};
use super::output::Output;
use crate::telemetry::metrics;

/// Most bytes that are written at once, one call's lines apart.
const BATCH_BYTES: u64 = 1024 * 1024;

/// The lines of one call, before they are chained. One is the rule and costs no second allocation.
pub(super) enum Drafts {
    One(Vec<u8>),
    Many(Vec<Vec<u8>>),
}

impl Drafts {
    pub(super) fn as_slice(&self) -> &[Vec<u8>] {
        match self {
            Self::One(draft) => std::slice::from_ref(draft),
            Self::Many(drafts) => drafts,
        }
    }

    fn bytes_when_chained(&self) -> u64 {
        self.as_slice().iter().map(|draft| (draft.len() + ADDED) as u64).sum()
    }
}

/// How often the writer looks around.
#[derive(Clone, Copy)]
pub(super) struct Intervals {
    pub(super) check: Duration,
    pub(super) head: Duration,
}

pub(super) struct Writer {
    output: Box<dyn Output>,
    /// Where the written lines end.
    chain: Chain,
    /// Where the added ones end.
    ahead: Chain,
    /// The added lines, not yet written.
    lines: Vec<u8>,
    added: u64,
    writable: Arc<AtomicBool>,
    intervals: Intervals,
    next_check: Instant,
    next_head: Instant,
}

impl Writer {
    /// `writable` tells others whether the last line, or the last look at the output, succeeded.
    pub(super) fn new(
        output: Box<dyn Output>,
        chain: Chain,
        writable: Arc<AtomicBool>,
        intervals: Intervals,
    ) -> Self {
        let now = Instant::now();
        metrics::audit_writable(true);
        Self {
            output,
            chain,
            ahead: chain,
            lines: Vec::new(),
            added: 0,
            writable,
            intervals,
            next_check: now + intervals.check,
            next_head: now + intervals.head,
        }
    }

    /// Whether these can be written together with what was added.
    pub(super) fn fits(&self, drafts: &Drafts) -> bool {
        let (gathered, more) = (self.lines.len() as u64, drafts.bytes_when_chained());
        gathered + more <= BATCH_BYTES && self.output.together(gathered, more)
    }

    /// Adds lines to those which the next [`Writer::flush`] writes.
    pub(super) fn add(&mut self, drafts: &Drafts) {
        for draft in drafts.as_slice() {
            self.ahead.add(draft, &mut self.lines);
            self.added += 1;
        }
    }

    /// Writes what was added, all or nothing.
    pub(super) fn flush(&mut self) -> Result<(), AuditUnavailable> {
        let result = self.output.append(&self.lines);
        match result {
            Ok(()) => self.chain = self.ahead,
            Err(_) => self.ahead = self.chain,
        }
        metrics::audit_lines(self.added, result.is_ok());
        self.note(result);
        self.lines.clear();
        self.added = 0;
        result
    }

    /// Publishes whether the output can be written to; says so when that changes.
    fn note(&self, result: Result<(), AuditUnavailable>) {
        let was_writable = self.writable.swap(result.is_ok(), Ordering::Relaxed);
        if was_writable == result.is_ok() {
            return;
        }
        metrics::audit_writable(result.is_ok());
        match result {
            Ok(()) => tracing::info!("audit trail can be written again"),
            Err(error) => tracing::error!(%error, "audit trail cannot be written; calls are refused"),
        }
    }

    /// How long nothing is due.
    pub(super) fn patience(&self) -> Duration {
        self.next_check.saturating_duration_since(Instant::now())
    }

    /// What is due each second and each minute.
    pub(super) fn look_around(&mut self) {
        let now = Instant::now();
        if now >= self.next_check {
            self.next_check = now + self.intervals.check;
            let mut state = self.output.check(now);
            if state.is_ok() && !self.writable.load(Ordering::Relaxed) {
                state = self.output.probe();
            }
            self.note(state);
        }
        if now >= self.next_head {
            self.next_head = now + self.intervals.head;
            self.log_head();
        }
    }

    pub(super) fn reopen(&mut self) -> Result<(), AuditError> {
        let result = self.output.reopen(self.chain.head());
        match &result {
            Ok(()) => {
                tracing::info!(head = %self.chain.head(), "audit trail reopened");
                let state = self.output.probe();
                self.note(state);
            }
            Err(error) => tracing::error!(%error, "audit trail could not be reopened"),
        }
        result
    }

    /// Flushes to the disk and logs the head: the last thing that is done.
    pub(super) fn close(&mut self) -> Result<(), AuditUnavailable> {
        let result = self.output.sync();
        self.log_head();
        result
    }

    /// Logged so that a copy stands where whoever can change the trail cannot change it.
    pub(super) fn log_head(&self) {
        tracing::info!(head = %self.chain.head(), "audit trail head");
    }
}

/// Nothing can be written any more.
impl Drop for Writer {
    fn drop(&mut self) {
        metrics::audit_writable(false);
        self.writable.store(false, Ordering::Relaxed);
    }
}
