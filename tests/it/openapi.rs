//! The published document in front of the sandbox: its examples are sent as they stand.

use std::net::TcpListener;
use std::sync::{Arc, mpsc};
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;
use ungebro::openapi::{self, DAY_OF_EXAMPLES, Options};
use ungebro::sandbox::{Sandbox, SandboxOptions};
use ungebro::services::{dfdg, udb};

use crate::support::app::App;
use crate::support::client::Answer;
use crate::support::contract::{ROUTES, Route};
use crate::support::exchange::{request, usual_reply};
use crate::support::sample::Extent;

/// The sandbox on a port of its own, as long as the process lives.
fn sandbox() -> String {
    let (started, address) = mpsc::channel();
    std::thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let sandbox = Arc::new(Sandbox::new(SandboxOptions::default())).configure();
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            started.send(listener.local_addr().unwrap()).unwrap();
            let app = move || actix_web::App::new().configure(sandbox.clone());
            // A busy machine must not find connections closed that it is about to write on.
            let server = actix_web::HttpServer::new(app).workers(1).keep_alive(Duration::from_secs(120));
            server.listen(listener).unwrap().run().await.unwrap();
        });
    });
    format!("http://{}", address.recv().unwrap())
}

async fn app() -> App {
    let upstream = sandbox();
    App::with(|config| {
        let at = |path: &str| format!("{upstream}{path}");
        config.udb.as_mut().unwrap().hent_institution_kontakt = at(udb::HENT_INSTITUTION_KONTAKT.path);
        config.udb.as_mut().unwrap().indberetning_kontakt_job_og_udd_oensker = at(udb::INDBERETNING.path);
        config.dfdg.as_mut().unwrap().endpoint = at(dfdg::SERVICE.path);
    })
    .await
}

/// The document with times that the sandbox takes.
fn document() -> Value {
    let now = Timestamp::now().to_zoned(TimeZone::get("Europe/Copenhagen").unwrap());
    let days = (now.date().yesterday().unwrap() - DAY_OF_EXAMPLES).get_days();
    openapi::document(&Options { days_later: days.into(), ..Options::default() })
}

/// Sends an operation's examples: path, query and body.
async fn send(app: &App, document: &Value, route: &Route, example: &str) -> Answer {
    let operation = &document["paths"][&route.path][route.method.to_lowercase()];
    let mut path = route.path.clone();
    for parameter in operation["parameters"].as_array().unwrap() {
        let value = parameter["example"].as_str().unwrap_or_default();
        match (parameter["in"].as_str(), parameter["name"].as_str().unwrap_or_default()) {
            (Some("path"), name) => path = path.replace(&format!("{{{name}}}"), value),
            (Some("query"), "since") => path = format!("{path}?since={value}"),
            _ => {}
        }
    }
    let call = app.call_of(route, &path);
    let examples = &operation["requestBody"]["content"]["application/json"]["examples"];
    // Where everything is required the two are the same, and stand there once.
    let body = if examples[example].is_null() { &examples["full"] } else { &examples[example] };
    let body = &body["value"];
    call.json_unless_null(body).send().await
}

/// Whatever stands in the document can be tried: no example is refused by the gateway itself.
#[tokio::test]
async fn every_example_is_taken_and_answered_as_documented() {
    let (app, document) = (app().await, document());
    for route in ROUTES.iter() {
        for example in ["full", "minimal"] {
            let answer = send(&app, &document, route, example).await;
            let refused = answer.status >= 400 && answer.json()["system"] == "gateway";
            assert!(!refused, "{} {example}: {}", route.id, answer.text());
        }
    }
}

#[tokio::test]
async fn what_is_phased_out_says_since_when_and_nothing_else_does() {
    let app = App::start().await;
    app.upstream.answers(usual_reply);
    for route in ROUTES.iter() {
        let made = request(route, Extent::Minimal);
        let answer = app.call_of(route, &made.path).json_unless_null(&made.body).send().await;
        assert_eq!(answer.status, route.status, "{}: {}", route.id, answer.text());
        let since = answer.header("deprecation").and_then(|it| it.strip_prefix('@')?.parse::<i64>().ok());
        assert_eq!(since.is_some(), route.deprecated, "{}: {:?}", route.id, answer.header("deprecation"));
    }
}

#[tokio::test]
async fn what_the_documentation_shows_first_succeeds() {
    let (app, document) = (app().await, document());
    for (id, status) in [
        ("getYouthContacts", 200),
        ("queryYouthContacts", 200),
        ("listYouthContactChanges", 200),
        ("reportYouth", 200),
        ("createInterview", 201),
        ("updateJobcenter", 200),
        ("registerFundParticipation", 200),
        ("createHealthLimitation", 201),
    ] {
        let route = ROUTES.iter().find(|route| route.id == id).unwrap();
        let answer = send(&app, &document, route, "minimal").await;
        assert_eq!(answer.status, status, "{id}: {}", answer.text());
    }
}
