//! The one road of every call: supplied values, audit, the exchange with the upstream, its outcome.

pub mod binding;
pub mod build;
pub mod compile;
pub mod differences;
pub mod event;
pub mod exchange;
mod kept;
pub mod reply;
pub mod signing;
pub mod supply;
pub mod write;

use std::collections::HashMap;
use std::ops::Deref;
use std::sync::Arc;

use bytes::Bytes;
use jiff::Timestamp;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::audit::{CprHasher, Trail};
use crate::auth::Verifier;
use crate::code_lists::CodeLists;
use crate::config::Config;
use crate::http::rate_limit::RateLimits;
use crate::idempotency;
use crate::operation::Upstream;
use crate::services::udb::gather::Contacts;
use crate::soap::envelope::Malformed;
use crate::transport::Transport;
use compile::Compiled;
use signing::Signing;

/// Reads the time; a parameter so that tests can turn the clock.
pub type Clock = fn() -> Timestamp;

/// Everything that calls need. A clone shares all of it, and costs one count that only its worker thread counts.
#[derive(Clone)]
pub struct Gateway {
    worker: Arc<Worker>,
}

impl Deref for Gateway {
    type Target = Worker;

    fn deref(&self) -> &Worker {
        &self.worker
    }
}

/// What one worker thread has for itself.
pub struct Worker {
    shared: Arc<Shared>,
    udb: Transport,
    dfdg: Transport,
    /// The clock.
    pub clock: Clock,
}

impl Deref for Worker {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.shared
    }
}

/// What all workers share.
pub struct Shared {
    /// The configuration.
    pub config: Config,
    /// Who may call.
    pub verifier: Verifier,
    /// The routes by operationId.
    pub routes: HashMap<&'static str, Compiled>,
    /// How the look-ups call.
    pub lookup: crate::services::udb::wire::Lookup,
    /// Signs messages towards Ungedatabasen and checks its answers, where configured.
    pub signing: Option<Signing>,
    /// Keys the digests of cursors.
    pub cursor_key: aws_lc_rs::hmac::Key,
    /// The audit trail.
    pub audit: Trail,
    /// Makes the hashes by which the trail knows people.
    pub hasher: CprHasher,
    /// Keys of writes that must not be sent twice.
    pub idempotency: idempotency::Store,
    /// Look-ups that are remembered, and those under way.
    pub contacts: Contacts,
    /// How much each caller may ask for.
    pub rate_limits: RateLimits,
    /// Known values of code lists.
    pub code_lists: CodeLists,
    /// Calls that go on when their client goes away.
    pub tasks: TaskTracker,
    /// Cancelled when writes under way can be waited for no longer.
    pub given_up: CancellationToken,
}

impl Gateway {
    /// Puts the parts together.
    pub fn new(shared: Shared, udb: Transport, dfdg: Transport, clock: Clock) -> Self {
        Self { worker: Arc::new(Worker { shared: Arc::new(shared), udb, dfdg, clock }) }
    }

    /// The same gateway with connections of its own, for a worker thread.
    pub fn for_worker(&self) -> Self {
        let (udb, dfdg) = (self.udb.for_worker(), self.dfdg.for_worker());
        let shared = Arc::clone(&self.shared);
        Self { worker: Arc::new(Worker { shared, udb, dfdg, clock: self.clock }) }
    }

    /// A route by operationId.
    ///
    /// # Panics
    /// When no route has the id: ids are constants, and every route is compiled at start.
    pub fn route(&self, id: &str) -> &Compiled {
        &self.routes[id]
    }

    /// The way to an upstream.
    pub fn transport(&self, upstream: Upstream) -> &Transport {
        match upstream {
            Upstream::Udb => &self.udb,
            Upstream::Dfdg => &self.dfdg,
        }
    }

    fn signing(&self, upstream: Upstream) -> Option<&Signing> {
        match upstream {
            Upstream::Udb => self.signing.as_ref(),
            Upstream::Dfdg => None,
        }
    }

    fn verified(&self, upstream: Upstream, document: Bytes) -> Result<Bytes, Malformed> {
        match self.signing(upstream) {
            None => Ok(document),
            Some(signing) => signing.security().check(document, (self.clock)()).map_err(|error| {
                tracing::warn!(%error, "the signature of an answer was not accepted");
                Malformed::Unverified
            }),
        }
    }
}
