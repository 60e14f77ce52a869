//! Where something stands in a WSDL or XSD file, and why it cannot be used.

use std::fmt;
use std::sync::Arc;

/// A place in one of the files of a contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// File name as found in the directory or given with the text.
    pub file: Arc<str>,
    /// Line, counted from 1; 0 when the reason concerns the whole file or a built-in type.
    pub line: u32,
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => f.write_str(&self.file),
            line => write!(f, "{}:{line}", self.file),
        }
    }
}

/// A WSDL or XML Schema that cannot be used; reads as `file:line: reason`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{location}: {reason}")]
pub struct SchemaError {
    /// Where.
    pub location: Location,
    /// Why, in one line.
    pub reason: String,
}

impl SchemaError {
    /// An error at a known place.
    pub(crate) fn new(location: Location, reason: impl Into<String>) -> Self {
        Self { location, reason: one_line(&reason.into()) }
    }
}

/// What is quoted from a file may hold line breaks, or what a terminal takes for a command.
fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for char in text.chars() {
        if char.is_control() {
            line.extend(char.escape_default());
        } else {
            line.push(char);
        }
    }
    line
}
