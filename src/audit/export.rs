//! One person's look-ups and registrations, as the right of access asks (GDPR article 15): when, for which authority,
//! what and why, but not which member of staff.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet, VecDeque};
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::chain::Link;
use super::cpr_hash::CprHasher;
use super::digest::Digest;
use super::files::{Line, UnreadableFile, for_each_line, oldest_first};
use super::verify::Place;
use crate::types::Cpr;

/// The numbers of one person.
#[derive(Debug)]
pub struct Person(Vec<Cpr>);

/// Why a file of CPR numbers cannot be used. Says the line, never its content.
#[derive(Debug, thiserror::Error)]
pub enum PersonError {
    /// The file is missing or may not be read.
    #[error("{} cannot be read: {source}", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A line is not a CPR number, the hyphen before its last four digits apart.
    #[error("{}:{line} is not a CPR number", file.display())]
    NotACpr {
        /// The file.
        file: PathBuf,
        /// Its line, counted from 1.
        line: usize,
    },
    /// The file holds no number.
    #[error("{} holds no CPR number", file.display())]
    Empty {
        /// The file.
        file: PathBuf,
    },
}

impl Person {
    /// Reads one CPR number a line, with or without hyphen; people change numbers. Empty lines are skipped.
    pub fn read(file: &Path) -> Result<Self, PersonError> {
        let unreadable = |source| PersonError::Unreadable { file: file.to_owned(), source };
        let text = fs::read_to_string(file).map_err(unreadable)?;
        let text = text.trim_start_matches('\u{feff}');
        let lines = text.lines().map(str::trim).enumerate().filter(|(_, line)| !line.is_empty());
        let numbers = lines.map(|(at, line)| {
            parse_cpr(line).ok_or_else(|| PersonError::NotACpr { file: file.to_owned(), line: at + 1 })
        });
        let numbers: Vec<_> = numbers.collect::<Result<_, _>>()?;
        if numbers.is_empty() {
            return Err(PersonError::Empty { file: file.to_owned() });
        }
        Ok(Self(numbers))
    }

    fn hashes(&self, hasher: &CprHasher) -> HashSet<Digest> {
        self.0.iter().flat_map(|cpr| hasher.every_hash(cpr)).map(|hash| *hash.hash()).collect()
    }
}

/// A number as in a request, or with a hyphen before its last four digits.
fn parse_cpr(line: &str) -> Option<Cpr> {
    match line.split_once('-') {
        Some((date, serial)) if date.len() == 6 => Cpr::parse_with_test_numbers(&format!("{date}{serial}")),
        Some(_) => None,
        None => Cpr::parse_with_test_numbers(line),
    }
}

/// One call that concerned the person.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LookUp {
    /// RFC 3339, UTC.
    pub time: String,
    /// For whom, `kind:code`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authority: Option<String>,
    /// The operation id.
    pub operation: String,
    /// What the caller gave as purpose.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    /// `answered`, `failed`, `executed`, `not-executed`, `refused`; `unknown` also for a write whose end is missing.
    pub outcome: String,
}

impl fmt::Debug for LookUp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A purpose is free text, and the rest says when somebody was looked up.
        formatter.debug_struct("LookUp").field("operation", &self.operation).finish_non_exhaustive()
    }
}

/// What [`export`] found.
#[derive(Debug, Default)]
pub struct Export {
    /// By time.
    pub look_ups: Vec<LookUp>,
    /// Lines that are no intact lines of a trail; what they said is not known. The first thousand.
    pub unreadable: Vec<Place>,
}

/// Lists what the files hold of one person, under the current hash key and every earlier one. A write is one entry,
/// with the time of its beginning.
pub fn export(files: &[PathBuf], person: &Person, hasher: &CprHasher) -> Result<Export, UnreadableFile> {
    let mut search =
        Search { hashes: person.hashes(hasher), found: Export::default(), unfinished: HashMap::new() };
    for file in oldest_first(files)? {
        for_each_line(&file, |line, content| {
            if search.line(content).is_none() && search.found.unreadable.len() < 1000 {
                search.found.unreadable.push(Place { file: file.clone(), line });
            }
        })?;
    }
    let Export { mut look_ups, unreadable } = search.found;
    // Stable, and text of one width: the trails of several replicas come out as one list.
    look_ups.sort_by(|one, other| one.time.cmp(&other.time));
    Ok(Export { look_ups, unreadable })
}

/// The members of a line that matter here.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry<'a> {
    #[serde(borrow)]
    time: Cow<'a, str>,
    #[serde(borrow)]
    phase: Cow<'a, str>,
    #[serde(borrow)]
    request_id: Cow<'a, str>,
    #[serde(borrow, default)]
    authority: Option<Cow<'a, str>>,
    #[serde(borrow)]
    operation: Cow<'a, str>,
    #[serde(borrow, default)]
    cpr_hash: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    purpose: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    outcome: Option<Cow<'a, str>>,
}

struct Search {
    hashes: HashSet<Digest>,
    found: Export,
    /// Writes whose end was not read yet: where they stand among the look-ups.
    unfinished: HashMap<(String, String), VecDeque<usize>>,
}

impl Search {
    /// `None` when the line cannot be relied on.
    fn line(&mut self, content: Line<'_>) -> Option<()> {
        let Line::Whole(content) = content else { return None };
        Link::read(content).filter(Link::is_whole)?;
        let entry: Entry<'_> = serde_json::from_slice(content).ok()?;
        let hash = entry.cpr_hash.as_ref().and_then(|hash| Digest::parse(hash.as_bytes()));
        if hash.is_some_and(|hash| self.hashes.contains(&hash)) {
            self.entry(&entry);
        }
        Some(())
    }

    fn entry(&mut self, entry: &Entry<'_>) {
        let owned = |text: &Option<Cow<'_, str>>| text.as_ref().map(|text| text.to_string());
        let outcome = owned(&entry.outcome).unwrap_or_else(|| "unknown".to_owned());
        // A client may use an identifier again, so a write is the operation too, and the oldest one ends first.
        let write = || (entry.request_id.to_string(), entry.operation.to_string());
        if entry.phase == "end" {
            let begun = self.unfinished.get_mut(&write()).and_then(VecDeque::pop_front);
            if let Some(at) = begun {
                self.found.look_ups[at].outcome = outcome;
                return;
            }
        }
        if entry.phase == "begin" {
            self.unfinished.entry(write()).or_default().push_back(self.found.look_ups.len());
        }
        self.found.look_ups.push(LookUp {
            time: entry.time.to_string(),
            authority: owned(&entry.authority),
            operation: entry.operation.to_string(),
            purpose: owned(&entry.purpose),
            outcome,
        });
    }
}
