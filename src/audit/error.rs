//! Why a trail cannot be opened, and why a call cannot be recorded.

use std::io;
use std::path::PathBuf;

/// Why a trail cannot be opened or reopened.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// The file cannot be opened, read or created.
    #[error("the audit trail {} cannot be opened: {source}", file.display())]
    Unusable {
        /// The trail's file.
        file: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Another process writes to the file; two writers would break the chain.
    #[error("the audit trail {} is being written by another process", file.display())]
    InUse {
        /// The trail's file.
        file: PathBuf,
    },
    /// The file's last line was changed, or the file is something else. It has to be moved away, not continued.
    #[error("the last line of {} is not an intact line of an audit trail", file.display())]
    Broken {
        /// The trail's file.
        file: PathBuf,
    },
    /// The file at the place of the trail ends with another line than the one that was written last.
    #[error("{} does not end where this audit trail ends", file.display())]
    Foreign {
        /// The trail's file.
        file: PathBuf,
    },
    /// The writer's thread cannot be started or has ended.
    #[error("the writer of the audit trail is not running")]
    NoWriter,
}

/// Why a line is not in the trail. The call that it stands for must be refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AuditUnavailable {
    /// The line could not be written or flushed, for example because the disk is full.
    #[error("the audit trail could not be written: {0}")]
    Write(io::ErrorKind),
    /// The file was deleted, or moved away without a reopening.
    #[error("the audit trail's file is gone")]
    Lost,
    /// Somebody else shortened the file or wrote into it.
    #[error("the audit trail's file was changed by somebody else")]
    Changed,
    /// The line is longer than a line may be.
    #[error("the audit record is too long")]
    TooLong,
    /// The trail is closed, or its writer has ended.
    #[error("the audit trail is closed")]
    Closed,
}

impl From<io::Error> for AuditUnavailable {
    fn from(error: io::Error) -> Self {
        Self::Write(error.kind())
    }
}
