//! What becomes of every code of the catalogue, of codes that are not in it, and of faults without one.

use serde_json::{Value, json};

use crate::support::app::App;
use crate::support::client::Answer;
use crate::support::contract::{ERROR_CODES, ROUTES, Route, route};
use crate::support::exchange::{
    CORRELATION_ID, CPR, Request, hent_svar, indberetning_svar, request, version_of,
};
use crate::support::fault::{self, Blame};
use crate::support::sample::Extent;
use crate::support::upstream::{Reply, envelope};

/// A row of the catalogue.
#[derive(Debug, serde::Deserialize)]
struct Row {
    system: String,
    code: String,
    upstream_text: String,
    http_status: u16,
    problem: String,
    retryable: String,
    outcome: String,
    severity: String,
    operations: String,
}

impl Row {
    fn all() -> Vec<Self> {
        csv::Reader::from_reader(ERROR_CODES.as_bytes()).deserialize().map(Result::unwrap).collect()
    }

    /// One route for each operation that the row names.
    fn routes(&self) -> Vec<&'static Route> {
        let named = |route: &&Route| match self.operations.as_str() {
            "any" => route.upstream == self.system,
            names => names.split(' ').any(|name| name == route.operation),
        };
        let mut routes: Vec<_> = ROUTES.iter().filter(named).collect();
        routes.dedup_by_key(|route| &route.operation);
        routes
    }

    /// What the client must get from a route.
    fn expected(&self, route: &Route) -> Value {
        let mut expected = json!({
            "status": self.http_status, "problem": self.problem, "name": self.problem, "code": self.code, "system": self.system,
            "retryable": self.retryable == "yes",
        });
        if route.writes() {
            expected["outcome"] = json!(self.outcome);
        }
        if !self.severity.is_empty() {
            expected["severity"] = json!(self.severity);
        }
        // Without a text of its own, a fault still has its reason.
        let text = if self.upstream_text.is_empty() { "See the details" } else { &self.upstream_text };
        expected["upstreamText"] = json!(text);
        if self.system != "dfdg" {
            expected["correlationId"] = json!(CORRELATION_ID);
        }
        expected
    }

    /// The upstream's reply with the code.
    fn reply(&self, route: &Route) -> Reply {
        let text = &self.upstream_text;
        match (self.system.as_str(), route.operation.as_str()) {
            ("dfdg", _) => Reply::xml(500, fault::dfdg("1.1", &self.code, text)),
            ("ipl", _) => {
                let (blame, status) =
                    if self.code == "IPL000002" { (Blame::Sender, 400) } else { (Blame::Receiver, 500) };
                Reply::xml(status, fault::ipl(blame, &self.code, text, None))
            }
            (_, "HentInstitutionKontakt") => row_reply(&self.code, text),
            _ => refused_report(&self.code, text),
        }
    }
}

fn row_reply(code: &str, text: &str) -> Reply {
    let row = format!(
        "<ElevKontaktPerson><CPRNr>{CPR}</CPRNr><FejlKode>{code}</FejlKode><FejlTekst>{text}</FejlTekst></ElevKontaktPerson>"
    );
    Reply::message("1.2", &hent_svar(false, None, vec![row]))
}

fn refused_report(code: &str, text: &str) -> Reply {
    let fault = format!("<Fejl><Fejlkode>{code}</Fejlkode><Fejltekst>{text}</Fejltekst></Fejl>");
    Reply::message("1.2", &indberetning_svar(&format!("<Ok>false</Ok>{fault}")))
}

/// What a problem says besides its texts for people.
fn essence(answer: &Answer) -> Value {
    let mut problem = answer.json();
    let members = problem.as_object_mut().unwrap();
    for name in ["type", "title", "detail", "instance"] {
        members.remove(name);
    }
    members.insert("problem".to_owned(), answer.problem().into());
    problem
}

async fn call(app: &App, route: &Route) -> Answer {
    let Request { path, body, .. } = request(route, Extent::Minimal);
    let call = app.call_of(route, &path);
    let answer = call.json_unless_null(&body).send().await;
    assert!(!answer.text().contains("planted-"), "{}", answer.text());
    answer
}

#[tokio::test]
async fn every_code_becomes_its_problem_from_every_operation_that_has_it() {
    let app = App::start().await;
    let mut cases = 0;
    for row in Row::all().iter().filter(|row| row.http_status != 200) {
        for route in row.routes() {
            app.upstream.always(row.reply(route));
            let answer = call(&app, route).await;
            assert_eq!(essence(&answer), row.expected(route), "{} from {}", row.code, route.id);
            assert_eq!(answer.header("x-correlation-id"), answer.json()["correlationId"].as_str());
            cases += 1;
        }
    }
    assert!(cases > 600, "only {cases} cases");
}

#[tokio::test]
async fn a_code_means_the_same_from_an_operation_that_does_not_list_it() {
    let app = App::start().await;
    let rows = Row::all();
    for row in rows.iter().filter(|row| row.system != "ipl" && row.http_status != 200) {
        let ids = match row.system.as_str() {
            "dfdg" => ["deleteGroupMarking", "createInterview"],
            _ => ["getYouthContacts", "reportYouth"],
        };
        // Of several rows of a code the operation's own counts, else the first.
        let same = |other: &&Row| other.system == row.system && other.code == row.code;
        let of = |route: &Route| {
            let own = rows
                .iter()
                .filter(same)
                .find(|other| other.operations.split(' ').any(|it| it == route.operation));
            own.or_else(|| rows.iter().find(same)).unwrap()
        };
        for route in ids.map(route).into_iter().filter(|route| std::ptr::eq(of(route), row)) {
            app.upstream.always(row.reply(route));
            let answer = call(&app, route).await;
            assert_eq!(essence(&answer), row.expected(route), "{} from {}", row.code, route.id);
        }
    }
}

#[tokio::test]
async fn code_18_is_an_empty_list() {
    let app = App::start().await;
    app.upstream.always(row_reply("18", "Ingen information at hente"));
    let answer = call(&app, route("getYouthContacts")).await;
    assert_eq!((answer.status, answer.json()), (200, json!({"cpr": CPR, "contacts": []})));
}

#[tokio::test]
async fn an_unknown_code_is_kept_and_its_outcome_is_unknown() {
    let app = App::start().await;
    for (id, reply, system, code) in [
        ("updateJobcenter", Reply::xml(500, fault::dfdg("1.1", "7777", "Something new")), "dfdg", "7777"),
        ("updateJobcenter", Reply::xml(500, fault::dfdg("1.1", "0", "Something new")), "dfdg", "0"),
        (
            "reportYouth",
            Reply::xml(400, fault::ipl(Blame::Sender, "IPL000009", "Something new", None)),
            "ipl",
            "IPL000009",
        ),
        (
            "getYouthContacts",
            Reply::xml(400, fault::ipl(Blame::Sender, "IPL000009", "Something new", None)),
            "ipl",
            "IPL000009",
        ),
        ("reportYouth", refused_report("999", "Something new"), "udb", "999"),
        ("getYouthContacts", row_reply("999", "Something new"), "udb", "999"),
    ] {
        let route = route(id);
        app.upstream.always(reply);
        let problem = essence(&call(&app, route).await);
        let outcome = if route.writes() { json!("unknown") } else { Value::Null };
        assert_eq!(
            (&problem["problem"], &problem["status"], &problem["system"], &problem["code"]),
            (&json!("upstream-rejected"), &json!(502), &json!(system), &json!(code)),
        );
        assert_eq!((&problem["outcome"], &problem["upstreamText"]), (&outcome, &json!("Something new")));
    }
}

#[tokio::test]
async fn a_fault_counts_whatever_its_version_and_status() {
    let app = App::start().await;
    let route = route("updateJobcenter");
    for version in ["1.1", "1.2"] {
        for status in [200, 202, 400, 403, 404, 500, 503] {
            app.upstream
                .always(Reply::xml(status, fault::dfdg(version, "4695", "The jobcenter does not exist")));
            let answer = call(&app, route).await;
            assert_eq!(answer.refusal(), (422, "jobcenter-unknown".to_owned()), "{version} {status}");
        }
    }
}

#[tokio::test]
async fn a_bare_fault_is_a_rejection_of_unknown_outcome() {
    let app = App::start().await;
    for id in ["updateJobcenter", "reportYouth", "getYouthContacts"] {
        let route = route(id);
        for blame in [Blame::Sender, Blame::Receiver] {
            let version = version_of(&route.operation);
            for status in [200, 500] {
                app.upstream.always(Reply::xml(status, fault::fault(version, blame, "No reason", "")));
                let problem = essence(&call(&app, route).await);
                assert_eq!(problem["problem"], "upstream-rejected", "{id} {blame:?}");
                assert_eq!(problem["code"], Value::Null);
                assert_eq!(problem["upstreamText"], "No reason");
                if route.writes() {
                    assert_eq!(
                        (&problem["outcome"], &problem["retryable"]),
                        (&json!("unknown"), &json!(false))
                    );
                }
            }
        }
    }
}

#[tokio::test]
async fn the_code_of_the_source_system_is_told() {
    let app = App::start().await;
    let route = route("reportYouth");
    app.upstream.always(Reply::xml(
        500,
        fault::ipl(Blame::Receiver, "IPL000001", "Unexpected error on the platform", Some("500")),
    ));
    let problem = essence(&call(&app, route).await);
    assert_eq!((&problem["sourceCode"], &problem["outcome"]), (&json!("500"), &json!("unknown")));
}

#[tokio::test]
async fn a_text_that_quotes_the_request_is_told_without_it() {
    let app = App::start().await;
    let route = route("createHealthLimitation");
    let Request { path, body, .. } = request(route, Extent::Full);
    let quoted = body["description"].as_str().unwrap().to_owned();
    let text = format!("{quoted} of {CPR} (010190-0001 or 2512489996) by Mette Blå Sørensen is wrong");
    for (code, prefix) in [("1014", "422"), ("7777", "502"), ("4762", "422")] {
        app.upstream.always(Reply::xml(500, fault::dfdg("1.1", code, &text)));
        let answer = app.call_of(route, &path).json(&body).send().await;
        assert_eq!(answer.status.to_string(), prefix);
        assert_eq!(answer.json()["upstreamText"], "… of … (… or …) by … is wrong");
    }
}

#[tokio::test]
async fn an_identifier_of_the_platform_that_looks_like_a_number_is_kept() {
    let app = App::start().await;
    for id in ["00654321-1234-4222-8333-444455556666", "c0ffee00-1111-4222-8333-012345678901"] {
        let fault = fault::ipl(Blame::Receiver, "IPL000001", "x", None).replace(CORRELATION_ID, id);
        app.upstream.always(Reply::xml(500, fault));
        assert_eq!(call(&app, route("reportYouth")).await.json()["correlationId"], id);
    }
}

#[tokio::test]
async fn problem_texts_are_danish_for_danes() {
    let app = App::start().await;
    let route = route("updateJobcenter");
    app.upstream.always(Reply::xml(500, fault::dfdg("1.1", "4695", "The jobcenter does not exist")));
    let Request { path, body, .. } = request(route, Extent::Minimal);
    let mut titles = Vec::new();
    for language in ["", "en", "da", "da-DK, en;q=0.5", "fr, da;q=0.3", "fr", "en, da;q=0.9"] {
        let answer = app.call_of(route, &path).json(&body).header("Accept-Language", language).send().await;
        titles.push((answer.header("content-language").unwrap().to_owned(), answer.json()["title"].clone()));
    }
    let languages: Vec<_> = titles.iter().map(|(language, _)| language.as_str()).collect();
    assert_eq!(languages, ["en", "en", "da", "da", "da", "en", "en"]);
    assert_ne!(titles[0].1, titles[2].1);
}

#[tokio::test]
async fn every_problem_has_a_page() {
    let app = App::start().await;
    let mut names: Vec<_> =
        Row::all().into_iter().map(|row| row.problem).filter(|name| !name.is_empty()).collect();
    names.dedup();
    for name in names.iter().map(String::as_str).chain(crate::support::client::OWN_PROBLEMS.iter().copied()) {
        let page = reqwest::get(format!("{}/problems/{name}", app.url)).await.unwrap();
        assert_eq!(page.status(), 200, "{name}");
    }
}

#[test]
fn the_catalogue_in_the_source_is_the_contracts() {
    assert_eq!(ERROR_CODES, include_str!("../../src/problem/error-codes.csv"));
}

#[tokio::test]
async fn an_answer_and_a_fault_at_once_is_no_answer() {
    let app = App::start().await;
    let route = route("updateJobcenter");
    let answer = crate::support::exchange::answer(route, Extent::Minimal);
    let message = answer.message.xml(crate::support::exchange::DFDG);
    app.upstream.always(Reply::xml(500, envelope("1.1", &message)));
    assert_eq!(call(&app, route).await.refusal(), (502, "upstream-malformed".to_owned()));
}
