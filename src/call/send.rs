//! Fifth step: one call of the upstream, until its answer or until the process can wait no longer.

use super::{Admitted, Incoming};
use crate::gateway::Gateway;
use crate::problem::{Outcome, Problem, names};
use crate::route::Route;
use crate::soap::envelope::Envelope;
use crate::transport::Policy;
use crate::upstream::Answered;

impl Admitted {
    /// The message of a write: what the path names, what the gateway supplies, what the body says.
    ///
    /// # Errors
    /// 403 where the configuration or the token lacks a value.
    pub fn message(&self, incoming: Incoming<'_>) -> Result<Envelope, Problem> {
        let (gateway, wire) = (self.gateway(), &self.route().wire);
        let Incoming { sent_parameters: mut root, body, .. } = incoming;
        root.extend(gateway.supply(wire.supplied.iter().copied(), self.who())?);
        root.extend(body);
        let headers = gateway.supply(wire.header_supplies.iter().copied(), self.who())?;
        Ok(wire.write(headers, root))
    }
}

/// Sends a write once.
///
/// # Errors
/// What became of it, with what is known of its execution.
pub async fn send(gateway: &Gateway, route: &Route, message: Envelope) -> Result<Answered, Problem> {
    tokio::select! {
        biased;
        answered = route.port().call(&route.wire, message, Policy::Write) => answered,
        // The end is written down all the same, as one that nobody knows.
        () = gateway.given_up.cancelled() => {
            Err(Problem::own(names::UPSTREAM_TIMEOUT).with_outcome(Outcome::Unknown))
        }
    }
}
