//! Makes a gateway out of a configuration: contracts, routes, connections, keys. Nothing is asked of the network but key sets.

use std::sync::Arc;

use aws_lc_rs::hmac;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::binding::{BindFault, Binding};
use super::signing::Signing;
use super::{Clock, Gateway, Shared, differences};
use crate::audit::{CprHasher, Trail};
use crate::auth::{SourceError, Verifier};
use crate::code_lists::{CodeListFault, CodeLists};
use crate::config::{Config, Upstream as UpstreamConfig};
use crate::http::rate_limit::RateLimits;
use crate::idempotency::{OpenError, Store};
use crate::services::udb::gather::Contacts;
use crate::soap::security::{MessageSecurity, SecurityError};
use crate::transport::{Transport, TransportError};

/// Why a gateway cannot start.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// WSDLs that cannot be read, and routes that cannot work with them.
    #[error("{}", lines(.0))]
    Binding(Vec<BindFault>),
    /// Certificates, keys or the proxy.
    #[error("upstreams.{upstream}: {error}")]
    Transport {
        /// The upstream.
        upstream: &'static str,
        /// What is wrong.
        error: TransportError,
    },
    /// Keys for signing.
    #[error("upstreams.udb.signing: {0}")]
    Security(#[from] SecurityError),
    /// The system gives no thread to sign on.
    #[error("upstreams.udb.signing: no thread to sign on: {0}")]
    Threads(std::io::Error),
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
        let now = clock();
        let Binding { routes, lookup, differences, faults } = Binding::of(&config);
        let lookup = match lookup {
            Some(lookup) if faults.is_empty() => lookup,
            _ => return Err(BuildError::Binding(faults)),
        };
        for line in differences::lines(&differences) {
            tracing::warn!(difference = line, "WSDL differs");
        }
        let transport = |name, settings: &UpstreamConfig| {
            Transport::new(name, settings, now)
                .map_err(|error| BuildError::Transport { upstream: name, error })
        };
        let udb = transport("udb", &config.udb.common)?;
        let dfdg = transport("dfdg", &config.dfdg.common)?;
        let signing = match &config.udb.signing {
            Some(settings) => {
                let security = MessageSecurity::load("udb", settings, now)?;
                Some(Signing::start(security).map_err(BuildError::Threads)?)
            }
            None => None,
        };
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
            routes,
            lookup,
            signing,
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
        Ok(Self::new(shared, udb, dfdg, clock))
    }

    /// Starts what watches certificates and keys for changes.
    pub fn watch(&self) {
        tokio::spawn(self.udb.clone().watch(self.clock));
        tokio::spawn(self.dfdg.clone().watch(self.clock));
        if let Some(signing) = &self.signing {
            let (security, clock) = (Arc::clone(signing.security()), self.clock);
            tokio::spawn(async move {
                loop {
                    tokio::time::sleep(crate::transport::rollover::LOOK_EVERY).await;
                    let security = Arc::clone(&security);
                    let _ = tokio::task::spawn_blocking(move || security.refresh(clock())).await;
                }
            });
        }
    }
}

/// Cursors must be readable by every replica: their key derives from the one key that all replicas share.
fn cursor_key(config: &Config) -> Result<hmac::Key, BuildError> {
    let file = &config.audit.cpr_hash_key_file;
    let secret =
        std::fs::read(file).map_err(|error| BuildError::Audit(format!("{}: {error}", file.display())))?;
    let derived = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &secret), b"ungebro cursor 1");
    Ok(hmac::Key::new(hmac::HMAC_SHA256, derived.as_ref()))
}
