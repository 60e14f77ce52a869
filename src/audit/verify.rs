//! Checks the chain of a trail and says where it is broken.

use std::collections::HashMap;
use std::fmt;
use std::path::{Path, PathBuf};

use super::chain::Link;
use super::digest::Digest;
use super::files::{Line, UnreadableFile, for_each_line, oldest_first};

/// Faults that are kept with their places; later ones are only counted.
const FAULTS_KEPT: usize = 1000;

/// What is known of the trail from elsewhere.
#[derive(Clone, Copy, Debug, Default)]
pub struct Expected {
    /// The last line of the files that were deleted on purpose; without it the chain has to begin in the files.
    pub after: Option<Digest>,
    /// A head that the gateway logged: the trail has to reach at least so far.
    pub head: Option<Digest>,
}

/// A line of a file, counted from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file, as it was given.
    pub file: PathBuf,
    /// The line.
    pub line: u64,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file.display(), self.line)
    }
}

/// What is wrong at one place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The line was changed: its hash is not the hash of its bytes.
    #[error("the line was changed")]
    Changed,
    /// The line does not end with `prev` and `hash`, or is too long.
    #[error("this is not a line of an audit trail, or it was changed")]
    NotALine,
    /// The last line of a file has no line feed.
    #[error("the line is cut off, or is just being written")]
    Unfinished,
    /// The line that it follows is in none of the files.
    #[error("lines before this one are missing: removed, or changed together with their hash")]
    Missing,
    /// The line that it follows stands elsewhere.
    #[error("the line is out of order: it follows {0}")]
    OutOfOrder(Place),
    /// The first line follows another one.
    #[error(
        "the trail does not begin here: earlier lines are missing (if their files were deleted on purpose, say which \
         hash was the last one with --after)"
    )]
    NotTheBeginning,
    /// A chain begins behind the end of another.
    #[error("a new chain begins here: the lines before it were not continued")]
    NewChain,
    /// The head that was expected is the hash of no line; this is the last one.
    #[error("the trail is cut off: the expected head comes after this last line")]
    HeadMissing,
}

/// What [`verify`] found.
#[derive(Debug, Default)]
pub struct Report {
    /// Lines read.
    pub lines: u64,
    /// The files in the order of their chain.
    pub files: Vec<PathBuf>,
    /// Hash of the last line.
    pub head: Option<Digest>,
    /// Where the expected head stands.
    pub expected_head: Option<Place>,
    /// The first thousand faults.
    pub faults: Vec<(Place, Fault)>,
    /// How many faults came after those.
    pub more_faults: u64,
}

impl Report {
    /// Whether no line was changed, removed or moved, nor, with an expected head, cut off.
    pub fn is_intact(&self) -> bool {
        self.faults.is_empty()
    }
}

/// Reads the files, oldest first whatever their order here, and checks each line and that it follows the one before.
/// Needs memory for one line and the faults.
pub fn verify(files: &[PathBuf], expected: Expected) -> Result<Report, UnreadableFile> {
    let files = oldest_first(files)?;
    let mut check = Check {
        expected,
        report: Report::default(),
        before: Before::Beginning,
        last: None,
        wanted: HashMap::new(),
    };
    for file in &files {
        for_each_line(file, |line, content| check.line(Place { file: file.clone(), line }, content))?;
    }
    check.end(&files);
    check.find_wanted(&files)?;
    Ok(Report { files, ..check.report })
}

/// What the next line may follow.
enum Before {
    Beginning,
    /// A line: the hash that it states and the one that it has, which differ where it was changed.
    Line(Digest, Digest),
    /// Something that is not a line; it was reported already.
    Unknown,
}

struct Check {
    expected: Expected,
    report: Report,
    before: Before,
    last: Option<Place>,
    /// The `prev` of lines that follow no line so far, and the faults that say so.
    wanted: HashMap<Digest, Vec<usize>>,
}

impl Check {
    fn line(&mut self, place: Place, content: Line<'_>) {
        self.report.lines += 1;
        self.last = Some(place.clone());
        let link = match content {
            Line::Whole(line) => Link::read(line).ok_or(Fault::NotALine),
            Line::Unfinished => Err(Fault::Unfinished),
            Line::TooLong => Err(Fault::NotALine),
        };
        match link {
            Ok(link) => self.link(place, &link),
            Err(fault) => {
                self.before = Before::Unknown;
                self.fault(place, fault);
            }
        }
    }

    fn link(&mut self, place: Place, link: &Link) {
        if !link.is_whole() {
            self.fault(place, Fault::Changed);
        } else {
            if self.expected.head == Some(link.hash) {
                self.report.expected_head = Some(place.clone());
            }
            if let Some(fault) = self.misplaced(link)
                && let Some(at) = self.fault(place, fault)
            {
                self.wanted.entry(link.prev).or_default().push(at);
            }
        }
        self.before = Before::Line(link.hash, link.actual);
        self.report.head = Some(link.hash);
    }

    fn misplaced(&self, link: &Link) -> Option<Fault> {
        let fault = match self.before {
            Before::Beginning if link.prev == self.expected.after.unwrap_or(Digest::ZERO) => return None,
            Before::Beginning => Fault::NotTheBeginning,
            Before::Line(stated, actual) if link.prev == stated || link.prev == actual => return None,
            Before::Line(..) | Before::Unknown if link.prev == Digest::ZERO => Fault::NewChain,
            Before::Line(..) => Fault::Missing,
            Before::Unknown => return None,
        };
        Some(fault)
    }

    /// Notes a fault and says at which index it was kept.
    fn fault(&mut self, place: Place, fault: Fault) -> Option<usize> {
        if self.report.faults.len() == FAULTS_KEPT {
            self.report.more_faults += 1;
            return None;
        }
        self.report.faults.push((place, fault));
        Some(self.report.faults.len() - 1)
    }

    fn end(&mut self, files: &[PathBuf]) {
        let Some(head) = self.expected.head else { return };
        let start = self.expected.after.unwrap_or(Digest::ZERO);
        if self.report.expected_head.is_none() && head != start {
            let nowhere = || Place { file: files.first().cloned().unwrap_or_default(), line: 0 };
            let last = self.last.clone().unwrap_or_else(nowhere);
            self.fault(last, Fault::HeadMissing);
        }
    }

    /// Tells lines that were moved from lines that are missing, which takes a second reading.
    fn find_wanted(&mut self, files: &[PathBuf]) -> Result<(), UnreadableFile> {
        if self.wanted.is_empty() {
            return Ok(());
        }
        for file in files {
            for_each_line(file, |line, content| self.found(file, line, content))?;
        }
        Ok(())
    }

    fn found(&mut self, file: &Path, line: u64, content: Line<'_>) {
        let Line::Whole(content) = content else { return };
        let Some(hash) = Link::read(content).map(|link| link.hash) else { return };
        for at in self.wanted.remove(&hash).unwrap_or_default() {
            self.report.faults[at].1 = Fault::OutOfOrder(Place { file: file.to_owned(), line });
        }
    }
}
