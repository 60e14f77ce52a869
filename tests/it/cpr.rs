//! The CPR number: in the path, in the header, in neither, in both; and which numbers are ones.

use serde_json::json;

use crate::support::app::App;
use crate::support::client::Answer;
use crate::support::contract::{ROUTES, Route, route};
use crate::support::exchange::{CPR, Request, numbers_of, request, usual_reply};
use crate::support::sample::Extent;

const HEADER: &str = "X-CivilRegistrationIdentifier";

fn with_cpr() -> impl Iterator<Item = &'static Route> {
    ROUTES.iter().filter(|route| route.path.contains("{cpr}"))
}

/// Calls a route with this in the path, and that in the header.
async fn call(app: &App, route: &Route, in_path: &str, in_header: Option<&str>) -> Answer {
    let Request { path, body, .. } = request(route, Extent::Minimal);
    let mut call = app.call_of(route, &path.replace(CPR, in_path));
    if let Some(number) = in_header {
        call = call.header(HEADER, number);
    }
    call.json_unless_null(&body).send().await
}

#[tokio::test]
async fn the_number_may_come_by_path_or_header() {
    let app = App::start().await;
    app.upstream.answers(usual_reply);
    for route in with_cpr() {
        for (in_path, in_header) in [(CPR, None), ("-", Some(CPR)), (CPR, Some(CPR)), ("0101900%3001", None)]
        {
            let answer = call(&app, route, in_path, in_header).await;
            assert_eq!(answer.status, route.status, "{} {in_path}: {}", route.id, answer.text());
            let sent =
                route.parameters.iter().any(|parameter| parameter.name == "cpr" && parameter.wire.is_some());
            assert_eq!(app.upstream.take_one().body.contains(CPR), sent, "{}", route.id);
        }
    }
}

#[tokio::test]
async fn a_missing_differing_or_invalid_number_is_refused_where_it_stands() {
    let app = App::start().await;
    for route in with_cpr() {
        for (in_path, in_header, place) in [
            ("-", None, HEADER),
            (CPR, Some("0202900002"), HEADER),
            ("-", Some("0000000000"), HEADER),
            ("-", Some("-"), HEADER),
            ("-", Some(""), HEADER),
            ("0000000000", None, "cpr"),
            ("0000000000", Some("0000000000"), "cpr"),
            ("3102900001", None, "cpr"),
            ("0113900001", None, "cpr"),
            ("010190-0001", None, "cpr"),
            ("01019000011", None, "cpr"),
            ("010190001", None, "cpr"),
            ("%D9%A0101900001", None, "cpr"),
            ("6101900001", None, "cpr"),
            ("TES1900001", None, "cpr"),
        ] {
            let answer = call(&app, route, in_path, in_header).await;
            assert_eq!(
                answer.refusal(),
                (400, "invalid-cpr".to_owned()),
                "{} {in_path} {in_header:?}",
                route.id
            );
            let places = answer.places();
            assert!(places == [place] || in_path == "0000000000", "{} {in_path}: {places:?}", route.id);
        }
    }
    assert_eq!(app.upstream.take().len(), 0);
}

#[tokio::test]
async fn numbers_without_a_check_digit_and_on_29_february_are_numbers() {
    let app = App::start().await;
    app.upstream.answers(usual_reply);
    for number in ["2902010001", "3112990000", "0101000000", "0101579999"] {
        assert_eq!(call(&app, route("updateJobcenter"), number, None).await.status, 200, "{number}");
    }
}

#[tokio::test]
async fn the_path_form_can_be_refused() {
    let app = App::with(|config| config.server.cpr_in_path = false).await;
    app.upstream.answers(usual_reply);
    for route in with_cpr() {
        for number in [CPR, "0000000000", "nonsense"] {
            let answer = call(&app, route, number, Some(CPR)).await;
            assert_eq!(answer.refusal(), (400, "cpr-in-path-refused".to_owned()), "{}", route.id);
        }
        assert_eq!(call(&app, route, "-", Some(CPR)).await.status, route.status);
    }
}

#[tokio::test]
async fn test_numbers_are_taken_on_youth_when_switched_on() {
    let app = App::with(|config| config.udb.as_mut().unwrap().test_numbers = true).await;
    app.upstream.answers(usual_reply);
    let numbers = ["6101900001", "9102290001", "010190KOT1", "010190TES1"];
    for number in numbers {
        let answer = call(&app, route("getYouthContacts"), number, None).await;
        assert_eq!(answer.status, 200, "{number}");
        assert_eq!(numbers_of(&app.upstream.take_one().message()), [number]);
        let refused = call(&app, route("updateJobcenter"), number, None).await;
        assert_eq!(refused.refusal(), (400, "invalid-cpr".to_owned()), "{number}");
    }
    assert_eq!(call(&app, route("reportYouth"), "6101900001", None).await.status, 200);
    let query = app.call_of(route("queryYouthContacts"), "/youth/contacts/query");
    assert_eq!(query.json(&json!({"cprs": ["6101900001", CPR]})).send().await.status, 200);
}

#[tokio::test]
async fn identifiers_of_the_path_have_their_form() {
    let app = App::start().await;
    app.upstream.answers(usual_reply);
    for route in
        ROUTES.iter().filter(|route| route.parameters.iter().any(|parameter| parameter.name != "cpr"))
    {
        let Request { path, body, .. } = request(route, Extent::Minimal);
        let names: Vec<_> = route
            .parameters
            .iter()
            .map(|parameter| parameter.name.as_str())
            .filter(|name| *name != "cpr")
            .collect();
        for wrong in [
            "x",
            "1",
            "7d4a1c52-0b3e-4f6a-9c1d-2e5f8a9b0c3",
            "%7B7d4a1c52-0b3e-4f6a-9c1d-2e5f8a9b0c3d%7D",
            "0101900001",
        ] {
            let mut template = route.path.replace("{cpr}", CPR);
            names.iter().for_each(|name| template = template.replace(&format!("{{{name}}}"), wrong));
            let answer = app.call_of(route, &template).json(&body).send().await;
            let expected = (400, "invalid-identifier".to_owned());
            assert_eq!(
                (answer.refusal(), answer.places()),
                (expected, names.iter().map(|name| (*name).to_owned()).collect()),
                "{} {wrong}",
                route.id
            );
        }
        assert_eq!(app.upstream.take().len(), 0);
        assert_eq!(app.call_of(route, &path).json(&body).send().await.status, route.status);
        app.upstream.take();
    }
}

#[tokio::test]
async fn an_interview_in_the_body_is_the_one_in_the_path() {
    let app = App::start().await;
    app.upstream.answers(usual_reply);
    let route = route("updateInterview");
    let Request { path, body, .. } = request(route, Extent::Minimal);
    let (_, id) = path.rsplit_once('/').unwrap();
    for (in_body, taken) in [
        (json!(id), true),
        (json!(id.to_uppercase()), true),
        (json!(id.to_lowercase()), true),
        (json!(null), true),
        (json!("7d4a1c52-0b3e-4f6a-9c1d-2e5f8a9b0c3d"), false),
    ] {
        let mut body = body.clone();
        body["messageIdentifier"] = in_body.clone();
        let answer = app.call_of(route, &path).json(&body).send().await;
        if taken {
            assert_eq!(answer.status, 200, "{in_body}");
            let message = app.upstream.take_one().message();
            assert_eq!(message.text_of("MessageIdentifier"), Some(id));
            assert_eq!(
                message.leaves().iter().filter(|(path, _)| path.ends_with("/MessageIdentifier")).count(),
                1
            );
        } else {
            assert_eq!((answer.status, answer.places()), (422, vec!["/messageIdentifier".to_owned()]));
        }
    }
}

#[tokio::test]
async fn a_header_twice_is_refused() {
    let app = App::start().await;
    let route = route("updateJobcenter");
    let Request { path, body, .. } = request(route, Extent::Minimal);
    let path = path.replace(CPR, "-");
    let call = app.call_of(route, &path).json(&body).header(HEADER, CPR).header(HEADER, CPR);
    assert_eq!(call.send().await.refusal(), (400, "invalid-cpr".to_owned()));
}
