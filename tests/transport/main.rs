//! The road to an upstream, against upstreams that misbehave.

mod calls;
mod certificates;
mod faults;
mod handshakes;
#[expect(dead_code, reason = "tests/faults needs more of it")]
mod hostile;
mod identities;
#[path = "../it/support/nobody.rs"]
mod nobody;
mod proxies;
mod request;
mod rollovers;
mod stale;
