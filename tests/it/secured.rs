//! Mutual TLS and signatures end to end: the gateway before a sandbox that demands both.

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::support::app::App;
use crate::support::client::Answer;
use crate::support::contract::route;
use crate::support::secured::{self, STRANGE, identity, lead_to};
use ungebro::config::Config;

const YOUNG_PERSON: &str = "0506085001";
const JOB_SEEKER: &str = "0708850001";

async fn app(change: impl FnOnce(&mut Config)) -> App {
    let base = secured::start();
    App::with(|config| {
        lead_to(&base, config);
        change(config);
    })
    .await
}

async fn look_up(app: &App) -> Answer {
    app.call_of(route("getYouthContacts"), &format!("/youth/{YOUNG_PERSON}/contacts")).send().await
}

#[tokio::test]
async fn with_certificate_and_signatures_everything_works() {
    let app = app(|_| {}).await;
    let contacts = look_up(&app).await;
    assert_eq!(contacts.status, 200, "{}", contacts.text());
    let an_hour_ago = Timestamp::now() - SignedDuration::from_hours(1);
    let interview = json!({
        "interviewType": 7,
        "responsibleAuthority": {
            "authority": { "code": "15101", "name": "Jobcenter Eksempel", "organisationType": 8 },
            "caseWorker": { "givenName": "Mette", "surname": "Sørensen", "identifier": "mbs" },
        },
        "interviewTime": an_hour_ago.to_string(),
        "contactType": 1,
        "withMoreAuthorities": false,
        "agreementDescription": "To ansøgninger om ugen.",
    });
    let path = format!("/persons/{JOB_SEEKER}/interviews");
    let created = app.call_of(route("createInterview"), &path).json(&interview).send().await;
    assert_eq!(created.status, 201, "{}", created.text());
    let wishes =
        json!({ "jobWishes": { "text": "Noget udendørs", "registeredAt": an_hour_ago.to_string() } });
    let path = format!("/youth/{YOUNG_PERSON}/reports");
    let reported = app.call_of(route("reportYouth"), &path).json(&wishes).send().await;
    assert_eq!(reported.status, 200, "{}", reported.text());
}

#[tokio::test]
async fn a_signed_refusal_is_verified_and_read() {
    let app = app(|_| {}).await;
    let unknown = app.call_of(route("getYouthContacts"), "/youth/0101010001/contacts").send().await;
    assert_eq!((unknown.status, &unknown.json()["code"]), (404, &json!("14")), "{}", unknown.text());
}

#[tokio::test]
async fn what_is_unsigned_is_refused_as_the_senders_fault() {
    let app = app(|config| config.udb.as_mut().unwrap().signing = None).await;
    let refused = look_up(&app).await;
    assert_eq!(refused.status, 502);
    let text = refused.json()["upstreamText"].as_str().unwrap_or_default().to_owned();
    assert_eq!(text, "The Security header is refused: the message is not signed");
}

#[tokio::test]
async fn a_signature_of_somebody_else_is_refused() {
    let app = app(|config| {
        config.udb.as_mut().unwrap().signing.as_mut().unwrap().identity = identity(&STRANGE.1.client);
    })
    .await;
    let text = look_up(&app).await.json()["upstreamText"].as_str().unwrap_or_default().to_owned();
    assert_eq!(text, "The Security header is refused: the certificate does not lead to a trust anchor");
}

#[tokio::test]
async fn a_client_without_the_sandboxs_certificate_gets_no_connection() {
    for tls_identity in [None, Some(identity(&STRANGE.1.client))] {
        let app = app(|config| config.udb.as_mut().unwrap().common.tls.identity = tls_identity).await;
        let refused = look_up(&app).await;
        let problem = refused.json();
        assert!(problem["type"].as_str().unwrap().ends_with("/upstream-unreachable"), "{problem}");
    }
}
