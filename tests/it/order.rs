//! The order of checks (behaviour section 2): one request with everything wrong, put right one step at a time.

use std::num::NonZeroU32;

use serde_json::{Value, json};

use crate::support::app::{App, token_for};
use crate::support::client::Call;
use crate::support::contract::route;
use crate::support::exchange::{CPR, Request, request, usual_reply};
use crate::support::sample::Extent;

#[tokio::test]
async fn the_first_fault_of_a_request_is_the_one_that_is_told() {
    let app = App::with(|config| config.server.body_limit_bytes = 4096).await;
    app.upstream.answers(usual_reply);
    let route = route("updateInterview");
    let Request { path, body, .. } = request(route, Extent::Full);
    let (_, id) = path.rsplit_once('/').unwrap();
    let right = token_for(route);
    let bad_scope =
        right.clone().with("scope", "x").with("authorities", json!(["jobcenter:1", "jobcenter:2"]));
    let ambiguous = bad_scope.clone().with("scope", route.scopes.join(" "));
    let refused = ambiguous.clone().with("authorities", json!(["star:1"]));
    let mut incomplete = body.clone();
    incomplete["correctionComment"] = Value::Null;
    let large = format!("{{{}", "x".repeat(5000));
    let bad_path = format!("/persons/0000000000/interviews/{}", &id[1..]);
    let bad_id = format!("/persons/{CPR}/interviews/{}", &id[1..]);
    let as_json = "application/json";
    let steps: Vec<(Call, u16, &str)> = vec![
        (app.call("POST", "/persons/1/interview").body("text/plain", large.clone()), 404, "not-found"),
        (app.call("POST", &bad_path).body("text/plain", large.clone()), 405, "method-not-allowed"),
        (app.call("PUT", &bad_path).body("text/plain", large.clone()), 401, "unauthorized"),
        (
            app.call("PUT", &bad_path).token(&bad_scope).body("text/plain", large.clone()),
            403,
            "scope-missing",
        ),
        (
            app.call("PUT", &bad_path).token(&ambiguous).body("text/plain", large.clone()),
            400,
            "authority-ambiguous",
        ),
        (
            app.call("PUT", &bad_path).token(&refused).body("text/plain", large.clone()),
            403,
            "authority-missing",
        ),
        (app.call("PUT", &bad_path).token(&right).body("text/plain", large.clone()), 400, "invalid-cpr"),
        (app.call("PUT", &bad_id).token(&right).body("text/plain", large.clone()), 400, "invalid-identifier"),
        (
            app.call("PUT", &path).token(&right).body("text/plain", large.clone()),
            415,
            "unsupported-media-type",
        ),
        (app.call("PUT", &path).token(&right).body(as_json, large), 413, "body-too-large"),
        (app.call("PUT", &path).token(&right).body(as_json, "{x"), 400, "malformed-json"),
        (app.call("PUT", &path).token(&right).json(&incomplete), 422, "validation-failed"),
    ];
    for (call, status, name) in steps {
        assert_eq!(call.send().await.refusal(), (status, name.to_owned()));
    }
    assert_eq!(app.upstream.take().len(), 0);
    assert_eq!(app.call("PUT", &path).token(&right).json(&body).send().await.status, 200);
}

#[tokio::test]
async fn the_rate_is_counted_after_the_authority_and_before_the_path() {
    let app = App::with(|config| config.rate_limit.persons_per_hour = NonZeroU32::new(1)).await;
    app.upstream.answers(usual_reply);
    let route = route("updateInterview");
    let Request { path, body, .. } = request(route, Extent::Full);
    let right = token_for(route);
    assert_eq!(app.call("PUT", &path).token(&right).json(&body).send().await.status, 200);
    let refused = right.clone().with("authorities", json!(["star:1"]));
    let bad_path = "/persons/0000000000/interviews/x";
    for (token, status, name) in [(&refused, 403, "authority-missing"), (&right, 429, "rate-limited")] {
        let call = app.call("PUT", bad_path).token(token).header("X-Purpose", PURPOSE_WITH_NUMBER);
        assert_eq!(call.body("text/plain", "{x").send().await.refusal(), (status, name.to_owned()));
    }
    assert_eq!(app.upstream.take().len(), 1);
}

const PURPOSE_WITH_NUMBER: &str = "about 0101900001";

#[tokio::test]
async fn the_purpose_is_checked_after_the_path_and_before_the_key_and_the_body() {
    let app = App::start().await;
    let route = route("updateInterview");
    let Request { path, .. } = request(route, Extent::Full);
    let bad_path = format!("/persons/{CPR}/interviews/x");
    let (purpose, key) = (("X-Purpose", PURPOSE_WITH_NUMBER), ("Idempotency-Key", "two words"));
    for (path, headers, status, name, places) in [
        (&bad_path, vec![purpose, key], 400, "invalid-identifier", vec!["interviewId"]),
        (&path, vec![purpose, key], 400, "invalid-header", vec!["X-Purpose"]),
        (&path, vec![key], 400, "invalid-header", vec!["Idempotency-Key"]),
        (&path, vec![], 415, "unsupported-media-type", vec![]),
    ] {
        let call = app.call_of(route, path).body("text/plain", "{x");
        let answer = headers.iter().fold(call, |call, (name, value)| call.header(name, value)).send().await;
        assert_eq!(answer.refusal(), (status, name.to_owned()));
        assert_eq!(answer.places(), places);
    }
    assert_eq!(app.upstream.take().len(), 0);
}

#[tokio::test]
async fn a_body_of_exactly_the_limit_is_taken() {
    let app = App::with(|config| config.server.body_limit_bytes = 1000).await;
    app.upstream.answers(usual_reply);
    let route = route("updateJobcenter");
    let Request { path, body, .. } = request(route, Extent::Full);
    let body = body.to_string();
    for (length, status) in [(1000, 200), (1001, 413)] {
        let padded = format!("{body:length$}");
        assert_eq!(app.call_of(route, &path).body("application/json", padded).send().await.status, status);
    }
}

#[tokio::test]
async fn only_json_in_utf_8_is_a_body() {
    let app = App::start().await;
    app.upstream.answers(usual_reply);
    let route = route("updateJobcenter");
    let Request { path, body, .. } = request(route, Extent::Full);
    for (content_type, status) in [
        ("application/json", 200),
        ("application/json; charset=utf-8", 200),
        ("Application/JSON;charset=\"UTF-8\"", 200),
        ("application/json; charset=iso-8859-1", 415),
        ("text/json", 415),
        ("application/x-www-form-urlencoded", 415),
        ("application/jsonx", 415),
        ("", 415),
    ] {
        let answer = app.call_of(route, &path).body(content_type, body.to_string()).send().await;
        assert_eq!(answer.status, status, "{content_type}");
    }
    let zipped = app.call_of(route, &path).json(&body).header("Content-Encoding", "gzip").send().await;
    assert_eq!(zipped.refusal(), (415, "unsupported-media-type".to_owned()));
}

#[tokio::test]
async fn a_path_of_registrations_cannot_be_read() {
    let app = App::start().await;
    for (path, allow) in [
        (format!("/persons/{CPR}/interviews"), "POST"),
        (format!("/persons/{CPR}/jobcenter"), "PUT"),
        (format!("/youth/{CPR}/reports"), "POST"),
    ] {
        let answer = app.call("GET", &path).send().await;
        assert_eq!(answer.refusal(), (405, "method-not-allowed".to_owned()));
        assert_eq!(answer.header("allow"), Some(allow));
        assert!(answer.json()["detail"].as_str().unwrap().contains("read"), "{}", answer.text());
    }
}

#[tokio::test]
async fn a_base_path_prefixes_everything() {
    let app = App::with(|config| config.server.base_path = "/api/ung".to_owned()).await;
    app.upstream.answers(usual_reply);
    let route = route("createInterview");
    let Request { path, body, .. } = request(route, Extent::Minimal);
    let answer = app.call_of(route, &path).json(&body).send().await;
    assert_eq!(answer.status, 201);
    assert!(answer.header("location").unwrap().starts_with("/api/ung/persons/"));
    let refused = app.call_of(route, &path).json(&json!({})).send().await;
    assert_eq!(refused.json()["type"], "/api/ung/problems/validation-failed");
}

#[tokio::test]
async fn a_request_id_that_is_no_uuid_is_replaced() {
    let app = App::start().await;
    let answer =
        reqwest::Client::new().get(format!("{}/nothing", app.url)).header("X-Request-Id", "0101900001");
    let id = answer.send().await.unwrap().headers()["x-request-id"].to_str().unwrap().to_owned();
    assert!(uuid::Uuid::try_parse(&id).is_ok(), "{id}");
}
