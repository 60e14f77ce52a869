//! What `Debug` and error texts print of configurations, messages, people and secrets: nothing.

use std::fmt::Debug;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Uri};
use jiff::Timestamp;
use ungebro::answers::lookup::row::{Page, Row, Says};
use ungebro::audit::{CprHasher, Phase, Record};
use ungebro::auth::{ActingUser, DevelopmentIssuer, Identity, UserType};
use ungebro::call::OnBehalf;
use ungebro::call::Reply;
use ungebro::config::{Audit, AuditOutput, Config, IdentityFiles};
use ungebro::idempotency::{IdempotencyKey, Scope};
use ungebro::problem::redact::Secrets;
use ungebro::shape::value::Value;
use ungebro::soap::fault::{Fault, Role};
use ungebro::transport::{Answer, Exchange};
use ungebro::types::{Authority, Cpr};
use ungebro::upstream::Answered;

use super::planted::{WORD, found_in};
use crate::support::exchange::CPR;

fn text<'a>() -> Value<'a> {
    Value::Text(format!("{WORD} {CPR}").into())
}

fn prints_nothing(value: &dyn Debug) {
    for printed in [format!("{value:?}"), format!("{value:#?}")] {
        assert_eq!(found_in("Debug", &printed), [""; 0]);
    }
}

#[test]
fn messages_print_nothing_of_what_they_say() {
    let secret = || Bytes::from(format!("{WORD} {CPR}"));
    prints_nothing(&Cpr::parse(CPR).unwrap());
    prints_nothing(&text());
    prints_nothing(&vec![Value::List(vec![text()]), Value::Object(vec![text()])]);
    prints_nothing(&Secrets::of_message(secret()));
    prints_nothing(&Answered {
        values: vec![text()],
        correlation_id: None,
        secrets: Secrets::of_message(secret()),
    });
    let reply = Reply { status: 200, body: WORD.to_owned(), created: Some(CPR.into()), correlation_id: None };
    prints_nothing(&reply);
    let row = Row { cpr: Some(CPR.to_owned()), says: Says::Contact(vec![text()]) };
    prints_nothing(&Page { more: false, latest: None, rows: vec![row] });
    prints_nothing(&Fault {
        role: Role::Sender,
        code: Some(CPR.to_owned()),
        text: Some(WORD.to_owned()),
        correlation_id: Some(WORD.to_owned()),
        source_code: Some(CPR.to_owned()),
    });
    let headers = HeaderMap::from_iter([(http::header::COOKIE, HeaderValue::from_static(WORD))]);
    prints_nothing(&Exchange {
        url: Uri::from_static("https://upstream.example.dk/service"),
        content_type: HeaderValue::from_static("text/xml"),
        soap_action: None,
        body: secret(),
        headers,
        span: tracing::Span::none(),
    });
    prints_nothing(&Answer { status: 200, content_type: None, body: secret() });
}

#[test]
fn callers_print_nothing_of_who_they_are() {
    let identity = Identity {
        issuer_index: 0,
        issuer: "https://idp.example.dk/".to_owned(),
        subject: WORD.to_owned(),
        user_id: Some(WORD.into()),
        client: Some(WORD.to_owned()),
        name: Some(WORD.to_owned()),
        is_system: false,
        scopes: [WORD.to_owned()].into(),
        authorities: Vec::new(),
        untrusted: Vec::new(),
        ill_formed: 0,
    };
    let authority: Authority = "jobcenter:15101".parse().unwrap();
    prints_nothing(&identity);
    prints_nothing(&OnBehalf { identity: &identity, authority: &authority });
    let scope = Scope { issuer: WORD, client: Some(WORD), subject: WORD, authority: &authority };
    prints_nothing(&scope);
    prints_nothing(&IdempotencyKey::parse(WORD).unwrap());
    prints_nothing(&ActingUser { user_type: UserType::Caseworker, identifier: WORD, name: WORD });
    prints_nothing(&Record {
        subject: Some(WORD),
        client: Some(WORD),
        purpose: Some(WORD),
        resource: Some(WORD),
        ..Record::new(Timestamp::UNIX_EPOCH, Phase::Read, "1", "getYouthContacts")
    });
}

/// The example configuration, in which every value becomes a secret: all of it is wrong, and none of it is said.
#[test]
fn a_refused_configuration_says_nothing_of_its_values() {
    let example = include_str!("../../ungebro.example.toml");
    let spoilt: String = example
        .lines()
        .map(|line| match line.trim_start_matches("# ").split_once(" = ") {
            Some((key, _)) if key.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_') => {
                format!("{key} = \"{WORD}:{CPR}@{WORD}\"\n")
            }
            _ => format!("{line}\n"),
        })
        .collect();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ungebro.toml");
    for text in
        [spoilt, format!("[server]\nlisten = {WORD} {CPR}\n"), format!("[server]\nlisten = \"{WORD} {CPR}\n")]
    {
        std::fs::write(&file, text).unwrap();
        let environment = [("UNGEBRO__SERVER__LISTEN", WORD), ("UNGEBRO__IDEMPOTENCY__REDIS_URL", WORD)];
        let faults = Config::load(&file, environment, &["getYouthContacts"]).unwrap_err();
        prints_nothing(&faults);
        assert_eq!(found_in("faults", &faults.to_string()), [""; 0]);
    }
}

#[test]
fn keys_and_passwords_are_not_printed() {
    let folder = tempfile::tempdir().unwrap();
    let issuer = DevelopmentIssuer::open(folder.path()).unwrap();
    assert!(!issuer.jwks().contains("\"d\""), "the public key alone");
    let key = folder.path().join("key");
    std::fs::write(&key, format!("{WORD}-{WORD}-{WORD}-{WORD}")).unwrap();
    let hasher = CprHasher::load(&Audit::new(AuditOutput::Stdout, key)).unwrap();
    prints_nothing(&hasher);
    prints_nothing(&hasher.hash(&Cpr::parse(CPR).unwrap()));
}

/// Everything that a configuration names by file stays in its file; an address with a password is refused.
#[test]
fn a_configuration_prints_nothing_of_the_files_that_it_names() {
    let folder = tempfile::tempdir().unwrap();
    let secret = folder.path().join("secret");
    std::fs::write(&secret, format!("{WORD} {CPR}")).unwrap();
    let example = include_str!("../../ungebro.example.toml");
    let file = folder.path().join("ungebro.toml");
    let named = example.replace("/run/secrets/audit-key", secret.to_str().unwrap());
    let named = named.replace("/var/log/ungebro/audit.jsonl", "-");
    std::fs::write(&file, named).unwrap();
    let config = Config::load(&file, [("", ""); 0], &["getYouthContacts", "createInterview"]).unwrap();
    prints_nothing(&config);
    let name = |name: &str| format!("UNGEBRO__{name}");
    for (key, address) in [
        ("UPSTREAMS__UDB__PROXY", format!("http://user:{WORD}@egress:3128")),
        ("IDEMPOTENCY__REDIS_URL", format!("redis://:{WORD}@redis:6379")),
        ("UPSTREAMS__DFDG__ENDPOINT", format!("https://user:{WORD}@service.example.dk/x")),
        ("TELEMETRY__OTLP_ENDPOINT", format!("http://user:{WORD}@collector:4318")),
    ] {
        let faults = Config::load(&file, [(name(key), address)], &["getYouthContacts", "createInterview"]);
        let faults = faults.expect_err(key);
        prints_nothing(&faults);
        assert_eq!(found_in("faults", &faults.to_string()), [""; 0]);
    }
}

/// What was found of one person is for the person alone.
#[test]
fn an_export_prints_nothing_of_what_it_found() {
    let found = ungebro::audit::LookUp {
        time: "2026-01-01T00:00:00Z".to_owned(),
        authority: None,
        operation: "getYouthContacts".to_owned(),
        purpose: Some(WORD.to_owned()),
        outcome: "answered".to_owned(),
    };
    prints_nothing(&ungebro::audit::Export { look_ups: vec![found], unreadable: Vec::new() });
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("numbers");
    std::fs::write(&file, format!("{CPR}\n")).unwrap();
    prints_nothing(&ungebro::audit::Person::read(&file).unwrap());
    std::fs::write(&file, format!("{WORD} {CPR}\n")).unwrap();
    let error = ungebro::audit::Person::read(&file).unwrap_err();
    prints_nothing(&error);
    assert_eq!(found_in("error", &error.to_string()), [""; 0]);
}

/// The wrong password of a key store, and a key store that is no key store, are told by file.
#[test]
fn a_key_that_cannot_be_opened_is_told_by_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let (file, password) = (folder.path().join("identity"), folder.path().join("password"));
    std::fs::write(&password, WORD).unwrap();
    let identity = IdentityFiles { path: file.clone(), password_file: Some(password) };
    let store = include_bytes!("../data/identity/modern.p12").as_slice();
    let encrypted = include_bytes!("../data/identity/encrypted.pem").as_slice();
    for content in [format!("{WORD} {CPR}").as_bytes(), store, encrypted] {
        std::fs::write(&file, content).unwrap();
        let error = ungebro::transport::identity::Identity::load(&identity).unwrap_err();
        prints_nothing(&error);
        assert_eq!(found_in("error", &error.to_string()), [""; 0]);
        assert!(error.to_string().contains("identity"));
    }
}
