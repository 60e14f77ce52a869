//! The municipality's report: accepted, warned of, refused.

use serde_json::json;

use crate::support::app::App;
use crate::support::contract::route;
use crate::support::exchange::{CPR, Request, indberetning_svar, request};
use crate::support::sample::Extent;
use crate::support::upstream::Reply;

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
