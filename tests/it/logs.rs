//! The log of a whole run at its most talkative holds nothing personal, and no token.

use serde_json::Value;

use crate::support::app::{App, token_for};
use crate::support::contract::ROUTES;
use crate::support::exchange::{CPR, Request, request, usual_reply};
use crate::support::fault;
use crate::support::program::Program;
use crate::support::sample::Extent;
use crate::support::upstream::{Reply, Upstream};

/// Every text of a JSON value that could tell of somebody.
fn texts(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) if text.len() > 3 => found.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        Value::Object(members) => members.values().for_each(|member| texts(member, found)),
        _ => {}
    }
}

#[tokio::test]
async fn nothing_personal_reaches_the_log() {
    let upstream = Upstream::start().await;
    let program = Program::start(&upstream.url);
    let client = App::client();
    let mut planted =
        vec![CPR.to_owned(), "0202910002".to_owned(), "Mette Blå Sørensen".to_owned(), "00345678".to_owned()];
    let replies: Vec<fn(&str) -> Reply> = vec![
        |_| Reply::xml(200, "<html>planted by 0101900001</html>"),
        |_| Reply::xml(500, fault::dfdg("1.1", "7777", "planted by 0101900001")),
        |_| Reply::Close,
        |_| Reply::Redirect,
        |_| Reply::Cut(b"<planted>".to_vec()),
    ];
    planted.push("planted".to_owned());
    planted.push("Vejleder".to_owned());
    for route in ROUTES.iter() {
        let Request { path, body, .. } = request(route, Extent::Full);
        texts(&body, &mut planted);
        let token = token_for(route).signed();
        let call = |path: &str| {
            let call =
                crate::support::client::Call::new(&client, &route.method, &program.url, path).bearer(&token);
            call.json_unless_null(&body)
        };
        upstream.answers(usual_reply);
        assert_eq!(call(&path).send().await.status, route.status, "{}", route.id);
        let by_header = call(&path.replace(CPR, "-")).header("X-CivilRegistrationIdentifier", CPR);
        assert!(by_header.send().await.status < 400);
        call(&path).body("application/json", body.to_string().replace("20", "planted")).send().await;
        call(&format!("{path}/{CPR}?cpr={CPR}&x=planted")).send().await;
        for reply in &replies {
            let reply = *reply;
            upstream.answers(move |received| reply(&received.body));
            call(&path).send().await;
        }
        planted.push(token.split('.').nth(1).unwrap().to_owned());
        planted.push(token.split('.').nth(2).unwrap().to_owned());
    }
    let (log, trail) = program.end();
    assert!(log.lines().count() > 200, "the log is short: {log}");
    for text in &planted {
        // As it is, as JSON escapes it, and as Rust's Debug does.
        for form in [
            text.clone(),
            Value::from(text.as_str()).to_string().trim_matches('"').to_owned(),
            text.escape_debug().to_string(),
        ] {
            if let Some(line) = log.lines().find(|line| line.contains(&form)) {
                panic!("the log has {form:?}: {line}");
            }
        }
    }
    for text in [CPR, "Mette Blå Sørensen", "planted", "Blåbærgrød", "00345678"] {
        assert!(!trail.contains(text), "the audit trail has {text:?}");
    }
}

/// What machines ask all the time is told at debug level; whatever else ends like it is told like the rest.
#[tokio::test]
async fn only_the_very_paths_of_health_and_metrics_are_quiet() {
    let upstream = Upstream::start().await;
    let program = Program::start(&upstream.url);
    let client = App::client();
    let rows = [
        ("GET", "/health/live", "DEBUG"),
        ("GET", "/health/ready", "DEBUG"),
        ("GET", "/metrics", "DEBUG"),
        ("DELETE", "/persons/-/consents/metrics", "INFO"),
        ("PUT", "/persons/-/interviews/metrics", "INFO"),
        ("GET", "/somewhere/health/live", "INFO"),
        ("GET", "/metrics/metrics", "INFO"),
    ];
    for (method, path, _) in rows {
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        client.request(method, format!("{}{path}", program.url)).send().await.unwrap();
    }
    let (log, _) = program.end();
    let lines = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let levels: Vec<_> = lines
        .filter(|line| line["message"] == "request" || line["fields"]["message"] == "request")
        .map(|line| line["level"].as_str().unwrap().to_uppercase())
        .collect();
    assert_eq!(levels, rows.map(|(_, _, level)| level));
}
