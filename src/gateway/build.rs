//! Makes a gateway out of a configuration: contracts, routes, connections, keys. Nothing is asked of the network but key sets.

use std::collections::HashMap;
use std::sync::Arc;

use aws_lc_rs::hmac;
use http::Uri;
use tokio_util::task::TaskTracker;

use super::compile::{Compiled, Setting, Unworkable};
use super::{Clock, Gateway, Shared};
use crate::audit::{CprHasher, Trail};
use crate::auth::{SourceError, Verifier};
use crate::code_lists::{CodeListFault, CodeLists};
use crate::config::{Config, Upstream as UpstreamConfig};
use crate::http::rate_limit::RateLimits;
use crate::idempotency::{OpenError, Store};
use crate::operation::{Service, Spec, Upstream};
use crate::services::udb::gather::Contacts;
use crate::services::{self, udb};
use crate::soap::bind::Difference;
use crate::soap::schema::{Contract, SchemaError, SoapVersion, load_dir, load_str};
use crate::soap::security::{MessageSecurity, SecurityError};
use crate::transport::{Transport, TransportError};

/// Why a gateway cannot start.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// A WSDL or schema cannot be read.
    #[error(transparent)]
    Schema(#[from] SchemaError),
    /// No WSDL of `wsdl_dir` has the operations of a service.
    #[error("no WSDL has the operation {operation} of {service}")]
    NoContract {
        /// The service.
        service: &'static str,
        /// The operation that identifies it.
        operation: &'static str,
    },
    /// Routes that cannot work with the WSDL in force.
    #[error("{}", lines(.0))]
    Unworkable(Vec<Unworkable>),
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
    /// Key sets.
    #[error(transparent)]
    Keys(#[from] SourceError),
    /// An address that is none.
    #[error("{key}: not an address")]
    Address {
        /// The key.
        key: &'static str,
    },
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

fn lines(routes: &[Unworkable]) -> String {
    routes.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// The routes bound to the contracts in force.
pub struct Bound {
    /// By operationId.
    pub routes: HashMap<&'static str, Compiled>,
    /// The look-ups.
    pub lookup: udb::wire::Lookup,
    /// What the contracts say differently, with the route it concerns.
    pub differences: Vec<(&'static str, Difference)>,
}

impl Gateway {
    /// Builds a gateway that is ready to take calls.
    pub async fn build(config: Config, clock: Clock) -> Result<Self, BuildError> {
        let now = clock();
        let Bound { routes, lookup, differences } = bind(&config)?;
        for (route, difference) in &differences {
            tracing::warn!(
                route,
                subject = difference.subject,
                consequence = difference.consequence,
                "WSDL differs"
            );
        }
        let transport = |name, settings: &UpstreamConfig| {
            Transport::new(name, settings, now)
                .map_err(|error| BuildError::Transport { upstream: name, error })
        };
        let udb = transport("udb", &config.udb.common)?;
        let dfdg = transport("dfdg", &config.dfdg.common)?;
        let security = match &config.udb.signing {
            Some(signing) => Some(Arc::new(MessageSecurity::load("udb", signing, now)?)),
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
            security,
            cursor_key,
            audit,
            hasher,
            idempotency,
            contacts,
            rate_limits,
            code_lists,
            tasks: TaskTracker::new(),
        };
        Ok(Self::new(shared, udb, dfdg, clock))
    }

    /// Starts what watches certificates and keys for changes.
    pub fn watch(&self) {
        tokio::spawn(self.udb.clone().watch(self.clock));
        tokio::spawn(self.dfdg.clone().watch(self.clock));
        if let Some(security) = self.security.clone() {
            let clock = self.clock;
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

/// Binds every route to the contract in force; all that cannot work are named at once.
pub fn bind(config: &Config) -> Result<Bound, BuildError> {
    let contracts = Contracts::load(config)?;
    let mut bound_routes = HashMap::new();
    let mut differences = Vec::new();
    let mut unworkable = Vec::new();
    for spec in services::specs() {
        let setting = setting(config, spec)?;
        let contract = contracts.of(spec.service)?;
        match Compiled::new(spec, contract, setting) {
            Ok(compiled) => {
                let fatal =
                    compiled.differences.iter().filter(|difference| difference.fatal && compiled.enabled);
                unworkable.extend(fatal.map(|difference| Unworkable {
                    route: spec.id,
                    reason: format!("{} {}", difference.subject, difference.consequence),
                }));
                differences
                    .extend(compiled.differences.iter().cloned().map(|difference| (spec.id, difference)));
                bound_routes.insert(spec.id, compiled);
            }
            Err(error) => unworkable.push(error),
        }
    }
    let lookup_spec = services::specs().find(|spec| spec.id == "getYouthContacts");
    let setting =
        setting(config, lookup_spec.unwrap_or_else(|| unreachable!("the look-up is among the routes")))?;
    let lookup = udb::wire::Lookup::new(contracts.of(&udb::HENT_INSTITUTION_KONTAKT)?, &setting);
    match lookup {
        Ok((lookup, more)) if unworkable.is_empty() => {
            differences.extend(more.into_iter().map(|difference| ("listYouthContactChanges", difference)));
            Ok(Bound { routes: bound_routes, lookup, differences })
        }
        Ok(_) => Err(BuildError::Unworkable(unworkable)),
        Err(error) => {
            unworkable.push(error);
            Err(BuildError::Unworkable(unworkable))
        }
    }
}

fn setting(config: &Config, spec: &Spec) -> Result<Setting, BuildError> {
    let (key, address, common) = match (spec.service.upstream, spec.service.name) {
        (Upstream::Dfdg, _) => ("upstreams.dfdg.endpoint", &config.dfdg.endpoint, &config.dfdg.common),
        (Upstream::Udb, "HentInstitutionKontakt") => (
            "upstreams.udb.hent_institution_kontakt",
            &config.udb.hent_institution_kontakt,
            &config.udb.common,
        ),
        (Upstream::Udb, _) => (
            "upstreams.udb.indberetning_kontakt_job_og_udd_oensker",
            &config.udb.indberetning_kontakt_job_og_udd_oensker,
            &config.udb.common,
        ),
    };
    Ok(Setting {
        url: address.parse::<Uri>().map_err(|_| BuildError::Address { key })?,
        format: common.datetime_format,
        enabled: config.routes.enabled(spec.id),
        kinds: config.routes.authorities(spec.id).map(<[_]>::to_vec),
    })
}

/// The contracts in force: those of `wsdl_dir` where it is set, else the bundled ones.
struct Contracts {
    udb: Vec<Contract>,
    dfdg: Vec<Contract>,
}

impl Contracts {
    fn load(config: &Config) -> Result<Self, BuildError> {
        let of = |upstream: Upstream, settings: &UpstreamConfig, version| match &settings.wsdl_dir {
            Some(dir) => load_dir(dir, Some(version)),
            None => {
                let bundled = services::services().into_iter().filter(|service| service.upstream == upstream);
                let files: Vec<_> = bundled.map(|service| (service.wsdl_name, service.wsdl)).collect();
                load_str(&files, Some(version))
            }
        };
        Ok(Self {
            udb: of(Upstream::Udb, &config.udb.common, SoapVersion::V12)?,
            dfdg: of(Upstream::Dfdg, &config.dfdg.common, SoapVersion::V11)?,
        })
    }

    /// The contract that has a service's operations.
    fn of(&self, service: &'static Service) -> Result<&Contract, BuildError> {
        let contracts = match service.upstream {
            Upstream::Udb => &self.udb,
            Upstream::Dfdg => &self.dfdg,
        };
        let spec = services::specs().find(|spec| std::ptr::eq(spec.service, service));
        let operation = spec.map_or("", |spec| spec.operation);
        contracts
            .iter()
            .find(|contract| contract.operation(operation).is_some())
            .ok_or(BuildError::NoContract { service: service.name, operation })
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
