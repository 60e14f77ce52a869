//! The spans of a request, and the only attributes that leave with them.
//!
//! All but the outermost are at level debug: where neither traces nor debug logs are wanted, one costs a load and a
//! comparison. None has an argument that could come from a request.

use tracing::field::Empty;
use tracing::{Span, debug_span, error_span};
use uuid::Uuid;

/// The attributes that a span may have; the exporter leaves out every other.
pub const ATTRIBUTES: &[&str] = &[
    "http.request.method",
    "http.route",
    "http.response.status_code",
    "error.type",
    "ungebro.request_id",
    "ungebro.operation",
    "ungebro.upstream",
    "ungebro.attempt",
    "ungebro.outcome",
];

/// The names that spans may have besides those of requests.
pub const NAMES: &[&str] = &["validate", "gather", "sign", "send", "decode", "audit"];

/// A request. At level error, so that even a log of errors only has its ids.
pub(super) fn request(id: Uuid, method: &'static str) -> Span {
    error_span!(
        "request",
        "otel.kind" = "server",
        "otel.status_code" = Empty,
        "ungebro.request_id" = %id,
        trace_id = Empty,
        "http.request.method" = method,
        "http.route" = Empty,
        "http.response.status_code" = Empty,
        "error.type" = Empty,
        "ungebro.outcome" = Empty,
    )
}

/// Token, rights, parameters and body are checked.
pub fn validate() -> Span {
    debug_span!("validate")
}

/// A message is signed.
pub fn sign() -> Span {
    debug_span!("sign")
}

/// One attempt to reach an upstream, from connecting to its last byte.
pub fn send(upstream: &'static str, operation: &'static str, attempt: u32) -> Span {
    debug_span!(
        "send",
        "otel.kind" = "client",
        "otel.status_code" = Empty,
        "ungebro.upstream" = upstream,
        "ungebro.operation" = operation,
        "ungebro.attempt" = attempt,
        "http.response.status_code" = Empty,
        "error.type" = Empty,
    )
}

/// An answer is read.
pub fn decode() -> Span {
    debug_span!("decode")
}

/// Look-ups of several requests are made together. No request's child.
pub fn gather() -> Span {
    debug_span!(parent: None, "gather")
}

/// A line of the audit trail is written.
pub fn audit() -> Span {
    debug_span!("audit")
}
