//! `[audit]`: where the trail of who asked for whom is written.

use std::num::NonZeroU64;
use std::path::PathBuf;

use super::fault::Reason;
use super::node::Node;
use super::section::Section;
use super::value::{boolean, file, filled_text, integer, output_file};

/// `[audit]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audit {
    /// `file`
    pub output: AuditOutput,
    /// `cpr_hash_key_file`: the key of `cprHash`.
    pub cpr_hash_key_file: PathBuf,
    /// `previous_cpr_hash_key_files`: earlier keys, for export.
    pub previous_cpr_hash_key_files: Vec<PathBuf>,
    /// `fsync`: flushed to the disk, not only to the system.
    pub fsync: bool,
    /// `rotate_bytes`: `None`, written 0: never by itself.
    pub rotate_bytes: Option<NonZeroU64>,
    /// `require_purpose`: whether `X-Purpose` must be there.
    pub require_purpose: bool,
    /// `purposes`: what `X-Purpose` may say; empty: anything within its rules.
    pub purposes: Vec<String>,
}

/// `audit.file`
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuditOutput {
    /// `-`: standard output.
    Stdout,
    /// Appended to; its folder exists.
    File(PathBuf),
}

impl Audit {
    /// The defaults around the two keys that must be there.
    pub fn new(output: AuditOutput, cpr_hash_key_file: PathBuf) -> Self {
        Self {
            output,
            cpr_hash_key_file,
            previous_cpr_hash_key_files: Vec::new(),
            fsync: false,
            rotate_bytes: None,
            require_purpose: false,
            purposes: Vec::new(),
        }
    }
}

impl Audit {
    pub(super) fn read(section: &mut Section<'_>) -> Option<Self> {
        let output = section.required("file", output);
        let cpr_hash_key_file = section.required("cpr_hash_key_file", file);
        let audit = Self {
            previous_cpr_hash_key_files: section.list("previous_cpr_hash_key_files", Vec::new(), file),
            fsync: section.or("fsync", false, boolean),
            rotate_bytes: NonZeroU64::new(section.or("rotate_bytes", 0, integer(0..=1 << 50))),
            require_purpose: section.or("require_purpose", false, boolean),
            purposes: section.list("purposes", Vec::new(), purpose),
            // Last, so that every key has been read when one of these is missing.
            output: output?,
            cpr_hash_key_file: cpr_hash_key_file?,
        };
        audit.refuse_file_keys_without_file(section);
        Some(audit)
    }

    /// A pipe can be neither flushed to a disk nor rotated, and nobody should believe it is.
    fn refuse_file_keys_without_file(&self, section: &Section<'_>) {
        if self.output != AuditOutput::Stdout {
            return;
        }
        let promised = [("fsync", self.fsync), ("rotate_bytes", self.rotate_bytes.is_some())];
        for (name, _) in promised.into_iter().filter(|(_, set)| *set) {
            section.fault(name, Reason::rule("needs a file, not standard output"));
        }
    }
}

fn output(node: &Node) -> Result<AuditOutput, Reason> {
    if node.as_text() == Some("-") {
        return Ok(AuditOutput::Stdout);
    }
    output_file(node).map(AuditOutput::File)
}

/// What `X-Purpose` itself may be, or the entry could never be met.
fn purpose(node: &Node) -> Result<String, Reason> {
    let text = filled_text(node)?;
    let ten_digits = text.as_bytes().windows(10).any(|run| run.iter().all(u8::is_ascii_digit));
    if text.chars().count() > 200 || ten_digits || text.chars().any(char::is_control) {
        return Err(Reason::rule("must have at most 200 characters and no run of ten digits"));
    }
    Ok(text)
}
