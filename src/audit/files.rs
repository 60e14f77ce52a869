//! The files of a trail as `verify` and `export` read them: line by line, oldest first.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use super::chain::{LONGEST_LINE, Link};
use super::digest::Digest;
use super::tail::{TORN, last_line};

/// A file that cannot be read to its end.
#[derive(Debug, thiserror::Error)]
#[error("{} cannot be read: {source}", file.display())]
pub struct UnreadableFile {
    /// The file.
    pub file: PathBuf,
    /// What the system said.
    pub source: io::Error,
}

/// A line of a file, without its line feed.
pub(super) enum Line<'a> {
    Whole(&'a [u8]),
    /// The last bytes of a file, not followed by a line feed.
    Unfinished,
    /// More bytes than a line of a trail may have.
    TooLong,
}

/// Calls `visit` with each line and its number, counted from 1. Needs memory for one line.
pub(super) fn for_each_line(file: &Path, mut visit: impl FnMut(u64, Line<'_>)) -> Result<(), UnreadableFile> {
    let unreadable = |source| UnreadableFile { file: file.to_owned(), source };
    let mut reader = BufReader::with_capacity(64 * 1024, File::open(file).map_err(unreadable)?);
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        let longest = LONGEST_LINE as u64;
        if reader.by_ref().take(longest).read_until(b'\n', &mut line).map_err(unreadable)? == 0 {
            break;
        }
        match line.split_last() {
            Some((b'\n', whole)) => visit(number, Line::Whole(whole)),
            Some(_) if line.len() == LONGEST_LINE => {
                visit(number, Line::TooLong);
                reader.skip_until(b'\n').map_err(unreadable)?;
            }
            Some(_) | None => visit(number, Line::Unfinished),
        }
    }
    Ok(())
}

/// The same files, each after the one that its first line follows, whatever the order in which they were given (a
/// shell's `*` puts the current file before the rotated ones). Where that file is missing or cut off, the time of the
/// first line decides. Files that a crash set aside (`.torn-`) are no part of a trail and left out.
pub(super) fn oldest_first(files: &[PathBuf]) -> Result<Vec<PathBuf>, UnreadableFile> {
    let mut ends = Vec::new();
    for file in files.iter().filter(|file| !is_torn(file)) {
        ends.push((file, Ends::read(file)?));
    }
    let mut ordered = Vec::new();
    while !ends.is_empty() {
        // Without a first one they follow each other in a circle, which no gateway writes.
        let (file, mut last) = ends.remove(earliest_start(&ends).unwrap_or(0));
        ordered.push(file.clone());
        while let Some(next) = ends.iter().position(|(_, end)| end.follows(&last)) {
            let (file, end) = ends.remove(next);
            ordered.push(file.clone());
            last = end;
        }
    }
    Ok(ordered)
}

/// The file that follows none of the others; of several, the one whose first line is oldest.
fn earliest_start(ends: &[(&PathBuf, Ends)]) -> Option<usize> {
    let follows_another = |at: usize| {
        let others = ends.iter().enumerate().filter(|(other, _)| *other != at);
        others.map(|(_, (_, end))| end).any(|end| ends[at].1.follows(end))
    };
    let starts = (0..ends.len()).filter(|at| !follows_another(*at));
    starts.min_by_key(|at| &ends[*at].1.start)
}

fn is_torn(file: &Path) -> bool {
    file.file_name().is_some_and(|name| name.to_string_lossy().contains(TORN))
}

/// What a file's first and last line say of their place, right or wrong.
struct Ends {
    before: Option<Digest>,
    last: Option<Digest>,
    /// The first line's beginning, which is its time.
    start: Vec<u8>,
}

impl Ends {
    fn read(file: &Path) -> Result<Self, UnreadableFile> {
        let unreadable = |source| UnreadableFile { file: file.to_owned(), source };
        let first = read_first_line(file).map_err(unreadable)?;
        let last = read_last_line(file).map_err(unreadable)?;
        Ok(Self {
            before: Link::read(&first).map(|link| link.prev),
            last: Link::read(&last).map(|link| link.hash),
            start: first.into_iter().take(40).collect(),
        })
    }

    fn follows(&self, earlier: &Self) -> bool {
        earlier.last.is_some() && earlier.last == self.before
    }
}

fn read_first_line(file: &Path) -> io::Result<Vec<u8>> {
    let mut line = Vec::new();
    BufReader::new(File::open(file)?).take(LONGEST_LINE as u64).read_until(b'\n', &mut line)?;
    line.pop();
    Ok(line)
}

fn read_last_line(file: &Path) -> io::Result<Vec<u8>> {
    let mut file = File::open(file)?;
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(LONGEST_LINE as u64 + 1)))?;
    let mut end = Vec::new();
    file.take(LONGEST_LINE as u64 + 1).read_to_end(&mut end)?;
    Ok(last_line(&end).unwrap_or_default().to_vec())
}
