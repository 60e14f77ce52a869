//! Writes with an `Idempotency-Key`, from the outside: sent once, replayed, refused, freed (behaviour section 6).

use ungebro::config::RequireKey;
use uuid::Uuid;

use crate::support::app::App;
use crate::support::client::Answer;
use crate::support::contract::{ROUTES, Route, route};
use crate::support::exchange::{CPR, Request, request, usual_reply, version_of};
use crate::support::fault;
use crate::support::nobody::nobody;
use crate::support::sample::Extent;
use crate::support::upstream::{Received, Reply};

const WRITE: &str = "createHealthLimitation";

fn writes() -> impl Iterator<Item = &'static Route> {
    ROUTES.iter().filter(|route| route.writes())
}

async fn send(app: &App, route: &Route, key: Option<&str>, request: &Request) -> Answer {
    let call = app.call_of(route, &request.path);
    let call = match key {
        Some(key) => call.header("Idempotency-Key", key),
        None => call,
    };
    call.json_unless_null(&request.body).send().await
}

/// The usual write under a key.
async fn write(app: &App, key: &str) -> Answer {
    send(app, route(WRITE), Some(key), &request(route(WRITE), Extent::Full)).await
}

fn replayed(answer: &Answer) -> bool {
    answer.header("idempotency-replayed") == Some("true")
}

fn refuse(received: &Received) -> Reply {
    let operation = received.message().name.strip_suffix("Request").unwrap().to_owned();
    Reply::xml(500, fault::dfdg(version_of(&operation), "4404", "x"))
}

#[tokio::test]
async fn every_write_is_sent_once_under_its_key_and_answered_the_same_again() {
    let app = App::start().await;
    app.upstream.answers(usual_reply);
    for route in writes() {
        let (key, request) = (Uuid::new_v4().to_string(), request(route, Extent::Full));
        let first = send(&app, route, Some(&key), &request).await;
        assert_eq!((first.status, replayed(&first)), (route.status, false), "{}", route.id);
        app.upstream.take_one();
        let again = send(&app, route, Some(&key), &request).await;
        assert_eq!((again.status, replayed(&again)), (route.status, true), "{}", route.id);
        assert_eq!((&again.body, again.header("location")), (&first.body, first.header("location")));
        assert!(app.upstream.take().is_empty(), "{}", route.id);
    }
}

#[tokio::test]
async fn without_a_key_a_repeat_is_another_write() {
    let app = App::start().await;
    app.upstream.answers(usual_reply);
    for _ in 0..2 {
        let answer = send(&app, route(WRITE), None, &request(route(WRITE), Extent::Full)).await;
        assert_eq!((answer.status, replayed(&answer)), (201, false));
        app.upstream.take_one();
    }
}

#[tokio::test]
async fn a_refusal_of_the_upstream_is_replayed_too() {
    let app = App::start().await;
    app.upstream.answers(refuse);
    let first = write(&app, "a").await;
    assert_eq!((first.refusal(), replayed(&first)), ((404, "person-not-found".to_owned()), false));
    app.upstream.take_one();
    app.upstream.answers(usual_reply);
    let again = write(&app, "a").await;
    assert_eq!((again.refusal(), replayed(&again)), ((404, "person-not-found".to_owned()), true));
    assert!(app.upstream.take().is_empty());
}

#[tokio::test]
async fn an_unknown_outcome_stays_unknown_and_is_never_sent_again() {
    let app = App::start().await;
    for (key, reply) in [
        ("closed", Reply::Close),
        ("cut", Reply::Cut(b"<s:Envelope".to_vec())),
        ("no xml", Reply::xml(200, "no XML")),
        ("elsewhere", Reply::Redirect),
    ] {
        app.upstream.always(reply);
        let first = write(&app, key.replace(' ', "-").as_str()).await;
        assert_eq!((first.status, first.json()["outcome"].as_str()), (502, Some("unknown")), "{key}");
        assert_eq!(app.upstream.take().len(), 1, "a write is sent once");
        app.upstream.answers(usual_reply);
        let again = write(&app, key.replace(' ', "-").as_str()).await;
        assert_eq!(again.refusal(), (409, "outcome-unknown".to_owned()), "{key}");
        assert_eq!(again.json()["outcome"], "unknown");
        assert!(app.upstream.take().is_empty(), "{key}");
    }
    assert_eq!(write(&app, "a-new-key").await.status, 201);
}

#[tokio::test]
async fn what_was_answered_before_anything_was_sent_leaves_the_key_free() {
    let app = App::start().await;
    app.upstream.answers(usual_reply);
    let good = request(route(WRITE), Extent::Full);
    let mut bad = request(route(WRITE), Extent::Full);
    bad.body["startDate"] = "yesterday".into();
    let refused = send(&app, route(WRITE), Some("a"), &bad).await;
    assert_eq!(refused.refusal(), (422, "validation-failed".to_owned()));
    assert!(app.upstream.take().is_empty());
    let answer = send(&app, route(WRITE), Some("a"), &good).await;
    assert_eq!((answer.status, replayed(&answer)), (201, false), "another body under a free key");
}

#[tokio::test]
async fn an_upstream_that_cannot_be_reached_leaves_the_key_free() {
    let nobody = nobody();
    let address = nobody.local_addr().unwrap();
    let app =
        App::with(|config| config.dfdg.as_mut().unwrap().endpoint = format!("http://{address}/dfdg")).await;
    for _ in 0..2 {
        let answer = write(&app, "a").await;
        assert_eq!(answer.refusal(), (502, "upstream-unreachable".to_owned()), "not replayed, not unknown");
        assert_eq!((answer.json()["outcome"].as_str(), replayed(&answer)), (Some("not-executed"), false));
    }
}

#[tokio::test]
async fn a_key_belongs_to_one_request_however_its_person_is_named() {
    let app = App::start().await;
    app.upstream.answers(usual_reply);
    let one = request(route(WRITE), Extent::Full);
    let first = send(&app, route(WRITE), Some("a"), &one).await;
    assert_eq!(first.status, 201);
    let by_header = app
        .call_of(route(WRITE), &one.path.replace(CPR, "-"))
        .header("X-CivilRegistrationIdentifier", CPR)
        .header("Idempotency-Key", "a");
    let again = by_header.json(&one.body).send().await;
    assert!(replayed(&again), "the same person, named elsewhere");
    let (location, as_then) = (again.header("location").unwrap(), first.header("location").unwrap());
    assert!(!location.contains(CPR), "the number was not in this path");
    assert_eq!(location.replace("/-/", &format!("/{CPR}/")), as_then);
    let mut other_body = request(route(WRITE), Extent::Full);
    other_body.body["description"] = "another".into();
    let mut other_person = request(route(WRITE), Extent::Full);
    other_person.path = other_person.path.replace(CPR, "0202910002");
    for other in [other_body, other_person] {
        let refused = send(&app, route(WRITE), Some("a"), &other).await;
        assert_eq!(refused.refusal(), (422, "idempotency-key-reused".to_owned()));
        assert_eq!(refused.json()["outcome"], "not-executed");
    }
    assert_eq!(app.upstream.take().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_repeat_while_the_first_is_under_way_is_told_to_come_again() {
    let app = App::start().await;
    let (arrive, mut arrived) = tokio::sync::mpsc::unbounded_channel();
    let (go, gone) = std::sync::mpsc::channel::<()>();
    let gone = std::sync::Mutex::new(gone);
    app.upstream.answers(move |received| {
        arrive.send(()).unwrap();
        tokio::task::block_in_place(|| gone.lock().unwrap().recv()).unwrap();
        usual_reply(received)
    });
    let second = async {
        arrived.recv().await.unwrap();
        let second = write(&app, "a").await;
        go.send(()).unwrap();
        second
    };
    let (first, second) = tokio::join!(write(&app, "a"), second);
    assert_eq!(second.refusal(), (409, "idempotency-in-progress".to_owned()));
    assert!(second.header("retry-after").is_some());
    assert_eq!(second.json()["retryable"], true);
    assert_eq!(first.status, 201);
    assert!(replayed(&write(&app, "a").await));
    assert_eq!(app.upstream.take().len(), 1);
}

#[tokio::test]
async fn a_full_store_refuses_new_keys_and_nothing_else() {
    let app = App::with(|config| config.idempotency.max_entries = 1).await;
    app.upstream.answers(usual_reply);
    assert_eq!(write(&app, "a").await.status, 201);
    let refused = write(&app, "b").await;
    assert_eq!(refused.refusal(), (503, "idempotency-unavailable".to_owned()));
    assert_eq!(
        (&refused.json()["outcome"], &refused.json()["retryable"]),
        (&"not-executed".into(), &true.into())
    );
    assert_eq!(app.upstream.take().len(), 1, "only the first");
    assert!(replayed(&write(&app, "a").await));
    let without = send(&app, route(WRITE), None, &request(route(WRITE), Extent::Full)).await;
    assert_eq!(without.status, 201);
}

#[tokio::test]
async fn a_key_is_one_header_of_1_to_255_visible_characters() {
    let app = App::start().await;
    app.upstream.answers(usual_reply);
    for (key, good) in
        [("x".repeat(255), true), ("x".repeat(256), false), ("a b".to_owned(), false), (String::new(), false)]
    {
        let answer = write(&app, &key).await;
        if good {
            assert_eq!(answer.status, 201);
        } else {
            assert_eq!(answer.refusal(), (400, "invalid-header".to_owned()), "{key:?}");
            assert_eq!(answer.places(), ["Idempotency-Key"]);
        }
    }
    let request = request(route(WRITE), Extent::Full);
    let twice = app.call_of(route(WRITE), &request.path).header("Idempotency-Key", "a");
    let twice = twice.header("Idempotency-Key", "b").json(&request.body).send().await;
    assert_eq!(twice.refusal(), (400, "invalid-header".to_owned()));
}

#[tokio::test]
async fn where_a_key_is_required_a_write_without_one_is_refused_before_its_body() {
    for (server, issuer, refused) in [
        (RequireKey::Off, None, false),
        (RequireKey::Writes, None, true),
        (RequireKey::Off, Some(RequireKey::Writes), true),
        (RequireKey::Writes, Some(RequireKey::Off), false),
    ] {
        let app = App::with(|config| {
            config.server.require_idempotency_key = server;
            config.auth.issuers[0].require_idempotency_key = issuer;
        })
        .await;
        app.upstream.answers(usual_reply);
        for route in ROUTES.iter() {
            let request = request(route, Extent::Full);
            let answer = send(&app, route, None, &request).await;
            if refused && route.writes() {
                assert_eq!(answer.refusal(), (400, "idempotency-key-required".to_owned()), "{}", route.id);
                assert_eq!(answer.json()["outcome"], "not-executed");
            } else {
                assert!(answer.status < 300, "{}: {}", route.id, answer.status);
            }
        }
        let sent = app.upstream.take().len();
        assert!(!refused || sent > 0, "reads need no key");
        assert_eq!(write(&app, "a").await.status, 201);
    }
}
