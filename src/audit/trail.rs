//! The trail that the gateway appends to.

use std::fs::File;
use std::os::fd::AsFd;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Sender};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::oneshot;

use super::chain::{ADDED, Chain, LONGEST_LINE};
use super::digest::Digest;
use super::error::{AuditError, AuditUnavailable};
use super::event::Record;
use super::file::{Keeping, TrailFile};
use super::output::{Output, Stream};
use super::thread::{Request, Shared, Thread};
use super::writer::{Drafts, Intervals, Writer};
use crate::config::{self, AuditOutput};

/// Lines that may be queued before callers wait.
const QUEUE_LINES: usize = 8192;

/// Lines of one call that are written, or refused, together.
const LINES_TOGETHER: usize = 1024;

const INTERVALS: Intervals = Intervals { check: Duration::from_secs(1), head: Duration::from_secs(60) };

/// An open trail; share it with an `Arc`. Where writing may wait for a disk or a reader, a thread writes the lines of all
/// callers together; into a file without `fsync` each caller writes its own, which is quicker than waking a thread.
///
/// Dropping it ends the thread after what is queued; [`Trail::close`] also waits for that.
pub struct Trail {
    queue: Sender<Request>,
    shared: Arc<Shared>,
    writable: Arc<AtomicBool>,
    /// Whether the thread writes.
    queued: bool,
}

impl Trail {
    /// Opens the trail where `[audit]` says. `clock` names the files that are set aside.
    ///
    /// The chain of an existing file goes on, and that of the newest rotated file where there is none. Half a line
    /// that a crash left at the end is moved to `<file>.torn-<UTC time>`. On standard output a new chain begins.
    pub fn open(
        config: &config::Audit,
        clock: impl Fn() -> Timestamp + Send + 'static,
    ) -> Result<Self, AuditError> {
        let (output, head) = open_output(config, Box::new(clock))?;
        tracing::info!(%head, "audit trail opened");
        Self::over(output, head, INTERVALS)
    }

    pub(super) fn over(
        output: Box<dyn Output>,
        head: Digest,
        intervals: Intervals,
    ) -> Result<Self, AuditError> {
        let (queue, requests) = mpsc::channel();
        let (queued, writable) = (output.may_wait(), Arc::new(AtomicBool::new(true)));
        let writer = Writer::new(output, Chain::after(head), Arc::clone(&writable), intervals);
        let shared = Arc::new(Shared::new(QUEUE_LINES, writer));
        Thread::start(requests, Arc::clone(&shared)).map_err(|_| AuditError::NoWriter)?;
        Ok(Self { queue, shared, writable, queued })
    }

    /// Adds one line. Resolves when it is flushed (to the system, with `fsync` to the disk); on an error it is not
    /// in the trail and the call must be refused.
    ///
    /// The record is read at once, so it need not outlive this call. Once the future was polled the line is
    /// written even when nobody waits for it any more.
    pub fn append<'t>(
        &'t self,
        record: &Record<'_>,
    ) -> impl Future<Output = Result<(), AuditUnavailable>> + Send + use<'t> {
        let draft = record.draft();
        async move { self.submit(Drafts::One(draft)).await }
    }

    /// Adds several lines, one for each person of a query or a page, as [`Trail::append`] does. On an error some
    /// of them may be in the trail when there are more than a thousand.
    pub fn append_all<'t, 'r, I: IntoIterator<Item = Record<'r>>>(
        &'t self,
        records: I,
    ) -> impl Future<Output = Result<(), AuditUnavailable>> + Send + use<'t, 'r, I> {
        let mut drafts = records.into_iter().map(|record| record.draft());
        let mut batches = Vec::new();
        loop {
            let batch: Vec<_> = drafts.by_ref().take(LINES_TOGETHER).collect();
            if batch.is_empty() {
                break;
            }
            batches.push(Drafts::Many(batch));
        }
        async move {
            for batch in batches {
                self.submit(batch).await?;
            }
            Ok(())
        }
    }

    async fn submit(&self, drafts: Drafts) -> Result<(), AuditUnavailable> {
        let lines = drafts.as_slice();
        if lines.iter().any(|draft| draft.len() + ADDED > LONGEST_LINE) {
            return Err(AuditUnavailable::TooLong);
        }
        if !self.queued {
            return self.shared.write(&drafts);
        }
        let permits = self.shared.space.acquire_many(lines.len() as u32).await;
        // Given back by the thread when it takes the lines from the queue.
        permits.map_err(|_| AuditUnavailable::Closed)?.forget();
        self.ask(|done| Request::Lines { drafts, done }).await.unwrap_or(Err(AuditUnavailable::Closed))
    }

    /// Opens the file anew after it was moved (SIGHUP); the chain goes on in the new file. Also ends the refusal of
    /// calls that follows a lost or changed file.
    pub async fn reopen(&self) -> Result<(), AuditError> {
        self.ask(|done| Request::Reopen { done }).await.unwrap_or(Err(AuditError::NoWriter))
    }

    /// Whether the last write, or the last look at the file, succeeded: the gateway is ready.
    pub fn writable(&self) -> bool {
        self.writable.load(Ordering::Relaxed)
    }

    /// Writes what is queued, flushes it to the disk, logs the head and ends. What is appended later is refused.
    pub async fn close(&self) -> Result<(), AuditUnavailable> {
        self.shared.space.close();
        self.ask(|done| Request::Close { done }).await.unwrap_or(Err(AuditUnavailable::Closed))
    }

    /// The thread's answer; `None` when it has ended.
    async fn ask<T>(&self, request: impl FnOnce(oneshot::Sender<T>) -> Request) -> Option<T> {
        let (done, answer) = oneshot::channel();
        self.queue.send(request(done)).ok()?;
        answer.await.ok()
    }
}

fn open_output(
    config: &config::Audit,
    clock: Box<dyn Fn() -> Timestamp + Send>,
) -> Result<(Box<dyn Output>, Digest), AuditError> {
    match &config.output {
        AuditOutput::Stdout => {
            let unusable = |source| AuditError::Unusable { file: "-".into(), source };
            let stdout = std::io::stdout().as_fd().try_clone_to_owned().map_err(unusable)?;
            Ok((Box::new(Stream::new(File::from(stdout))), Digest::ZERO))
        }
        AuditOutput::File(path) if is_stream(path) => {
            let unusable = |source| AuditError::Unusable { file: path.clone(), source };
            let device = File::options().append(true).open(path).map_err(unusable)?;
            Ok((Box::new(Stream::new(device)), Digest::ZERO))
        }
        AuditOutput::File(path) => {
            let keeping = Keeping { fsync: config.fsync, rotate_bytes: config.rotate_bytes, clock };
            let (file, head) = TrailFile::open(path, keeping)?;
            Ok((Box::new(file), head))
        }
    }
}

/// A pipe or a device, which has no end to continue.
fn is_stream(path: &Path) -> bool {
    path.metadata().is_ok_and(|found| !found.is_file())
}
