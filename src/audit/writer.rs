//! The one thread that writes: it takes all that is queued, chains it, writes it at once, then answers.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use tokio::sync::{Semaphore, oneshot};

use super::chain::{ADDED, Chain};
use super::error::{AuditError, AuditUnavailable};
use super::output::Output;
use crate::telemetry::metrics;

/// Most bytes that are written at once, one call's lines apart.
const BATCH_BYTES: u64 = 1024 * 1024;

/// What the thread is asked to do.
pub(super) enum Request {
    /// Write these drafts, all or none.
    Lines { drafts: Drafts, done: oneshot::Sender<Result<(), AuditUnavailable>> },
    /// Open the output anew.
    Reopen { done: oneshot::Sender<Result<(), AuditError>> },
    /// Write what is queued, flush, and end.
    Close { done: oneshot::Sender<Result<(), AuditUnavailable>> },
}

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

/// How often the thread looks around.
#[derive(Clone, Copy)]
pub(super) struct Intervals {
    pub(super) check: Duration,
    pub(super) head: Duration,
}

/// What callers share with the thread.
pub(super) struct Shared {
    /// One permit for each line that may still be queued.
    pub(super) space: Semaphore,
    /// Whether the last line, or the last look at the output, succeeded.
    pub(super) writable: AtomicBool,
}

pub(super) struct Writer {
    output: Box<dyn Output>,
    chain: Chain,
    queue: Receiver<Request>,
    shared: Arc<Shared>,
    intervals: Intervals,
    next_check: Instant,
    next_head: Instant,
    /// Taken from the queue, but to be written in another batch or done after this one.
    carried: Option<Request>,
    lines: Vec<u8>,
    waiting: Vec<oneshot::Sender<Result<(), AuditUnavailable>>>,
}

impl Writer {
    pub(super) fn start(
        output: Box<dyn Output>,
        chain: Chain,
        queue: Receiver<Request>,
        shared: Arc<Shared>,
        intervals: Intervals,
    ) -> io::Result<()> {
        let now = Instant::now();
        let writer = Self {
            output,
            chain,
            queue,
            shared,
            intervals,
            next_check: now + intervals.check,
            next_head: now + intervals.head,
            carried: None,
            lines: Vec::new(),
            waiting: Vec::new(),
        };
        std::thread::Builder::new().name("audit".into()).spawn(move || writer.run()).map(drop)
    }

    /// Runs until it is closed or nobody can ask for anything any more.
    fn run(mut self) {
        loop {
            match self.next() {
                Ok(Request::Lines { drafts, done }) => self.write_batch(drafts, done),
                Ok(Request::Reopen { done }) => self.reopen(done),
                Ok(Request::Close { done }) => return self.close(done),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return self.log_head(),
            }
            self.look_around();
        }
    }

    fn next(&mut self) -> Result<Request, RecvTimeoutError> {
        match self.carried.take() {
            Some(request) => Ok(request),
            None => {
                let patience = self.next_check.saturating_duration_since(Instant::now());
                self.queue.recv_timeout(patience)
            }
        }
    }

    /// Writes these lines and all that is queued behind them and may be written with them.
    fn write_batch(&mut self, drafts: Drafts, done: oneshot::Sender<Result<(), AuditUnavailable>>) {
        let mut chain = self.chain;
        self.gather(&mut chain, &drafts, done);
        while let Ok(request) = self.queue.try_recv() {
            match request {
                Request::Lines { drafts, done } if self.fits(&drafts) => {
                    self.gather(&mut chain, &drafts, done);
                }
                other => {
                    self.carried = Some(other);
                    break;
                }
            }
        }
        let result = self.output.append(&self.lines);
        if result.is_ok() {
            self.chain = chain;
        }
        metrics::audit_lines(self.lines.iter().filter(|byte| **byte == b'\n').count() as u64, result.is_ok());
        self.note(result);
        self.lines.clear();
        for done in self.waiting.drain(..) {
            // Nobody waits any more where a client went away; the line stands all the same.
            done.send(result).ok();
        }
    }

    fn fits(&self, drafts: &Drafts) -> bool {
        let (gathered, more) = (self.lines.len() as u64, drafts.bytes_when_chained());
        gathered + more <= BATCH_BYTES && self.output.together(gathered, more)
    }

    fn gather(
        &mut self,
        chain: &mut Chain,
        drafts: &Drafts,
        done: oneshot::Sender<Result<(), AuditUnavailable>>,
    ) {
        let drafts = drafts.as_slice();
        for draft in drafts {
            chain.add(draft, &mut self.lines);
        }
        self.shared.space.add_permits(drafts.len());
        self.waiting.push(done);
    }

    /// Publishes whether the output can be written to; says so when that changes.
    fn note(&self, result: Result<(), AuditUnavailable>) {
        metrics::audit_writable(result.is_ok());
        let was_writable = self.shared.writable.swap(result.is_ok(), Ordering::Relaxed);
        match result {
            Ok(()) if !was_writable => tracing::info!("audit trail can be written again"),
            Err(error) if was_writable => {
                tracing::error!(%error, "audit trail cannot be written; calls are refused");
            }
            Ok(()) | Err(_) => {}
        }
    }

    /// What is due each second and each minute, however busy the queue is.
    fn look_around(&mut self) {
        let now = Instant::now();
        if now >= self.next_check {
            self.next_check = now + self.intervals.check;
            let mut state = self.output.check(now);
            if state.is_ok() && !self.shared.writable.load(Ordering::Relaxed) {
                state = self.output.probe();
            }
            self.note(state);
        }
        if now >= self.next_head {
            self.next_head = now + self.intervals.head;
            self.log_head();
        }
    }

    fn reopen(&mut self, done: oneshot::Sender<Result<(), AuditError>>) {
        let result = self.output.reopen(self.chain.head());
        match &result {
            Ok(()) => {
                tracing::info!(head = %self.chain.head(), "audit trail reopened");
                let state = self.output.probe();
                self.note(state);
            }
            Err(error) => tracing::error!(%error, "audit trail could not be reopened"),
        }
        done.send(result).ok();
    }

    fn close(mut self, done: oneshot::Sender<Result<(), AuditUnavailable>>) {
        while let Ok(request) = self.queue.try_recv() {
            match request {
                Request::Lines { drafts, done } => self.write_batch(drafts, done),
                Request::Reopen { done } => self.reopen(done),
                Request::Close { .. } => {}
            }
        }
        let result = self.output.sync();
        self.log_head();
        // Whoever waits may open the file at once.
        drop(self);
        done.send(result).ok();
    }

    /// Logged so that a copy stands where whoever can change the trail cannot change it.
    fn log_head(&self) {
        tracing::info!(head = %self.chain.head(), "audit trail head");
    }
}

/// Also after a panic: whoever waits is answered, and the gateway is not ready any more.
impl Drop for Writer {
    fn drop(&mut self) {
        metrics::audit_writable(false);
        self.shared.writable.store(false, Ordering::Relaxed);
        self.shared.space.close();
    }
}
