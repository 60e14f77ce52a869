//! The simulated upstreams: strict SOAP over HTTP in front of a small world that can be reset.

mod catalogue;
mod element;
mod exchange;
mod fault;
mod front;
mod headers;
mod http;
mod service;
mod spoil;
mod style;
#[cfg(test)]
mod tests;
mod triggers;
mod trouble;
mod world;
mod xml;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;

use headers::Known;
use world::World;

/// Where the sandbox reads the time.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// What a sandbox is told when it is made.
#[derive(Clone)]
pub struct SandboxOptions {
    /// The system name that Integrationsplatformen has registered; `None`: any is taken.
    pub system_name: Option<String>,
    /// `OrganisationTypeIdentifier` of unemployment funds. The real one is not published; 12 is an invention.
    pub unemployment_fund_type: u32,
    /// Where the time comes from.
    pub clock: Clock,
    /// Decides the identifiers that registrations get; `None`: others each time the world is made.
    pub seed: Option<u64>,
}

impl Default for SandboxOptions {
    fn default() -> Self {
        Self { system_name: None, unemployment_fund_type: 12, clock: Arc::new(Timestamp::now), seed: None }
    }
}

/// The three services and the one world behind them.
pub struct Sandbox {
    known: Known,
    clock: Clock,
    seed: Option<u64>,
    world: Mutex<World>,
}

impl Sandbox {
    /// A sandbox with a fresh world.
    pub fn new(options: SandboxOptions) -> Self {
        let SandboxOptions { system_name, unemployment_fund_type, clock, seed } = options;
        let world = Mutex::new(fresh_world(&clock, seed));
        Self { known: Known { system_name, unemployment_fund_type }, clock, seed, world }
    }

    /// Forgets everything that was registered, fetched and recorded.
    pub fn reset(&self) {
        *self.world.lock().unwrap_or_else(PoisonError::into_inner) = fresh_world(&self.clock, self.seed);
    }

    fn now(&self) -> Timestamp {
        (self.clock)()
    }
}

fn fresh_world(clock: &Clock, seed: Option<u64>) -> World {
    World::new(clock(), seed.unwrap_or_else(|| uuid::Uuid::new_v4().as_u64_pair().0))
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Sandbox")
    }
}
