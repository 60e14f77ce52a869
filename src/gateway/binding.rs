//! Binds every route to the WSDL in force, and collects everything that stands in the way.

use std::collections::HashMap;

use http::Uri;

use super::compile::{Compiled, Setting, Unworkable};
use crate::config::{Config, Upstream as UpstreamConfig};
use crate::operation::{Spec, Upstream};
use crate::services;
use crate::services::udb::HENT_INSTITUTION_KONTAKT;
use crate::services::udb::wire::{Lookup, RouteDifferences};
use crate::soap::schema::{Contract, SchemaError, SoapVersion, load_dir, load_str};

/// The routes bound to the contracts in force.
pub struct Binding {
    /// By operationId; all of them unless there are faults.
    pub routes: HashMap<&'static str, Compiled>,
    /// The look-ups; there unless there are faults.
    pub lookup: Option<Lookup>,
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
    #[error("{key}: not an address")]
    Address {
        /// The key.
        key: &'static str,
    },
}

impl Binding {
    /// Reads the WSDLs and binds every route; nothing that is wrong hides anything else that is.
    pub fn of(config: &Config) -> Self {
        let mut binding =
            Self { routes: HashMap::new(), lookup: None, differences: Vec::new(), faults: Vec::new() };
        let in_force = Contracts::in_force(config, &mut binding.faults);
        let bundled = Contracts::bundled(&mut binding.faults);
        for spec in services::specs() {
            // A route that is not served needs no official WSDL.
            let contracts = if config.routes.enabled(spec.id) { &in_force } else { &bundled };
            binding.bind_route(spec, contracts, config);
        }
        let mut look_ups =
            services::specs().filter(|spec| std::ptr::eq(spec.service, &HENT_INSTITUTION_KONTAKT));
        let served = look_ups.any(|spec| config.routes.enabled(spec.id));
        binding.bind_look_ups(if served { &in_force } else { &bundled }, config);
        binding
    }

    fn bind_route(&mut self, spec: &'static Spec, contracts: &Contracts, config: &Config) {
        let Some(contract) = self.found(spec, contracts) else { return };
        let setting = match setting(config, spec) {
            Ok(setting) => setting,
            Err(fault) => return self.faults.push(fault),
        };
        match Compiled::new(spec, contract, setting) {
            Ok(compiled) => {
                let differences = compiled.differences.iter().map(|difference| (spec.id, difference.clone()));
                self.take(differences.collect());
                self.routes.insert(spec.id, compiled);
            }
            Err(error) => self.faults.push(error.into()),
        }
    }

    fn bind_look_ups(&mut self, contracts: &Contracts, config: &Config) {
        let spec = services::specs().find(|spec| std::ptr::eq(spec.service, &HENT_INSTITUTION_KONTAKT));
        let Some(spec) = spec else { return };
        // What stands in the way of these has been said of the routes.
        let Some(contract) = contracts.of(spec) else { return };
        let Ok(setting) = setting(config, spec) else { return };
        if let Ok((lookup, differences)) = Lookup::new(contract, &setting) {
            let served = differences.into_iter().filter(|(route, _)| config.routes.enabled(route));
            self.take(served.collect());
            self.lookup = Some(lookup);
        }
    }

    fn found<'c>(&mut self, spec: &'static Spec, contracts: &'c Contracts) -> Option<&'c Contract> {
        let contract = contracts.of(spec);
        if contract.is_none() && contracts.are_read(spec.service.upstream) {
            let reason = format!("no WSDL has the operation {}", spec.operation);
            self.faults.push(Unworkable { route: spec.id, reason }.into());
        }
        contract
    }

    fn take(&mut self, differences: RouteDifferences) {
        for (route, difference) in differences {
            if difference.fatal {
                let reason = difference.to_string();
                self.faults.push(Unworkable { route, reason }.into());
            }
            self.differences.push((route, difference));
        }
    }
}

fn setting(config: &Config, spec: &Spec) -> Result<Setting, BindFault> {
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
        url: address.parse::<Uri>().map_err(|_| BindFault::Address { key })?,
        format: common.datetime_format,
        enabled: config.routes.enabled(spec.id),
        kinds: config.routes.authorities(spec.id).map(<[_]>::to_vec),
    })
}

/// Contracts by upstream; `None`: they could not be read.
struct Contracts {
    udb: Option<Vec<Contract>>,
    dfdg: Option<Vec<Contract>>,
}

impl Contracts {
    /// Those of `wsdl_dir` where it is set, else the bundled ones.
    fn in_force(config: &Config, faults: &mut Vec<BindFault>) -> Self {
        let mut of = |upstream, settings: &UpstreamConfig| {
            let contracts = match &settings.wsdl_dir {
                Some(dir) => load_dir(dir, Some(preferred(upstream))),
                None => bundled(upstream),
            };
            contracts.map_err(|error| faults.push(unreadable(upstream, error))).ok()
        };
        Self { udb: of(Upstream::Udb, &config.udb.common), dfdg: of(Upstream::Dfdg, &config.dfdg.common) }
    }

    fn bundled(faults: &mut Vec<BindFault>) -> Self {
        let mut of =
            |upstream| bundled(upstream).map_err(|error| faults.push(unreadable(upstream, error))).ok();
        Self { udb: of(Upstream::Udb), dfdg: of(Upstream::Dfdg) }
    }

    fn of_upstream(&self, upstream: Upstream) -> Option<&[Contract]> {
        match upstream {
            Upstream::Udb => self.udb.as_deref(),
            Upstream::Dfdg => self.dfdg.as_deref(),
        }
    }

    fn are_read(&self, upstream: Upstream) -> bool {
        self.of_upstream(upstream).is_some()
    }

    /// The contract that has a route's operation.
    fn of(&self, spec: &Spec) -> Option<&Contract> {
        let contracts = self.of_upstream(spec.service.upstream)?;
        contracts.iter().find(|contract| contract.operation(spec.operation).is_some())
    }
}

fn unreadable(upstream: Upstream, error: SchemaError) -> BindFault {
    BindFault::Schema { upstream: upstream.as_str(), error }
}

fn bundled(upstream: Upstream) -> Result<Vec<Contract>, SchemaError> {
    let services = services::services().into_iter().filter(|service| service.upstream == upstream);
    let files: Vec<_> = services.map(|service| (service.wsdl_name, service.wsdl)).collect();
    load_str(&files, Some(preferred(upstream)))
}

/// The version to use where a WSDL offers both.
fn preferred(upstream: Upstream) -> SoapVersion {
    match upstream {
        Upstream::Udb => SoapVersion::V12,
        Upstream::Dfdg => SoapVersion::V11,
    }
}
