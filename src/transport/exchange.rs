//! What goes to an upstream and what comes back, as HTTP sees it.

use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Uri};

/// One POST to an upstream, made anew for each attempt.
pub struct Exchange {
    /// Absolute `http` or `https` address.
    pub url: Uri,
    /// `Content-Type`, with the SOAP 1.2 action in it where there is one.
    pub content_type: HeaderValue,
    /// `SOAPAction`, with its quotes, for SOAP 1.1.
    pub soap_action: Option<HeaderValue>,
    /// The document; sent byte for byte.
    pub body: Bytes,
    /// Further headers, such as `traceparent`.
    pub headers: HeaderMap,
    /// The span of the attempt; [`Span::none`](tracing::Span::none) for one that nobody watches.
    pub span: tracing::Span,
}

/// An upstream's whole answer: any status but a redirection.
pub struct Answer {
    /// HTTP status, 200 to 299 or 400 to 599.
    pub status: u16,
    /// `Content-Type` as sent, where it is text.
    pub content_type: Option<String>,
    /// The document, never longer than `response_limit_bytes`.
    pub body: Bytes,
}

/// When an attempt that went wrong may be made again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// Only where nothing had been written. For everything that changes something upstream,
    /// also what it hands out next.
    Write,
    /// Also once more after a reset, a 5xx or a receiver fault; never after a timeout.
    Read,
}

/// What an answer means for retrying and for the breaker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It did what was asked.
    Success,
    /// It refused for a reason of its trade: the upstream is well.
    BusinessFault,
    /// It failed, and a read may be tried once more (5xx, receiver fault).
    RetryableFault,
    /// It failed, and would fail again.
    Failure,
}

impl fmt::Debug for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exchange")
            .field("authority", &self.url.authority().map(|authority| authority.host()))
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("status", &self.status)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}
