//! Third step, of writes: is this call the first under its key?

use super::kept::Kept;
use super::{Admitted, Incoming, OnBehalf, Reply};
use crate::gateway::Gateway;
use crate::idempotency::{Claim, Fingerprint, KeyName, Scope, StoreUnavailable, Ticket};
use crate::problem::{Outcome, Problem, names};
use crate::telemetry::metrics::{self, IdempotencyResult};

/// What a key leads to.
pub enum Claimed {
    /// The call is to be made.
    Fresh(Ticket),
    /// The call was made, and this was its answer.
    Replay(Result<Reply, Problem>),
}

impl Admitted {
    /// The idempotency key's name in the store, and what else may stand under it.
    pub fn key(&self, incoming: &Incoming<'_>) -> Option<(KeyName, Fingerprint)> {
        let key = incoming.idempotency_key.as_ref()?;
        let (store, spec) = (&self.gateway().idempotency, self.route().spec);
        let OnBehalf { identity, authority } = self.who();
        let scope = Scope {
            issuer: &identity.issuer,
            client: identity.client.as_deref(),
            subject: &identity.subject,
            authority,
        };
        let query = incoming.query.iter().flat_map(|(name, value)| [name.as_bytes(), value.as_bytes()]);
        let body = incoming.body_as_json(spec);
        let fingerprint =
            store.fingerprint(spec.id, authority, incoming.path_values(), query, [body.as_slice()]);
        Some((store.name(&scope, key), fingerprint))
    }
}

/// Claims an idempotency key (behaviour section 6).
///
/// # Errors
/// Why the call is not made: another one is under way, or nobody knows how it ended; or the store is away.
pub async fn claim(gateway: &Gateway, key: &KeyName, fingerprint: &Fingerprint) -> Result<Claimed, Problem> {
    let claim = gateway.idempotency.claim(key, fingerprint).await;
    metrics::idempotency(counted(&claim));
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

fn counted(claim: &Result<Claim, StoreUnavailable>) -> IdempotencyResult {
    match claim {
        Ok(Claim::Fresh(_)) => IdempotencyResult::Fresh,
        Ok(Claim::InProgress { .. }) => IdempotencyResult::InProgress,
        Ok(Claim::Reused) => IdempotencyResult::Reused,
        Ok(Claim::Finished(_)) => IdempotencyResult::Replayed,
        Ok(Claim::OutcomeUnknown) => IdempotencyResult::OutcomeUnknown,
        Err(StoreUnavailable) => IdempotencyResult::Unavailable,
    }
}
