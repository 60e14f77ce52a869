//! Whether the gateway lives, whether it can take calls, and which version it is.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, guard, web};
use jiff::Timestamp;
use serde_json::{Value as Json, json};

use super::server::Server;
use crate::gateway::Gateway;
use crate::transport::rollover::days_left;
use crate::transport::{BreakerState, Transport};

/// Mounts `/health/live`, `/health/ready` and `/version`.
pub(super) fn configure(config: &mut web::ServiceConfig) {
    let get = || web::route().guard(guard::Any(guard::Get()).or(guard::Head()));
    config.service(super::app::resource("/health/live", "GET, HEAD").route(get().to(live)));
    config.service(super::app::resource("/health/ready", "GET, HEAD").route(get().to(ready)));
    config.service(super::app::resource("/version", "GET, HEAD").route(get().to(version)));
}

/// The process answers; nothing more.
async fn live() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "status": "live" }))
}

async fn version() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "name": env!("CARGO_PKG_NAME"), "version": env!("CARGO_PKG_VERSION") }))
}

/// 200 where every issuer's keys were loaded once, the audit trail can be written and the server is not stopping.
///
/// Upstreams and certificates are only shown: another replica would not fare better with them.
async fn ready(gateway: web::Data<Gateway>, server: web::Data<Server>) -> HttpResponse {
    let now = (gateway.clock)();
    let stopping = server.stopping.is_cancelled();
    let audit = gateway.audit.writable();
    let ready = gateway.verifier.key_sets().all_loaded() && audit && !stopping;
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let listener = server.certificate.as_ref().map(|certificate| days(now, certificate.not_after()));
    let mut signing = gateway.ports.iter().filter_map(|port| port.signing());
    let signing = signing.next().map(|signing| days_left(&signing.security().identity(), now));
    let upstreams: Vec<Json> = gateway.ports.iter().map(|port| upstream(port.transport(), now)).collect();
    HttpResponse::build(status).json(json!({
        "status": if ready { "ready" } else { "not-ready" },
        "stopping": stopping,
        "issuers": issuers(&gateway),
        "audit": { "writable": audit },
        "upstreams": upstreams,
        "certificateDaysLeft": { "listener": listener, "signing": signing },
    }))
}

fn issuers(gateway: &Gateway) -> Json {
    let status = gateway.verifier.key_sets().status();
    let one = |issuer: crate::auth::KeySetStatus| {
        json!({
            "issuer": issuer.issuer,
            "loaded": issuer.age.is_some(),
            "keys": issuer.keys,
            "ageSeconds": issuer.age.map(|age| age.as_secs()),
        })
    };
    status.into_iter().map(one).collect()
}

fn upstream(transport: &Transport, now: Timestamp) -> Json {
    let breaker = match transport.breaker_state() {
        BreakerState::Closed => "closed",
        BreakerState::Open => "open",
        BreakerState::HalfOpen => "half-open",
    };
    let certificate = transport.identity().map(|identity| days_left(&identity, now));
    json!({ "name": transport.name(), "breaker": breaker, "certificateDaysLeft": certificate })
}

fn days(now: Timestamp, end: Timestamp) -> i64 {
    end.duration_since(now).as_hours().div_euclid(24)
}
