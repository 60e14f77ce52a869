//! What an idempotency store keeps of a finished call: the upstream's answer, success or refusal.

use serde::{Deserialize, Serialize};

use super::reply::Reply;
use crate::problem::Problem;
use crate::problem::kept::KeptProblem;

/// A finished call.
#[derive(Serialize, Deserialize)]
pub(super) enum Kept {
    /// It succeeded.
    Reply(Reply),
    /// The upstream refused.
    Problem(KeptProblem),
}

impl Kept {
    pub(super) fn of(result: &Result<Reply, Problem>) -> Self {
        match result {
            Ok(reply) => Self::Reply(reply.clone()),
            Err(problem) => Self::Problem(KeptProblem::of(problem)),
        }
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("text and numbers are always JSON")
    }

    /// What was kept; `None` when another version kept it in a form that this one does not know.
    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Result<Reply, Problem>> {
        Some(match serde_json::from_slice(bytes).ok()? {
            Self::Reply(reply) => Ok(reply),
            Self::Problem(problem) => Err(problem.problem()?),
        })
    }
}
