//! Binds every route to the WSDL in force, and collects everything that stands in the way.

use std::sync::Arc;

use http::Uri;

use super::compile::{Compiled, Setting, Unworkable};
use crate::config::Config;
use crate::operation::Spec;
use crate::services;
use crate::soap::difference::Difference;
use crate::soap::schema::{Contract, SchemaError, SoapVersion, load_dir, load_str};

/// Differences, each with the route that it concerns.
pub type RouteDifferences = Vec<(&'static str, Difference)>;

/// The routes bound to the contracts in force.
pub struct Binding {
    /// In the order of the documents; all of the services that are configured, unless there are faults.
    pub routes: Vec<Arc<Compiled>>,
    /// What the contracts say differently, each with the route it concerns; fatal ones are among the faults too.
    pub differences: RouteDifferences,
    /// Why the gateway cannot start.
    pub faults: Vec<BindFault>,
}

/// Why routes cannot be bound.
#[derive(Debug, thiserror::Error)]
pub enum BindFault {
    /// A WSDL or schema cannot be read.
    #[error("upstreams.{upstream}.wsdl_dir: {error}")]
    Schema {
        /// Whose it is.
        upstream: &'static str,
        /// File, line and reason.
        error: SchemaError,
    },
    /// A route that cannot work with the WSDL in force.
    #[error(transparent)]
    Route(#[from] Unworkable),
    /// An address that is none.
    #[error("upstreams.{section}.{key}: not an address")]
    Address {
        /// The section below `[upstreams]`.
        section: &'static str,
        /// The key.
        key: &'static str,
    },
}

impl Binding {
    /// Reads the WSDLs and binds every route; nothing that is wrong hides anything else that is.
    pub fn of(config: &Config) -> Self {
        let mut binding = Self { routes: Vec::new(), differences: Vec::new(), faults: Vec::new() };
        for upstream in config.upstreams() {
            let in_force = match &upstream.common.wsdl_dir {
                Some(dir) => load_dir(dir, Some(preferred(upstream.name))),
                None => bundled(upstream.name),
            };
            let in_force = binding.read(upstream.name, in_force);
            let bundled = binding.read(upstream.name, bundled(upstream.name));
            for spec in services::specs().filter(|spec| spec.service.upstream == upstream.name) {
                // A route that is not served needs no official WSDL.
                let contracts = if config.routes.enabled(spec.id) { &in_force } else { &bundled };
                if let Some(contracts) = contracts {
                    binding.bind(spec, contracts, config);
                }
            }
        }
        binding
    }

    fn read(
        &mut self,
        upstream: &'static str,
        read: Result<Vec<Contract>, SchemaError>,
    ) -> Option<Vec<Contract>> {
        read.map_err(|error| self.faults.push(BindFault::Schema { upstream, error })).ok()
    }

    fn bind(&mut self, spec: &'static Spec, contracts: &[Contract], config: &Config) {
        let has_it = |contract: &&Contract| contract.operation(spec.operation).is_some();
        let Some(contract) = contracts.iter().find(has_it) else {
            let reason = format!("no WSDL has the operation {}", spec.operation);
            return self.faults.push(Unworkable { route: spec.id, reason }.into());
        };
        let setting = match setting(config, spec) {
            Ok(setting) => setting,
            Err(fault) => return self.faults.push(fault),
        };
        match Compiled::new(spec, contract, setting) {
            Ok(compiled) => {
                self.take(spec.id, &compiled.differences);
                self.routes.push(Arc::new(compiled));
            }
            Err(error) => self.faults.push(error.into()),
        }
    }

    fn take(&mut self, route: &'static str, differences: &[Difference]) {
        for difference in differences {
            if difference.fatal {
                let reason = difference.to_string();
                self.faults.push(Unworkable { route, reason }.into());
            }
            self.differences.push((route, difference.clone()));
        }
    }
}

fn setting(config: &Config, spec: &Spec) -> Result<Setting, BindFault> {
    let (section, key) = (spec.service.upstream, spec.service.address_key);
    let wrong = || BindFault::Address { section, key };
    let upstream = config.upstream(section).ok_or_else(wrong)?;
    let address = upstream.address(key).ok_or_else(wrong)?;
    Ok(Setting {
        url: address.parse::<Uri>().map_err(|_| wrong())?,
        format: upstream.common.datetime_format,
        enabled: config.routes.enabled(spec.id),
        kinds: config.routes.authorities(spec.id).map(<[_]>::to_vec),
    })
}

fn bundled(upstream: &str) -> Result<Vec<Contract>, SchemaError> {
    let services = services::services().into_iter().filter(|service| service.upstream == upstream);
    let files: Vec<_> = services.map(|service| (service.wsdl_name, service.wsdl)).collect();
    load_str(&files, Some(preferred(upstream)))
}

/// The version to use where a WSDL offers both.
fn preferred(upstream: &str) -> SoapVersion {
    let mut services = services::services().into_iter();
    services.find(|service| service.upstream == upstream).map_or(SoapVersion::V12, |service| service.prefers)
}
