//! A client that checks on every answer what every answer promises.

use std::sync::LazyLock;

use regex::Regex;
use reqwest::header::HeaderMap;
use serde_json::Value;
use uuid::Uuid;

use super::contract::{ERROR_CODES, GUID};
use super::document;
use super::token::Token;

/// Where the gateway's own problems are listed: behaviour section 5 and the checks of section 2.
pub(crate) const OWN_PROBLEMS: &[&str] = &[
    "idempotency-key-required",
    "audit-unavailable",
    "authority-ambiguous",
    "authority-missing",
    "authority-not-configured",
    "authority-not-in-token",
    "authority-not-trusted",
    "body-too-large",
    "cpr-in-path-refused",
    "feed-stalled",
    "header-too-large",
    "idempotency-in-progress",
    "idempotency-key-reused",
    "idempotency-unavailable",
    "invalid-cpr",
    "invalid-header",
    "invalid-identifier",
    "invalid-parameter",
    "keys-unavailable",
    "malformed-json",
    "method-not-allowed",
    "not-found",
    "outcome-unknown",
    "overloaded",
    "purpose-required",
    "rate-limited",
    "request-timeout",
    "scope-missing",
    "unauthorized",
    "unsupported-media-type",
    "upstream-malformed",
    "upstream-rejected",
    "upstream-timeout",
    "upstream-unavailable",
    "upstream-unreachable",
    "uri-too-long",
    "user-name-missing",
    "validation-failed",
];
const MEMBERS: &[&str] = &[
    "name",
    "reason",
    "type",
    "title",
    "status",
    "detail",
    "instance",
    "system",
    "code",
    "sourceCode",
    "severity",
    "correlationId",
    "upstreamText",
    "retryable",
    "outcome",
    "errors",
];

static IDENTIFIER: LazyLock<Regex> = LazyLock::new(|| Regex::new(GUID).unwrap());
static CPR_LIKE: LazyLock<Regex> = LazyLock::new(|| Regex::new("[0-9]{10}|[0-9]{6}-[0-9]{4}").unwrap());

/// A request in the making.
pub(crate) struct Call {
    request: reqwest::RequestBuilder,
    writes: bool,
    request_id: Uuid,
    target: (String, String),
}

impl Call {
    pub(crate) fn new(client: &reqwest::Client, method: &str, base: &str, path: &str) -> Self {
        let request_id = Uuid::new_v4();
        let request = client
            .request(method.parse().unwrap(), format!("{base}{path}"))
            .header("X-Request-Id", request_id.to_string());
        let target = (method.to_owned(), path.to_owned());
        Self { request, writes: method != "GET" && path != "/youth/contacts/query", request_id, target }
    }

    pub(crate) fn token(self, token: &Token) -> Self {
        self.bearer(&token.signed())
    }

    pub(crate) fn bearer(self, token: &str) -> Self {
        self.header("Authorization", &format!("Bearer {token}"))
    }

    pub(crate) fn header(self, name: &str, value: &str) -> Self {
        Self { request: self.request.header(name, value), ..self }
    }

    pub(crate) fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string())
    }

    /// The body of a route's request; none where that is null.
    pub(crate) fn json_unless_null(self, body: &Value) -> Self {
        if body.is_null() { self } else { self.json(body) }
    }

    pub(crate) fn body(self, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self { request: self.request.header("Content-Type", content_type).body(body.into()), ..self }
    }

    pub(crate) async fn send(self) -> Answer {
        let response = self.request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = response.bytes().await.unwrap().to_vec();
        let answer = Answer { status, headers, body };
        answer.check(self.request_id, self.writes);
        let (method, path) = &self.target;
        let content_type = answer.header("content-type").unwrap_or_default();
        document::check(method, path, status, content_type, &answer.body);
        answer
    }
}

/// An answer that keeps the general promises.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("not JSON: {}", self.text()))
    }

    /// The last part of the problem's type; empty where the answer is none.
    pub(crate) fn problem(&self) -> String {
        name_of(&self.json()).unwrap_or_default()
    }

    /// Status and name of a problem.
    pub(crate) fn refusal(&self) -> (u16, String) {
        (self.status, self.problem())
    }

    /// Where in the request the faults are, in order.
    pub(crate) fn places(&self) -> Vec<String> {
        let errors = self.json()["errors"].as_array().cloned().unwrap_or_default();
        let place = |error: &Value| {
            let places =
                ["pointer", "parameter", "header"].map(|kind| error[kind].as_str().map(str::to_owned));
            places.into_iter().flatten().next().unwrap()
        };
        errors.iter().map(place).collect()
    }

    fn check(&self, request_id: Uuid, writes: bool) {
        assert_eq!(self.header("x-request-id"), Some(&*request_id.to_string()), "X-Request-Id");
        if self.status >= 400 {
            assert_eq!(self.header("content-type"), Some("application/problem+json"), "{}", self.text());
            let problem = self.json();
            check_problem(&problem, writes);
            assert_eq!(problem["status"], self.status);
            assert_eq!(problem["instance"], format!("urn:uuid:{request_id}"));
            assert_eq!(self.header("cache-control"), Some("no-store"));
            self.check_headers_of(&problem);
        } else if self.status != 304 {
            let content_type = self.header("content-type").unwrap();
            assert!(
                ["application/json", "application/x-ndjson"].contains(&content_type),
                "Content-Type {content_type}"
            );
            assert!(
                ["no-store", "private, no-cache"].contains(&self.header("cache-control").unwrap()),
                "Cache-Control"
            );
        }
    }

    fn check_headers_of(&self, problem: &Value) {
        // RFC 6750 section 3.1: an error code where something was sent, and only there.
        let challenge = if problem["reason"] == "token-missing" { "Bearer" } else { "Bearer error=\"" };
        let challenged = self.header("www-authenticate").is_some_and(|value| {
            value.starts_with(challenge) && (challenge != "Bearer" || value == challenge)
        });
        match self.status {
            401 => assert!(challenged, "WWW-Authenticate"),
            405 => assert!(self.header("allow").is_some(), "Allow"),
            429 | 503 => assert!(
                self.header("retry-after").unwrap().parse::<u32>().unwrap() > 0,
                "Retry-After of {}",
                problem["type"]
            ),
            _ => {}
        }
    }
}

/// Checks what a problem promises wherever it stands.
pub(crate) fn check_problem(problem: &Value, writes: bool) {
    let members = problem.as_object().unwrap();
    for name in members.keys() {
        assert!(MEMBERS.contains(&name.as_str()), "unknown member {name}");
    }
    let name = name_of(problem).expect("type");
    assert_eq!(problem["name"], name.as_str(), "the last part of type");
    let known = OWN_PROBLEMS.contains(&name.as_str())
        || ERROR_CODES.lines().any(|row| row.contains(&format!(",{name},")));
    assert!(known, "unknown problem {name}");
    for member in ["title", "detail"] {
        assert!(problem[member].as_str().is_some_and(|text| !text.trim().is_empty()), "{member}");
    }
    assert!(["udb", "dfdg", "ipl", "gateway"].contains(&problem["system"].as_str().unwrap()), "system");
    let outcome = problem.get("outcome").map(|outcome| outcome.as_str().unwrap());
    let retryable = problem["retryable"].as_bool().unwrap();
    if writes {
        let routed = ["not-found", "method-not-allowed"].contains(&name.as_str());
        assert!(
            routed || ["not-executed", "executed", "unknown"].contains(&outcome.unwrap_or("")),
            "outcome"
        );
        assert!(
            !retryable || outcome == Some("not-executed"),
            "a write may be repeated only if not executed"
        );
    } else {
        assert_eq!(outcome, None, "outcome of a read");
    }
    for error in problem["errors"].as_array().into_iter().flatten() {
        let places = ["pointer", "parameter", "header"].iter().filter(|place| error[**place].is_string());
        assert_eq!((places.count(), error["detail"].is_string()), (1, true), "{error}");
        let pointer = error["pointer"].as_str().unwrap_or("");
        assert!(pointer.is_empty() || pointer.starts_with('/'), "{error}");
    }
    let rest = IDENTIFIER.replace_all(&problem.to_string(), "").into_owned();
    // The published limits of 32-bit integers have ten digits.
    let rest = rest.replace("from -2147483648 to 2147483647", "");
    assert!(!CPR_LIKE.is_match(&rest), "a CPR number in {rest}");
}

/// The last part of a problem's type.
pub(crate) fn name_of(problem: &Value) -> Option<String> {
    Some(problem["type"].as_str()?.rsplit_once("/problems/")?.1.to_owned())
}
