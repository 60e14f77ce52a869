//! `[audit]`: where the trail of who asked for whom is written.

use std::num::NonZeroU64;
use std::path::PathBuf;

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
