//! Answers that no client may be handed: each is a 502 that says so, and the next call works.

use std::time::Duration;

use serde_json::json;

use crate::support::app::App;
use crate::support::client::Answer;
use crate::support::contract::{GUID, Leaf, Member, ROUTES, Route, Shape, element_at, route};
use crate::support::exchange::{self, DFDG, Request, request, usual_reply, version_of};
use crate::support::sample::Extent;
use crate::support::upstream::{Received, Reply, envelope};
use crate::support::xml::Element;

const LIMIT: usize = 20_000;

async fn app() -> App {
    App::with(|config| {
        for common in [&mut config.udb.as_mut().unwrap().common, &mut config.dfdg.as_mut().unwrap().common] {
            common.response_limit_bytes = LIMIT;
            common.timeout = Duration::from_millis(700);
        }
    })
    .await
}

async fn call(app: &App, route: &Route) -> Answer {
    let Request { path, body, .. } = request(route, Extent::Minimal);
    app.call_of(route, &path).json(&body).send().await
}

/// A usual answer to whatever was asked, as text.
fn usual(received: &Received) -> String {
    match usual_reply(received) {
        Reply::Answer { body, .. } => String::from_utf8(body).unwrap(),
        other => panic!("{other:?}"),
    }
}

type Spoil = fn(&str) -> Vec<u8>;

/// Ways to spoil a good envelope.
const SPOILT: &[(&str, Spoil)] = &[
    ("empty", |_| Vec::new()),
    ("blank", |_| b" \r\n ".to_vec()),
    ("HTML", |_| b"<!DOCTYPE html><html><body>Gateway <br> error</body></html>".to_vec()),
    ("HTML that is XML", |_| b"<html><body>Service unavailable</body></html>".to_vec()),
    ("JSON", |_| b"{\"error\":\"x\"}".to_vec()),
    ("cut off", |good| good.as_bytes()[..good.len() - 20].to_vec()),
    ("cut off in the declaration", |_| b"<?xml ver".to_vec()),
    ("too large", |good| {
        good.replace("<s:Body>", &format!("<!--{}--><s:Body>", "x".repeat(LIMIT))).into_bytes()
    }),
    ("too deep", |good| nested(good, 100)),
    ("far too deep", |good| nested(good, 2000)),
    ("a DTD", |good| format!("<!DOCTYPE s:Envelope>{good}").into_bytes()),
    ("an entity bomb", |good| {
        let dtd = "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>";
        format!("{dtd}{}", good.replace("<s:Body>", "<s:Header>&b;</s:Header><s:Body>")).into_bytes()
    }),
    ("an external entity", |good| {
        format!("<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>{good}").into_bytes()
    }),
    ("an undeclared entity", |good| {
        good.replace("<s:Body>", "<s:Header>&nbsp;</s:Header><s:Body>").into_bytes()
    }),
    ("another message", |_| envelope("1.1", "<PingResponse xmlns=\"x\"/>").into_bytes()),
    ("the request", |good| good.replace("Response", "Request").into_bytes()),
    ("an empty body", |_| envelope("1.1", "").into_bytes()),
    ("text in the body", |_| envelope("1.1", "accepted").into_bytes()),
    ("no body", |good| good.replace("s:Body>", "s:Head>").into_bytes()),
    ("no envelope", |good| good.replace("s:Envelope", "s:Letter").into_bytes()),
    ("no namespace of SOAP", |good| good.replace("/soap", "/soup").into_bytes()),
    ("not UTF-8", |good| [good.as_bytes(), b"<!-- \xFF\xFE -->"].concat()),
    ("something after the end", |good| format!("{good}<x/>").into_bytes()),
    ("text after the end", |good| format!("{good} x").into_bytes()),
    ("crossed tags", |good| good.replace("<s:Body>", "<s:Body><a><b></a></b>").into_bytes()),
    ("a control character", |good| {
        good.replace("<s:Body>", "<s:Header>\u{1}</s:Header><s:Body>").into_bytes()
    }),
    ("a reference to one", |good| good.replace("<s:Body>", "<s:Header>&#1;</s:Header><s:Body>").into_bytes()),
    ("an attribute twice", |good| {
        good.replace("<s:Body>", "<s:Header a=\"1\" a=\"2\"/><s:Body>").into_bytes()
    }),
    ("UTF-16 that says UTF-8", |good| good.encode_utf16().flat_map(u16::to_le_bytes).collect()),
];

fn nested(good: &str, levels: usize) -> Vec<u8> {
    let inside = "<a>".repeat(levels) + &"</a>".repeat(levels);
    good.replace("</s:Body>", &format!("</s:Body><x>{inside}</x>")).into_bytes()
}

#[tokio::test]
async fn an_unusable_answer_is_a_502_and_the_next_call_works() {
    let app = app().await;
    for id in ["updateJobcenter", "reportYouth", "getYouthContacts", "listYouthContactChanges"] {
        let route = route(id);
        for (name, spoil) in SPOILT {
            for status in [200, 500] {
                app.upstream.answers(move |received| Reply::xml(status, spoil(&usual(received))));
                let answer = call(&app, route).await;
                assert_eq!(answer.refusal(), (502, "upstream-malformed".to_owned()), "{id} {name} {status}");
                if route.writes() {
                    assert_eq!(answer.json()["outcome"], "unknown");
                }
            }
            app.upstream.answers(usual_reply);
            assert_eq!(call(&app, route).await.status, route.status, "after {name}");
        }
    }
}

#[tokio::test]
async fn a_write_that_was_not_answered_well_is_sent_once() {
    let app = app().await;
    for (_, spoil) in SPOILT {
        app.upstream.answers(|received| Reply::xml(503, spoil(&usual(received))));
        call(&app, route("updateJobcenter")).await;
        app.upstream.take_one();
    }
}

#[tokio::test]
async fn an_upstream_that_breaks_off_leaves_the_outcome_unknown() {
    let app = app().await;
    for id in ["updateJobcenter", "reportYouth", "getYouthContacts"] {
        let route = route(id);
        for (reply, status, name) in [
            (Reply::Close, 502, "upstream-unreachable"),
            (Reply::Cut(b"<s:Envelope".to_vec()), 502, "upstream-unreachable"),
            (Reply::Redirect, 502, "upstream-malformed"),
            (Reply::Stall, 504, "upstream-timeout"),
        ] {
            let shown = format!("{id} {reply:?}");
            app.upstream.always(reply);
            let answer = call(&app, route).await;
            assert_eq!(answer.refusal(), (status, name.to_owned()), "{shown}");
            if route.writes() {
                assert_eq!(answer.json()["outcome"], "unknown", "{shown}");
                app.upstream.take_one();
            }
            app.upstream.answers(usual_reply);
            assert_eq!(call(&app, route).await.status, route.status, "after {shown}");
            app.upstream.take();
        }
    }
}

#[tokio::test]
async fn an_upstream_that_is_not_there_executed_nothing() {
    let nowhere = "http://127.0.0.1:9/".to_owned();
    let app = App::with(|config| {
        config.dfdg.as_mut().unwrap().endpoint.clone_from(&nowhere);
        config.udb.as_mut().unwrap().hent_institution_kontakt.clone_from(&nowhere);
        config.udb.as_mut().unwrap().indberetning_kontakt_job_og_udd_oensker = nowhere;
    })
    .await;
    for id in ["updateJobcenter", "reportYouth", "getYouthContacts"] {
        let route = route(id);
        let answer = call(&app, route).await;
        assert_eq!(answer.refusal(), (502, "upstream-unreachable".to_owned()));
        if route.writes() {
            assert_eq!(answer.json()["outcome"], "not-executed");
        }
    }
}

/// The leaves of an answer: path below its root, what it is, and whether it must be there.
fn leaves(members: &[Member], around: &[String], found: &mut Vec<(Vec<String>, Leaf, bool)>) {
    for member in members {
        let path = [around, &member.wire].concat();
        match &member.shape {
            Shape::Leaf(leaf) => found.push((path, leaf.clone(), member.required)),
            Shape::Object(members) | Shape::List(members) => leaves(members, &path, found),
            Shape::Numbers => {}
        }
    }
}

/// Routes with each answer once: a receipt, an interview.
fn kinds_of_answers() -> Vec<&'static Route> {
    ["updateJobcenter", "createInterview"].map(route).to_vec()
}

/// The last element of a path in a tree; of repeated ones the last.
fn last_of<'e>(element: &'e mut Element, path: &[String]) -> &'e mut Element {
    let Some((first, rest)) = path.split_first() else { return element };
    last_of(element.children.iter_mut().rfind(|child| child.name == *first).unwrap(), rest)
}

async fn call_with(app: &App, route: &Route, message: &Element) -> Answer {
    app.upstream.always(Reply::message("1.1", &message.xml(DFDG)));
    call(app, route).await
}

#[tokio::test]
async fn an_element_that_is_required_must_be_in_an_answer() {
    let app = app().await;
    for route in kinds_of_answers() {
        let good = exchange::answer(route, Extent::Full).message;
        let mut found = Vec::new();
        leaves(&route.answer, &[], &mut found);
        for (path, leaf, required) in found {
            // A code is an element with a wrapped value: both go.
            let path = if matches!(leaf, Leaf::Code { .. }) { &path[..path.len() - 1] } else { &path[..] };
            let (last, around) = path.split_last().unwrap();
            let mut message = good.clone();
            last_of(&mut message, around).children.retain(|child| child.name != *last);
            let answer = call_with(&app, route, &message).await;
            let expected = if required { 502 } else { route.status };
            assert_eq!(answer.status, expected, "{} without {path:?}", route.id);
            let optional = element_at(route.output(), path)["occurs"] == "0 - 1";
            assert_eq!(optional, !required);
        }
    }
}

#[tokio::test]
async fn an_element_of_the_wrong_type_or_twice_is_no_answer() {
    let app = app().await;
    for route in kinds_of_answers() {
        let good = exchange::answer(route, Extent::Full).message;
        let mut found = Vec::new();
        leaves(&route.answer, &[], &mut found);
        for (path, leaf, _) in found {
            let (last, around) = path.split_last().unwrap();
            let mut message = good.clone();
            let parent = last_of(&mut message, around);
            let again = parent.children.iter().find(|child| child.name == *last).unwrap().clone();
            parent.children.push(again);
            assert_eq!(
                call_with(&app, route, &message).await.problem(),
                "upstream-malformed",
                "{path:?} twice"
            );
            for text in wrong_texts(&leaf) {
                let mut message = good.clone();
                last_of(&mut message, &path).text = Some((*text).to_owned());
                let answer = call_with(&app, route, &message).await;
                assert_eq!(answer.problem(), "upstream-malformed", "{} {path:?}: {text}", route.id);
            }
        }
    }
}

fn wrong_texts(leaf: &Leaf) -> &'static [&'static str] {
    match leaf {
        Leaf::Pattern(pattern) if pattern == GUID => &["x", "", "7d4a1c52"],
        Leaf::Text { .. } | Leaf::Pattern(_) => &[],
        Leaf::Code { .. } | Leaf::Integer { .. } => &["x", "", "1.5", "1e3", "0x10", "99999999999999999999"],
        Leaf::Boolean => &["yes", "", "2", "True"],
        Leaf::Instant => {
            &["x", "", "2026-01-01", "2026-02-30T00:00:00Z", "2026-03-29T02:30:00", "2026-01-01T25:00:00Z"]
        }
        Leaf::Day => &["x", "", "2026-02-30"],
    }
}

#[tokio::test]
async fn every_route_over_star_takes_an_answer_of_its_own_operation_only() {
    let app = app().await;
    for route in ROUTES.iter().filter(|route| route.upstream == "dfdg") {
        let mut message = exchange::answer(route, Extent::Minimal).message;
        message.name = message.name.replace("Response", "Response2");
        assert_eq!(call_with(&app, route, &message).await.problem(), "upstream-malformed", "{}", route.id);
    }
}

#[tokio::test]
async fn the_detail_of_an_unusable_answer_quotes_nothing_of_it() {
    let app = app().await;
    let route = route("updateJobcenter");
    let version = version_of(&route.operation);
    app.upstream.always(Reply::message(
        version,
        "<Planted-0101900001 xmlns=\"urn:planted\">planted</Planted-0101900001>",
    ));
    let answer = call(&app, route).await;
    assert!(!answer.text().to_lowercase().contains("planted"), "{}", answer.text());
    assert_eq!(answer.json()["errors"], json!(null));
}
