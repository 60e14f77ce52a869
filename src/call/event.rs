//! A call as the audit trail sees it: who, for whom, which operation, about whom, why.

use std::sync::Arc;

use jiff::Timestamp;
use tracing::Instrument;
use uuid::Uuid;

use crate::audit::{AuditUnavailable, CprHash, Outcome as Ended, Phase, Record};
use crate::auth::Identity;
use crate::gateway::Gateway;
use crate::problem::{Outcome, Problem, names};
use crate::telemetry::spans;
use crate::types::Authority;

/// What every line about a call has in common.
#[derive(Clone)]
pub struct Event {
    request_id: String,
    identity: Arc<Identity>,
    authority: Option<String>,
    operation: &'static str,
    /// Whom it concerns.
    pub person: Option<CprHash>,
    /// Whether the upstream is told the CPR number.
    pub cpr_sent: Option<bool>,
    /// The message identifier, where the operation carries no CPR number.
    pub resource: Option<String>,
    /// `X-Purpose`.
    pub purpose: Option<String>,
}

impl Event {
    /// A call of an operation.
    pub fn new(
        request: Uuid,
        identity: Arc<Identity>,
        authority: Option<&Authority>,
        operation: &'static str,
    ) -> Self {
        Self {
            request_id: request.to_string(),
            identity,
            authority: authority.map(ToString::to_string),
            operation,
            person: None,
            cpr_sent: None,
            resource: None,
            purpose: None,
        }
    }

    fn record(&self, time: Timestamp, phase: Phase) -> Record<'_> {
        Record {
            issuer: Some(&self.identity.issuer),
            subject: Some(&self.identity.subject),
            client: self.identity.client.as_deref(),
            authority: self.authority.as_deref(),
            person: self.person.as_ref(),
            cpr_sent: self.cpr_sent,
            resource: self.resource.as_deref(),
            purpose: self.purpose.as_deref(),
            ..Record::new(time, phase, &self.request_id, self.operation)
        }
    }
}

/// How a look-up of one person ended.
#[derive(Clone, Copy, Default)]
pub struct Looked<'l> {
    /// The status, of the answer or of the person's own problem.
    pub status: u16,
    /// The problem's name.
    pub problem: Option<&'l str>,
    /// `hit`, `miss` or `collapsed`.
    pub cache: Option<&'l str>,
    /// The platform's ids.
    pub upstream_ids: &'l [String],
}

impl<'l> Looked<'l> {
    /// A look-up that was answered with `status`, or that ended in a problem.
    pub fn of(result: Result<u16, &'l Problem>) -> Self {
        match result {
            Ok(status) => Self { status, ..Self::default() },
            Err(problem) => {
                Self { status: problem.status(), problem: Some(problem.name()), ..Self::default() }
            }
        }
    }

    /// Whether a problem told anything about the person: what the upstream said does, that nobody could ask does not.
    fn ended(&self) -> Ended {
        match self.problem {
            Some(_) if self.status >= 500 => Ended::Failed,
            _ => Ended::Answered,
        }
    }
}

impl Gateway {
    /// Before a write is sent; without this line nothing is.
    pub(super) async fn audit_begin(&self, event: &Event) -> Result<(), Problem> {
        let line = self.audit.append(&event.record((self.clock)(), Phase::Begin));
        line.instrument(spans::audit())
            .await
            .map_err(|error| unavailable(error).with_outcome(Outcome::NotExecuted))
    }

    /// After a write. Its `begin` line says already that it was sent, so a failure here is the operator's affair only.
    pub(super) async fn audit_end(
        &self,
        event: &Event,
        ended: Result<u16, &Problem>,
        upstream_ids: &[String],
    ) {
        let (status, problem) = match ended {
            Ok(status) => (status, None),
            Err(problem) => (problem.status(), Some(problem)),
        };
        let outcome = match problem.map(|problem| problem.outcome) {
            None => Ended::Executed,
            Some(Some(Outcome::NotExecuted)) => Ended::NotExecuted,
            Some(Some(Outcome::Executed)) => Ended::Executed,
            Some(Some(Outcome::Unknown) | None) => Ended::Unknown,
        };
        let record = Record {
            outcome: Some(outcome),
            status: Some(status),
            problem: problem.map(Problem::name),
            upstream_ids,
            ..event.record((self.clock)(), Phase::End)
        };
        if self.audit.append(&record).instrument(spans::audit()).await.is_err() {
            tracing::error!("the end of a write is missing in the audit trail");
        }
    }

    /// Before the answer to a look-up leaves: one line for each person.
    pub async fn audit_reads<'l>(
        &self,
        event: &Event,
        people: impl IntoIterator<Item = (Option<CprHash>, Looked<'l>)>,
    ) -> Result<(), Problem> {
        let now = (self.clock)();
        let people: Vec<_> = people.into_iter().collect();
        let records = people.iter().map(|(person, looked)| Record {
            person: person.as_ref().or(event.person.as_ref()),
            outcome: Some(looked.ended()),
            status: Some(looked.status),
            problem: looked.problem,
            cache: looked.cache,
            upstream_ids: looked.upstream_ids,
            ..event.record(now, Phase::Read)
        });
        let written = self.audit.append_all(records).instrument(spans::audit()).await;
        written.map_err(|error| unavailable(error).for_read())
    }

    /// A call that was refused after its token was accepted; without the line the refusal is another one.
    pub async fn audit_refusal(&self, event: &Event, problem: Problem) -> Problem {
        let record = Record {
            outcome: Some(Ended::Refused),
            status: Some(problem.status()),
            problem: Some(problem.name()),
            ..event.record((self.clock)(), Phase::Refused)
        };
        let written = self.audit.append(&record).instrument(spans::audit()).await;
        written.map_or_else(unavailable, |()| problem)
    }
}

fn unavailable(error: AuditUnavailable) -> Problem {
    tracing::error!(%error, "the audit trail takes no lines: calls are refused");
    Problem::own(names::AUDIT_UNAVAILABLE).after(10)
}
