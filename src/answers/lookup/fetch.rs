//! One call of HentInstitutionKontakt: about named young people, or since a time.

use std::sync::Arc;

use super::row::Page;
use crate::auth::Identity;
use crate::call::{Admitted, OnBehalf};
use crate::gateway::Gateway;
use crate::problem::Problem;
use crate::route::Route;
use crate::shape::value::Value;
use crate::telemetry::metrics;
use crate::transport::Policy;
use crate::types::Authority;

/// An answer and the platform's id of the exchange.
#[derive(Debug)]
pub(in crate::answers) struct Fetched {
    /// The answer.
    pub(in crate::answers) page: Page,
    /// The platform's id.
    pub(in crate::answers) correlation_id: Option<String>,
}

/// On whose behalf is asked, and through which route; kept where the call outlives the request.
#[derive(Clone)]
pub(in crate::answers) struct Asking {
    pub(in crate::answers) gateway: Gateway,
    route: Arc<Route>,
    identity: Arc<Identity>,
    pub(in crate::answers) authority: Authority,
}

impl Asking {
    pub(in crate::answers) fn of(admitted: &Admitted) -> Self {
        Self {
            gateway: admitted.gateway().clone(),
            route: Arc::clone(admitted.route()),
            identity: Arc::clone(admitted.identity()),
            authority: admitted.who().authority.clone(),
        }
    }

    /// Asks about named young people, at most a hundred.
    pub(super) async fn about(&self, numbers: &[&str]) -> Result<Fetched, Problem> {
        metrics::batch(numbers.len());
        let numbers = numbers.iter().map(|number| Value::Text((*number).into())).collect();
        self.fetch(Value::List(numbers), Policy::Read).await
    }

    /// Asks what changed since a time. Never repeated silently: what it hands out counts as fetched upstream.
    pub(in crate::answers) async fn since(&self, since: Value<'_>) -> Result<Fetched, Problem> {
        self.fetch(since, Policy::Write).await
    }

    async fn fetch(&self, asked: Value<'_>, policy: Policy) -> Result<Fetched, Problem> {
        let wire = &self.route.wire;
        let who = OnBehalf { identity: &self.identity, authority: &self.authority };
        let mut root: Vec<Value<'_>> = self.gateway.supply(wire.supplied.iter().copied(), who)?;
        root.push(asked);
        let message = wire.write(Vec::new(), root);
        let answered = self.route.port().call(wire, message, policy).await.map_err(Problem::for_read)?;
        Ok(Fetched {
            page: Page::of(answered.values, wire.operation, &answered.secrets),
            correlation_id: answered.correlation_id,
        })
    }
}
