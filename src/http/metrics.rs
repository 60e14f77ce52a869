//! `GET /metrics`: what has been counted, and how everything is at this moment.

use actix_web::{HttpResponse, web};

use crate::gateway::Gateway;
use crate::telemetry::{self, names};
use crate::transport::{BreakerState, Transport};

const STATES: [(BreakerState, &str); 3] =
    [(BreakerState::Closed, "closed"), (BreakerState::Open, "open"), (BreakerState::HalfOpen, "half-open")];

/// Answers with all metrics in Prometheus' text format.
pub async fn answer(gateway: web::Data<Gateway>) -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; version=0.0.4; charset=utf-8").body(text(&gateway))
}

/// All metrics in Prometheus' text format.
pub fn text(gateway: &Gateway) -> String {
    gateway.ports.iter().for_each(|port| look_at_upstream(port.transport()));
    look_at_keys(gateway);
    let (entries, under_way) = gateway.contacts.size();
    metrics::gauge!(names::CACHE_ENTRIES.name).set(entries as f64);
    metrics::gauge!(names::LOOKUPS_UNDER_WAY.name).set(under_way as f64);
    telemetry::render()
}

fn look_at_upstream(transport: &Transport) {
    let upstream = transport.name();
    let now = transport.breaker_state();
    for (state, name) in STATES {
        metrics::gauge!(names::BREAKER_STATE.name, "upstream" => upstream, "state" => name)
            .set(u8::from(state == now));
    }
    let load = transport.load();
    metrics::gauge!(names::UPSTREAM_IN_FLIGHT.name, "upstream" => upstream).set(load.running as f64);
    metrics::gauge!(names::UPSTREAM_WAITING.name, "upstream" => upstream).set(load.waiting as f64);
}

fn look_at_keys(gateway: &Gateway) {
    for status in gateway.verifier.key_sets().status() {
        let issuer = status.issuer;
        if let Some(age) = status.age {
            metrics::gauge!(names::JWKS_AGE.name, "issuer" => issuer.clone()).set(age);
        }
        metrics::gauge!(names::JWKS_KEYS.name, "issuer" => issuer.clone()).set(status.keys as f64);
        metrics::counter!(names::JWKS_FAILURES.name, "issuer" => issuer).absolute(status.failures);
    }
}
