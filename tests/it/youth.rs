//! Look-ups in Ungedatabasen: one person, up to a thousand, and what changed since; and the municipality's report.

use serde_json::{Value, json};

use crate::support::app::App;
use crate::support::client::{Answer, check_problem, name_of};
use crate::support::contract::route;
use crate::support::exchange::{
    CORRELATION_ID, CPR, Request, contact_row, hent_svar, indberetning_svar, numbers_of, request, usual_reply,
};
use crate::support::fault::{self, Blame};
use crate::support::sample::Extent;
use crate::support::upstream::{Received, Reply};

/// The numbers of so many young people.
fn numbers(count: usize) -> Vec<String> {
    (0..count).map(|index| format!("{:02}0190{:04}", index % 28 + 1, index)).collect()
}

async fn query(app: &App, cprs: &[String]) -> Value {
    let call = app.call_of(route("queryYouthContacts"), "/youth/contacts/query");
    let answer = call.json(&json!({ "cprs": cprs })).send().await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let results = answer.json()["results"].clone();
    let asked: Vec<_> =
        results.as_array().unwrap().iter().map(|result| result["cpr"].as_str().unwrap()).collect();
    assert_eq!(asked, cprs, "the order asked");
    for result in results.as_array().unwrap() {
        assert_eq!(result["problem"].is_null(), result["contacts"].is_array(), "{result}");
        if !result["problem"].is_null() {
            check_problem(&result["problem"], false);
        }
    }
    results
}

fn names(result: &Value) -> Vec<&str> {
    result["contacts"].as_array().unwrap().iter().map(|contact| contact["name"].as_str().unwrap()).collect()
}

fn problem_of(result: &Value) -> String {
    name_of(&result["problem"]).unwrap_or_default()
}

/// Answers with rows that depend on the number.
fn rows(app: &App, row: impl Fn(&str) -> Vec<String> + Send + Sync + 'static) {
    app.upstream.answers(move |received| {
        let rows = numbers_of(&received.message()).iter().flat_map(|number| row(number)).collect();
        Reply::message("1.2", &hent_svar(false, None, rows))
    });
}

fn code_row(cpr: &str, code: u32) -> String {
    format!(
        "<ElevKontaktPerson><CPRNr>{cpr}</CPRNr><FejlKode>{code}</FejlKode><FejlTekst>x</FejlTekst></ElevKontaktPerson>"
    )
}

fn sizes(received: &[Received]) -> Vec<usize> {
    received.iter().map(|received| numbers_of(&received.message()).len()).collect()
}

#[tokio::test]
async fn every_member_of_a_contact_person_is_told_and_nothing_more() {
    let app = App::start().await;
    let full = format!(
        "<ElevKontaktPerson><CPRNr>{CPR}</CPRNr><KontaktPerson>Åse Ø.</KontaktPerson><KontaktTelefon>+45 70 10 10 10</KontaktTelefon>\
         <KontaktMail>a@b.example</KontaktMail><SlutDato>2027-06-30T00:00:00</SlutDato><InstitutionNummer>0281047</InstitutionNummer></ElevKontaktPerson>"
    );
    rows(&app, move |cpr| vec![full.clone(), contact_row(cpr)]);
    let answer = app.call_of(route("getYouthContacts"), &format!("/youth/{CPR}/contacts")).send().await;
    let expected = json!({"cpr": CPR, "contacts": [
        {"name": "Åse Ø.", "phone": "+45 70 10 10 10", "email": "a@b.example", "endDate": "2027-06-30T00:00:00+02:00", "institutionNumber": 281_047},
        {"name": "Vejleder 0001"},
    ]});
    assert_eq!((answer.status, answer.json()), (200, expected));
    assert_eq!(answer.header("cache-control"), Some("private, no-cache"));
    assert_eq!(answer.header("vary"), Some("Authorization, X-Authority, X-CivilRegistrationIdentifier"));
}

#[tokio::test]
async fn an_unchanged_answer_is_304_to_whoever_has_it() {
    let app = App::start().await;
    app.upstream.answers(usual_reply);
    let path = format!("/youth/{CPR}/contacts");
    let get = || app.call_of(route("getYouthContacts"), &path);
    let first = get().send().await;
    let tag = first.header("etag").unwrap().to_owned();
    assert!(tag.starts_with('"') && tag.ends_with('"'), "{tag}");
    for (known, status) in [
        (tag.clone(), 304),
        (format!("W/{tag}"), 304),
        (format!("\"other\", {tag}"), 304),
        ("*".to_owned(), 304),
        ("\"other\"".to_owned(), 200),
        (tag.trim_matches('"').to_owned(), 200),
    ] {
        let again = get().header("If-None-Match", &known).send().await;
        assert_eq!((again.status, again.header("etag")), (status, Some(&*tag)), "{known}");
        assert_eq!(again.body.is_empty(), status == 304);
    }
    rows(&app, |_| vec![]);
    rows(&app, |cpr| vec![contact_row(cpr), contact_row(cpr)]);
    let changed = get().header("If-None-Match", &tag).send().await;
    assert_eq!(changed.status, 200);
    assert_ne!(changed.header("etag"), Some(&*tag));
}

#[tokio::test]
async fn a_thousand_numbers_are_ten_calls_of_a_hundred() {
    let app = App::start().await;
    rows(&app, |cpr| if cpr.ends_with('7') { vec![code_row(cpr, 18)] } else { vec![contact_row(cpr)] });
    let cprs = numbers(1000);
    let results = query(&app, &cprs).await;
    for (cpr, result) in cprs.iter().zip(results.as_array().unwrap()) {
        let expected = if cpr.ends_with('7') { vec![] } else { vec![format!("Vejleder {}", &cpr[6..])] };
        assert_eq!(names(result), expected);
    }
    let received = app.upstream.take();
    // Full answers are asked again in part: what matters is that no call names more than a hundred.
    assert!(sizes(&received).iter().all(|size| (1..=100).contains(size)), "{:?}", sizes(&received));
    assert!(sizes(&received).iter().filter(|size| **size > 50).count() >= 10);
}

#[tokio::test]
async fn a_thousand_numbers_without_contacts_are_exactly_ten_calls() {
    let app = App::start().await;
    rows(&app, |cpr| vec![code_row(cpr, 18)]);
    query(&app, &numbers(1000)).await;
    assert_eq!(sizes(&app.upstream.take()), [100; 10]);
}

#[tokio::test]
async fn a_repeated_number_is_asked_once_and_answered_each_time() {
    let app = App::start().await;
    app.upstream.answers(usual_reply);
    let cprs = ["0202910002", CPR, "0202910002", CPR, CPR].map(str::to_owned);
    let results = query(&app, &cprs).await;
    assert_eq!(names(&results[2]), ["Vejleder 0002"]);
    assert_eq!(sizes(&app.upstream.take()), [2]);
}

#[tokio::test]
async fn a_persons_problem_touches_that_person_only() {
    let app = App::start().await;
    rows(&app, |cpr| match &cpr[8..] {
        "00" => vec![code_row(cpr, 14)],
        "01" => vec![code_row(cpr, 68)],
        "02" => vec![code_row(cpr, 18)],
        "03" => vec![code_row(cpr, 999)],
        _ => vec![contact_row(cpr)],
    });
    let results = query(&app, &numbers(6)).await;
    let found: Vec<_> = results.as_array().unwrap().iter().map(problem_of).collect();
    assert_eq!(
        found,
        ["youth-not-found", "youth-not-in-active-subscription", "", "upstream-rejected", "", ""]
    );
    assert_eq!(results[0]["problem"]["status"], 404);
    assert_eq!((names(&results[2]).len(), names(&results[4]).len()), (0, 1));
}

#[tokio::test]
async fn a_query_that_failed_for_everybody_is_200() {
    let app = App::start().await;
    for (reply, problem) in [
        (Reply::xml(500, fault::ipl(Blame::Receiver, "IPL000001", "x", None)), "platform-internal-error"),
        (Reply::xml(200, "<html/>"), "upstream-malformed"),
        (Reply::Close, "upstream-unreachable"),
    ] {
        app.upstream.always(reply);
        let results = query(&app, &numbers(3)).await;
        assert!(results.as_array().unwrap().iter().all(|result| problem_of(result) == problem), "{results}");
    }
}

#[tokio::test]
async fn a_batch_that_one_number_spoils_is_split() {
    let app = App::start().await;
    for code in ["IPL000002", "IPL000009"] {
        app.upstream.answers(move |received| {
            let asked = numbers_of(&received.message());
            match asked.iter().any(|number| number.ends_with("0005")) {
                true => Reply::xml(400, fault::ipl(Blame::Sender, code, "x", None)),
                false => Reply::message(
                    "1.2",
                    &hent_svar(false, None, asked.iter().map(|cpr| contact_row(cpr)).collect()),
                ),
            }
        });
        let results = query(&app, &numbers(30)).await;
        let failed = results.as_array().unwrap().iter().filter(|result| !result["problem"].is_null()).count();
        assert!((1..30).contains(&failed), "{failed} failed");
        assert!(app.upstream.take().len() <= 4, "at most four calls for a batch");
    }
}

#[tokio::test]
async fn a_number_that_is_not_mentioned_is_asked_once_more_alone() {
    let app = App::start().await;
    app.upstream.answers(|received| {
        let asked = numbers_of(&received.message());
        let alone = asked.len() == 1;
        let rows = asked.iter().filter(|cpr| alone && cpr.ends_with("01") || cpr.ends_with("00"));
        Reply::message("1.2", &hent_svar(false, None, rows.map(|cpr| contact_row(cpr)).collect()))
    });
    let results = query(&app, &numbers(3)).await;
    assert_eq!((names(&results[0]), names(&results[1])), (vec!["Vejleder 0000"], vec!["Vejleder 0001"]));
    assert_eq!(problem_of(&results[2]), "upstream-malformed");
    let mut sizes = sizes(&app.upstream.take());
    sizes.sort();
    assert_eq!(sizes, [1, 1, 3]);
}

#[tokio::test]
async fn a_full_answer_cuts_nobody_off() {
    let app = App::start().await;
    // Thirty contact persons each, but an answer holds a hundred.
    app.upstream.answers(|received| {
        let rows = numbers_of(&received.message())
            .iter()
            .flat_map(|cpr| vec![contact_row(cpr); 30])
            .take(100)
            .collect();
        Reply::message("1.2", &hent_svar(false, None, rows))
    });
    let results = query(&app, &numbers(10)).await;
    assert!(results.as_array().unwrap().iter().all(|result| names(result).len() == 30), "{results}");
}

#[tokio::test]
async fn scattered_rows_of_a_full_answer_are_asked_again() {
    let app = App::start().await;
    app.upstream.answers(|received| {
        let asked = numbers_of(&received.message());
        let rows = (0..40).flat_map(|_| asked.iter().map(|cpr| contact_row(cpr))).take(100).collect();
        Reply::message("1.2", &hent_svar(false, None, rows))
    });
    let results = query(&app, &numbers(4)).await;
    assert!(results.as_array().unwrap().iter().all(|result| names(result).len() == 40), "{results}");
}

#[tokio::test]
async fn one_person_with_a_hundred_contacts_is_no_answer() {
    let app = App::start().await;
    for (count, status) in [(99, 200), (100, 502)] {
        rows(&app, move |cpr| vec![contact_row(cpr); count]);
        let answer = app.call_of(route("getYouthContacts"), &format!("/youth/{CPR}/contacts")).send().await;
        assert_eq!(answer.status, status, "{count}");
    }
}

#[tokio::test]
async fn a_row_without_a_number_counts_only_where_one_was_asked_about() {
    let app = App::start().await;
    let nameless = "<ElevKontaktPerson><KontaktPerson>X</KontaktPerson></ElevKontaktPerson>".to_owned();
    app.upstream.answers(move |_| Reply::message("1.2", &hent_svar(false, None, vec![nameless.clone()])));
    let answer = app.call_of(route("getYouthContacts"), &format!("/youth/{CPR}/contacts")).send().await;
    assert_eq!(answer.json()["contacts"], json!([{"name": "X"}]));
    let nobodys =
        "<ElevKontaktPerson><CPRNr>0303930003</CPRNr><KontaktPerson>Y</KontaktPerson></ElevKontaktPerson>";
    app.upstream.always(Reply::message("1.2", &hent_svar(false, None, vec![nobodys.to_owned()])));
    let answer = app.call_of(route("getYouthContacts"), &format!("/youth/{CPR}/contacts")).send().await;
    assert_eq!(answer.refusal(), (502, "upstream-malformed".to_owned()));
    assert!(!answer.text().contains("0303930003"));
}

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
    assert_eq!(problem_of(&lines[1]), "platform-internal-error");
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
        (problem_of(&page["items"][0]), &page["items"][1]["name"]),
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
    let other = crate::support::token::Token::caseworker("youth.contacts.changes.read", "jobcenter:99999");
    let call = app.call("GET", &format!("/youth/contacts?cursor={cursor}")).token(&other);
    assert_eq!(call.send().await.refusal(), (400, "invalid-parameter".to_owned()));
}

#[tokio::test]
async fn a_report_is_accepted_warned_of_or_refused() {
    let app = App::start().await;
    let report = route("reportYouth");
    let Request { path, body, .. } = request(report, Extent::Full);
    let fault = |code: u32, text: &str| {
        format!("<Fejl><Fejlkode>{code}</Fejlkode><Fejltekst>{text}</Fejltekst></Fejl>")
    };
    let text = "Registreringstid for kontakt, uddannelses- eller jobønsker må ikke fremdateres";
    let quoting = format!("About {CPR}");
    for (content, expected) in [
        ("<Ok>true</Ok>".to_owned(), json!({"accepted": true})),
        ("<Ok>1</Ok>".to_owned(), json!({"accepted": true})),
        (
            format!("<Ok>true</Ok>{}", fault(280, text)),
            json!({"accepted": true, "warning": {"code": "280", "text": text}}),
        ),
        (
            format!("<Ok>true</Ok>{}", fault(999, &quoting)),
            json!({"accepted": true, "warning": {"code": "999", "text": "About …"}}),
        ),
    ] {
        app.upstream.always(Reply::message("1.2", &indberetning_svar(&content)));
        let answer = app.call_of(report, &path).json(&body).send().await;
        assert_eq!((answer.status, answer.json()), (200, expected), "{content}");
    }
    for (content, status, problem, outcome) in [
        ("<Ok>false</Ok>".to_owned(), 502, "upstream-rejected", "unknown"),
        (format!("<Ok>false</Ok>{}", fault(280, text)), 422, "registration-time-in-future", "not-executed"),
        (format!("<Ok>0</Ok>{}", fault(999, "x")), 502, "upstream-rejected", "unknown"),
        (fault(280, text), 502, "upstream-malformed", "unknown"),
        (
            "<Ok>false</Ok><Fejl><Fejltekst>x</Fejltekst></Fejl>".to_owned(),
            502,
            "upstream-malformed",
            "unknown",
        ),
    ] {
        app.upstream.always(Reply::message("1.2", &indberetning_svar(&content)));
        let answer = app.call_of(report, &path).json(&body).send().await;
        assert_eq!(answer.refusal(), (status, problem.to_owned()), "{content}");
        assert_eq!(answer.json()["outcome"], outcome, "{content}");
    }
}
