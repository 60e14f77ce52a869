//! Makes a gateway out of a configuration: contracts, routes, connections, keys. Nothing is asked of the network but key sets.

use aws_lc_rs::hmac;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::{Gateway, Shared};
use crate::audit::{CprHasher, Trail};
use crate::auth::{SourceError, Verifier};
use crate::code_lists::{CodeListFault, CodeLists};
use crate::config::{Config, UpstreamSection};
use crate::idempotency::{OpenError, Store};
use crate::known::Contacts;
use crate::rate::RateLimits;
use crate::route::binding::{BindFault, Binding};
use crate::route::{Routes, differences};
use crate::services;
use crate::types::time::Clock;
use crate::upstream::{Port, PortError, Ports, Settings};

/// Why a gateway cannot start.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// WSDLs that cannot be read, and routes that cannot work with them.
    #[error("{}", lines(.0))]
    Binding(Vec<BindFault>),
    /// Certificates, keys, the proxy, or what signs.
    #[error(transparent)]
    Port(#[from] PortError),
    /// Key sets.
    #[error(transparent)]
    Keys(#[from] SourceError),
    /// The idempotency store.
    #[error("idempotency: {0}")]
    Idempotency(#[from] OpenError),
    /// The code lists.
    #[error("code_lists_file: {0}")]
    CodeLists(#[from] CodeListFault),
    /// The audit trail or its key.
    #[error("audit: {0}")]
    Audit(String),
}

fn lines(faults: &[BindFault]) -> String {
    faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

impl Gateway {
    /// Builds a gateway that is ready to take calls.
    pub async fn build(config: Config, clock: Clock) -> Result<Self, BuildError> {
        let Binding { routes, differences, faults } = Binding::of(&config);
        if !faults.is_empty() {
            return Err(BuildError::Binding(faults));
        }
        for line in differences::lines(&differences) {
            tracing::warn!(difference = line, "WSDL differs");
        }
        let ports = ports(&config, clock)?;
        let routes = Routes::of(routes, &ports);
        let verifier = Verifier::start(&config.auth).await?;
        let cursor_key = cursor_key(&config)?;
        let audit =
            Trail::open(&config.audit, clock).map_err(|error| BuildError::Audit(error.to_string()))?;
        let hasher = CprHasher::load(&config.audit).map_err(|error| BuildError::Audit(error.to_string()))?;
        let idempotency = Store::open(&config.idempotency).await?;
        let contacts = Contacts::new(&config.cache);
        let rate_limits = RateLimits::new(&config.rate_limit);
        let code_lists =
            config.code_lists_file.as_deref().map(CodeLists::load).transpose()?.unwrap_or_default();
        let shared = Shared {
            config,
            verifier,
            cursor_key,
            audit,
            hasher,
            idempotency,
            contacts,
            rate_limits,
            code_lists,
            tasks: TaskTracker::new(),
            given_up: CancellationToken::new(),
        };
        Ok(Self::new(shared, ports, routes, clock))
    }

    /// Starts what watches certificates and keys for changes.
    pub fn watch(&self) {
        for port in self.ports.iter() {
            tokio::spawn(Port::clone(port).watch());
        }
    }
}

fn ports(config: &Config, clock: Clock) -> Result<Ports, PortError> {
    let port = |upstream: UpstreamSection<'_>| {
        let mut services = services::services().into_iter();
        let service = services.find(|service| service.upstream == upstream.name)?;
        let settings = Settings {
            name: upstream.name,
            faults: *service.systems.first()?,
            common: upstream.common,
            signing: upstream.signing,
        };
        Some(Port::open(&settings, clock))
    };
    config.upstreams().filter_map(port).collect()
}

/// Cursors must be readable by every replica: their key derives from the one key that all replicas share.
fn cursor_key(config: &Config) -> Result<hmac::Key, BuildError> {
    let file = &config.audit.cpr_hash_key_file;
    let secret =
        std::fs::read(file).map_err(|error| BuildError::Audit(format!("{}: {error}", file.display())))?;
    let derived = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &secret), b"ungebro cursor 1");
    Ok(hmac::Key::new(hmac::HMAC_SHA256, derived.as_ref()))
}
