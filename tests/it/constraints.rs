//! Every constraint of every member: what breaks it is refused at its pointer before any call, what just keeps it arrives.

use futures_util::StreamExt;
use serde_json::{Value, json};

use crate::support::app::App;
use crate::support::contract::{Leaf, Member, ROUTES, Route, Shape, route};
use crate::support::exchange::{Request, request, usual_reply};
use crate::support::near::values;
use crate::support::sample::Extent;

/// A body and what must become of it.
struct Case {
    route: &'static Route,
    path: String,
    body: String,
    status: u16,
    name: &'static str,
    places: Vec<String>,
}

impl Case {
    fn malformed(route: &'static Route, path: &str, body: String) -> Self {
        Self { route, path: path.to_owned(), body, status: 400, name: "malformed-json", places: vec![] }
    }
}

/// A member and where it stands in the full body; of lists the second item.
fn places(members: &[Member], around: &str) -> Vec<(String, Member)> {
    let mut found = Vec::new();
    for member in members {
        let pointer = format!("{around}/{}", member.name);
        match &member.shape {
            Shape::Object(members) => found.extend(places(members, &pointer)),
            Shape::List(members) => found.extend(places(members, &format!("{pointer}/1"))),
            Shape::Leaf(_) | Shape::Numbers => {}
        }
        found.push((pointer, member.clone()));
    }
    found
}

/// The full body with the JSON text of one member replaced.
fn with(body: &Value, pointer: &str, text: &str) -> String {
    const MARK: &str = "\u{1}mark";
    let mut body = body.clone();
    *body.pointer_mut(pointer).unwrap() = MARK.into();
    body.to_string().replace(&Value::from(MARK).to_string(), text)
}

/// A member that the path names as well must be what the path says.
fn is_named_in_path(route: &Route, member: &Member) -> bool {
    route.parameters.iter().any(|parameter| parameter.wire.as_ref() == Some(&member.wire))
}

async fn check(app: &App, cases: Vec<Case>) -> usize {
    let count = cases.len();
    let calls = cases.into_iter().map(|case| async move {
        let call = app.call_of(case.route, &case.path).body("application/json", case.body.clone());
        let answer = call.send().await;
        let expected = (case.status, case.name.to_owned(), case.places);
        let (status, name) =
            if answer.status < 400 { (answer.status, String::new()) } else { answer.refusal() };
        let places = if answer.status < 400 { Vec::new() } else { answer.places() };
        let shown: String = case.body.chars().take(600).collect();
        assert_eq!((status, name, places), expected, "{}: {shown}", case.route.id);
    });
    futures_util::stream::iter(calls).buffer_unordered(8).count().await;
    count
}

fn with_bodies() -> impl Iterator<Item = &'static Route> {
    ROUTES.iter().filter(|route| !route.body.is_empty())
}

#[tokio::test]
async fn what_breaks_a_constraint_is_refused_at_its_pointer() {
    let app = App::with(|config| config.server.body_limit_bytes = 1 << 20).await;
    let mut cases = Vec::new();
    for route in with_bodies() {
        let Request { path, body, .. } = request(route, Extent::Full);
        for (pointer, member) in places(&route.body, "") {
            for (text, _) in values(&member).into_iter().filter(|(_, taken)| !taken) {
                let places = match text == "{}" && matches!(member.shape, Shape::Object(_)) {
                    true => continue,
                    false => vec![pointer.clone()],
                };
                let body = with(&body, &pointer, &text);
                cases.push(Case {
                    route,
                    path: path.clone(),
                    body,
                    status: 422,
                    name: "validation-failed",
                    places,
                });
            }
        }
    }
    assert!(check(&app, cases).await > 2000);
    assert_eq!(app.upstream.take().len(), 0, "a body that fails costs no call");
}

#[tokio::test]
async fn what_just_keeps_a_constraint_is_sent() {
    let app = App::with(|config| config.server.body_limit_bytes = 1 << 20).await;
    app.upstream.answers(usual_reply);
    for route in with_bodies() {
        let Request { path, body, .. } = request(route, Extent::Full);
        for (pointer, member) in places(&route.body, "") {
            if is_named_in_path(route, &member) {
                continue;
            }
            for (text, _) in values(&member).into_iter().filter(|(_, taken)| *taken) {
                let body = with(&body, &pointer, &text);
                let answer = app.call_of(route, &path).body("application/json", body.clone()).send().await;
                assert_eq!(answer.status, route.status, "{} {pointer} {text}: {}", route.id, answer.text());
                let received = app.upstream.take_one();
                check_arrived(route, &member, &text, &received.message());
            }
        }
    }
}

fn check_arrived(route: &Route, member: &Member, json: &str, message: &crate::support::xml::Element) {
    let value: Value = serde_json::from_str(json).unwrap();
    let texts = match (&member.shape, &value) {
        (Shape::Leaf(Leaf::Instant), _) | (_, Value::Null | Value::Array(_) | Value::Object(_)) => return,
        _ => crate::support::sample::text(&value),
    };
    let leaves = message.leaves();
    let end = format!("/{}", member.wire.join("/"));
    let found = leaves.iter().any(|(path, text)| path.ends_with(&end) && *text == texts);
    assert!(found, "{}: {end} does not hold {texts:?}", route.id);
}

#[tokio::test]
async fn a_missing_or_unknown_member_is_named() {
    let app = App::start().await;
    let mut cases = Vec::new();
    for route in with_bodies() {
        let Request { path, body, .. } = request(route, Extent::Full);
        let mut push = |body: Value, place: String| {
            let body = body.to_string();
            let case = Case {
                route,
                path: path.clone(),
                body,
                status: 422,
                name: "validation-failed",
                places: vec![place],
            };
            cases.push(case);
        };
        let mut objects = vec![String::new()];
        for (pointer, member) in places(&route.body, "") {
            let (around, name) = pointer.rsplit_once('/').unwrap();
            if member.required {
                let mut body = body.clone();
                body.pointer_mut(around).unwrap().as_object_mut().unwrap().remove(name);
                push(body, pointer.clone());
            }
            match member.shape {
                Shape::Object(_) => objects.push(pointer),
                Shape::List(_) => objects.push(format!("{pointer}/1")),
                Shape::Leaf(_) | Shape::Numbers => {}
            }
        }
        for object in objects {
            let mut body = body.clone();
            body.pointer_mut(&object).unwrap()["notKnown"] = Value::Null;
            push(body, format!("{object}/notKnown"));
        }
    }
    assert!(check(&app, cases).await > 100);
    assert_eq!(app.upstream.take().len(), 0);
}

#[tokio::test]
async fn a_member_that_stands_twice_is_malformed_json() {
    let app = App::start().await;
    let mut cases = Vec::new();
    for route in with_bodies() {
        let Request { path, body, .. } = request(route, Extent::Full);
        for (pointer, _) in places(&route.body, "") {
            let (_, name) = pointer.rsplit_once('/').unwrap();
            let value = body.pointer(&pointer).unwrap().to_string();
            let twice = with(&body, &pointer, &format!("{value},\"{name}\":{value}"));
            cases.push(Case::malformed(route, &path, twice));
        }
    }
    assert!(check(&app, cases).await > 100);
    assert_eq!(app.upstream.take().len(), 0);
}

#[tokio::test]
async fn a_body_must_be_one_json_object() {
    let app = App::start().await;
    let mut cases = Vec::new();
    for route in with_bodies() {
        let Request { path, body, .. } = request(route, Extent::Full);
        let not_json =
            ["", " ", "{", "{\"a\":1,}", "{'a':1}", "nul", "\u{0}", "{\"a\":\"\\ud800\"}", "// x\n{}"]
                .map(str::to_owned);
        let after = [format!("{body}{body}"), format!("{body} x")];
        for text in not_json.into_iter().chain(after) {
            cases.push(Case::malformed(route, &path, text));
        }
        for text in ["null", "[]", "\"x\"", "7", "true"] {
            let places = vec![String::new()];
            let body = text.to_owned();
            cases.push(Case {
                route,
                path: path.clone(),
                body,
                status: 422,
                name: "validation-failed",
                places,
            });
        }
    }
    check(&app, cases).await;
    assert_eq!(app.upstream.take().len(), 0);
}

#[tokio::test]
async fn all_faults_of_a_body_are_told_at_once() {
    let app = App::start().await;
    for route in with_bodies() {
        let Request { path, body, .. } = request(route, Extent::Full);
        let mut body = body;
        let mut expected = Vec::new();
        for (pointer, member) in places(&route.body, "") {
            if matches!(member.shape, Shape::Leaf(_)) {
                *body.pointer_mut(&pointer).unwrap() = json!([]);
                expected.push(pointer);
            }
        }
        body["notKnown"] = json!(1);
        expected.push("/notKnown".to_owned());
        let answer = app.call_of(route, &path).json(&body).send().await;
        let mut places = answer.places();
        places.sort();
        expected.sort();
        assert_eq!((answer.status, places), (422, expected), "{}", route.id);
    }
}

/// What only the whole body can show is told together with what is wrong with single values, and nothing twice.
#[tokio::test]
async fn faults_of_the_whole_are_told_with_the_others() {
    let app = App::start().await;
    let other = "7d4a1c52-0b3e-4f6a-9c1d-2e5f8a9b0c3d";
    type Change<'c> = &'c dyn Fn(&mut Value);
    let cases: [(&str, Change<'_>, &[&str]); 7] = [
        ("reportYouth", &|body| *body = json!([]), &[""]),
        ("reportYouth", &|body| *body = json!({ "notKnown": 1 }), &["", "/notKnown"]),
        ("reportYouth", &|body| *body = json!({ "jobWishes": 7 }), &["/jobWishes"]),
        ("reportYouth", &|body| body["jobWishes"]["notKnown"] = json!(1), &["/jobWishes/notKnown"]),
        ("updateInterview", &|body| body["messageIdentifier"] = json!(other), &["/messageIdentifier"]),
        ("updateInterview", &|body| body["messageIdentifier"] = json!(7), &["/messageIdentifier"]),
        (
            "updateInterview",
            &|body| {
                body["messageIdentifier"] = json!(other);
                body["notKnown"] = json!(1);
            },
            &["/messageIdentifier", "/notKnown"],
        ),
    ];
    for (id, change, expected) in cases {
        let Request { path, mut body, .. } = request(route(id), Extent::Full);
        change(&mut body);
        let answer = app.call_of(route(id), &path).json(&body).send().await;
        let mut places = answer.places();
        places.sort();
        assert_eq!(
            (answer.status, places),
            (422, expected.iter().map(ToString::to_string).collect()),
            "{body}"
        );
    }
    assert_eq!(app.upstream.take().len(), 0);
}

#[tokio::test]
async fn deep_and_wide_bodies_are_refused_quickly() {
    let app = App::with(|config| config.server.body_limit_bytes = 1 << 20).await;
    let route = route("createInterview");
    let path = request(route, Extent::Full).path;
    let wide: String = (0..50_000).map(|number| format!("\"m{number}\":0,")).collect();
    for (body, status) in [
        ("[".repeat(100_000), 400),
        (format!("{{\"a\":{}", "{\"a\":".repeat(10_000)), 400),
        (format!("{{{wide}\"z\":0}}"), 422),
    ] {
        assert_eq!(app.call_of(route, &path).body("application/json", body).send().await.status, status);
    }
    assert_eq!(app.upstream.take().len(), 0);
}

#[tokio::test]
async fn a_report_says_at_least_one_thing() {
    let app = App::start().await;
    app.upstream.answers(usual_reply);
    let route = route("reportYouth");
    let Request { path, body, .. } = request(route, Extent::Full);
    for body in
        [json!({}), json!({"jobWishes": null}), json!({"jobWishes": null, "municipalityContact": null})]
    {
        let answer = app.call_of(route, &path).json(&body).send().await;
        assert_eq!(
            (answer.refusal(), answer.places()),
            ((422, "validation-failed".to_owned()), vec![String::new()])
        );
    }
    for member in &route.at_least_one_of {
        let body = json!({ member: body[member] });
        assert_eq!(app.call_of(route, &path).json(&body).send().await.status, 200);
    }
    assert_eq!(app.upstream.take().len(), 3);
}

#[tokio::test]
async fn a_number_of_a_query_is_checked_where_it_stands() {
    let app = App::start().await;
    let route = route("queryYouthContacts");
    let cprs = json!([
        "0101900001",
        "0000000000",
        "3102900001",
        "010190000",
        "01019000011",
        "010190-0001",
        " 0101900001",
        101900001,
        null,
        "0161900001",
        "KOT1900001",
        "6101900001"
    ]);
    let answer = app.call_of(route, "/youth/contacts/query").json(&json!({ "cprs": cprs })).send().await;
    assert_eq!(answer.status, 422);
    // The last one is a number where test numbers are taken.
    assert_eq!(answer.places(), (1..12).map(|index| format!("/cprs/{index}")).collect::<Vec<_>>());
    let possible = ["0101900001", "6101900001"];
    let answer = app.call_of(route, "/youth/contacts/query").json(&json!({ "cprs": possible })).send().await;
    assert_eq!(answer.places(), ["/cprs/1"]);
    assert_eq!(app.upstream.take().len(), 0);
}
