//! What is wrong with a configuration: every fault with its key and its place.

use std::borrow::Cow;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// All faults of a configuration, one line each when shown. Never holds a value that was set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Faults(pub Vec<Fault>);

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, fault) in self.0.iter().enumerate() {
            let line_break = if index == 0 { "" } else { "\n" };
            write!(f, "{line_break}{fault}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Faults {}

/// One fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The key from the root, such as `auth.issuers[0].jwks_url`; empty for the whole file.
    pub key: String,
    /// Where it was set, or where the table begins in which it is missing.
    pub origin: Option<Origin>,
    /// What is wrong with it.
    pub reason: Reason,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = if self.key.is_empty() { "configuration" } else { &self.key };
        match &self.origin {
            Some(origin) => write!(f, "{key} ({origin}): {}", self.reason),
            None => write!(f, "{key}: {}", self.reason),
        }
    }
}

/// Where something was set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A line of the file, counted from 1.
    Line(usize),
    /// An environment variable.
    Variable(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(line) => write!(f, "line {line}"),
            Self::Variable(name) => write!(f, "from {name}"),
        }
    }
}

/// Why a key is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// The file is not TOML.
    #[error("is not TOML: {0}")]
    Syntax(String),
    /// A file or folder that is named does not exist or must not be read.
    #[error("names {file}, which cannot be read: {kind}")]
    Unreadable {
        /// Which.
        file: NamedFile,
        /// Why.
        kind: io::ErrorKind,
    },
    /// A file or folder that is named is of the wrong kind.
    #[error("names {file}, which is not {expected}")]
    WrongFile {
        /// Which.
        file: NamedFile,
        /// What it must be.
        expected: &'static str,
    },
    /// The configuration file itself.
    #[error("{file} cannot be read: {kind}")]
    NoConfiguration {
        /// Which.
        file: NamedFile,
        /// Why.
        kind: io::ErrorKind,
    },
    /// There is no such key.
    #[error("is not a key{}", suggest(.nearest.as_deref()))]
    Unknown {
        /// The most similar key of the same table.
        nearest: Option<String>,
    },
    /// A key without a default is not set.
    #[error("is missing")]
    Missing,
    /// The value has another type.
    #[error("must be {0}")]
    Type(&'static str),
    /// A number beyond its bounds.
    #[error("must be from {least} to {most}")]
    Range {
        /// The smallest number that is taken.
        least: String,
        /// The greatest number that is taken.
        most: String,
    },
    /// None of the few values that the key has.
    #[error("must be one of {}", .0.join(", "))]
    Choice(Vec<&'static str>),
    /// Any other rule of the key; the text says the rule.
    #[error("{0}")]
    Rule(Cow<'static, str>),
}

impl Reason {
    /// A rule in words.
    pub(super) const fn rule(text: &'static str) -> Self {
        Self::Rule(Cow::Borrowed(text))
    }
}

fn suggest(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |key| format!("; did you mean {key}?"))
}

/// A file in a message. Where a password stands in place of a file's name it is not said: only what looks like a path is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedFile(Option<PathBuf>);

impl NamedFile {
    /// The file as it may be said.
    pub(super) fn of(path: &Path) -> Self {
        Self(looks_like_a_path(path).then(|| path.to_owned()))
    }
}

impl fmt::Display for NamedFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Some(path) => write!(f, "{}", path.display()),
            None => f.write_str("something"),
        }
    }
}

/// Made of the characters that names of files usually have, with a folder or an extension.
fn looks_like_a_path(path: &Path) -> bool {
    let usual = |character: char| character.is_alphanumeric() || "/._- +~".contains(character);
    path.to_str().is_some_and(|text| text.contains(['/', '.']) && text.chars().all(usual))
}
