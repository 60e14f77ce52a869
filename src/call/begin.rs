//! Fourth step: nothing is sent that the audit trail does not know of.

use super::event::Event;
use crate::gateway::Gateway;
use crate::idempotency::Ticket;
use crate::problem::Problem;

/// A write of which the trail knows; what follows must end with [`settle`](super::settle).
pub struct Begun {
    pub(super) event: Event,
    pub(super) ticket: Option<Ticket>,
}

/// Writes the line of a write that is about to be sent, and marks its key; without the line the key is free again.
///
/// # Errors
/// 503 `audit-unavailable`, not executed.
pub async fn begin(gateway: &Gateway, event: Event, mut ticket: Option<Ticket>) -> Result<Begun, Problem> {
    if let Err(problem) = gateway.audit_begin(&event).await {
        if let Some(ticket) = ticket {
            ticket.free().await;
        }
        return Err(problem);
    }
    if let Some(ticket) = &mut ticket {
        ticket.sending();
    }
    Ok(Begun { event, ticket })
}
