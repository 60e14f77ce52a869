//! JSON that two readers would read differently, or that is made to cost much.

use std::time::{Duration, Instant};

use crate::support::app::App;
use crate::support::client::Answer;
use crate::support::contract::route;
use crate::support::exchange::{Request, request, usual_reply};
use crate::support::sample::Extent;

async fn send(app: &App, id: &str, body: impl Into<Vec<u8>>) -> Answer {
    let route = route(id);
    let Request { path, .. } = request(route, Extent::Minimal);
    app.call_of(route, &path).body("application/json", body).send().await
}

#[tokio::test]
async fn json_that_two_readers_would_read_differently_is_refused() {
    let app = App::start().await;
    app.upstream.answers(usual_reply);
    let date = r#""documentation":true,"startDate":"2026-02-01T00:00:00+01:00""#;
    let deep = format!("{{\"description\":{}{}}}", "[".repeat(30_000), "]".repeat(30_000));
    for text in [
        format!("{{{date},\"documentation\":false}}"),
        format!("{{{date},\"documentation\":true}}"),
        format!("{{{date},\"docu\\u006dentation\":false}}"),
        format!("{{{date}}}{{{date}}}"),
        format!("{{{date},}}"),
        format!("\u{feff}{{{date}}}"),
        format!("{{{date},\"description\":\"\\ud800\"}}"),
        format!("{{{date},\"description\":NaN}}"),
        format!("{{{date},\"description\":'x'}}"),
        format!("{{{date} /* x */}}"),
        deep,
        String::new(),
    ] {
        let answer = send(&app, "createHealthLimitation", text.clone()).await;
        let start: String = text.chars().take(120).collect();
        assert_eq!(answer.refusal(), (400, "malformed-json".to_owned()), "{start}");
    }
    let not_utf8 = [b"{\"description\":\"".as_slice(), &[0xC3, 0x28], b"\"}"].concat();
    assert_eq!(send(&app, "createHealthLimitation", not_utf8).await.status, 400);
    assert!(app.upstream.take().is_empty());
}

#[tokio::test]
async fn a_number_is_taken_as_it_is_written_or_refused() {
    let app = App::start().await;
    app.upstream.answers(usual_reply);
    for number in [
        "15101.0",
        "1.5101e4",
        "1e400",
        "-1e400",
        "99999999999999999999999999",
        "-15101",
        "9223372036854775808",
        "15101e0",
        "18446744073709551616",
        "\"15101\"",
        "[15101]",
        "0.1",
    ] {
        let answer = send(&app, "updateJobcenter", format!("{{\"jobcenterIdentifier\":{number}}}")).await;
        let refused = ["validation-failed", "malformed-json"].contains(&answer.problem().as_str());
        assert!(refused, "{number}: {}", answer.text());
    }
    for number in ["0x3afd", "015101", "+15101", "15_101", "Infinity"] {
        let answer = send(&app, "updateJobcenter", format!("{{\"jobcenterIdentifier\":{number}}}")).await;
        assert_eq!(answer.problem(), "malformed-json", "{number}");
    }
    assert!(app.upstream.take().is_empty());
    let answer = send(&app, "updateJobcenter", r#"{"jobcenterIdentifier":15101}"#).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
}

#[tokio::test]
async fn many_members_and_many_faults_cost_no_more_than_their_number() {
    let app = App::start().await;
    let members: Vec<_> = (0..5_000).map(|index| format!("\"a{index}\":1")).collect();
    let participants = vec!["{}"; 20_000].join(",");
    let quotes = "\\u0000".repeat(10_000);
    for (id, body) in [
        ("createHealthLimitation", format!("{{{}}}", members.join(","))),
        ("createInterview", format!("{{\"participants\":[{participants}]}}")),
        ("createHealthLimitation", format!("{{\"description\":\"{quotes}\"}}")),
    ] {
        let began = Instant::now();
        let answer = send(&app, id, body).await;
        assert_eq!(answer.status, 422);
        assert!(began.elapsed() < Duration::from_secs(20), "{id} took {:?}", began.elapsed());
    }
    assert!(app.upstream.take().is_empty());
}
