//! The spans of a request, and the trace that it belongs to: from the client, to the upstream, to the collector.

use opentelemetry_proto::tonic::trace::v1::Span;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use opentelemetry_proto::tonic::trace::v1::status::StatusCode;
use ungebro::telemetry::spans::{ATTRIBUTES, NAMES};

use super::collector::{attribute, hex};
use super::planted::token;
use super::sinks::sinks;
use crate::support::app::App;
use crate::support::client::Call;
use crate::support::contract::{ROUTES, Route};
use crate::support::exchange::{CPR, request, usual_reply};
use crate::support::sample::Extent;
use crate::support::secured;
use crate::support::upstream::Reply;

/// A trace of a test's own.
fn trace_id() -> String {
    uuid::Uuid::new_v4().simple().to_string()
}

fn traced(app: &App, id: &str, trace: &str) -> Call {
    let route: &Route = ROUTES.iter().find(|route| route.id == id).unwrap();
    let made = request(route, Extent::Full);
    let call = app.call(&route.method, &made.path).bearer(&token(route));
    let call = call.header("traceparent", &format!("00-{trace}-00f067aa0ba902b7-01"));
    call.json_unless_null(&made.body)
}

fn named<'s>(spans: &'s [Span], name: &str) -> &'s Span {
    let mut found = spans.iter().filter(|span| span.name == name);
    let span = found.next().unwrap_or_else(|| panic!("no span {name}"));
    assert!(found.next().is_none(), "several spans {name}");
    span
}

#[tokio::test]
async fn a_write_has_one_server_span_with_its_steps_below() {
    let (sinks, app, trace) = (sinks(), App::start().await, trace_id());
    app.upstream.answers(usual_reply);
    assert_eq!(traced(&app, "createInterview", &trace).send().await.status, 201);
    let spans = sinks.collector.spans_of(&trace, 6).await;
    let server = named(&spans, "POST /persons/{cpr}/interviews");
    assert_eq!(server.kind(), SpanKind::Server);
    assert_eq!(hex(&server.parent_span_id), "00f067aa0ba902b7");
    assert_eq!(attribute(server, "http.route").unwrap(), "/persons/{cpr}/interviews");
    assert_eq!(attribute(server, "http.request.method").unwrap(), "POST");
    assert_eq!(attribute(server, "http.response.status_code").unwrap(), "201");
    let send = named(&spans, "send");
    assert_eq!(send.kind(), SpanKind::Client);
    assert_eq!(attribute(send, "ungebro.upstream").unwrap(), "dfdg");
    assert_eq!(attribute(send, "ungebro.operation").unwrap(), "CreatePersonInterview");
    assert_eq!(attribute(send, "ungebro.attempt").unwrap(), "1");
    assert_eq!(attribute(send, "http.response.status_code").unwrap(), "200");
    let children = spans.iter().filter(|span| span.parent_span_id == server.span_id);
    let mut children: Vec<_> = children.map(|span| span.name.as_str()).collect();
    children.sort_unstable();
    assert_eq!(children, ["audit", "audit", "decode", "send", "validate"]);
}

/// What `README.md` shows: one call in its trace, in the metrics, and in the log.
#[tokio::test]
async fn one_call_is_seen_as_a_trace_a_metric_and_a_log_line() {
    let (sinks, app, trace) = (sinks(), App::start().await, trace_id());
    app.upstream.answers(usual_reply);
    let line = "ungebro_requests_total{method=\"PUT\",route=\"/persons/{cpr}/jobcenter\",status=\"200\"} ";
    let counted = async || {
        let metrics = reqwest::get(format!("{}/metrics", app.url)).await.unwrap().text().await.unwrap();
        metrics.lines().find_map(|it| it.strip_prefix(line)).map_or(0, |count| count.parse::<u64>().unwrap())
    };
    let before = counted().await;
    let answer = traced(&app, "updateJobcenter", &trace).send().await;
    assert_eq!(answer.status, 200);
    assert!(counted().await > before);
    let spans = sinks.collector.spans_of(&trace, 6).await;
    let server = named(&spans, "PUT /persons/{cpr}/jobcenter");
    let request_id = answer.header("x-request-id").unwrap();
    assert_eq!(attribute(server, "ungebro.request_id").unwrap(), request_id);
    for step in ["validate", "send", "decode"] {
        assert_eq!(named(&spans, step).parent_span_id, server.span_id);
    }
    assert!(app.upstream.take_one().headers["traceparent"].starts_with(&format!("00-{trace}-")));
    let log = sinks.log();
    let line = log.lines().find(|line| line.contains(&trace) && line.contains("\"message\":\"request\""));
    let line: serde_json::Value = serde_json::from_str(line.unwrap()).unwrap();
    assert_eq!((&line["request_id"], &line["status"]), (&request_id.into(), &200.into()));
}

#[tokio::test]
async fn a_signed_message_has_the_span_of_its_signature() {
    let (sinks, base, trace) = (sinks(), secured::start(), trace_id());
    let app = App::with(|config| secured::lead_to(&base, config)).await;
    let route = ROUTES.iter().find(|route| route.id == "getYouthContacts").unwrap();
    let call = app.call("GET", "/youth/0506085001/contacts").bearer(&token(route));
    let call = call.header("traceparent", &format!("00-{trace}-00f067aa0ba902b7-01"));
    assert_eq!(call.send().await.status, 200);
    let spans = sinks.collector.spans_of(&trace, 6).await;
    let server = named(&spans, "GET /youth/{cpr}/contacts");
    for step in ["validate", "sign", "send", "decode"] {
        assert_eq!(named(&spans, step).parent_span_id, server.span_id, "{step}");
    }
}

#[tokio::test]
async fn a_look_up_is_traced_through_its_batch() {
    let (sinks, app, trace) = (sinks(), App::start().await, trace_id());
    app.upstream.answers(usual_reply);
    assert_eq!(traced(&app, "getYouthContacts", &trace).send().await.status, 200);
    let spans = sinks.collector.spans_of(&trace, 5).await;
    let server = named(&spans, "GET /youth/{cpr}/contacts");
    assert_eq!(named(&spans, "send").parent_span_id, server.span_id);
}

#[tokio::test]
async fn each_attempt_has_a_span_and_a_refusal_has_its_name() {
    let (sinks, app, trace) = (sinks(), App::start().await, trace_id());
    app.upstream.always(Reply::Close);
    assert_eq!(traced(&app, "getYouthContacts", &trace).send().await.status, 502);
    let spans = sinks.collector.spans_of(&trace, 5).await;
    let attempts: Vec<_> = spans.iter().filter(|span| span.name == "send").collect();
    let mut numbers: Vec<_> =
        attempts.iter().map(|span| attribute(span, "ungebro.attempt").unwrap()).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, ["1", "2"]);
    assert!(attempts.iter().all(|span| attribute(span, "error.type").as_deref() == Some("reset")));
    let server = named(&spans, "GET /youth/{cpr}/contacts");
    assert_eq!(attribute(server, "error.type").unwrap(), "upstream-unreachable");
    assert_eq!(server.status.as_ref().unwrap().code(), StatusCode::Error);
}

#[tokio::test]
async fn upstreams_get_the_trace_and_its_state_but_no_baggage() {
    let (sinks, app, trace) = (sinks(), App::start().await, trace_id());
    app.upstream.answers(usual_reply);
    let call = traced(&app, "createInterview", &trace).header("tracestate", "vendor=1");
    let call = call.header("baggage", &format!("cpr={CPR}"));
    assert_eq!(call.send().await.status, 201);
    let received = app.upstream.take_one();
    let spans = sinks.collector.spans_of(&trace, 6).await;
    let send = hex(&named(&spans, "send").span_id);
    assert_eq!(received.headers["traceparent"], format!("00-{trace}-{send}-01"));
    assert_eq!(received.headers["tracestate"], "vendor=1");
    assert!(!received.headers.contains_key("baggage"));
    assert!(spans.iter().all(|span| span.trace_state.is_empty()), "what clients write there stays out");
}

#[tokio::test]
async fn a_trace_that_its_client_does_not_record_is_not_recorded_here() {
    let (sinks, app, trace) = (sinks(), App::start().await, trace_id());
    app.upstream.answers(usual_reply);
    let route = ROUTES.iter().find(|route| route.id == "getYouthContacts").unwrap();
    let call = app.call("GET", &format!("/youth/{CPR}/contacts")).bearer(&token(route));
    let call = call.header("traceparent", &format!("00-{trace}-00f067aa0ba902b7-00"));
    assert_eq!(call.send().await.status, 200);
    let passed_on = &app.upstream.take_one().headers["traceparent"];
    assert!(passed_on.starts_with(&format!("00-{trace}-")) && passed_on.ends_with("-00"), "{passed_on}");
    let recorded = trace_id();
    assert_eq!(traced(&app, "createInterview", &recorded).send().await.status, 201);
    sinks.collector.spans_of(&recorded, 6).await;
    assert!(sinks.collector.spans().iter().all(|span| hex(&span.trace_id) != trace));
}

#[tokio::test]
async fn each_line_of_a_request_has_its_ids() {
    let (sinks, app, trace) = (sinks(), App::start().await, trace_id());
    app.upstream.always(Reply::Close);
    traced(&app, "createInterview", &trace).send().await;
    let log = sinks.log();
    let lines = log.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let lines: Vec<_> = lines.filter(|line| line["trace_id"] == *trace).collect();
    let messages: Vec<_> = lines.iter().map(|line| line["message"].as_str().unwrap()).collect();
    assert_eq!(messages, ["no answer from upstream", "request"]);
    assert_eq!(lines[0]["request_id"], lines[1]["request_id"]);
    assert_eq!(lines[1]["route"], "/persons/{cpr}/interviews");
    assert_eq!(lines[1]["problem"], "upstream-unreachable");
}

/// Whatever ran in this process: no other names, no other attributes, no events, no links.
#[tokio::test]
async fn spans_carry_nothing_but_what_is_listed() {
    let (sinks, app, trace) = (sinks(), App::start().await, trace_id());
    app.upstream.answers(usual_reply);
    traced(&app, "reportYouth", &trace).send().await;
    sinks.collector.spans_of(&trace, 6).await;
    for span in sinks.collector.spans() {
        let of_a_request = span.kind() == SpanKind::Server;
        assert!(of_a_request || NAMES.contains(&span.name.as_str()), "{}", span.name);
        assert!(span.events.is_empty() && span.links.is_empty(), "{}", span.name);
        for attribute in &span.attributes {
            assert!(ATTRIBUTES.contains(&attribute.key.as_str()), "{}: {}", span.name, attribute.key);
        }
    }
}
