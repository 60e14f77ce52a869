//! The privacy proof (behaviour section 8): values planted in every personal member, in both directions, are found nowhere.

use std::time::Duration;

use super::answers::Watched;
use super::faults::{Script, codes_as_faults, codes_as_rows, talkative, unreadable};
use super::planted::{WORD, found_in, planted};
use super::refusals;
use super::sinks::sinks;
use crate::support::contract::{ROUTES, Route};
use crate::support::exchange::{CPR, request_with};
use crate::support::sample::Extent;
use crate::support::upstream::Received;

/// The name of the thread that panics on purpose.
pub(crate) const PANICS: &str = "panics";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_planted_leaves_by_another_door() {
    let mut watched = Watched::start(|_| {}).await;
    succeed(&mut watched).await;
    fail(&mut watched).await;
    refusals::make_all(&mut watched).await;
    unreachable(&mut watched).await;
    panic_with_a_secret();
    let metrics = metrics_of(&watched).await;
    tokio::time::sleep(Duration::from_secs(6)).await;
    let mut found = watched.found(500);
    let (log, spans) = (sinks().log(), sinks().collector.text());
    assert!(log.lines().count() > 1000 && log.contains("\"panicked\""), "the log is there");
    assert!(spans.contains("CreatePersonInterview"), "spans are there");
    assert!(metrics.contains("CreatePersonInterview"), "metrics are there");
    found.extend(found_in("log", &log));
    found.extend(found_in("spans", &spans));
    found.extend(found_in("metrics", &metrics));
    found.sort();
    found.dedup();
    assert!(found.is_empty(), "{} found:\n{}", found.len(), found.join("\n"));
}

async fn succeed(watched: &mut Watched) {
    watched.app.upstream.answers(talkative);
    for (index, route) in ROUTES.iter().enumerate() {
        let path = request_with(route, Extent::Full, &mut planted()).path;
        for (path, number) in [(path.clone(), None), (path.replace(CPR, "-"), Some(CPR))] {
            for again in [false, true] {
                let mut call = call_of(watched, route, &path);
                if let Some(number) = number {
                    call = call.header("X-CivilRegistrationIdentifier", number);
                }
                if route.method != "GET" {
                    call = call.header("Idempotency-Key", &format!("{WORD}-{index}-{}", number.is_some()));
                }
                let answer = watched.send(call).await;
                assert_eq!(answer.status, route.status, "{} {again}: {}", route.id, answer.text());
            }
        }
    }
    stream(watched).await;
}

/// All changes, as lines.
async fn stream(watched: &mut Watched) {
    let route = ROUTES.iter().find(|route| route.id == "listYouthContactChanges").unwrap();
    let path = "/youth/contacts?since=2026-01-01T00:00:00Z";
    let call = watched.call(route, path).header("Accept", "application/x-ndjson");
    assert!(watched.send(call).await.text().contains(WORD));
}

async fn fail(watched: &mut Watched) {
    for (id, scripts) in [
        ("createInterview", codes_as_faults("dfdg")),
        ("getYouthContacts", codes_as_faults("ipl")),
        ("reportYouth", codes_as_faults("ipl")),
        ("getYouthContacts", codes_as_rows()),
        ("queryYouthContacts", codes_as_rows()),
        ("reportYouth", codes_as_rows()),
        ("createInterview", unreadable()),
        ("updateInterview", unreadable()),
        ("getYouthContacts", unreadable()),
        ("reportYouth", unreadable()),
    ] {
        let route = ROUTES.iter().find(|route| route.id == id).unwrap();
        for script in scripts {
            answer_once(watched, route, script).await;
        }
    }
    // Every other route at least once with each kind of answer.
    for route in ROUTES.iter() {
        for script in
            [codes_as_faults("dfdg"), unreadable()].into_iter().flat_map(|all| all.into_iter().take(3))
        {
            answer_once(watched, route, script).await;
        }
    }
}

async fn answer_once(watched: &mut Watched, route: &Route, script: Script) {
    watched.app.upstream.answers(move |received: &Received| script(received));
    let path = request_with(route, Extent::Full, &mut planted()).path;
    let call = call_of(watched, route, &path);
    watched.send(call).await;
}

fn call_of(watched: &Watched, route: &Route, path: &str) -> crate::support::client::Call {
    let body = request_with(route, Extent::Full, &mut planted()).body;
    watched.call(route, path).json_unless_null(&body)
}

/// A gateway whose upstreams are not there.
async fn unreachable(watched: &mut Watched) {
    let mut alone = Watched::start(|config| {
        config.dfdg.as_mut().unwrap().endpoint = "http://nowhere.invalid:1/".to_owned();
        config.udb.as_mut().unwrap().hent_institution_kontakt = "http://127.0.0.1:1/".to_owned();
        config.udb.as_mut().unwrap().common.breaker.consecutive_failures = 2;
    })
    .await;
    for id in ["createInterview", "getYouthContacts", "getYouthContacts", "getYouthContacts"] {
        let route = ROUTES.iter().find(|route| route.id == id).unwrap();
        let path = request_with(route, Extent::Full, &mut planted()).path;
        let answer = alone.send(call_of(&alone, route, &path)).await;
        assert!(answer.status >= 502, "{}", answer.text());
    }
    let found = alone.found(4);
    assert!(found.is_empty(), "{found:?}");
    watched.app.upstream.take();
}

fn panic_with_a_secret() {
    let thread = std::thread::Builder::new().name(PANICS.to_owned());
    let panicking = thread.spawn(|| panic!("{WORD} {CPR}")).unwrap();
    panicking.join().unwrap_err();
}

async fn metrics_of(watched: &Watched) -> String {
    reqwest::get(format!("{}/metrics", watched.app.url)).await.unwrap().text().await.unwrap()
}
