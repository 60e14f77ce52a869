//! What goes wrong on the way to an upstream, and whether the request may have arrived.

use std::path::PathBuf;
use std::time::Duration;

use super::identity::IdentityError;

/// Whether the upstream may have seen any of the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sent {
    /// Not a byte of it: the upstream has executed nothing.
    No,
    /// At least a byte was written: whether it was executed is unknown.
    Maybe,
}

/// A call that brought no answer.
#[derive(Debug, thiserror::Error)]
#[error("{failure}")]
pub struct CallError {
    /// What went wrong in the last attempt that was made.
    pub failure: Failure,
    /// Over all attempts of the call.
    pub sent: Sent,
}

/// What can go wrong with a call. The texts are for the log and carry nothing of the request.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// No connection was made.
    #[error("upstream unreachable: {0}")]
    Unreachable(Unreachable),
    /// The answer was not there within `timeout_seconds`.
    #[error("no answer in time")]
    Timeout,
    /// The connection was lost while sending or reading.
    #[error("connection lost: {0}")]
    Reset(String),
    /// The answer was not HTTP.
    #[error("answer is not HTTP: {0}")]
    NotHttp(String),
    /// The answer was longer than `response_limit_bytes`.
    #[error("answer is larger than {limit} bytes")]
    TooLarge {
        /// The limit that it passed.
        limit: usize,
    },
    /// The upstream answered 3xx, which is never followed.
    #[error("upstream redirects (status {status})")]
    Redirected {
        /// 300 to 399.
        status: u16,
    },
    /// `max_in_flight` calls run and `max_waiting` wait, or the wait took the whole time.
    #[error("too many calls to the upstream")]
    Overloaded {
        /// When to try again.
        retry_after: Duration,
    },
    /// The upstream failed too often of late.
    #[error("breaker is open")]
    BreakerOpen {
        /// When the next call is let through.
        retry_after: Duration,
    },
    /// The caller could not make the request (signing, for one).
    #[error("request could not be made: {0}")]
    Unmade(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Failure {
    /// One word for metrics and spans.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Unreachable(Unreachable::Tls(_)) => "tls",
            Self::Unreachable(_) => "unreachable",
            Self::Timeout => "timeout",
            Self::Reset(_) => "reset",
            Self::NotHttp(_) => "not-http",
            Self::TooLarge { .. } => "too-large",
            Self::Redirected { .. } => "redirected",
            Self::Overloaded { .. } => "overloaded",
            Self::BreakerOpen { .. } => "breaker-open",
            Self::Unmade(_) => "unmade",
        }
    }
}

/// Why no connection was made.
#[derive(Debug, thiserror::Error)]
pub enum Unreachable {
    /// The host's name has no address.
    #[error("no address for the host: {0}")]
    Name(std::io::Error),
    /// No address of the host took the connection.
    #[error("not connected: {0}")]
    Refused(std::io::Error),
    /// The connection broke off within the TLS handshake.
    #[error("connection lost in the TLS handshake: {0}")]
    Lost(std::io::Error),
    /// Not connected within `connect_timeout_seconds`.
    #[error("not connected in time")]
    Timeout,
    /// The proxy did not open the way.
    #[error("proxy: {0}")]
    Proxy(String),
    /// The TLS handshake failed; under TLS 1.3 also a client certificate refused after it.
    #[error("TLS handshake failed: {0}")]
    Tls(String),
}

/// Why a transport cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum TransportError {
    /// The client certificate or its key is unusable.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// The file of certificate authorities is unusable.
    #[error("{}: {reason}", file.display())]
    Authorities {
        /// `ca_file`.
        file: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// `proxy` is not an address that a proxy can have.
    #[error("proxy: {0}")]
    Proxy(&'static str),
    /// rustls took none of it.
    #[error("TLS: {0}")]
    Tls(#[from] rustls::Error),
}
