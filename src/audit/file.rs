//! The trail in a file: what fails is taken back, a lost file is noticed, a full one is rotated.

use std::fs::{self, File};
use std::io::{self, Write};
use std::num::NonZeroU64;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::digest::Digest;
use super::error::{AuditError, AuditUnavailable};
use super::opening::{Identity, Opened, move_aside};
use super::output::Output;
use super::tail::{folder, head_of_rotated};

/// How long the file may stand under another name: log rotation moves it a moment before it asks
/// for a reopening.
const MOVED_AWAY_GRACE: Duration = Duration::from_secs(2);

/// What is written and taken back to see whether there is room again.
const PROBE: [u8; 4096] = [b' '; 4096];

/// How the file is kept.
pub(super) struct Keeping {
    pub(super) fsync: bool,
    pub(super) rotate_bytes: Option<NonZeroU64>,
    /// Names the files that are set aside.
    pub(super) clock: Box<dyn Fn() -> Timestamp + Send>,
}

/// An open file that nobody else writes to.
pub(super) struct TrailFile {
    path: PathBuf,
    keeping: Keeping,
    file: File,
    identity: Identity,
    /// Bytes that stand in it as whole lines.
    length: u64,
    /// The length that asks for a rotation.
    full_at: u64,
    /// Part of a failed write may stand behind the lines.
    leftover: bool,
    /// Since when another file, or none, stands at `path`.
    moved_away: Option<Instant>,
    /// Why nothing may be written before a reopening.
    refused: Option<AuditUnavailable>,
}

impl TrailFile {
    /// Opens or creates the file and says after which hash its chain goes on.
    pub(super) fn open(path: &Path, keeping: Keeping) -> Result<(Self, Digest), AuditError> {
        let unusable = |source| AuditError::Unusable { file: path.to_owned(), source };
        let opened = Opened::at(path, None, (keeping.clock)())?;
        let head = match opened.head {
            Some(head) => head,
            None => head_of_rotated(path).map_err(unusable)?.unwrap_or(Digest::ZERO),
        };
        let mut trail = Self {
            path: path.to_owned(),
            keeping,
            file: opened.file,
            identity: opened.identity,
            length: opened.length,
            full_at: 0,
            leftover: false,
            moved_away: None,
            refused: None,
        };
        trail.full_at = trail.limit();
        trail.sync_folder().map_err(unusable)?;
        Ok((trail, head))
    }

    fn limit(&self) -> u64 {
        self.keeping.rotate_bytes.map_or(u64::MAX, NonZeroU64::get)
    }

    fn must_rotate_before(&self, bytes: u64) -> bool {
        self.length > 0 && self.length.saturating_add(bytes) > self.full_at
    }

    fn go_on_in(&mut self, opened: Opened) {
        self.file = opened.file;
        self.identity = opened.identity;
        self.length = opened.length;
        self.full_at = self.limit();
        self.leftover = false;
        self.moved_away = None;
        self.refused = None;
    }

    /// Goes on in a new file; this one becomes `<file>.<UTC time>`.
    fn rotate(&mut self) -> io::Result<()> {
        if Identity::of(&fs::metadata(&self.path)?) != self.identity {
            return Err(io::Error::other("another file stands in its place"));
        }
        let time = (self.keeping.clock)();
        let aside = move_aside(&self.path, time)?;
        match Opened::at(&self.path, None, time) {
            Ok(opened) => self.go_on_in(opened),
            Err(error) => {
                fs::rename(&aside, &self.path)?;
                return Err(io::Error::other(error));
            }
        }
        tracing::info!(file = %aside.display(), "audit trail rotated");
        self.sync_folder()
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.leftover = true;
        self.file.write_all(bytes)?;
        if self.keeping.fsync {
            self.file.sync_data()?;
        }
        Ok(())
    }

    /// Removes what a failed write left behind the lines.
    fn take_back(&mut self) -> io::Result<()> {
        if self.leftover {
            self.file.set_len(self.length)?;
            self.leftover = false;
        }
        Ok(())
    }

    /// Whether the lines stand in a file that still exists, and right behind the others.
    fn confirm(&mut self, written: u64) -> Result<(), AuditUnavailable> {
        let metadata = self.file.metadata()?;
        if metadata.nlink() == 0 {
            self.refused = Some(AuditUnavailable::Lost);
        } else if metadata.len() != self.length + written {
            // Somebody else changed the file, but these lines stand at its end, and are removed.
            self.file.set_len(metadata.len().saturating_sub(written))?;
            self.refused = Some(AuditUnavailable::Changed);
        } else {
            self.length += written;
        }
        self.leftover = false;
        self.refused.map_or(Ok(()), Err)
    }

    /// A new name is on the disk only when its folder is.
    fn sync_folder(&self) -> io::Result<()> {
        if self.keeping.fsync { File::open(folder(&self.path))?.sync_all() } else { Ok(()) }
    }

    fn stands_in_its_place(&self) -> bool {
        fs::metadata(&self.path).is_ok_and(|found| Identity::of(&found) == self.identity)
    }
}

impl Output for TrailFile {
    /// Without `fsync` a write only copies into the system's memory.
    fn may_wait(&self) -> bool {
        self.keeping.fsync
    }

    fn together(&self, gathered: u64, more: u64) -> bool {
        let (start, full_at) =
            if self.must_rotate_before(gathered) { (0, self.limit()) } else { (self.length, self.full_at) };
        start.saturating_add(gathered).saturating_add(more) <= full_at
    }

    fn append(&mut self, lines: &[u8]) -> Result<(), AuditUnavailable> {
        if let Some(reason) = self.refused {
            return Err(reason);
        }
        self.take_back()?;
        let bytes = lines.len() as u64;
        if self.must_rotate_before(bytes)
            && let Err(error) = self.rotate()
        {
            // A file that grows too long is better than calls refused; tried again a file later.
            self.full_at = self.length.saturating_add(self.limit());
            tracing::error!(%error, "audit trail could not be rotated");
        }
        let written = self.write(lines).map_err(AuditUnavailable::from);
        written.and_then(|()| self.confirm(bytes)).inspect_err(|_| {
            // Where this fails too, the next write tries it again before anything else.
            self.take_back().ok();
        })
    }

    fn check(&mut self, now: Instant) -> Result<(), AuditUnavailable> {
        let metadata = self.file.metadata()?;
        if self.stands_in_its_place() {
            self.moved_away = None;
            self.refused.take_if(|reason| *reason == AuditUnavailable::Lost);
        } else {
            let since = *self.moved_away.get_or_insert(now);
            if metadata.nlink() == 0 || now.duration_since(since) >= MOVED_AWAY_GRACE {
                self.refused.get_or_insert(AuditUnavailable::Lost);
            }
        }
        if metadata.len() != self.length && !self.leftover {
            self.refused.get_or_insert(AuditUnavailable::Changed);
        }
        self.refused.map_or(Ok(()), Err)
    }

    fn probe(&mut self) -> Result<(), AuditUnavailable> {
        self.take_back()?;
        let written = self.write(&PROBE);
        self.take_back()?;
        Ok(written?)
    }

    fn reopen(&mut self, head: Digest) -> Result<(), AuditError> {
        let held = Some((&self.file, self.identity));
        let opened = Opened::at(&self.path, held, (self.keeping.clock)())?;
        if opened.head.is_some_and(|found| found != head) {
            return Err(AuditError::Foreign { file: self.path.clone() });
        }
        self.go_on_in(opened);
        let unusable = |source| AuditError::Unusable { file: self.path.clone(), source };
        self.sync_folder().map_err(unusable)
    }

    fn sync(&mut self) -> Result<(), AuditUnavailable> {
        Ok(self.file.sync_data()?)
    }
}
