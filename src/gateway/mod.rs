//! What all calls need, put together at start.

pub mod build;

use std::ops::Deref;
use std::sync::Arc;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::audit::{CprHasher, Trail};
use crate::auth::Verifier;
use crate::code_lists::CodeLists;
use crate::config::Config;
use crate::idempotency;
use crate::known::Contacts;
use crate::rate::RateLimits;
use crate::route::Routes;
use crate::types::time::Clock;
use crate::upstream::Ports;

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
    /// The ways to the upstreams.
    pub ports: Ports,
    /// The routes, over these ways.
    pub routes: Routes,
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
    pub fn new(shared: Shared, ports: Ports, routes: Routes, clock: Clock) -> Self {
        Self { worker: Arc::new(Worker { shared: Arc::new(shared), ports, routes, clock }) }
    }

    /// The same gateway with connections of its own, for a worker thread.
    pub fn for_worker(&self) -> Self {
        let ports = self.ports.for_worker();
        let (shared, routes) = (Arc::clone(&self.shared), self.routes.over(&ports));
        Self { worker: Arc::new(Worker { shared, routes, ports, clock: self.clock }) }
    }
}
