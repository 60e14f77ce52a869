//! Opens the trail's file: locked, its end settled, and the names of what is set aside beside it.

use std::fs::{self, File, Metadata, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};

use super::digest::Digest;
use super::error::AuditError;
use super::tail::{TORN, Tail};

/// Owner writes, group (a log collector) reads.
const MODE: u32 = 0o640;

/// Device and inode: which file it is, whatever its name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Identity(u64, u64);

impl Identity {
    pub(super) fn of(metadata: &Metadata) -> Self {
        Self(metadata.dev(), metadata.ino())
    }
}

/// A file that ends with a whole line.
pub(super) struct Opened {
    pub(super) file: File,
    pub(super) identity: Identity,
    pub(super) length: u64,
    /// Hash of the last line; `None` when there is no line.
    pub(super) head: Option<Digest>,
}

impl Opened {
    /// Opens or creates the file at `path`. `held` is the file there that is already open and locked, if any: its
    /// lock would refuse a second handle.
    pub(super) fn at(
        path: &Path,
        held: Option<(&File, Identity)>,
        time: Timestamp,
    ) -> Result<Self, AuditError> {
        let unusable = |source| AuditError::Unusable { file: path.to_owned(), source };
        let found = OpenOptions::new().read(true).append(true).create(true).mode(MODE).open(path);
        let found = found.map_err(unusable)?;
        let identity = Identity::of(&found.metadata().map_err(unusable)?);
        let file = match held {
            Some((file, same)) if same == identity => file.try_clone().map_err(unusable)?,
            Some(_) | None => {
                lock(&found, path)?;
                found
            }
        };
        let length = file.metadata().map_err(unusable)?.len();
        let Some(tail) = Tail::read(&file, length).map_err(unusable)? else {
            return Err(AuditError::Broken { file: path.to_owned() });
        };
        if !tail.torn.is_empty() || tail.zeros > 0 {
            set_aside(path, &file, &tail, time).map_err(unusable)?;
        }
        Ok(Self { file, identity, length: tail.whole, head: tail.head })
    }
}

/// Moves half a line to `<file>.torn-<time>`, without the zeros behind it. No caller was told that it was written.
fn set_aside(path: &Path, file: &File, tail: &Tail, time: Timestamp) -> io::Result<()> {
    let (mut torn, torn_path) = create_beside(path, TORN, time)?;
    torn.write_all(&tail.torn)?;
    torn.sync_all()?;
    file.set_len(tail.whole)?;
    file.sync_all()?;
    tracing::warn!(
        bytes = tail.torn.len(),
        zeros = tail.zeros,
        file = %torn_path.display(),
        "half a line at the end of the audit trail was set aside"
    );
    Ok(())
}

/// Creates `<file><separator><UTC time>`, the microsecond moved on to a name that is free.
pub(super) fn create_beside(
    path: &Path,
    separator: &str,
    mut time: Timestamp,
) -> io::Result<(File, PathBuf)> {
    loop {
        let mut name = path.as_os_str().to_owned();
        name.push(separator);
        name.push(time.strftime("%Y%m%dT%H%M%S.%6fZ").to_string());
        match OpenOptions::new().append(true).create_new(true).mode(MODE).open(&name) {
            Ok(file) => return Ok((file, name.into())),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                time += SignedDuration::from_micros(1);
            }
            Err(error) => return Err(error),
        }
    }
}

/// Moves the file at `path` to a free `<file>.<UTC time>` and says where.
pub(super) fn move_aside(path: &Path, time: Timestamp) -> io::Result<PathBuf> {
    // The name is taken before the file is moved there, so that no older file is overwritten.
    let (_, aside) = create_beside(path, ".", time)?;
    match fs::rename(path, &aside) {
        Ok(()) => Ok(aside),
        Err(error) => {
            fs::remove_file(&aside)?;
            Err(error)
        }
    }
}

/// Held until the file is closed, so also released by a crash.
fn lock(file: &File, path: &Path) -> Result<(), AuditError> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(AuditError::InUse { file: path.to_owned() }),
        // Some network file systems know no locks; there the operator sees to it.
        Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => Ok(()),
        Err(TryLockError::Error(source)) => Err(AuditError::Unusable { file: path.to_owned(), source }),
    }
}
