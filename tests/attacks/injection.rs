//! Markup in every text that a client chooses: it arrives as text, and adds nothing to the message.

use serde_json::{Value, json};

use crate::support::app::{App, token_for};
use crate::support::contract::{Leaf, ROUTES, route};
use crate::support::exchange::{CPR, Request, request, request_with, usual_reply};
use crate::support::sample::{Extent, distinct};
use crate::support::upstream::Received;

/// What would end an element, a CDATA section, a comment or the message, or call for something from outside.
const MARKUP: [&str; 8] = [
    "</x><y>1</y>",
    "]]></x><![CDATA[",
    "<!--",
    "<?xml-stylesheet href='http://127.0.0.1/'?>",
    "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>&e;",
    "&lt;&#60;&amp;&e;",
    "</s:Body></s:Envelope>\r\n<s:Envelope>",
    "\u{85}\u{2028}\u{feff}\u{fffd} \u{202e}\"'",
];

/// Text, elements and attributes are all that a message holds.
fn only_elements(received: &Received) -> usize {
    let document = roxmltree::Document::parse(&received.body).unwrap();
    assert!(document.descendants().all(|node| node.is_root() || node.is_element() || node.is_text()));
    document.descendants().filter(roxmltree::Node::is_element).count()
}

#[tokio::test]
async fn markup_in_any_member_arrives_as_text() {
    let app = App::start().await;
    app.upstream.answers(usual_reply);
    for route in ROUTES.iter().filter(|route| !route.body.is_empty() && route.writes()) {
        let call = |request: &Request| app.call_of(route, &request.path).json(&request.body);
        let plain = request(route, Extent::Full);
        assert_eq!(call(&plain).send().await.status, route.status, "{}", route.id);
        let elements = only_elements(&app.upstream.take_one());
        for markup in MARKUP {
            let mut usual = distinct();
            let mut fill = |leaf: &Leaf| match (leaf, usual(leaf)) {
                (Leaf::Text { max, .. }, _) => markup.chars().take(*max).collect::<String>().into(),
                (Leaf::Pattern(pattern), _) if pattern.contains('@') => json!("<!--&'@\"<x&y"),
                (_, other) => other,
            };
            let attack = request_with(route, Extent::Full, &mut fill);
            let answer = call(&attack).send().await;
            assert_eq!(answer.status, route.status, "{} {markup}: {}", route.id, answer.text());
            let received = app.upstream.take_one();
            assert_eq!(only_elements(&received), elements, "{} {markup}", route.id);
            let leaves = |leaves: Vec<(String, String)>| -> Vec<_> {
                leaves.into_iter().filter(|(path, _)| !path.ends_with("/SystemTransactionID")).collect()
            };
            assert_eq!(leaves(received.message().leaves()), leaves(attack.message.leaves()), "{}", route.id);
        }
    }
}

#[tokio::test]
async fn markup_in_a_token_arrives_as_text() {
    let app = App::start().await;
    app.upstream.answers(usual_reply);
    let route = route("createHealthLimitation");
    let Request { path, body, .. } = request(route, Extent::Minimal);
    for markup in MARKUP {
        let token = token_for(route).with("name", markup).with("sub", markup);
        let answer = app.call("POST", &path).token(&token).json(&body).send().await;
        assert_eq!(answer.status, 201, "{markup}: {}", answer.text());
        let received = app.upstream.take_one();
        only_elements(&received);
        let document = roxmltree::Document::parse(&received.body).unwrap();
        for name in ["UserFullName", "UserIdentifier"] {
            let user = document.descendants().find(|node| node.tag_name().name() == name).unwrap();
            assert_eq!(user.text(), Some(markup));
        }
    }
}

#[tokio::test]
async fn what_stands_in_path_or_query_is_checked_before_it_is_sent() {
    let app = App::start().await;
    app.upstream.answers(usual_reply);
    let change = route("updateHealthLimitation");
    let body = request(change, Extent::Minimal).body;
    for markup in ["%3C%2Fx%3E", "x%26e%3B", "%00", "7d4a1c52-0b3e-4f6a-9c1d-00000000000g", "-", "%C3%28"] {
        let path = format!("/persons/{CPR}/health-limitations/{markup}");
        let answer = app.call_of(change, &path).json(&body).send().await;
        assert!([400, 404].contains(&answer.status), "{markup}: {}", answer.status);
    }
    let changes = route("listYouthContactChanges");
    for query in
        ["since=%3Cx%2F%3E", "since=2026-01-01T00:00:00Z%00", "cursor=%3Cx%2F%3E", "cursor=", "since=%FF"]
    {
        let answer = app.call_of(changes, &format!("/youth/contacts?{query}")).send().await;
        assert_eq!(answer.refusal(), (400, "invalid-parameter".to_owned()), "{query}");
    }
    assert!(app.upstream.take().is_empty());
}

/// Unmistakable, and of no form that anything has.
const PLANTED: &str = "Zaphod";

#[tokio::test]
async fn no_problem_repeats_what_was_sent() {
    let app = App::start().await;
    app.upstream.answers(usual_reply);
    let route = route("createHealthLimitation");
    let good = request(route, Extent::Minimal);
    let call = || app.call_of(route, &good.path);
    let member = |name: &str, value: Value| {
        let mut body = good.body.clone();
        body[name] = value;
        body
    };
    let long = format!("{PLANTED}{}", "x".repeat(2000));
    let answers = [
        app.call_of(route, &format!("/persons/{PLANTED}/health-limitations")).json(&good.body).send().await,
        app.call_of(route, &format!("{}?{PLANTED}={PLANTED}", good.path)).json(&good.body).send().await,
        app.call("GET", &format!("/{PLANTED}")).send().await,
        app.call("POST", &good.path).bearer(PLANTED).send().await,
        app.call("POST", &good.path).token(&token_for(route).with("iss", PLANTED)).send().await,
        app.call("POST", &good.path).token(&token_for(route).with("scope", PLANTED)).send().await,
        call().header("X-Authority", PLANTED).json(&good.body).send().await,
        call().header("X-Authority", &format!("jobcenter:{PLANTED}")).json(&good.body).send().await,
        call().header("X-CivilRegistrationIdentifier", PLANTED).json(&good.body).send().await,
        call().header("Idempotency-Key", &format!("{PLANTED} {PLANTED}")).json(&good.body).send().await,
        call().header("X-Purpose", &long).json(&good.body).send().await,
        call().body(&format!("text/{PLANTED}"), "{}").send().await,
        call().body("application/json", format!("{{\"{PLANTED}")).send().await,
        call().body("application/json", format!("{{\"{PLANTED}\":1,\"{PLANTED}\":2}}")).send().await,
        call().json(&member("description", json!(long))).send().await,
        call().json(&member("startDate", json!(PLANTED))).send().await,
        call().json(&member("documentation", json!(PLANTED))).send().await,
        call().json(&member(&format!("{PLANTED} Beeblebrox"), json!(1))).send().await,
    ];
    for (index, answer) in answers.iter().enumerate() {
        assert!((400..500).contains(&answer.status), "{index}: {}", answer.status);
        assert!(!answer.text().contains(PLANTED), "{index}: {}", answer.text());
        for value in answer.headers.values() {
            assert!(!String::from_utf8_lossy(value.as_bytes()).contains(PLANTED), "{index}");
        }
    }
    assert!(app.upstream.take().is_empty());
}
