//! `--connect`: whether each service can be reached, and with which TLS.

use http::Uri;
use jiff::Timestamp;

use super::Report;
use crate::config::{Config, Upstream as UpstreamConfig};
use crate::operation::{Service, Upstream};
use crate::services::services;
use crate::services::udb::HENT_INSTITUTION_KONTAKT;
use crate::transport::Transport;

/// Connects to every service, as calls would, and sends nothing.
pub async fn connect(config: &Config, now: Timestamp, report: &mut Report) {
    for service in services() {
        let Some((transport, url)) = way_to(service, config, now) else { continue };
        match transport.probe(&url).await {
            Ok(version) => {
                let security = version.unwrap_or("no TLS");
                report.ok(format!("{}: connected, {security}", service.name));
            }
            Err(error) => report.error(format!("{}: {error}", service.name)),
        }
    }
}

/// The way to a service; `None` where the configuration has no usable one, which is a finding of its own.
pub(super) fn way_to(service: &Service, config: &Config, now: Timestamp) -> Option<(Transport, Uri)> {
    let name = service.upstream.as_str();
    let transport = Transport::new(name, settings(service.upstream, config), now).ok()?;
    Some((transport, address(service, config).parse().ok()?))
}

pub(super) fn settings(upstream: Upstream, config: &Config) -> &UpstreamConfig {
    match upstream {
        Upstream::Udb => &config.udb.common,
        Upstream::Dfdg => &config.dfdg.common,
    }
}

fn address<'c>(service: &Service, config: &'c Config) -> &'c str {
    match service.upstream {
        Upstream::Dfdg => &config.dfdg.endpoint,
        Upstream::Udb if service.name == HENT_INSTITUTION_KONTAKT.name => {
            &config.udb.hent_institution_kontakt
        }
        Upstream::Udb => &config.udb.indberetning_kontakt_job_og_udd_oensker,
    }
}
