//! Where lines go: a file of its own (`file.rs`) or a stream such as standard output.

use std::fs::File;
use std::io::{ErrorKind, Write};
use std::time::Instant;

use super::digest::Digest;
use super::error::{AuditError, AuditUnavailable};

/// What the writer needs of the place that it writes to.
pub(super) trait Output: Send {
    /// Whether a write may take long, because it waits for a disk or for a reader: then a thread of its own does it.
    fn may_wait(&self) -> bool {
        true
    }

    /// Whether `more` bytes can be written together with the `gathered` ones: no rotation is due
    /// between them.
    fn together(&self, gathered: u64, more: u64) -> bool;

    /// Writes and flushes whole lines. On an error none of them is in the trail, now or later.
    fn append(&mut self, lines: &[u8]) -> Result<(), AuditUnavailable>;

    /// Whether the place is still there; called each second.
    fn check(&mut self, now: Instant) -> Result<(), AuditUnavailable>;

    /// Whether something could be written, tried without leaving anything behind; called after a failure.
    fn probe(&mut self) -> Result<(), AuditUnavailable>;

    /// Opens the place anew, where the chain goes on after `head`.
    fn reopen(&mut self, head: Digest) -> Result<(), AuditError>;

    /// Flushes to the disk.
    fn sync(&mut self) -> Result<(), AuditUnavailable>;
}

/// A pipe, a terminal or a device: nothing can be taken back, moved or looked at again.
pub(super) struct Stream {
    file: File,
    /// A line was written in part.
    broken_line: bool,
}

impl Stream {
    pub(super) fn new(file: File) -> Self {
        Self { file, broken_line: false }
    }
}

impl Output for Stream {
    fn together(&self, _gathered: u64, _more: u64) -> bool {
        true
    }

    fn append(&mut self, lines: &[u8]) -> Result<(), AuditUnavailable> {
        if self.broken_line {
            self.file.write_all(b"\n")?;
            self.broken_line = false;
        }
        let mut rest = lines;
        while !rest.is_empty() {
            match self.file.write(rest) {
                Ok(0) => return Err(AuditUnavailable::Write(ErrorKind::WriteZero)),
                Ok(written) => rest = &rest[written..],
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => {
                    self.broken_line = rest.len() < lines.len();
                    return Err(error.into());
                }
            }
        }
        Ok(())
    }

    fn check(&mut self, _now: Instant) -> Result<(), AuditUnavailable> {
        Ok(())
    }

    /// A stream cannot be tried: the next line does.
    fn probe(&mut self) -> Result<(), AuditUnavailable> {
        Err(AuditUnavailable::Write(ErrorKind::Other))
    }

    fn reopen(&mut self, _head: Digest) -> Result<(), AuditError> {
        Ok(())
    }

    fn sync(&mut self) -> Result<(), AuditUnavailable> {
        Ok(())
    }
}
