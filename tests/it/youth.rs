//! Look-ups in Ungedatabasen by number: one person, up to a thousand.

use serde_json::{Value, json};

use crate::support::app::App;
use crate::support::client::{check_problem, name_of};
use crate::support::contract::route;
use crate::support::exchange::{CPR, code_row, contact_row, hent_svar, numbers_of, usual_reply};
use crate::support::fault::{self, Blame};
use crate::support::upstream::{Received, Reply};
use crate::support::youth::{names, numbers};

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
async fn a_thousand_numbers_without_contacts_are_exactly_ten_calls_once_that_is_usual() {
    let app = App::start().await;
    rows(&app, |cpr| vec![code_row(cpr, 18)]);
    query(&app, &numbers(1050)[1000..]).await;
    app.upstream.take();
    query(&app, &numbers(1000)).await;
    assert_eq!(sizes(&app.upstream.take()), [100; 10]);
}

/// An answer holds at most a hundred rows; a full one is asked again in part.
#[tokio::test]
async fn two_hundred_and_fifty_numbers_with_one_contact_each_are_three_calls() {
    let app = App::start().await;
    rows(&app, |cpr| vec![contact_row(cpr)]);
    query(&app, &numbers(250)).await;
    let mut sizes = sizes(&app.upstream.take());
    sizes.sort_unstable();
    assert_eq!(sizes, [52, 99, 99]);
}

#[tokio::test]
async fn how_many_rows_people_usually_have_is_learned_for_each_authority() {
    for rows_each in [2, 3, 5, 40] {
        let app = App::start().await;
        rows(&app, move |cpr| vec![contact_row(cpr); rows_each]);
        query(&app, &numbers(12)).await;
        app.upstream.take();
        query(&app, &numbers(262)[12..]).await;
        let sizes = sizes(&app.upstream.take());
        assert_eq!(sizes.iter().sum::<usize>(), 250, "nobody is asked about twice: {sizes:?}");
        assert_eq!(sizes.len(), 250_usize.div_ceil(99 / rows_each), "{sizes:?}");
    }
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
async fn an_answer_is_full_with_rows_of_any_kind() {
    let app = App::start().await;
    // Ninety-five rows that say why there is nothing leave room for five contact persons of the last one's forty.
    app.upstream.answers(|received| {
        let asked = numbers_of(&received.message());
        let rows = asked.iter().flat_map(|cpr| match cpr.ends_with("95") {
            true => vec![contact_row(cpr); 40],
            false => vec![code_row(cpr, 18)],
        });
        Reply::message("1.2", &hent_svar(false, None, rows.take(100).collect()))
    });
    let mut cprs = numbers(96);
    // The upstream is asked in the numbers' order.
    cprs[95] = "3101900095".to_owned();
    let results = query(&app, &cprs).await;
    assert_eq!(names(&results[95]).len(), 40);
    assert_eq!(sizes(&app.upstream.take()), [96, 1]);
}

#[tokio::test]
async fn only_a_fault_of_the_senders_splits_a_batch() {
    let app = App::start().await;
    for (blame, calls) in [(Blame::Sender, vec![30, 10, 10, 10]), (Blame::Receiver, vec![30])] {
        app.upstream.always(Reply::xml(400, fault::ipl(blame, "IPL000009", "x", None)));
        let results = query(&app, &numbers(30)).await;
        assert!(results.as_array().unwrap().iter().all(|result| problem_of(result) == "upstream-rejected"));
        assert_eq!(sizes(&app.upstream.take()), calls, "{blame:?}");
    }
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
