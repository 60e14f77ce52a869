//! Somebody else's keys, answers, cursors and rights are of no use.

use std::time::Duration;

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;
use ungebro::config::{Config, JwksSource};

use crate::support::app::App;
use crate::support::client::Answer;
use crate::support::contract::route;
use crate::support::exchange::{CPR, Request, contact_row, hent_svar, request, usual_reply};
use crate::support::sample::Extent;
use crate::support::token::{NARROW_ISSUER, Token};
use crate::support::upstream::{Reply, envelope};

const KEY: &str = "00000000-0000-4000-8000-000000000001";

fn reporter() -> Token {
    Token::caseworker("youth.reports.write", "municipality:151")
}

fn reader(authority: &str) -> Token {
    Token::caseworker("youth.contacts.read youth.contacts.changes.read", authority)
}

async fn report(app: &App, token: &Token, request: &Request) -> Answer {
    let call = app.call("POST", &request.path).token(token).header("Idempotency-Key", KEY);
    call.json(&request.body).send().await
}

#[tokio::test]
async fn a_key_means_nothing_to_another_subject_client_issuer_or_authority() {
    let app = App::start().await;
    app.upstream.answers(usual_reply);
    let report_of = request(route("reportYouth"), Extent::Full);
    let strangers = [
        reporter(),
        reporter().with("sub", "sagsbehandler-18"),
        reporter().with("client_id", "andet-system"),
        reporter().without("client_id"),
        reporter().with("iss", NARROW_ISSUER),
        Token::caseworker("youth.reports.write", "municipality:147"),
    ];
    for (index, stranger) in strangers.iter().enumerate() {
        let answer = report(&app, stranger, &report_of).await;
        assert_eq!((answer.status, answer.header("idempotency-replayed")), (200, None), "{index}");
        app.upstream.take_one();
    }
    for stranger in &strangers {
        let answer = report(&app, stranger, &report_of).await;
        assert_eq!((answer.status, answer.header("idempotency-replayed")), (200, Some("true")));
    }
    assert!(app.upstream.take().is_empty());
}

#[tokio::test]
async fn a_key_is_no_way_to_ask_what_somebody_else_sent() {
    let app = App::start().await;
    app.upstream.answers(usual_reply);
    let mut report_of = request(route("reportYouth"), Extent::Full);
    assert_eq!(report(&app, &reporter(), &report_of).await.status, 200);
    report_of.path = report_of.path.replace(CPR, "0202910002");
    let own = report(&app, &reporter(), &report_of).await;
    assert_eq!(own.refusal(), (422, "idempotency-key-reused".to_owned()));
    // Whoever is not its owner learns nothing, not even that the key was used.
    let stranger = report(&app, &reporter().with("sub", "sagsbehandler-18"), &report_of).await;
    assert_eq!((stranger.status, stranger.header("idempotency-replayed")), (200, None));
}

fn remembering(config: &mut Config) {
    config.cache.contacts_ttl = Duration::from_secs(60);
    config.cache.empty_ttl = Duration::from_secs(60);
}

#[tokio::test]
async fn what_one_authority_looked_up_another_does_not_find_in_the_cache() {
    let app = App::with(remembering).await;
    app.upstream.answers(usual_reply);
    let path = format!("/youth/{CPR}/contacts");
    let look_up = async |token: &Token| {
        let answer = app.call("GET", &path).token(token).send().await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.header("cache-status").unwrap().split(';').nth(1).unwrap().trim().to_owned()
    };
    for authority in
        ["jobcenter:15101", "jobcenter:1510", "jobcenter:015101", "star:15101", "jobcenter:14701"]
    {
        assert_eq!(look_up(&reader(authority)).await, "fwd=miss", "{authority}");
        app.upstream.take_one();
        assert_eq!(look_up(&reader(authority).with("sub", "kollega")).await, "hit", "{authority}");
        assert!(app.upstream.take().is_empty());
    }
}

#[tokio::test]
async fn another_authoritys_entity_tag_tells_nothing_about_its_answer() {
    let app = App::with(remembering).await;
    let row = |name: &str| contact_row(CPR).replace("Vejleder", name);
    let path = format!("/youth/{CPR}/contacts");
    app.upstream.always(Reply::xml(200, envelope("1.2", &hent_svar(false, None, vec![row("A")]))));
    let first = app.call("GET", &path).token(&reader("jobcenter:15101")).send().await;
    let tag = first.header("etag").unwrap();
    app.upstream.always(Reply::xml(200, envelope("1.2", &hent_svar(false, None, vec![row("B")]))));
    let call = |authority| app.call("GET", &path).token(&reader(authority)).header("If-None-Match", tag);
    assert_eq!(call("jobcenter:14701").send().await.status, 200);
    assert_eq!(call("jobcenter:15101").send().await.status, 304);
}

#[tokio::test]
async fn a_cursor_is_refused_when_it_is_anothers_or_changed() {
    let app = App::start().await;
    let page = hent_svar(true, Some("2026-01-01T10:00:00.1234567"), vec![contact_row(CPR)]);
    app.upstream.always(Reply::xml(200, envelope("1.2", &page)));
    let since = "/youth/contacts?since=2025-12-31T00:00:00Z";
    let first = app.call("GET", since).token(&reader("jobcenter:15101")).send().await.json();
    let cursor = first["nextCursor"].as_str().unwrap();
    app.upstream.take();
    let follow = async |cursor: &str, authority: &str| {
        let path = format!("/youth/contacts?cursor={cursor}");
        app.call("GET", &path).token(&reader(authority)).send().await
    };
    let refused = (400, "invalid-parameter".to_owned());
    for authority in ["jobcenter:14701", "star:15101", "jobcenter:015101"] {
        assert_eq!(follow(cursor, authority).await.refusal(), refused, "{authority}");
    }
    for index in 0..cursor.len() {
        let other = if &cursor[index..=index] == "A" { "B" } else { "A" };
        let changed = format!("{}{other}{}", &cursor[..index], &cursor[index + 1..]);
        assert_eq!(follow(&changed, "jobcenter:15101").await.refusal(), refused, "character {index}");
    }
    let later = URL_SAFE_NO_PAD.encode("2027-01-01T10:00:00");
    for made_up in [&later, &format!("{cursor}{later}"), &cursor[..40], &"A".repeat(4000)] {
        assert_eq!(follow(made_up, "jobcenter:15101").await.refusal(), refused);
    }
    assert!(app.upstream.take().is_empty());
}

/// A key set with the usual `kid`, and a key that nobody here has.
fn other_keys() -> String {
    let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
    let (x, y) = key.public_key().as_ref()[1..].split_at(32);
    let [x, y] = [x, y].map(|part| URL_SAFE_NO_PAD.encode(part));
    json!({"keys": [{"kty": "EC", "crv": "P-256", "kid": "key-1", "x": x, "y": y}]}).to_string()
}

#[tokio::test]
async fn an_issuers_key_signs_for_no_other_issuer() {
    let app = App::with(|config| config.auth.issuers[1].jwks = JwksSource::Memory(other_keys())).await;
    app.upstream.answers(usual_reply);
    let report_of = request(route("reportYouth"), Extent::Full);
    assert_eq!(report(&app, &reporter(), &report_of).await.status, 200);
    app.upstream.take_one();
    for issuer in [NARROW_ISSUER, &NARROW_ISSUER.to_uppercase(), NARROW_ISSUER.trim_end_matches('/'), ""] {
        let answer = report(&app, &reporter().with("iss", issuer), &report_of).await;
        assert_eq!(answer.status, 401, "{issuer}");
    }
    let both = json!([crate::support::token::ISSUER, NARROW_ISSUER]);
    assert_eq!(report(&app, &reporter().with("iss", both), &report_of).await.status, 401);
    assert!(app.upstream.take().is_empty());
}

#[tokio::test]
async fn no_way_of_writing_an_authority_gives_more_than_the_token() {
    let app = App::start().await;
    app.upstream.answers(usual_reply);
    let path = format!("/youth/{CPR}/contacts");
    for named in [
        "",
        "*",
        "jobcenter",
        "jobcenter:",
        ":15101",
        "jobcenter:*",
        "jobcenter:15101,jobcenter:14701",
        "jobcenter:15101 jobcenter:14701",
        "jobcenter:15101;",
        "JOBCENTER:14701",
        "Jobcenter:15101",
        "jobcenter:14701",
        "jobcenter:015101",
        "jobcenter:15101\t",
        "jobcenter:151010000",
        "jobcenter:-1",
        "jobcenter:1e4",
        "jobcenter:%2A",
        "star:0",
        "star:15101",
        "municipality:151",
        "\"jobcenter:15101\"",
        "jobcenter::15101",
    ] {
        let call = app.call("GET", &path).token(&reader("jobcenter:15101"));
        let answer = call.header("X-Authority", named).send().await;
        // White space around a header's value is no part of it (RFC 9110 section 5.5).
        let expected: &[u16] = if named.trim() == "jobcenter:15101" { &[200] } else { &[400, 403] };
        assert!(expected.contains(&answer.status), "{named:?}: {}", answer.status);
        assert_eq!(app.upstream.take().len(), usize::from(answer.status == 200), "{named:?}");
    }
    let twice = app.call("GET", &path).token(&reader("jobcenter:15101"));
    let twice = twice.header("X-Authority", "jobcenter:15101").header("X-Authority", "jobcenter:14701");
    assert_eq!(twice.send().await.refusal(), (400, "invalid-header".to_owned()));
}

#[tokio::test]
async fn a_scope_that_only_resembles_the_routes_gives_nothing() {
    let app = App::start().await;
    let path = format!("/youth/{CPR}/contacts");
    for scope in [
        "",
        "*",
        "youth",
        "youth.*",
        "youth.contacts",
        "youth.contacts.",
        "youth.contacts.rea",
        "youth.contacts.readx",
        "xyouth.contacts.read",
        "YOUTH.CONTACTS.READ",
        "youth.contacts.read.all",
        "youth.contacts.read,x",
        "youth.contacts.changes.read",
        "youth.contacts.read\u{a0}",
        "youth.contacts.read\0",
    ] {
        let answer =
            app.call("GET", &path).token(&reader("jobcenter:15101").with("scope", scope)).send().await;
        assert_eq!(answer.refusal(), (403, "scope-missing".to_owned()), "{scope:?}");
    }
    for claim in
        [json!({"youth.contacts.read": true}), json!([["youth.contacts.read"]]), json!(1), json!(true)]
    {
        let token = reader("jobcenter:15101").with("scope", claim.clone());
        assert_eq!(app.call("GET", &path).token(&token).send().await.status, 403, "{claim}");
    }
    assert!(app.upstream.take().is_empty());
}
