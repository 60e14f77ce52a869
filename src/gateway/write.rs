//! A write: audited before it is sent, sent once, in a task of its own so that it ends well also when its client goes away.

use super::Gateway;
use super::event::Event;
use super::exchange::Answered;
use super::kept::Kept;
use super::reply::Reply;
use crate::idempotency::{Claim, Fingerprint, KeyName, Ticket};
use crate::problem::{Outcome, Problem, System, names};
use crate::soap::envelope::Envelope;
use crate::telemetry::metrics::{self, IdempotencyResult};
use crate::telemetry::trace_context::Origin;
use crate::transport::Policy;

/// A write that is ready to go.
pub struct Write {
    /// The route that it is made through.
    pub route: &'static str,
    /// What is sent.
    pub message: Envelope,
    /// What the audit trail says of it.
    pub event: Event,
    /// The claim on its idempotency key.
    pub ticket: Option<Ticket>,
}

/// What a key leads to.
pub enum Claimed {
    /// The call is to be made.
    Fresh(Ticket),
    /// The call was made, and this was its answer.
    Replay(Result<Reply, Problem>),
}

impl Gateway {
    /// Claims an idempotency key (behaviour section 6).
    pub async fn claim(&self, key: &KeyName, fingerprint: &Fingerprint) -> Result<Claimed, Problem> {
        let claim = self.idempotency.claim(key, fingerprint).await;
        metrics::idempotency(IdempotencyResult::of(&claim));
        let claim = claim.map_err(|_| Problem::own(names::IDEMPOTENCY_UNAVAILABLE).after(5))?;
        let unknown = || Problem::own(names::OUTCOME_UNKNOWN).with_outcome(Outcome::Unknown);
        match claim {
            Claim::Fresh(ticket) => Ok(Claimed::Fresh(ticket)),
            Claim::Finished(kept) => Kept::from_bytes(&kept).map(Claimed::Replay).ok_or_else(unknown),
            Claim::OutcomeUnknown => Err(unknown()),
            Claim::Reused => Err(Problem::own(names::IDEMPOTENCY_KEY_REUSED)),
            Claim::InProgress { retry_after } => {
                Err(Problem::own(names::IDEMPOTENCY_IN_PROGRESS).after(retry_after.as_secs()))
            }
        }
    }

    /// Sends a write and waits for its end; `render` makes the client's answer out of the upstream's.
    ///
    /// The task goes on when this future is dropped.
    pub async fn write(
        &self,
        write: Write,
        render: impl FnOnce(Answered) -> Result<Reply, Problem> + Send + 'static,
    ) -> Result<Reply, Problem> {
        let gateway = self.clone();
        // Boxed: its state is large, and what is around it would move it several times.
        let carrying_out = Box::pin(async move { gateway.carry_out(write, render).await });
        let task = self.tasks.spawn(Origin::here().follow(carrying_out));
        task.await.unwrap_or_else(|_| Err(Problem::own(names::INTERNAL_ERROR).with_outcome(Outcome::Unknown)))
    }

    async fn carry_out(
        &self,
        write: Write,
        render: impl FnOnce(Answered) -> Result<Reply, Problem>,
    ) -> Result<Reply, Problem> {
        let Write { route, message, event, mut ticket } = write;
        if let Err(problem) = self.audit_begin(&event).await {
            if let Some(ticket) = ticket {
                ticket.free().await;
            }
            return Err(problem);
        }
        if let Some(ticket) = &mut ticket {
            ticket.sending();
        }
        let answered = tokio::select! {
            biased;
            answered = self.exchange(&self.route(route).wire, message, Policy::Write) => answered,
            // The end is written down all the same, as one that nobody knows.
            () = self.given_up.cancelled() => {
                Err(Problem::own(names::UPSTREAM_TIMEOUT).with_outcome(Outcome::Unknown))
            }
        };
        let result = answered.and_then(render);
        let ids: Vec<String> = match &result {
            Ok(reply) => reply.correlation_id.iter().cloned().collect(),
            Err(problem) => problem.correlation_id.iter().cloned().collect(),
        };
        self.audit_end(&event, result.as_ref().map(|reply| reply.status), &ids).await;
        if let Some(ticket) = ticket {
            settle(ticket, &result).await;
        }
        result
    }
}

/// What the upstream answered is kept, also when nobody can tell what came of the call; what never left is forgotten.
async fn settle(ticket: Ticket, result: &Result<Reply, Problem>) {
    match result {
        Err(problem) if problem.outcome == Some(Outcome::Unknown) => ticket.unknown().await,
        Err(problem) if problem.system == System::Gateway => ticket.free().await,
        Ok(_) | Err(_) => ticket.finish(Kept::of(result).to_bytes()).await,
    }
}
