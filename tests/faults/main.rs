//! Upstreams that misbehave, seen from the gateway's front: what a client is told, what arrived, and that the next call works.

#[path = "../transport/certificates.rs"]
mod certificates;
#[expect(dead_code, reason = "tests/transport needs more of it")]
#[path = "../transport/hostile.rs"]
mod hostile;
#[expect(dead_code, reason = "tests/it needs more of it")]
#[path = "../it/support/mod.rs"]
mod support;

mod breaker;
mod matrix;
mod places;
mod rows;
mod scene;
mod stale;
