//! `--connect`: whether services, issuers and Redis can be reached, and are fit for use.

use http::Uri;
use jiff::Timestamp;

use super::{Report, files};
use crate::auth;
use crate::config::{Auth, Config, Idempotency, JwksSource, Store};
use crate::idempotency;
use crate::operation::Service;
use crate::services::services;
use crate::transport::Transport;

/// Connects to every service, as calls would, and sends nothing; reads key sets; asks Redis for its settings.
pub async fn connect(config: &Config, now: Timestamp, report: &mut Report) {
    upstreams(config, now, report).await;
    issuers(&config.auth, report).await;
    redis(&config.idempotency, report).await;
}

async fn upstreams(config: &Config, now: Timestamp, report: &mut Report) {
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

async fn issuers(auth: &Auth, report: &mut Report) {
    for (index, issuer) in auth.issuers.iter().enumerate() {
        let key = match &issuer.jwks {
            JwksSource::Url(_) => "jwks_url",
            JwksSource::Discovery { .. } => "discovery",
            JwksSource::File(_) | JwksSource::Memory(_) => continue,
        };
        let subject = format!("auth.issuers[{index}].{key}");
        files::key_set(&subject, auth::examine(issuer).await, report);
    }
}

async fn redis(settings: &Idempotency, report: &mut Report) {
    if matches!(settings.store, Store::Memory) {
        return;
    }
    match idempotency::examine(settings).await {
        Ok(weaknesses) if weaknesses.is_empty() => {
            report.ok("idempotency: Redis keeps what it confirms");
        }
        Ok(weaknesses) => {
            weaknesses.iter().for_each(|weakness| report.warning(format!("idempotency: {weakness}")));
        }
        Err(error) => report.error(format!("idempotency: {error}")),
    }
}

/// The way to a service; `None` where the configuration has no usable one, which is a finding of its own.
pub(super) fn way_to(service: &Service, config: &Config, now: Timestamp) -> Option<(Transport, Uri)> {
    let section = config.upstream(service.upstream)?;
    let transport = Transport::new(section.name, section.common, now).ok()?;
    Some((transport, section.address(service.address_key)?.parse().ok()?))
}
