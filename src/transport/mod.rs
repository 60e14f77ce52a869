//! The one road to an upstream: an HTTP POST with deadline, limits, retry, breaker and mutual TLS.

mod breaker;
mod call;
mod connection;
mod connector;
mod counted;
mod effort;
mod error;
mod exchange;
mod get;
pub mod identity;
mod keystore;
mod limit;
mod pool;
mod proxy;
pub mod rollover;
mod send;
mod tls;
mod window;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::Uri;
use jiff::Timestamp;
use tokio::time::Instant;

pub use breaker::BreakerState;
pub use call::Unmade;
pub use error::{CallError, Failure, Sent, TransportError, Unreachable};
pub use exchange::{Answer, Exchange, Policy, Verdict};
pub use limit::Load;

use crate::config;
use breaker::Breaker;
use connector::Connector;
use identity::Identity;
use limit::Limit;
use pool::Pool;
use proxy::Proxy;
use tls::Tls;

/// The way to one upstream. A clone shares everything, connections included.
#[derive(Clone)]
pub struct Transport {
    shared: Arc<Shared>,
    pool: Arc<Pool>,
}

struct Shared {
    name: &'static str,
    timeout: Duration,
    idle_timeout: Duration,
    response_limit: usize,
    breaker: Breaker,
    limit: Limit,
    connector: Connector,
}

impl Transport {
    /// Reads certificates and keys; connects nowhere.
    ///
    /// # Errors
    ///
    /// One line that names the file or key at fault and why.
    pub fn new(
        name: &'static str,
        settings: &config::Upstream,
        now: Timestamp,
    ) -> Result<Self, TransportError> {
        let connector = Connector {
            timeout: settings.connect_timeout,
            proxy: settings.proxy.as_deref().map(Proxy::parse).transpose()?,
            tls: Tls::load(name, &settings.tls, now)?,
        };
        let shared = Shared {
            name,
            timeout: settings.timeout,
            idle_timeout: settings.idle_timeout,
            response_limit: settings.response_limit_bytes,
            breaker: Breaker::new(name, settings.breaker),
            limit: Limit::new(settings.max_in_flight, settings.max_waiting),
            connector,
        };
        let pool = Arc::new(Pool::new(settings.idle_timeout));
        Ok(Self { shared: Arc::new(shared), pool })
    }

    /// The same way with connections of its own, for a worker thread with its own runtime.
    #[must_use]
    pub fn for_worker(&self) -> Self {
        let pool = Arc::new(Pool::new(self.shared.idle_timeout));
        Self { shared: Arc::clone(&self.shared), pool }
    }

    /// The upstream's name in logs and metrics.
    pub fn name(&self) -> &'static str {
        self.shared.name
    }

    /// What the breaker does with the next call.
    pub fn breaker_state(&self) -> BreakerState {
        self.shared.breaker.state(Instant::now())
    }

    /// How many calls there are at this moment.
    pub fn load(&self) -> Load {
        self.shared.limit.load()
    }

    /// The client certificate in use.
    pub fn identity(&self) -> Option<Arc<Identity>> {
        self.shared.connector.tls.identity()
    }

    /// Connects to where `url` is, sends nothing, and says which TLS version was spoken.
    ///
    /// # Errors
    ///
    /// Why there is no connection, or why the client certificate was refused.
    pub async fn probe(&self, url: &Uri) -> Result<Option<&'static str>, Unreachable> {
        self.shared.connector.probe(url).await
    }

    /// Picks up changed certificates, keys and authorities; blocks on files.
    /// Calls under way finish on what they began with.
    pub fn refresh(&self, now: Timestamp) {
        self.shared.connector.tls.refresh(now);
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport").field("name", &self.shared.name).finish_non_exhaustive()
    }
}
