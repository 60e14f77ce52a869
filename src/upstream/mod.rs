//! The way to one upstream: its connections, limits and breaker, its signatures, and what its faults mean.

mod call;
mod signing;
mod told;
mod wire;

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;

pub use call::{Answered, malformed, redacted};
pub use signing::Signing;
pub use wire::Wire;

use crate::config;
use crate::problem::System;
use crate::soap::envelope::Malformed;
use crate::soap::security::{MessageSecurity, SecurityError};
use crate::transport::rollover::watch;
use crate::transport::{Transport, TransportError};
use crate::types::time::Clock;

/// What is told of an upstream when it is opened.
pub struct Settings<'c> {
    /// Its name in the configuration, in logs, metrics and health.
    pub name: &'static str,
    /// The system whose codes its faults carry.
    pub faults: System,
    /// Timeouts, limits, breaker, proxy and TLS.
    pub common: &'c config::Upstream,
    /// How messages are signed, where they are.
    pub signing: Option<&'c config::Signing>,
}

/// Why an upstream cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum PortError {
    /// Certificates, keys or the proxy.
    #[error("upstreams.{0}: {1}")]
    Transport(&'static str, TransportError),
    /// Keys for signing.
    #[error("upstreams.{0}.signing: {1}")]
    Security(&'static str, SecurityError),
    /// The system gives no thread to sign on.
    #[error("upstreams.{0}.signing: no thread to sign on: {1}")]
    Threads(&'static str, std::io::Error),
}

/// The way to one upstream. A clone shares everything, connections included.
#[derive(Clone)]
pub struct Port {
    transport: Transport,
    signing: Option<Arc<Signing>>,
    faults: System,
    clock: Clock,
}

impl Port {
    /// Reads certificates and keys; connects nowhere.
    ///
    /// # Errors
    /// One line that names the section and what is wrong with it.
    pub fn open(settings: &Settings<'_>, clock: Clock) -> Result<Self, PortError> {
        let Settings { name, faults, common, signing } = *settings;
        let transport =
            Transport::new(name, common, clock()).map_err(|error| PortError::Transport(name, error))?;
        let load = |settings| {
            let security = MessageSecurity::load(name, settings, clock())
                .map_err(|error| PortError::Security(name, error))?;
            Signing::start(security).map(Arc::new).map_err(|error| PortError::Threads(name, error))
        };
        Ok(Self { transport, signing: signing.map(load).transpose()?, faults, clock })
    }

    /// The same way with connections of its own, for a worker thread with its own runtime.
    #[must_use]
    pub fn for_worker(&self) -> Self {
        Self { transport: self.transport.for_worker(), ..self.clone() }
    }

    /// The upstream's name.
    pub fn name(&self) -> &'static str {
        self.transport.name()
    }

    /// Its connections, limits and breaker.
    pub fn transport(&self) -> &Transport {
        &self.transport
    }

    /// What signs its messages and checks its answers, where something does.
    pub fn signing(&self) -> Option<&Signing> {
        self.signing.as_deref()
    }

    /// Picks up changed certificates and keys; blocks on files.
    pub fn refresh(&self) {
        self.transport.refresh((self.clock)());
        if let Some(signing) = &self.signing {
            signing.security().refresh((self.clock)());
        }
    }

    /// Does [`Port::refresh`] every ten seconds, for ever: one task per upstream.
    pub async fn watch(self) {
        watch(self.name(), move || self.refresh()).await;
    }

    fn verified(&self, document: Bytes) -> Result<Bytes, Malformed> {
        let Some(signing) = &self.signing else { return Ok(document) };
        signing.security().check(document, (self.clock)()).map_err(|error| {
            tracing::warn!(%error, "the signature of an answer was not accepted");
            Malformed::Unverified
        })
    }
}

impl fmt::Debug for Port {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Port").field("name", &self.name()).finish_non_exhaustive()
    }
}

/// The ports of all services that are served.
#[derive(Debug, Clone, Default)]
pub struct Ports(Vec<Arc<Port>>);

impl Ports {
    /// The port of a name.
    pub fn of(&self, name: &str) -> Option<&Arc<Port>> {
        self.0.iter().find(|port| port.name() == name)
    }

    /// Every port, in the order of the documentation.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Port>> {
        self.0.iter()
    }

    /// The same ports with connections of their own, for a worker thread.
    #[must_use]
    pub fn for_worker(&self) -> Self {
        self.0.iter().map(|port| port.for_worker()).collect()
    }
}

impl FromIterator<Port> for Ports {
    fn from_iter<I: IntoIterator<Item = Port>>(ports: I) -> Self {
        Self(ports.into_iter().map(Arc::new).collect())
    }
}
