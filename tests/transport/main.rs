//! The road to an upstream, against upstreams that misbehave.

mod calls;
mod certificates;
mod faults;
mod handshakes;
mod hostile;
mod identities;
mod proxies;
mod rollovers;
mod stale;
