//! Times in both directions: offsets, the two changes of summer time, decimals, days with a zone.

use serde_json::json;
use ungebro::config::DatetimeFormat;

use crate::support::app::App;
use crate::support::contract::route;
use crate::support::exchange::{CPR, DFDG, Request, answer, hent_svar, request, usual_reply};
use crate::support::sample::Extent;
use crate::support::upstream::Reply;

/// JSON, Danish local time with offset, UTC with three decimals.
const OUT: &[(&str, &str, &str)] = &[
    ("2026-01-15T10:00:00+01:00", "2026-01-15T10:00:00+01:00", "2026-01-15T09:00:00.000Z"),
    ("2026-07-15T10:00:00Z", "2026-07-15T12:00:00+02:00", "2026-07-15T10:00:00.000Z"),
    ("2026-07-15T10:00:00-11:30", "2026-07-15T23:30:00+02:00", "2026-07-15T21:30:00.000Z"),
    ("2026-12-31T23:30:00Z", "2027-01-01T00:30:00+01:00", "2026-12-31T23:30:00.000Z"),
    // The last second before and the first after the clocks go forward.
    ("2026-03-29T00:59:59Z", "2026-03-29T01:59:59+01:00", "2026-03-29T00:59:59.000Z"),
    ("2026-03-29T01:00:00Z", "2026-03-29T03:00:00+02:00", "2026-03-29T01:00:00.000Z"),
    // The doubled hour: the offset tells which.
    ("2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+02:00", "2026-10-25T00:30:00.000Z"),
    ("2026-10-25T02:30:00+01:00", "2026-10-25T02:30:00+01:00", "2026-10-25T01:30:00.000Z"),
    ("2026-10-25T00:30:00Z", "2026-10-25T02:30:00+02:00", "2026-10-25T00:30:00.000Z"),
    ("2026-10-25T01:30:00Z", "2026-10-25T02:30:00+01:00", "2026-10-25T01:30:00.000Z"),
    // Decimals.
    ("2026-01-15T10:00:00.5+01:00", "2026-01-15T10:00:00.5+01:00", "2026-01-15T09:00:00.500Z"),
    (
        "2026-01-15T10:00:00.123456789+01:00",
        "2026-01-15T10:00:00.123456789+01:00",
        "2026-01-15T09:00:00.123Z",
    ),
    ("2026-01-15T10:00:00.9999+01:00", "2026-01-15T10:00:00.9999+01:00", "2026-01-15T09:00:00.999Z"),
];

/// Upstream, JSON.
const IN: &[(&str, &str)] = &[
    ("2026-01-15T10:00:00+01:00", "2026-01-15T10:00:00+01:00"),
    ("2026-07-15T10:00:00Z", "2026-07-15T10:00:00Z"),
    ("2026-07-15T10:00:00-11:30", "2026-07-15T10:00:00-11:30"),
    ("2026-01-15T10:00:00", "2026-01-15T10:00:00+01:00"),
    ("2026-07-15T10:00:00", "2026-07-15T10:00:00+02:00"),
    ("2026-03-29T01:59:59", "2026-03-29T01:59:59+01:00"),
    ("2026-03-29T03:00:00", "2026-03-29T03:00:00+02:00"),
    ("2026-10-25T01:59:59", "2026-10-25T01:59:59+02:00"),
    ("2026-10-25T02:00:00", "2026-10-25T02:00:00+02:00"),
    ("2026-10-25T02:59:59.9", "2026-10-25T02:59:59.9+02:00"),
    ("2026-10-25T03:00:00", "2026-10-25T03:00:00+01:00"),
    ("2026-01-15T10:00:00.1", "2026-01-15T10:00:00.1+01:00"),
    ("2026-01-15T10:00:00.123456789", "2026-01-15T10:00:00.123456789+01:00"),
    ("2026-01-15T10:00:00.100Z", "2026-01-15T10:00:00.100Z"),
];

#[tokio::test]
async fn star_gets_danish_time_and_ungedatabasen_utc() {
    let app = App::start().await;
    app.upstream.answers(usual_reply);
    for (json, local, utc) in OUT {
        assert_eq!(sent_to_star(&app, json).await, *local);
        assert_eq!(sent_to_udb(&app, json).await, *utc);
    }
}

#[tokio::test]
async fn the_configuration_can_turn_the_formats_round() {
    let app = App::with(|config| {
        config.dfdg.as_mut().unwrap().common.datetime_format = DatetimeFormat::UtcMillis;
        config.udb.as_mut().unwrap().common.datetime_format = DatetimeFormat::LocalOffset;
    })
    .await;
    app.upstream.answers(usual_reply);
    for (json, local, utc) in OUT {
        assert_eq!(sent_to_star(&app, json).await, *utc);
        assert_eq!(sent_to_udb(&app, json).await, *local);
    }
}

async fn sent_to_star(app: &App, time: &str) -> String {
    let route = route("createCategory");
    let Request { path, mut body, .. } = request(route, Extent::Full);
    body["incidentDate"] = json!(time);
    assert_eq!(app.call_of(route, &path).json(&body).send().await.status, 201, "{time}");
    app.upstream.take_one().message().text_of("IncidentDate").unwrap().to_owned()
}

async fn sent_to_udb(app: &App, time: &str) -> String {
    let route = route("reportYouth");
    let Request { path, .. } = request(route, Extent::Full);
    let body = json!({"jobWishes": {"text": "x", "registeredAt": time}});
    assert_eq!(app.call_of(route, &path).json(&body).send().await.status, 200, "{time}");
    app.upstream.take_one().message().text_of("JobRegistreringstid").unwrap().to_owned()
}

#[tokio::test]
async fn upstream_times_get_an_offset_and_keep_their_decimals() {
    let app = App::start().await;
    let category = route("createCategory");
    let Request { path, body, .. } = request(category, Extent::Full);
    for (upstream, json) in IN {
        let mut message = answer(category, Extent::Full).message;
        message.at(&["ServiceReceipt", "EventDate"].map(str::to_owned)).text = Some((*upstream).to_owned());
        app.upstream.always(Reply::message("1.1", &message.xml(DFDG)));
        assert_eq!(app.call_of(category, &path).json(&body).send().await.json()["eventDate"], *json);
        let row = format!(
            "<ElevKontaktPerson><CPRNr>{CPR}</CPRNr><SlutDato>{upstream}</SlutDato></ElevKontaktPerson>"
        );
        app.upstream.always(Reply::message("1.2", &hent_svar(false, None, vec![row])));
        let contacts = app.call_of(route("getYouthContacts"), &format!("/youth/{CPR}/contacts")).send().await;
        assert_eq!(contacts.json()["contacts"][0]["endDate"], *json);
    }
}

#[tokio::test]
async fn a_time_that_never_was_is_a_502() {
    let app = App::start().await;
    let category = route("createCategory");
    let Request { path, body, .. } = request(category, Extent::Full);
    for time in
        ["2026-03-29T02:00:00", "2026-03-29T02:30:00.5", "2026-03-29T02:59:59", "2026-02-29T10:00:00Z"]
    {
        let mut message = answer(category, Extent::Full).message;
        message.at(&["ServiceReceipt", "EventDate"].map(str::to_owned)).text = Some(time.to_owned());
        app.upstream.always(Reply::message("1.1", &message.xml(DFDG)));
        let answer = app.call_of(category, &path).json(&body).send().await;
        assert_eq!(answer.refusal(), (502, "upstream-malformed".to_owned()), "{time}");
    }
}

#[tokio::test]
async fn a_day_is_a_day() {
    let app = App::start().await;
    app.upstream.answers(usual_reply);
    let route = route("registerFundParticipation");
    let Request { path, mut body, .. } = request(route, Extent::Full);
    body["incidentDate"] = json!("2024-02-29");
    assert_eq!(app.call_of(route, &path).json(&body).send().await.status, 200);
    let message = app.upstream.take_one().message();
    assert_eq!(message.text_of("UnemploymentFundParticipationIncidentDate"), Some("2024-02-29"));
}
