//! What is known of a write once its call is over.

use serde::{Deserialize, Serialize};

/// Whether the upstream carried out a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It did not: nothing was sent, or the upstream refused.
    NotExecuted,
    /// It did.
    Executed,
    /// Nobody here can tell.
    Unknown,
}

impl Outcome {
    /// The word in problems and in the audit trail.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotExecuted => "not-executed",
            Self::Executed => "executed",
            Self::Unknown => "unknown",
        }
    }
}
