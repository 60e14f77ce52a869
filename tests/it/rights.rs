//! Who may do what: every route against every missing scope and every kind of authority. Nothing is read of a body that
//! nobody may send.

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use ungebro::config::RouteSettings;
use ungebro::types::AuthorityKind;

use crate::support::app::{App, token_for};
use crate::support::client::Answer;
use crate::support::contract::{ROUTES, Route, route};
use crate::support::exchange::{Request, request, usual_reply};
use crate::support::sample::Extent;
use crate::support::token::{NARROW_ISSUER, Token};

const KINDS: [&str; 5] = ["jobcenter", "municipality", "unemployment-fund", "external-operator", "star"];

/// Calls a route with a body that would be refused if it were read.
async fn with_bad_body(app: &App, route: &Route, token: &Token, authority: Option<&str>) -> Answer {
    let mut call = app.call(&route.method, &request(route, Extent::Minimal).path).token(token);
    if let Some(authority) = authority {
        call = call.header("X-Authority", authority);
    }
    if !route.body.is_empty() {
        call = call.body("text/plain", "{not json");
    }
    call.send().await
}

async fn properly(app: &App, route: &Route, token: &Token, authority: Option<&str>) -> Answer {
    let Request { path, body, .. } = request(route, Extent::Minimal);
    let mut call = app.call(&route.method, &path).token(token);
    if let Some(authority) = authority {
        call = call.header("X-Authority", authority);
    }
    call.json_unless_null(&body).send().await
}

fn scopes_of(route: &Route) -> String {
    route.scopes.join(" ")
}

#[tokio::test]
async fn every_scope_of_a_route_is_needed() {
    let app = App::start().await;
    let all: Vec<_> = ROUTES.iter().flat_map(|route| &route.scopes).cloned().collect();
    for route in ROUTES.iter() {
        for missing in &route.scopes {
            let others: Vec<_> = all.iter().filter(|scope| *scope != missing).map(String::as_str).collect();
            for scopes in [others.join(" "), String::new(), missing.to_uppercase(), format!("{missing}s")] {
                let token = token_for(route).with("scope", scopes);
                let answer = with_bad_body(&app, route, &token, None).await;
                assert_eq!(answer.refusal(), (403, "scope-missing".to_owned()), "{}", route.id);
                assert!(answer.json()["detail"].as_str().unwrap().contains(missing), "{}", answer.text());
                let challenge = answer.header("www-authenticate").unwrap();
                assert!(
                    challenge.contains("insufficient_scope") && challenge.contains(missing),
                    "{challenge}"
                );
            }
        }
    }
    assert_eq!(app.upstream.take().len(), 0);
}

#[tokio::test]
async fn every_route_takes_its_kinds_of_authority_and_no_others() {
    let app = App::start().await;
    app.upstream.answers(usual_reply);
    for route in ROUTES.iter() {
        for kind in KINDS {
            let token = Token::caseworker(&scopes_of(route), &format!("{kind}:15101"));
            if route.authorities.iter().any(|known| known == kind) {
                let answer = properly(&app, route, &token, None).await;
                assert_eq!(answer.status, route.status, "{} {kind}: {}", route.id, answer.text());
                assert_eq!(app.upstream.take().len(), 1);
            } else {
                for named in [None, Some(format!("{kind}:15101"))] {
                    let answer = with_bad_body(&app, route, &token, named.as_deref()).await;
                    assert_eq!(
                        answer.refusal(),
                        (403, "authority-missing".to_owned()),
                        "{} {kind}",
                        route.id
                    );
                }
            }
        }
    }
    assert_eq!(app.upstream.take().len(), 0);
}

#[tokio::test]
async fn an_authority_must_be_in_the_token_and_be_the_only_one_or_named() {
    let app = App::start().await;
    for route in ROUTES.iter() {
        let kind = &route.authorities[0];
        let [one, two, three] = [1, 2, 3].map(|code| format!("{kind}:{code}"));
        let token = token_for(route);
        let holding = |authorities: Value| token.clone().with("authorities", authorities);
        for (token, named, refusal) in [
            (holding(json!([one, two])), None, (400, "authority-ambiguous")),
            (holding(json!([one, two])), Some(&three), (403, "authority-not-in-token")),
            (holding(json!([one])), Some(&two), (403, "authority-not-in-token")),
            (holding(json!([])), Some(&one), (403, "authority-not-in-token")),
            (holding(json!([])), None, (403, "authority-missing")),
            (token.clone().without("authorities"), None, (403, "authority-missing")),
            (holding(json!("nobody:1")), None, (403, "authority-missing")),
            (holding(json!([format!("{kind}:123456789")])), None, (403, "authority-missing")),
            (holding(json!([format!("{kind}:")])), None, (403, "authority-missing")),
            (holding(json!([one])), Some(&"jobcenter".to_owned()), (400, "invalid-header")),
        ] {
            let answer = with_bad_body(&app, route, &token, named.map(String::as_str)).await;
            let (status, name) = refusal;
            assert_eq!(answer.refusal(), (status, name.to_owned()), "{} {named:?}", route.id);
        }
    }
    assert_eq!(app.upstream.take().len(), 0);
}

#[tokio::test]
async fn the_named_authority_is_the_one_that_the_upstream_hears_of() {
    let app = App::start().await;
    app.upstream.answers(usual_reply);
    for route in ROUTES.iter().filter(|route| route.upstream == "dfdg") {
        let kind = &route.authorities[0];
        let authorities = json!([format!("{kind}:00015101"), format!("{kind}:15101"), "municipality:4"]);
        let token = token_for(route).with("authorities", authorities);
        for code in ["00015101", "15101"] {
            let answer = properly(&app, route, &token, Some(&format!("{kind}:{code}"))).await;
            assert_eq!(answer.status, route.status, "{}", route.id);
            assert!(app.upstream.take_one().body.contains(&format!("OrganisationCode>{code}<")));
        }
    }
}

#[tokio::test]
async fn an_issuer_vouches_only_for_whom_it_may() {
    let app = App::start().await;
    for route in ROUTES.iter() {
        let authority = format!("{}:152", route.authorities[0]);
        let token = Token::caseworker(&scopes_of(route), &authority).with("iss", NARROW_ISSUER);
        for named in [None, Some(authority.as_str())] {
            let answer = with_bad_body(&app, route, &token, named).await;
            assert_eq!(answer.refusal(), (403, "authority-not-trusted".to_owned()), "{}", route.id);
        }
    }
    assert_eq!(app.upstream.take().len(), 0);
    app.upstream.answers(usual_reply);
    let report = route("reportYouth");
    let token = Token::caseworker(&scopes_of(report), "municipality:151").with("iss", NARROW_ISSUER);
    assert_eq!(properly(&app, report, &token, None).await.status, 200);
}

#[tokio::test]
async fn an_authority_without_its_numbers_is_refused_before_the_body() {
    let app = App::with(|config| {
        config.authorities.by_kind.clear();
        config.authorities.organisation_types.clear();
    })
    .await;
    for route in ROUTES.iter() {
        for kind in &route.authorities {
            let token = Token::caseworker(&scopes_of(route), &format!("{kind}:1"));
            let answer = properly(&app, route, &token, None).await;
            assert_eq!(answer.refusal(), (403, "authority-not-configured".to_owned()), "{} {kind}", route.id);
            let answer = with_bad_body(&app, route, &token, None).await;
            assert_eq!(answer.refusal(), (403, "authority-not-configured".to_owned()), "{} {kind}", route.id);
        }
    }
    assert_eq!(app.upstream.take().len(), 0);
}

#[tokio::test]
async fn a_caseworker_without_a_name_is_refused_before_the_body() {
    let app = App::start().await;
    for route in ROUTES.iter().filter(|route| route.upstream == "dfdg") {
        let answer = with_bad_body(&app, route, &token_for(route).without("name"), None).await;
        assert_eq!(answer.refusal(), (403, "user-name-missing".to_owned()), "{}", route.id);
    }
}

#[tokio::test]
async fn a_body_that_never_comes_does_not_delay_a_refusal() {
    let app = App::start().await;
    let address = app.url.strip_prefix("http://").unwrap();
    for route in ROUTES.iter().filter(|route| !route.body.is_empty()) {
        let token = token_for(route).with("scope", "").signed();
        for (authorization, status) in [(format!("Bearer {token}"), "403"), ("Bearer x".to_owned(), "401")] {
            let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
            let head = format!(
                "{} {} HTTP/1.1\r\nHost: x\r\nAuthorization: {authorization}\r\nContent-Type: application/json\r\nContent-Length: 4000\r\n\r\n",
                route.method,
                request(route, Extent::Minimal).path
            );
            stream.write_all(head.as_bytes()).await.unwrap();
            let mut start = [0; 12];
            stream.read_exact(&mut start).await.unwrap();
            assert_eq!(std::str::from_utf8(&start).unwrap(), format!("HTTP/1.1 {status}"), "{}", route.id);
        }
    }
}

#[tokio::test]
async fn the_configuration_can_name_other_kinds_for_a_route() {
    let app = App::with(|config| {
        let settings =
            RouteSettings { enabled: true, authorities: Some(vec![AuthorityKind::ExternalOperator]) };
        config.routes.0.insert("updateJobcenter".to_owned(), settings);
    })
    .await;
    app.upstream.answers(usual_reply);
    let route = route("updateJobcenter");
    let operator = Token::caseworker(&scopes_of(route), "external-operator:1");
    assert_eq!(properly(&app, route, &operator, None).await.status, 200);
    assert_eq!(properly(&app, route, &token_for(route), None).await.problem(), "authority-missing");
}
