//! The simulated upstreams: strict SOAP over HTTP in front of a small world that can be reset.

mod calls;
mod catalogue;
mod curl;
mod element;
mod examples;
mod exchange;
mod fault;
mod front;
mod headers;
mod http;
mod moment;
pub mod mtls;
mod outgoing;
mod page;
mod rules;
mod service;
mod signed;
mod spoil;
mod style;
#[cfg(test)]
mod tests;
mod triggers;
mod trouble;
mod world;
mod xml;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use jiff::Timestamp;

use calls::Calls;
use headers::Known;
use world::World;

pub use signed::{Signatures, SignaturesError};

/// Where the sandbox reads the time.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// What else is forgotten on a reset.
type OnReset = Box<dyn Fn() + Send + Sync>;

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
    /// What the two services of Integrationsplatformen ask of signatures; `None`: nothing.
    pub signatures: Option<Arc<Signatures>>,
}

impl Default for SandboxOptions {
    fn default() -> Self {
        Self {
            system_name: None,
            unemployment_fund_type: 12,
            clock: Arc::new(Timestamp::now),
            seed: None,
            signatures: None,
        }
    }
}

/// The three services and the one world behind them.
pub struct Sandbox {
    known: Known,
    clock: Clock,
    seed: Option<u64>,
    signatures: Option<Arc<Signatures>>,
    world: Mutex<World>,
    calls: Mutex<Calls>,
    gateway: OnceLock<Gateway>,
    on_reset: OnceLock<OnReset>,
}

/// The gateway whose lines the page shows.
#[derive(Clone)]
pub struct Gateway {
    /// Its address without a slash at the end.
    pub base_url: String,
    /// A token for it; the page shows it to everybody who can open it.
    pub token: Option<String>,
    /// One with [`AUTHORITIES_OF_ALL`], for calls that name the authority for which they are made.
    pub token_of_all: Option<String>,
}

/// The authorities that the examples of rules act for besides that of the first token.
pub const AUTHORITIES_OF_ALL: [&str; 4] =
    ["jobcenter:15101", "jobcenter:10101", "unemployment-fund:11", "external-operator:12345678"];

impl Sandbox {
    /// A sandbox with a fresh world.
    pub fn new(options: SandboxOptions) -> Self {
        let SandboxOptions { system_name, unemployment_fund_type, clock, seed, signatures } = options;
        let world = Mutex::new(fresh_world(&clock, seed));
        let known = Known { system_name, unemployment_fund_type };
        Self {
            known,
            clock,
            seed,
            signatures,
            world,
            calls: Mutex::default(),
            gateway: OnceLock::new(),
            on_reset: OnceLock::new(),
        }
    }

    /// Says which gateway stands before the sandbox, once its address is known; only the first word counts.
    pub fn stand_behind(&self, gateway: Gateway) {
        let _ = self.gateway.set(gateway);
    }

    /// Says what else a reset forgets; only the first word counts.
    pub fn on_reset(&self, also: impl Fn() + Send + Sync + 'static) {
        let _ = self.on_reset.set(Box::new(also));
    }

    /// Forgets everything that was registered, fetched and recorded.
    pub fn reset(&self) {
        if let Some(also) = self.on_reset.get() {
            also();
        }
        *locked(&self.world) = fresh_world(&self.clock, self.seed);
        locked(&self.calls).clear();
    }

    #[cfg(test)]
    fn registrations(&self) -> usize {
        locked(&self.world).size().0
    }

    fn now(&self) -> Timestamp {
        (self.clock)()
    }
}

/// A lock poisoned by a panic would mean a defect in the rules; the next call must be answered all the same.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn fresh_world(clock: &Clock, seed: Option<u64>) -> World {
    World::new(clock(), seed.unwrap_or_else(|| uuid::Uuid::new_v4().as_u64_pair().0))
}

impl fmt::Debug for Gateway {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Gateway").field("base_url", &self.base_url).finish_non_exhaustive()
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Sandbox")
    }
}
