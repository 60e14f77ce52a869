//! What is sent to an upstream in these tests, and under which settings.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue};
use jiff::Timestamp;
use ungebro::config::{DatetimeFormat, Upstream};
use ungebro::transport::{Answer, Exchange, Transport, Verdict};

const BODY: &str = "<Envelope>the request</Envelope>";

/// Settings with short times, and a small limit on answers.
pub(crate) fn settings() -> Upstream {
    Upstream {
        timeout: Duration::from_millis(1500),
        connect_timeout: Duration::from_millis(700),
        response_limit_bytes: 10_000,
        ..Upstream::new(DatetimeFormat::LocalOffset)
    }
}

pub(crate) fn transport(settings: &Upstream) -> Transport {
    Transport::new("test", settings, Timestamp::now()).unwrap()
}

pub(crate) fn exchange(url: &str) -> Exchange {
    Exchange {
        url: url.parse().unwrap(),
        content_type: HeaderValue::from_static("text/xml; charset=utf-8"),
        soap_action: Some(HeaderValue::from_static("\"urn:do\"")),
        body: Bytes::from_static(BODY.as_bytes()),
        headers: HeaderMap::new(),
        span: tracing::Span::none(),
    }
}

/// As a gateway would judge: 5xx is a failure worth another attempt.
pub(crate) fn judge(answer: Answer) -> (Verdict, Answer) {
    let verdict = match answer.status {
        500.. => Verdict::RetryableFault,
        400..500 => Verdict::Failure,
        _ => Verdict::Success,
    };
    (verdict, answer)
}
