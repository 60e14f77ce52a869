//! The audit trail: what callers choose stays inside its own member of its own line.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use serde_json::Value;
use ungebro::audit::verify_command;
use ungebro::config::{AuditOutput, Config};

use crate::support::app::App;
use crate::support::exchange::{CPR, usual_reply};
use crate::support::token::Token;

type Trail = Arc<Mutex<PathBuf>>;

fn remember(trail: &Trail) -> impl FnOnce(&mut Config) + use<> {
    let trail = Arc::clone(trail);
    move |config| {
        let AuditOutput::File(file) = &config.audit.output else { panic!("no file") };
        trail.lock().unwrap().clone_from(file);
    }
}

fn lines(trail: &Trail) -> Vec<Value> {
    let file = trail.lock().unwrap().clone();
    let verified = verify_command(std::slice::from_ref(&file), None, None);
    assert_eq!(verified.code, 0, "{}", verified.errors);
    let text = std::fs::read_to_string(file).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn reader() -> Token {
    Token::caseworker("youth.contacts.read", "jobcenter:15101")
}

const FORGED: [&str; 5] = [
    "x\n{\"time\":\"2026-01-01T00:00:00.000000Z\",\"phase\":\"read\"}",
    "x\",\"outcome\":\"executed\",\"y\":\"",
    "\\\",\"phase\":\"end",
    "\u{0}\u{1b}[2J\r\n\u{2028}\u{85}",
    "\u{202e}\\u000a",
];

#[tokio::test]
async fn claims_make_no_line_and_no_member() {
    let trail = Trail::default();
    let app = App::with(remember(&trail)).await;
    app.upstream.answers(usual_reply);
    let path = format!("/youth/{CPR}/contacts");
    for forged in FORGED {
        let token = reader().with("sub", forged).with("client_id", forged);
        assert_eq!(app.call("GET", &path).token(&token).send().await.status, 200);
        let refused = token.with("scope", forged).with("client_id", "x");
        assert_eq!(app.call("GET", &path).token(&refused).send().await.status, 403);
    }
    let lines = lines(&trail);
    assert_eq!(lines.len(), 2 * FORGED.len());
    for (pair, forged) in lines.chunks(2).zip(FORGED) {
        assert_eq!([&pair[0]["phase"], &pair[1]["phase"]], ["read", "refused"]);
        assert_eq!([&pair[0]["subject"], &pair[0]["client"]], [forged, forged]);
    }
}

#[tokio::test]
async fn a_purpose_is_recorded_as_it_was_given_or_refused() {
    let trail = Trail::default();
    let app = App::with(remember(&trail)).await;
    app.upstream.answers(usual_reply);
    let path = format!("/youth/{CPR}/contacts");
    let longest = "å".repeat(200);
    let taken =
        ["Opfølgning på \"uddannelsesplan\"", "x\",\"phase\":\"end", "\\n{}", "sag 123456789", &longest];
    for purpose in taken {
        let answer = app.call("GET", &path).token(&reader()).header("X-Purpose", purpose).send().await;
        assert_eq!(answer.status, 200, "{purpose}: {}", answer.text());
    }
    let recorded: Vec<_> =
        lines(&trail).iter().map(|line| line["purpose"].as_str().unwrap().to_owned()).collect();
    assert_eq!(recorded, taken);
    for purpose in
        [&format!("{longest}å"), "sag 1234567890", "010190-0001", "010190 0001", "١٢٣٤٥٦٧٨٩٠", "a\tb"]
    {
        let answer = app.call("GET", &path).token(&reader()).header("X-Purpose", purpose).send().await;
        assert_eq!(answer.refusal(), (400, "invalid-header".to_owned()), "{purpose}");
    }
    assert!(lines(&trail).iter().skip(taken.len()).all(|line| line.get("purpose").is_none()));
}

#[tokio::test]
async fn a_purpose_must_be_given_and_known_where_the_operator_says_so() {
    let app = App::with(|config| {
        config.audit.require_purpose = true;
        config.audit.purposes = vec!["opfølgning".to_owned()];
    })
    .await;
    app.upstream.answers(usual_reply);
    let path = format!("/youth/{CPR}/contacts");
    let call = || app.call("GET", &path).token(&reader());
    assert_eq!(call().send().await.refusal(), (400, "purpose-required".to_owned()));
    for purpose in ["", " ", "Opfølgning", "opfølgning ja", "opfølgning,opfølgning"] {
        assert_eq!(call().header("X-Purpose", purpose).send().await.status, 400, "{purpose:?}");
    }
    let twice = call().header("X-Purpose", "opfølgning").header("X-Purpose", "opfølgning");
    assert_eq!(twice.send().await.status, 400);
    assert!(app.upstream.take().is_empty());
    assert_eq!(call().header("X-Purpose", "opfølgning").send().await.status, 200);
}
