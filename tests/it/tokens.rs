//! Tokens as attackers and careless issuers make them, over HTTP.

use jiff::Timestamp;
use serde_json::json;

use crate::support::app::{App, token_for};
use crate::support::contract::route;
use crate::support::exchange::{request, usual_reply};
use crate::support::sample::Extent;
use crate::support::token::{AUDIENCE, Token};

fn token() -> Token {
    token_for(route("deleteGroupMarking"))
}

async fn status_of(app: &App, bearer: &str) -> (u16, String) {
    let route = route("deleteGroupMarking");
    let answer = app.call("DELETE", &request(route, Extent::Full).path).bearer(bearer).send().await;
    let challenge = answer.header("www-authenticate").unwrap_or("").to_owned();
    if answer.status == 401 {
        assert_eq!(answer.problem(), "unauthorized");
        assert!(challenge.starts_with("Bearer error=\"invalid_token\""), "{challenge}");
    }
    (answer.status, challenge)
}

#[tokio::test]
async fn bent_tokens_are_refused() {
    let app = App::start().await;
    let now = Timestamp::now().as_second();
    let good = token().signed();
    let (message, signature) = good.rsplit_once('.').unwrap();
    let (header, _) = message.split_once('.').unwrap();
    let other = token().with("sub", "somebody-else").signed();
    let other_payload = other.split('.').nth(1).unwrap();
    let attacks = [
        ("no signature", token().unsigned()),
        ("alg none in capitals", token().with_header("alg", "NONE").signed()),
        ("signature cut off", format!("{message}.")),
        ("HS256 with the public key", token().confused()),
        ("another key", token().forged()),
        ("another payload", format!("{header}.{other_payload}.{signature}")),
        ("a longer signature", format!("{good}AA")),
        ("no such key", token().with_header("kid", "key-2").signed()),
        ("an algorithm that is not the key's", token().with_header("alg", "RS256").signed()),
        ("an extension", token().with_header("crit", json!(["b64"])).signed()),
        ("made for something else", token().with_header("typ", "logout+jwt").signed()),
        ("expired", token().with("exp", now - 31).signed()),
        ("not yet", token().with("nbf", now + 120).signed()),
        ("issuer unknown", token().with("iss", "https://evil.example/").signed()),
        ("issuer nearly right", token().with("iss", "https://idp.example.dk").signed()),
        ("another audience", token().with("aud", "somebody-else").signed()),
        ("audience list without us", token().with("aud", json!(["a", "b"])).signed()),
        ("without issuer", token().without("iss").signed()),
        ("without audience", token().without("aud").signed()),
        ("without expiry", token().without("exp").signed()),
        ("without subject", token().without("sub").signed()),
        ("subject is a number", token().with("sub", 7).signed()),
        ("expiry is text", token().with("exp", "tomorrow").signed()),
        ("not a token", "x".to_owned()),
        ("three dots", "a.b.c".to_owned()),
        ("five parts", format!("{good}.x.y")),
    ];
    for (name, attack) in attacks {
        assert_eq!(status_of(&app, &attack).await.0, 401, "{name}");
    }
    assert_eq!(app.upstream.take().len(), 0);
}

#[tokio::test]
async fn a_refusal_says_why() {
    let app = App::start().await;
    let now = Timestamp::now().as_second();
    for (reason, attack) in [
        ("token-malformed", "a.b.c".to_owned()),
        ("token-malformed", token().with_header("typ", "logout+jwt").signed()),
        ("token-expired", token().with("exp", now - 31).signed()),
        ("token-not-yet-valid", token().with("nbf", now + 120).signed()),
        ("issuer-unknown", token().with("iss", "https://evil.example/").signed()),
        ("audience-wrong", token().with("aud", "somebody-else").signed()),
        ("key-unknown", token().with_header("kid", "key-2").signed()),
        ("signature-wrong", token().forged()),
        ("claim-missing", token().without("sub").signed()),
    ] {
        let path = request(route("deleteGroupMarking"), Extent::Full).path;
        let answer = app.call("DELETE", &path).bearer(&attack).send().await;
        assert_eq!(answer.json()["reason"], reason);
        assert_eq!(answer.json()["name"], "unauthorized");
        let detail = answer.json()["detail"].as_str().unwrap().to_owned();
        assert_eq!(detail.contains("claim sub"), reason == "claim-missing", "{detail}");
    }
}

#[tokio::test]
async fn no_token_is_asked_for_one() {
    let app = App::start().await;
    let route = route("deleteGroupMarking");
    let path = request(route, Extent::Full).path;
    let good = token().signed();
    for (authorization, reason, error) in [
        (None, "token-missing", None),
        (Some("Basic dTpw".to_owned()), "token-missing", None),
        (Some(good.clone()), "token-malformed", Some("Bearer, a space")),
        (Some("Bearer".to_owned()), "token-malformed", Some("Bearer, a space")),
    ] {
        let call = app.call("DELETE", &path);
        let call = match &authorization {
            Some(value) => call.header("Authorization", value),
            None => call,
        };
        let answer = call.send().await;
        assert_eq!(answer.refusal(), (401, "unauthorized".to_owned()), "{authorization:?}");
        assert_eq!(answer.json()["reason"], reason);
        let challenge = answer.header("www-authenticate").unwrap();
        // RFC 6750 section 3.1: no error code where nothing was sent that could be wrong.
        assert_eq!(challenge == "Bearer", error.is_none(), "{challenge}");
        let detail = answer.json()["detail"].as_str().unwrap().to_owned();
        assert!(error.is_none_or(|hint| detail.contains(hint)), "{detail}");
    }
    let twice = app.call("DELETE", &path).bearer(&good).bearer(&good).send().await;
    assert_eq!(twice.refusal(), (401, "unauthorized".to_owned()));
}

#[tokio::test]
async fn usual_variants_of_good_tokens_are_taken() {
    let app = App::start().await;
    app.upstream.answers(usual_reply);
    let now = Timestamp::now().as_second();
    let scope = "persons.group-markings.write";
    for (name, token) in [
        ("as it is", token()),
        ("audience list with us", token().with("aud", json!(["a", AUDIENCE]))),
        ("just expired", token().with("exp", now - 5)),
        ("just not yet", token().with("nbf", now + 5)),
        ("scp as a list", token().without("scope").with("scp", json!([scope]))),
        ("roles", token().without("scope").with("roles", json!([scope, "x"]))),
        ("at+jwt", token().with_header("typ", "at+jwt")),
        ("more claims", token().with("amr", json!(["pwd"]))),
    ] {
        assert_eq!(status_of(&app, &token.signed()).await.0, 200, "{name}");
    }
    let route = route("deleteGroupMarking");
    let call = app.call("DELETE", &request(route, Extent::Full).path);
    let lower = call.header("authorization", &format!("bearer {}", token().signed()));
    assert_eq!(lower.send().await.status, 200);
}
