//! The end of a file that an earlier process wrote: where the chain goes on, and what a crash left behind it.

use std::fs::{self, DirEntry, File};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use super::chain::{LONGEST_LINE, Link};
use super::digest::Digest;

/// Marks the files that hold what a crash left half written.
pub(super) const TORN: &str = ".torn-";

/// How a file ends.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Tail {
    /// Hash of the last whole line; `None` in a file without one.
    pub(super) head: Option<Digest>,
    /// Bytes up to the end of that line.
    pub(super) whole: u64,
    /// Bytes behind it.
    pub(super) torn: Vec<u8>,
}

impl Tail {
    /// Reads the end of a file of `length` bytes. `None`: its last line is complete but not intact.
    ///
    /// Half written is what has no line feed, and what holds zero bytes (a file system's way to say after a power
    /// cut that the data never reached the disk); no process writes either on purpose.
    pub(super) fn read(file: &File, length: u64) -> io::Result<Option<Self>> {
        let window = length.min(2 * LONGEST_LINE as u64);
        let start = length - window;
        let mut bytes = vec![0; window as usize];
        file.read_exact_at(&mut bytes, start)?;

        let mut whole = end_of_last_line(&bytes);
        while let Some(line) = last_line(&bytes[..whole]) {
            if !line.contains(&0) {
                break;
            }
            whole -= line.len() + 1;
        }
        let torn = bytes[whole..].to_vec();
        let tail = |head| Self { head, whole: start + whole as u64, torn };
        if whole == 0 {
            return Ok((start == 0).then(|| tail(None)));
        }
        let link = last_line(&bytes[..whole]).and_then(Link::read);
        Ok(link.filter(Link::is_whole).map(|link| tail(Some(link.hash))))
    }
}

fn end_of_last_line(bytes: &[u8]) -> usize {
    bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |feed| feed + 1)
}

/// The last line of `lines`, which end with a line feed, without it.
pub(super) fn last_line(lines: &[u8]) -> Option<&[u8]> {
    let lines = lines.strip_suffix(b"\n")?;
    Some(&lines[end_of_last_line(lines)..])
}

/// The head that a missing or empty `file` continues: that of the newest `<file>.…` or `<file>-…` beside it.
pub(super) fn head_of_rotated(file: &Path) -> io::Result<Option<Digest>> {
    let Some(newest) = newest_rotated(file)? else {
        return Ok(None);
    };
    let rotated = File::open(newest)?;
    let tail = Tail::read(&rotated, rotated.metadata()?.len())?;
    Ok(tail.and_then(|tail| tail.head))
}

fn newest_rotated(file: &Path) -> io::Result<Option<PathBuf>> {
    let mut rotated = Vec::new();
    for entry in fs::read_dir(folder(file))? {
        let entry = entry?;
        let metadata = entry.metadata()?;
        if metadata.is_file() && metadata.len() > 0 && is_rotated(&entry, file) {
            rotated.push((metadata.modified()?, entry.path()));
        }
    }
    Ok(rotated.into_iter().max().map(|(_, path)| path))
}

fn is_rotated(entry: &DirEntry, file: &Path) -> bool {
    let name = entry.file_name();
    let of_file = file
        .file_name()
        .and_then(|file| name.as_encoded_bytes().strip_prefix(file.as_encoded_bytes()).map(<[u8]>::to_vec));
    of_file.is_some_and(|rest| {
        (rest.starts_with(b".") || rest.starts_with(b"-")) && !rest.starts_with(TORN.as_bytes())
    })
}

/// The folder of `file`.
pub(super) fn folder(file: &Path) -> &Path {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        Some(_) | None => Path::new("."),
    }
}
