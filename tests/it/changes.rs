//! What changed in Ungedatabasen since a time: pages, cursors, lines, and feeds that do not move.

use std::num::NonZeroU32;

use serde_json::{Value, json};

use crate::support::app::{App, token_for};
use crate::support::client::{Answer, check_problem, name_of};
use crate::support::contract::route;
use crate::support::exchange::{CORRELATION_ID, CPR, code_row, contact_row, hent_svar};
use crate::support::fault::{self, Blame};
use crate::support::token::Token;
use crate::support::upstream::Reply;

async fn changes(app: &App, parameters: &str) -> Answer {
    app.call_of(route("listYouthContactChanges"), &format!("/youth/contacts?{parameters}")).send().await
}

/// Pages by the time asked for: time, more, next time, numbers on the page.
fn feed(app: &App, pages: &'static [(&str, bool, Option<&str>, &[&str])]) {
    app.upstream.answers(move |received| {
        let since = received.message().text_of("SidenSidst").unwrap().to_owned();
        let (_, more, latest, numbers) =
            pages.iter().find(|(time, ..)| *time == since).unwrap_or_else(|| panic!("{since}"));
        let rows = numbers.iter().map(|cpr| contact_row(cpr)).collect();
        Reply::message("1.2", &hent_svar(*more, *latest, rows))
    });
}

const PAGES: &[(&str, bool, Option<&str>, &[&str])] = &[
    ("2026-01-01T00:00:00.000Z", true, Some("2026-01-02T00:00:00.1234567"), &["0101900001", "0101900002"]),
    ("2026-01-02T00:00:00.1234567", true, Some("2026-01-03T00:00:00+01:00"), &["0101900003"]),
    ("2026-01-03T00:00:00+01:00", false, None, &["0101900004"]),
];

#[tokio::test]
async fn changes_are_read_page_by_page_with_the_upstreams_own_times() {
    let app = App::start().await;
    feed(&app, PAGES);
    let first = changes(&app, "since=2026-01-01T01:00:00%2B01:00").await;
    let page = first.json();
    assert_eq!(
        (&page["hasMore"], &page["latestRegistration"]),
        (&json!(true), &json!("2026-01-02T00:00:00.1234567+01:00"))
    );
    assert_eq!(
        page["items"],
        json!([{"cpr": "0101900001", "name": "Vejleder 0001"}, {"cpr": "0101900002", "name": "Vejleder 0002"}])
    );
    assert_eq!(first.header("x-correlation-id"), Some(CORRELATION_ID));
    let link = first.header("link").unwrap().to_owned();
    let next = link.strip_prefix("</youth/contacts?").unwrap().strip_suffix(">; rel=\"next\"").unwrap();
    assert_eq!(next, format!("cursor={}", page["nextCursor"].as_str().unwrap()));
    let second = changes(&app, next).await.json();
    assert_eq!(second["items"][0]["cpr"], "0101900003");
    let cursor = second["nextCursor"].as_str().unwrap().to_owned();
    let third = changes(&app, &format!("cursor={cursor}")).await;
    let page = third.json();
    assert_eq!((&page["hasMore"], &page["latestRegistration"]), (&json!(false), &Value::Null));
    assert_eq!(page["nextCursor"], cursor, "a last page without a time repeats the cursor");
    assert_eq!(third.header("link"), None);
}

#[tokio::test]
async fn changes_stream_as_lines() {
    let app = App::start().await;
    feed(&app, PAGES);
    let call = app.call_of(route("listYouthContactChanges"), "/youth/contacts?since=2026-01-01T00:00:00Z");
    let answer = call.header("Accept", "application/x-ndjson").send().await;
    assert_eq!(answer.header("content-type"), Some("application/x-ndjson"));
    let lines: Vec<Value> = answer.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let numbers: Vec<_> = lines[..4].iter().map(|line| line["cpr"].as_str().unwrap()).collect();
    assert_eq!(numbers, ["0101900001", "0101900002", "0101900003", "0101900004"]);
    assert_eq!((lines.len(), &lines[4]["end"], lines[4]["nextCursor"].is_string()), (5, &json!(true), true));
    assert_eq!(app.upstream.take().len(), 3);
}

#[tokio::test]
async fn a_stream_that_breaks_says_so_and_where_to_go_on() {
    let app = App::start().await;
    app.upstream.answers(|received| match received.message().text_of("SidenSidst").unwrap() {
        "2026-01-01T00:00:00.000Z" => {
            Reply::message("1.2", &hent_svar(true, Some("2026-01-02T00:00:00Z"), vec![contact_row(CPR)]))
        }
        _ => Reply::xml(500, fault::ipl(Blame::Receiver, "IPL000001", "x", None)),
    });
    let call = app.call_of(route("listYouthContactChanges"), "/youth/contacts?since=2026-01-01T00:00:00Z");
    let answer = call.header("Accept", "application/x-ndjson").send().await;
    let lines: Vec<Value> = answer.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((answer.status, lines.len(), lines[1]["end"].is_null()), (200, 2, true));
    check_problem(&lines[1]["problem"], false);
    assert_eq!(name_of(&lines[1]["problem"]).as_deref(), Some("platform-internal-error"));
    assert_eq!(app.upstream.take().len(), 2, "never silently retried");
    rows_since(&app);
    let cursor = lines[1]["nextCursor"].as_str().unwrap();
    assert_eq!(changes(&app, &format!("cursor={cursor}")).await.status, 200);
    assert_eq!(app.upstream.take_one().message().text_of("SidenSidst"), Some("2026-01-02T00:00:00Z"));
}

fn rows_since(app: &App) {
    app.upstream.always(Reply::message("1.2", &hent_svar(false, None, vec![])));
}

#[tokio::test]
async fn a_time_that_stands_still_with_new_rows_is_legal_and_without_is_stalled() {
    let app = App::start().await;
    let same = "2026-01-02T00:00:00Z";
    let page = |cpr: &str| Reply::message("1.2", &hent_svar(true, Some(same), vec![contact_row(cpr)]));
    app.upstream.always(page("0101900001"));
    let first = changes(&app, "since=2026-01-01T00:00:00Z").await.json();
    app.upstream.always(page("0101900002"));
    let second = changes(&app, &format!("cursor={}", first["nextCursor"].as_str().unwrap())).await;
    assert_eq!(second.status, 200);
    let cursor = second.json()["nextCursor"].as_str().unwrap().to_owned();
    let third = changes(&app, &format!("cursor={cursor}")).await;
    assert_eq!(third.refusal(), (502, "feed-stalled".to_owned()));
}

#[tokio::test]
async fn more_without_a_time_is_no_page() {
    let app = App::start().await;
    app.upstream.always(Reply::message("1.2", &hent_svar(true, None, vec![contact_row(CPR)])));
    assert_eq!(
        changes(&app, "since=2026-01-01T00:00:00Z").await.refusal(),
        (502, "upstream-malformed".to_owned())
    );
    app.upstream.always(Reply::message("1.2", &hent_svar(true, Some("yesterday"), vec![])));
    assert_eq!(
        changes(&app, "since=2026-01-01T00:00:00Z").await.refusal(),
        (502, "upstream-malformed".to_owned())
    );
}

#[tokio::test]
async fn a_row_with_a_code_is_an_item_with_a_problem() {
    let app = App::start().await;
    let rows = vec![code_row(CPR, 14), contact_row("0202910002")];
    app.upstream.always(Reply::message("1.2", &hent_svar(false, Some("2026-01-02T00:00:00Z"), rows)));
    let page = changes(&app, "since=2026-01-01T00:00:00Z").await.json();
    check_problem(&page["items"][0]["problem"], false);
    assert_eq!(
        (name_of(&page["items"][0]["problem"]).unwrap(), &page["items"][1]["name"]),
        ("youth-not-found".to_owned(), &json!("Vejleder 0002"))
    );
}

#[tokio::test]
async fn changes_are_asked_for_by_time_or_by_cursor() {
    let app = App::start().await;
    for (parameters, place) in [
        ("", "since"),
        ("since=2026-01-01T00:00:00", "since"),
        ("since=yesterday", "since"),
        ("since=2026-01-01T00:00:00Z&since=2026-01-01T00:00:00Z", "since"),
        ("cursor=", "cursor"),
        ("cursor=djF8eA", "cursor"),
        ("since=2026-01-01T00:00:00Z&cursor=x", "since"),
        ("sice=2026-01-01T00:00:00Z", "?"),
        ("since=2026-01-01T00:00:00Z&limit=7", "?"),
        ("since=%FF", "since"),
    ] {
        let answer = changes(&app, parameters).await;
        assert_eq!(
            (answer.refusal(), answer.places()),
            ((400, "invalid-parameter".to_owned()), vec![place.to_owned()]),
            "{parameters}"
        );
    }
    assert_eq!(app.upstream.take().len(), 0);
}

#[tokio::test]
async fn a_cursor_belongs_to_its_authority() {
    let app = App::start().await;
    feed(&app, PAGES);
    let page = changes(&app, "since=2026-01-01T00:00:00Z").await.json();
    let cursor = page["nextCursor"].as_str().unwrap();
    let other = Token::caseworker("youth.contacts.changes.read", "jobcenter:99999");
    let call = app.call("GET", &format!("/youth/contacts?cursor={cursor}")).token(&other);
    assert_eq!(call.send().await.refusal(), (400, "invalid-parameter".to_owned()));
}

async fn limited(persons_per_hour: u32) -> App {
    App::with(|config| config.rate_limit.persons_per_hour = NonZeroU32::new(persons_per_hour)).await
}

/// What is left of the persons, as an answer says.
fn left(answer: &Answer) -> u32 {
    let level = answer.header("ratelimit").unwrap();
    level.strip_prefix("\"persons\";r=").unwrap().split(';').next().unwrap().parse().unwrap()
}

#[tokio::test]
async fn each_person_on_a_page_counts_once_and_the_page_that_uses_the_limit_up_is_still_whole() {
    let app = limited(4).await;
    let rows = ["0101900001", "0101900001", "0101900002", "0101900003"].map(contact_row).to_vec();
    app.upstream.always(Reply::message("1.2", &hent_svar(false, Some("2026-01-02T00:00:00Z"), rows)));
    let first = changes(&app, "since=2026-01-01T00:00:00Z").await;
    assert_eq!((first.status, left(&first)), (200, 1));
    let second = changes(&app, "since=2026-01-01T00:00:00Z").await;
    assert_eq!((second.json()["items"].as_array().unwrap().len(), left(&second)), (4, 0));
    assert_eq!(app.upstream.take().len(), 2);
    let third = changes(&app, "since=2026-01-01T00:00:00Z").await;
    assert_eq!(third.refusal(), (429, "rate-limited".to_owned()));
    // Two persons too many, and one for the next page, of four an hour.
    let wait: u32 = third.header("retry-after").unwrap().parse().unwrap();
    assert!((2690..=2700).contains(&wait), "{wait}");
    assert_eq!(app.upstream.take().len(), 0, "no page is taken from the upstream and then withheld");
}

#[tokio::test]
async fn a_stream_ends_at_the_limit_with_a_problem_and_goes_on_from_its_cursor() {
    let app = limited(2).await;
    feed(&app, PAGES);
    let call = app.call_of(route("listYouthContactChanges"), "/youth/contacts?since=2026-01-01T00:00:00Z");
    let answer = call.header("Accept", "application/x-ndjson").send().await;
    let lines: Vec<Value> = answer.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let numbers: Vec<_> = lines[..2].iter().map(|line| line["cpr"].as_str().unwrap()).collect();
    assert_eq!((numbers, lines.len()), (vec!["0101900001", "0101900002"], 3));
    check_problem(&lines[2]["problem"], false);
    assert_eq!(name_of(&lines[2]["problem"]).as_deref(), Some("rate-limited"));
    assert!(lines[2]["end"].is_null());
    assert_eq!(app.upstream.take().len(), 1, "what may not be shown is not asked for");
    // Another caller's bucket is full: nothing was lost.
    let cursor = lines[2]["nextCursor"].as_str().unwrap();
    let other = token_for(route("listYouthContactChanges")).with("sub", "another");
    let call = app.call("GET", &format!("/youth/contacts?cursor={cursor}")).token(&other);
    assert_eq!(call.send().await.json()["items"][0]["cpr"], "0101900003");
}
