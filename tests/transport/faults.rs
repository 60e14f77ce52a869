//! The fault matrix: what each fault becomes for reads and writes, and that the next call works.

use ungebro::transport::{CallError, Failure, Policy, Sent, Transport, Unreachable};

use super::hostile::{Does, Hostile};
use super::nobody::nobody;
use super::request::{exchange, judge, settings, transport};

/// A fault's row: how the failure is named, and whether the request may have arrived.
struct Row {
    does: Does,
    failure: &'static str,
    sent: Sent,
    /// Whether a read is tried once more.
    again: bool,
    /// Whether the upstream read the whole request.
    arrives: bool,
}

const fn row(does: Does, failure: &'static str, again: bool, arrives: bool) -> Row {
    Row { does, failure, sent: Sent::Maybe, again, arrives }
}

const MATRIX: &[Row] = &[
    row(Does::ResetBefore, "reset", true, false),
    row(Does::ResetWithin, "reset", true, false),
    row(Does::ResetAfter, "reset", true, true),
    row(Does::ResetInAnswer, "reset", true, true),
    row(Does::HalfClose, "reset", true, true),
    row(Does::StallBefore, "timeout", false, false),
    row(Does::StallWithin, "timeout", false, false),
    row(Does::StallAfter, "timeout", false, true),
    row(Does::StallInHead, "timeout", false, true),
    row(Does::StallInBody, "timeout", false, true),
    row(Does::Dribble, "timeout", false, true),
    row(Does::Endless, "too large", false, true),
    row(Does::TooMuch, "too large", false, true),
    row(Does::EndlessHead, "not http", false, true),
    row(Does::Babble, "not http", false, true),
    row(Does::Redirect, "redirected", false, true),
    row(Does::Answer(500), "status 500", true, true),
    row(Does::Answer(502), "status 502", true, true),
    row(Does::Answer(503), "status 503", true, true),
];

#[tokio::test]
async fn a_write_is_sent_once_whatever_the_fault() {
    for_each_row(|row| async move {
        let upstream = Hostile::start(&[row.does]).await;
        let transport = transport(&settings());
        let (failure, sent) = outcome(&transport, Policy::Write, &upstream.url()).await;
        assert_eq!((failure.as_str(), sent), (row.failure, row.sent), "{:?}", row.does);
        assert_eq!(upstream.connections(), 1, "{:?}", row.does);
        assert_eq!(upstream.requests(), usize::from(row.arrives), "{:?}", row.does);
        next_call_works(&transport, &upstream, row.does).await;
    })
    .await;
}

#[tokio::test]
async fn a_read_is_tried_once_more_after_a_reset_or_a_5xx_and_never_after_a_timeout() {
    for_each_row(|row| async move {
        let attempts = 1 + usize::from(row.again);
        let upstream = Hostile::start(&vec![row.does; attempts]).await;
        let transport = transport(&settings());
        let (failure, _) = outcome(&transport, Policy::Read, &upstream.url()).await;
        assert_eq!(failure, row.failure, "{:?}", row.does);
        let arrived = if row.arrives { attempts } else { 0 };
        assert_eq!(upstream.requests(), arrived, "{:?}", row.does);
        next_call_works(&transport, &upstream, row.does).await;
    })
    .await;
}

#[tokio::test]
async fn a_read_gets_its_answer_when_only_the_first_attempt_fails() {
    for_each_row(|row| async move {
        let keeps_connection = matches!(row.does, Does::Answer(_));
        if !row.again || keeps_connection {
            return;
        }
        let upstream = Hostile::start(&[row.does]).await;
        let transport = transport(&settings());
        let outcome = outcome(&transport, Policy::Read, &upstream.url()).await;
        assert_eq!(outcome.0, "status 200", "{:?}", row.does);
        assert_eq!(upstream.connections(), 2, "{:?}", row.does);
    })
    .await;
}

#[tokio::test]
async fn a_refused_connection_is_not_executed_and_tried_twice() {
    for policy in [Policy::Write, Policy::Read] {
        let nobody = nobody();
        let address = nobody.local_addr().unwrap();
        let transport = transport(&settings());
        let url = format!("http://{address}/service");
        assert_eq!(outcome(&transport, policy, &url).await, ("refused".to_owned(), Sent::No));
        let upstream = Hostile::listen(nobody.listen(16).unwrap(), &[]);
        next_call_works(&transport, &upstream, Does::Answer(200)).await;
    }
}

#[tokio::test]
async fn a_host_without_address_is_not_executed() {
    let transport = transport(&settings());
    let url = "http://nowhere.invalid/service";
    let (failure, sent) = outcome(&transport, Policy::Write, url).await;
    // A resolver without network may also take longer than the time for connecting.
    assert!(matches!(failure.as_str(), "no name" | "connect timeout"), "{failure}");
    assert_eq!(sent, Sent::No);
}

#[tokio::test]
async fn a_large_request_that_is_not_read_may_still_have_been_sent() {
    let upstream = Hostile::start(&[Does::StallBefore]).await;
    let transport = transport(&settings());
    let mut large = exchange(&upstream.url());
    large.body = vec![b'x'; 50_000_000].into();
    let error = transport.send(&large).await.unwrap_err();
    assert_eq!((name(&error), error.sent), ("timeout".to_owned(), Sent::Maybe));
}

async fn for_each_row<F: Future<Output = ()>>(check: impl Fn(&'static Row) -> F) {
    futures_util::future::join_all(MATRIX.iter().map(check)).await;
}

async fn outcome(transport: &Transport, policy: Policy, url: &str) -> (String, Sent) {
    let make = |_| std::future::ready(Ok(exchange(url)));
    match transport.call(policy, make, judge).await {
        Ok(answer) => (format!("status {}", answer.status), Sent::Maybe),
        Err(error) => (name(&error), error.sent),
    }
}

async fn next_call_works(transport: &Transport, upstream: &Hostile, does: Does) {
    let expected = match does {
        // This one keeps its connection and its mind.
        Does::Answer(status) => status,
        _ => 200,
    };
    let answer = transport.send(&exchange(&upstream.url())).await.unwrap();
    assert_eq!(answer.status, expected);
}

fn name(error: &CallError) -> String {
    let name = match &error.failure {
        Failure::Unreachable(Unreachable::Refused(_)) => "refused",
        Failure::Unreachable(Unreachable::Lost(_)) => "lost",
        Failure::Unreachable(Unreachable::Name(_)) => "no name",
        Failure::Unreachable(Unreachable::Timeout) => "connect timeout",
        Failure::Unreachable(Unreachable::Proxy(_)) => "proxy",
        Failure::Unreachable(Unreachable::Tls(_)) => "tls",
        Failure::Timeout => "timeout",
        Failure::Reset(_) => "reset",
        Failure::NotHttp(_) => "not http",
        Failure::TooLarge { .. } => "too large",
        Failure::Redirected { .. } => "redirected",
        Failure::Overloaded { .. } => "overloaded",
        Failure::BreakerOpen { .. } => "breaker",
        Failure::Unmade(_) => "unmade",
    };
    name.to_owned()
}
