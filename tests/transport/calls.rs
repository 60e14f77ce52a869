//! Calls as a whole: attempts, places, breaker, and what the request looks like.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use http::HeaderValue;
use tokio::time::timeout;
use ungebro::transport::{
    Answer, BreakerState, CallError, Exchange, Failure, Policy, Sent, Transport, Unmade, Verdict,
};

use super::hostile::{Does, Hostile};
use super::request::{exchange, judge, settings, transport};

#[tokio::test]
async fn the_request_is_a_soap_post_with_the_headers_given() {
    let upstream = Hostile::start(&[]).await;
    let mut request = exchange(&format!("http://user:secret@{}/a/b?c=d", upstream.address));
    request.headers.insert("traceparent", HeaderValue::from_static("00-01-02-03"));
    let answer = transport(&settings()).send(&request).await.unwrap();
    assert_eq!(answer.body.as_ref(), b"<answer>");
    assert_eq!(answer.content_type.as_deref(), Some("text/xml; charset=utf-8"));
    let head = upstream.heads().remove(0);
    assert!(head.starts_with("POST /a/b?c=d HTTP/1.1\r\n"), "{head}");
    for header in [
        format!("host: {}", upstream.address),
        "content-type: text/xml; charset=utf-8".to_owned(),
        "soapaction: \"urn:do\"".to_owned(),
        "traceparent: 00-01-02-03".to_owned(),
    ] {
        assert!(head.contains(&format!("{header}\r\n")), "{header} is not in {head}");
    }
}

#[tokio::test]
async fn each_attempt_is_made_anew() {
    let upstream = Hostile::start(&[Does::ResetAfter]).await;
    let transport = transport(&settings());
    let url = upstream.url();
    let make = |attempt: u32| {
        let mut request = exchange(&url);
        request.headers.insert("attempt", HeaderValue::from(attempt));
        std::future::ready(Ok(request))
    };
    transport.call(Policy::Read, make, judge).await.unwrap();
    let heads = upstream.heads();
    assert!(heads[0].contains("attempt: 1\r\n"));
    assert!(heads[1].contains("attempt: 2\r\n"));
}

#[tokio::test]
async fn a_spawned_write_finishes_when_nobody_waits_for_it() {
    let upstream = Hostile::start(&[]).await;
    let (transport, url) = (transport(&settings()), upstream.url());
    let write = async move {
        let make = |_| std::future::ready(Ok(exchange(&url)));
        transport.call(Policy::Write, make, judge).await
    };
    drop(tokio::spawn(write));
    while upstream.requests() == 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn a_request_that_cannot_be_made_was_not_sent() {
    let transport = transport(&settings());
    let make = |_| std::future::ready(Err::<Exchange, Unmade>("no key".into()));
    let error = transport.call(Policy::Write, make, judge).await.unwrap_err();
    assert!(matches!(error.failure, Failure::Unmade(_)));
    assert_eq!(error.sent, Sent::No);
    assert_eq!(error.to_string(), "request could not be made: no key");
}

#[tokio::test]
async fn a_read_that_may_have_arrived_once_may_have_arrived() {
    let upstream = Hostile::start(&[Does::ResetAfter]).await;
    let transport = transport(&settings());
    let (url, attempts) = (upstream.url(), AtomicUsize::new(0));
    let make = |_| {
        let first = attempts.fetch_add(1, Ordering::SeqCst) == 0;
        let url = if first { url.as_str() } else { "http://127.0.0.1:1/closed" };
        std::future::ready(Ok(exchange(url)))
    };
    let error = transport.call(Policy::Read, make, judge).await.unwrap_err();
    assert!(matches!(error.failure, Failure::Unreachable(_)));
    assert_eq!(error.sent, Sent::Maybe);
}

#[tokio::test]
async fn calls_beyond_the_queue_are_refused_and_were_not_sent() {
    let upstream = Hostile::start(&[Does::StallAfter]).await;
    let mut settings = settings();
    settings.max_in_flight = 1;
    settings.max_waiting = 0;
    let transport = transport(&settings);
    let running = call(&transport, &upstream, Verdict::Success);
    let refused = async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        call(&transport, &upstream, Verdict::Success).await
    };
    let (running, refused) = tokio::join!(running, refused);
    assert!(matches!(running.unwrap_err().failure, Failure::Timeout));
    let refused = refused.err().unwrap();
    assert!(matches!(refused.failure, Failure::Overloaded { .. }));
    assert_eq!(refused.sent, Sent::No);
    assert_eq!(upstream.requests(), 1);
}

#[tokio::test]
async fn failures_open_the_breaker_and_then_nothing_is_sent() {
    let upstream = Hostile::start(&[]).await;
    let mut settings = settings();
    settings.breaker.consecutive_failures = 2;
    let transport = transport(&settings);
    for _ in 0..2 {
        call(&transport, &upstream, Verdict::Failure).await.unwrap();
    }
    assert_eq!(transport.for_worker().breaker_state(), BreakerState::Open);
    let error = call(&transport, &upstream, Verdict::Success).await.unwrap_err();
    assert!(matches!(error.failure, Failure::BreakerOpen { retry_after } if !retry_after.is_zero()));
    assert_eq!((error.sent, upstream.requests()), (Sent::No, 2));
}

#[tokio::test]
async fn business_faults_leave_the_breaker_closed() {
    let upstream = Hostile::start(&[Does::Answer(500)]).await;
    let mut settings = settings();
    settings.breaker.consecutive_failures = 2;
    let transport = transport(&settings);
    for _ in 0..5 {
        call(&transport, &upstream, Verdict::BusinessFault).await.unwrap();
    }
    assert_eq!(transport.breaker_state(), BreakerState::Closed);
    assert_eq!(upstream.requests(), 5);
}

#[tokio::test]
async fn a_read_whose_first_attempt_opens_the_breaker_tells_of_that_attempt() {
    let upstream = Hostile::start(&[Does::ResetAfter]).await;
    let mut settings = settings();
    settings.breaker.consecutive_failures = 1;
    let transport = transport(&settings);
    let make = |_| std::future::ready(Ok(exchange(&upstream.url())));
    let error = transport.call(Policy::Read, make, judge).await.unwrap_err();
    assert!(matches!(error.failure, Failure::Reset(_)));
    assert_eq!(upstream.connections(), 1);
}

#[tokio::test]
async fn a_cancelled_probe_lets_the_next_call_through() {
    let upstream = Hostile::start(&[Does::Answer(503), Does::StallAfter]).await;
    let mut settings = settings();
    settings.breaker.consecutive_failures = 1;
    settings.breaker.open = Duration::from_millis(50);
    let transport = transport(&settings).for_worker();
    call(&transport, &upstream, Verdict::Failure).await.unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    // A worker of its own, so that the probe meets the upstream's second connection.
    let other = transport.for_worker();
    let probe = timeout(Duration::from_millis(100), call(&other, &upstream, Verdict::Success));
    assert!(probe.await.is_err());
    call(&other, &upstream, Verdict::Success).await.unwrap();
    assert_eq!(transport.breaker_state(), BreakerState::Closed);
}

async fn call(transport: &Transport, upstream: &Hostile, verdict: Verdict) -> Result<Answer, CallError> {
    let make = |_| std::future::ready(Ok(exchange(&upstream.url())));
    transport.call(Policy::Write, make, |answer| (verdict, answer)).await
}
