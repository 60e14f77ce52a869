//! Sixth step: the end of a write is recorded, and kept under its key.

use super::kept::Kept;
use super::{Begun, Reply};
use crate::gateway::Gateway;
use crate::idempotency::Ticket;
use crate::problem::{Outcome, Problem, System};

/// Writes down how a write ended, then lets its key tell it to whoever asks again.
pub async fn settle(gateway: &Gateway, begun: Begun, result: &Result<Reply, Problem>) {
    let ids: Vec<String> = match result {
        Ok(reply) => reply.correlation_id.iter().cloned().collect(),
        Err(problem) => problem.correlation_id.iter().cloned().collect(),
    };
    gateway.audit_end(&begun.event, result.as_ref().map(|reply| reply.status), &ids).await;
    if let Some(ticket) = begun.ticket {
        keep(ticket, result).await;
    }
}

/// What the upstream answered is kept, also when nobody can tell what came of the call; what never left is forgotten.
async fn keep(ticket: Ticket, result: &Result<Reply, Problem>) {
    match result {
        Err(problem) if problem.outcome == Some(Outcome::Unknown) => ticket.unknown().await,
        Err(problem) if problem.system == System::Gateway => ticket.free().await,
        Ok(_) | Err(_) => ticket.finish(Kept::of(result).to_bytes()).await,
    }
}
