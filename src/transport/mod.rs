//! The one road to an upstream: an HTTP POST with deadline, limits, retry, breaker and mutual TLS.

mod error;
mod exchange;
pub mod identity;

pub use error::{CallError, Failure, Sent, TransportError, Unreachable};
pub use exchange::{Answer, Exchange, Policy, Verdict};
