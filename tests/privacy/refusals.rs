//! Requests that are refused, each with planted values in what is wrong with it.

use serde_json::{Value, json};

use super::answers::Watched;
use super::planted::{PHONE, WORD, planted, token, token_with};
use crate::support::client::Call;
use crate::support::contract::{ROUTES, Route};
use crate::support::exchange::{CPR, request_with};
use crate::support::sample::Extent;
use crate::support::token::{NARROW_ISSUER, Token};

fn route(id: &str) -> &'static Route {
    ROUTES.iter().find(|route| route.id == id).unwrap()
}

/// Makes every kind of refused request.
pub(crate) async fn make_all(watched: &mut Watched) {
    for call in calls(watched) {
        let answer = watched.send(call).await;
        assert!(answer.status >= 400, "{} {}", answer.status, answer.text());
    }
}

fn calls(watched: &Watched) -> Vec<Call> {
    let mut calls = tokens(watched);
    calls.extend(paths_and_headers(watched));
    calls.extend(bodies(watched));
    calls
}

/// Who is nobody, or may not.
fn tokens(watched: &Watched) -> Vec<Call> {
    let route = route("createInterview");
    let path = format!("/persons/{CPR}/interviews");
    let call = |bearer: &str| watched.app.call("POST", &path).bearer(bearer);
    let good = || {
        Token::caseworker(&route.scopes.join(" "), "jobcenter:15101")
            .with("sub", format!("{WORD}-sub"))
            .with("name", WORD)
    };
    vec![
        watched.app.call("POST", &path),
        watched.app.call("POST", &path).header("Authorization", &format!("Basic {WORD}")),
        call(WORD),
        call(&format!("{WORD}.{WORD}.{WORD}")),
        call(&good().forged()),
        call(&good().confused()),
        call(&good().unsigned()),
        call(&token_with(good().with("exp", 1))),
        call(&token_with(good().with("aud", WORD))),
        call(&token_with(good().with("iss", WORD))),
        call(&token_with(good().with_header("kid", WORD))),
        call(&token_with(good().with("scope", WORD))),
        call(&token_with(good().with("authorities", json!([format!("jobcenter:{WORD}")])))),
        call(&token_with(good().with("authorities", json!(["jobcenter:1", "jobcenter:2"])))),
        call(&token_with(good().with("iss", NARROW_ISSUER))),
        call(&token(route)).header("X-Authority", &format!("jobcenter:{WORD}")),
        call(&token(route)).header("X-Authority", "jobcenter:73519281"),
        call(&Token::caseworker(&route.scopes.join(" "), "jobcenter:15101").without("name").signed())
            .json(&request_with(route, Extent::Full, &mut planted()).body),
        call(
            &Token::caseworker(&route.scopes.join(" "), "jobcenter:15101")
                .with("name", format!("{WORD}\u{1}"))
                .signed(),
        )
        .json(&request_with(route, Extent::Full, &mut planted()).body),
    ]
}

/// What stands before the body.
fn paths_and_headers(watched: &Watched) -> Vec<Call> {
    let look_up = route("getYouthContacts");
    let changes = route("listYouthContactChanges");
    let delete = route("deleteConsent");
    let write = route("createInterview");
    let get = |path: &str| watched.call(look_up, path);
    let changed = |query: &str| watched.call(changes, &format!("/youth/contacts?{query}"));
    let written = || watched.call(write, &format!("/persons/{CPR}/interviews"));
    vec![
        watched.app.call("GET", &format!("/{WORD}/{CPR}?{WORD}={CPR}")),
        watched.app.call("GET", &format!("/persons/{CPR}/interviews")),
        watched.app.call(&WORD.to_uppercase(), &format!("/youth/{CPR}/contacts")),
        get(&format!("/youth/{WORD}/contacts")),
        get(&format!("/youth/{CPR}1/contacts")),
        get("/youth/010190-0001/contacts"),
        get(&format!("/youth/{CPR}%00{WORD}/contacts")),
        get("/youth/-/contacts"),
        get("/youth/-/contacts").header("X-CivilRegistrationIdentifier", WORD),
        get(&format!("/youth/{CPR}/contacts")).header("X-CivilRegistrationIdentifier", "0202910002"),
        get(&format!("/youth/{CPR}/contacts?{WORD}={WORD}")),
        changed(&format!("since={WORD}")),
        changed(&format!("cursor={WORD}{CPR}")),
        changed(&format!("cursor=a&since=2026-01-01T00:00:00Z&{WORD}=1")),
        watched.call(delete, &format!("/persons/{CPR}/consents/{WORD}")),
        written().header("Idempotency-Key", &format!("{WORD} {CPR}")).json(&json!({})),
        written().header("Idempotency-Key", &WORD.repeat(40)).json(&json!({})),
        watched.app.call("GET", "/youth/-/contacts").bearer(&token(look_up)).header("X-Purpose", CPR),
        get(&format!("/youth/{CPR}/contacts?{}", WORD.repeat(1000))),
        get(&format!("/youth/{CPR}/contacts")).header("X-Long", &WORD.repeat(2000)),
    ]
}

/// What stands in the body.
fn bodies(watched: &Watched) -> Vec<Call> {
    let mut calls = Vec::new();
    for route in ROUTES.iter().filter(|route| !route.body.is_empty()) {
        let good = request_with(route, Extent::Full, &mut planted());
        let call = || watched.call(route, &good.path);
        calls.push(call().body(&format!("text/{WORD}"), WORD));
        calls.push(call().body("application/json", format!("{{\"{WORD}\": {CPR}")));
        calls.push(call().body("application/json", format!("[\"{WORD}\", {CPR}]")));
        calls.push(call().body("application/json", [b"\"\xff".as_slice(), WORD.as_bytes()].concat()));
        calls.push(call().body("application/json", format!("\"{}\"", WORD.repeat(10_000))));
        let members = good.body.as_object().unwrap();
        for wrong in [json!(WORD), json!([CPR, WORD]), json!({ "a": CPR }), json!(7_351_928_000_i64)] {
            let spoilt: Value = members.keys().map(|name| (name.clone(), wrong.clone())).collect();
            calls.push(call().json(&spoilt));
        }
        let mut unknown = good.body.clone();
        unknown["unknown"] = json!(format!("{WORD} {CPR} {PHONE}"));
        calls.push(call().json(&unknown));
        calls.push(call().json(&spoilt_texts(&good.body)));
    }
    calls
}

/// The same body with texts that are too long and hold what XML cannot.
fn spoilt_texts(body: &Value) -> Value {
    match body {
        Value::String(text) => json!(format!("{text}\u{1}{}", WORD.repeat(400))),
        Value::Array(items) => items.iter().map(spoilt_texts).collect(),
        Value::Object(members) => {
            members.iter().map(|(name, value)| (name.clone(), spoilt_texts(value))).collect()
        }
        other => other.clone(),
    }
}
