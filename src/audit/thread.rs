//! The trail's thread: it looks around, and where a write may wait, it writes for all callers at once.

use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, oneshot};

use super::error::{AuditError, AuditUnavailable};
use super::writer::{Drafts, Writer};

/// What the thread is asked to do.
pub(super) enum Request {
    /// Write these drafts, all or none.
    Lines { drafts: Drafts, done: Done },
    /// Open the output anew.
    Reopen { done: oneshot::Sender<Result<(), AuditError>> },
    /// Write what is queued, flush, and end.
    Close { done: Done },
}

type Done = oneshot::Sender<Result<(), AuditUnavailable>>;

/// What callers share with the thread.
pub(super) struct Shared {
    /// One permit for each line that may still be queued.
    pub(super) space: Semaphore,
    /// None when the trail was closed, or somebody panicked while writing.
    writer: Mutex<Option<Writer>>,
}

impl Shared {
    pub(super) fn new(space: usize, writer: Writer) -> Self {
        Self { space: Semaphore::new(space), writer: Mutex::new(Some(writer)) }
    }

    /// Writes these lines on the caller's own thread: for an output that does not wait.
    pub(super) fn write(&self, drafts: &Drafts) -> Result<(), AuditUnavailable> {
        if self.space.is_closed() {
            return Err(AuditUnavailable::Closed);
        }
        let mut writer = self.writer.lock().map_err(|_| AuditUnavailable::Closed)?;
        let writer = writer.as_mut().ok_or(AuditUnavailable::Closed)?;
        writer.add(drafts);
        writer.flush()
    }

    /// Ends the trail for everybody and gives back what wrote.
    fn end(&self) -> Option<Writer> {
        self.space.close();
        self.writer.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

pub(super) struct Thread {
    queue: Receiver<Request>,
    shared: Arc<Shared>,
    /// Taken from the queue, but to be written in another batch or done after this one.
    carried: Option<Request>,
    waiting: Vec<Done>,
}

impl Thread {
    pub(super) fn start(queue: Receiver<Request>, shared: Arc<Shared>) -> io::Result<()> {
        let thread = Self { queue, shared, carried: None, waiting: Vec::new() };
        std::thread::Builder::new().name("audit".into()).spawn(move || thread.run()).map(drop)
    }

    /// Runs until it is closed, nobody can ask for anything any more, or somebody panicked while writing.
    fn run(mut self) {
        let shared = Arc::clone(&self.shared);
        let mut patience = Duration::ZERO;
        loop {
            let request = self.next(patience);
            let Ok(mut held) = shared.writer.lock() else { return };
            let Some(writer) = held.as_mut() else { return };
            match request {
                Ok(Request::Close { done }) => {
                    drop(held);
                    return self.close(done);
                }
                Ok(request) => self.serve(writer, request),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return writer.log_head(),
            }
            writer.look_around();
            patience = writer.patience();
        }
    }

    fn serve(&mut self, writer: &mut Writer, request: Request) {
        match request {
            Request::Lines { drafts, done } => self.write_batch(writer, &drafts, done),
            Request::Reopen { done } => drop(done.send(writer.reopen())),
            // A second one: the first answers.
            Request::Close { .. } => {}
        }
    }

    fn next(&mut self, patience: Duration) -> Result<Request, RecvTimeoutError> {
        match self.carried.take() {
            Some(request) => Ok(request),
            None => self.queue.recv_timeout(patience),
        }
    }

    /// Writes these lines and all that is queued behind them and may be written with them.
    fn write_batch(&mut self, writer: &mut Writer, drafts: &Drafts, done: Done) {
        self.gather(writer, drafts, done);
        while let Ok(request) = self.queue.try_recv() {
            match request {
                Request::Lines { drafts, done } if writer.fits(&drafts) => self.gather(writer, &drafts, done),
                other => {
                    self.carried = Some(other);
                    break;
                }
            }
        }
        let result = writer.flush();
        for done in self.waiting.drain(..) {
            // Nobody waits any more where a client went away; the line stands all the same.
            done.send(result).ok();
        }
    }

    fn gather(&mut self, writer: &mut Writer, drafts: &Drafts, done: Done) {
        writer.add(drafts);
        self.shared.space.add_permits(drafts.as_slice().len());
        self.waiting.push(done);
    }

    fn close(mut self, done: Done) {
        let Some(mut writer) = self.shared.end() else { return };
        while let Some(request) = self.carried.take().or_else(|| self.queue.try_recv().ok()) {
            self.serve(&mut writer, request);
        }
        let result = writer.close();
        // Whoever waits may open the file at once.
        drop(writer);
        done.send(result).ok();
    }
}

/// Also after a panic: whoever waits is answered, and the gateway is not ready any more.
impl Drop for Thread {
    fn drop(&mut self) {
        drop(self.shared.end());
    }
}
