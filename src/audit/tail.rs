//! The end of a file that an earlier process wrote: where the chain goes on, and what a crash left behind it.

use std::fs::{self, DirEntry, File};
use std::io::{self, Read};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;

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
    /// Bytes behind it up to the last that is not zero.
    pub(super) torn: Vec<u8>,
    /// Zero bytes at the end of the file.
    pub(super) zeros: u64,
}

impl Tail {
    /// Reads the end of a file of `length` bytes. `None`: its last line is complete but not intact, or what the file
    /// holds is no beginning of a line.
    ///
    /// Half written is what has no line feed, and what holds zero bytes (a file system's way to say after a power
    /// cut that the data never reached the disk, for as many blocks as the file had grown by); no process writes either
    /// on purpose.
    pub(super) fn read(file: &File, length: u64) -> io::Result<Option<Self>> {
        let written = before_zeros(file, length)?;
        let window = written.min(2 * LONGEST_LINE as u64);
        let start = written - window;
        let mut bytes = vec![0; window as usize];
        file.read_exact_at(&mut bytes, start)?;
        Ok(Self::of(&bytes, start, length - written))
    }

    fn of(bytes: &[u8], start: u64, zeros: u64) -> Option<Self> {
        let mut whole = end_of_last_line(bytes);
        while let Some(line) = last_line(&bytes[..whole]) {
            if !line.contains(&0) {
                break;
            }
            whole -= line.len() + 1;
        }
        let torn = bytes[whole..].to_vec();
        let tail = |head, torn| Self { head, whole: start + whole as u64, torn, zeros };
        if whole == 0 {
            // Another file in the trail's place (a key!) is not for us to empty.
            return (start == 0 && begins_a_line(&torn)).then(|| tail(None, torn));
        }
        let link = last_line(&bytes[..whole]).and_then(Link::read);
        link.filter(Link::is_whole).map(|link| tail(Some(link.hash), torn))
    }
}

/// Whether it may be what a crash left of a first line; blocks that never reached the disk are zeros.
fn begins_a_line(torn: &[u8]) -> bool {
    const BEGINNING: &[u8] = b"{\"time\":\"";
    torn.iter().zip(BEGINNING).all(|(byte, expected)| byte == expected || *byte == 0)
}

/// Whether the trail could go on in the file: it is a trail, is empty or is not there.
pub(crate) fn can_go_on(file: &Path) -> io::Result<bool> {
    match File::open(file) {
        Ok(opened) => Tail::read(&opened, opened.metadata()?.len()).map(|tail| tail.is_some()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(error),
    }
}

/// The length of a file without the zeros at its end.
fn before_zeros(file: &File, length: u64) -> io::Result<u64> {
    let mut chunk = vec![0; LONGEST_LINE];
    let mut end = length;
    while end > 0 {
        let start = end.saturating_sub(chunk.len() as u64);
        let bytes = &mut chunk[..(end - start) as usize];
        file.read_exact_at(bytes, start)?;
        if let Some(last) = bytes.iter().rposition(|byte| *byte != 0) {
            return Ok(start + last as u64 + 1);
        }
        end = start;
    }
    Ok(0)
}

fn end_of_last_line(bytes: &[u8]) -> usize {
    bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |feed| feed + 1)
}

/// The last line of `lines`, which end with a line feed, without it.
pub(super) fn last_line(lines: &[u8]) -> Option<&[u8]> {
    let lines = lines.strip_suffix(b"\n")?;
    Some(&lines[end_of_last_line(lines)..])
}

/// The head that a missing or empty `file` continues: that of the newest `<file>.…` or `<file>-…` beside it, also where
/// logrotate compressed it. What cannot be read as a trail is named in the log, and nothing older is continued in its
/// place where it may have been one: the chain would fork.
pub(super) fn head_of_rotated(file: &Path) -> io::Result<Option<Digest>> {
    for rotated in rotated_newest_first(file)? {
        match read_rotated(&rotated) {
            Ok(Some(tail)) if tail.head.is_some() => return Ok(tail.head),
            Ok(Some(_)) => {}
            read if is_packed(&rotated) => {
                let reason = read.err().map(|error| error.to_string());
                tracing::warn!(
                    file = %rotated.display(),
                    reason,
                    "the audit trail before this one cannot be read; a new chain begins"
                );
                return Ok(None);
            }
            Ok(None) => tracing::warn!(
                file = %rotated.display(),
                "lies beside the audit trail and is no part of one; it was passed over"
            ),
            Err(error) => return Err(error),
        }
    }
    Ok(None)
}

fn read_rotated(file: &Path) -> io::Result<Option<Tail>> {
    let opened = File::open(file)?;
    if has_extension(file, &["gz"]) {
        return read_gzip(opened);
    }
    let length = opened.metadata()?.len();
    Tail::read(&opened, length)
}

/// Keeps the end of what it unpacks, whatever that is.
fn read_gzip(packed: File) -> io::Result<Option<Tail>> {
    let window = 2 * LONGEST_LINE;
    let mut unpacked = MultiGzDecoder::new(packed).take(MOST_UNPACKED);
    let (mut end, mut length, mut chunk) = (Vec::new(), 0, vec![0; LONGEST_LINE]);
    loop {
        let read = unpacked.read(&mut chunk)?;
        if read == 0 {
            return Ok(Tail::of(&end, length - end.len() as u64, 0));
        }
        length += read as u64;
        end.extend_from_slice(&chunk[..read]);
        end.drain(..end.len().saturating_sub(window));
    }
}

/// A day's trail of a large installation is a hundredth of it.
const MOST_UNPACKED: u64 = 1 << 34;

/// Whether the file is packed in a way that logrotate offers.
fn is_packed(file: &Path) -> bool {
    has_extension(file, &["gz", "bz2", "xz", "lz4", "zst", "zip", "Z"])
}

fn has_extension(file: &Path, extensions: &[&str]) -> bool {
    file.extension().is_some_and(|found| extensions.iter().any(|extension| found == *extension))
}

fn rotated_newest_first(file: &Path) -> io::Result<Vec<PathBuf>> {
    let mut rotated = Vec::new();
    for entry in fs::read_dir(folder(file))? {
        let entry = entry?;
        let metadata = entry.metadata()?;
        if metadata.is_file() && metadata.len() > 0 && is_rotated(&entry, file) {
            rotated.push((metadata.modified()?, entry.path()));
        }
    }
    rotated.sort_by(|left, right| right.cmp(left));
    Ok(rotated.into_iter().map(|(_, path)| path).collect())
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
