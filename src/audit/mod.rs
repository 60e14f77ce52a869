//! The audit trail: who asked for whom, for which authority and why, in lines that cannot be changed unnoticed.

mod chain;
mod command;
mod cpr_hash;
mod digest;
mod error;
mod event;
mod export;
mod file;
mod files;
mod opening;
mod output;
mod tail;
mod thread;
mod trail;
mod verify;
mod writer;

#[cfg(test)]
mod tests;

pub use command::{ExportFormat, Finished, export_command, verify_command};
pub use cpr_hash::{CprHash, CprHasher, KeyError, MINIMUM_KEY_BYTES};
pub use digest::Digest;
pub use error::{AuditError, AuditUnavailable};
pub use event::{Outcome, Phase, Record};
pub use export::{Export, LookUp, Person, PersonError, export};
pub use files::UnreadableFile;
pub(crate) use tail::can_go_on;
pub use trail::Trail;
pub use verify::{Expected, Fault, Place, Report, verify};
