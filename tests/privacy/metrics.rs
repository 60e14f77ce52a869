//! `/metrics`: every metric is listed, has its labels and no others, and counts what happened.

use std::collections::{BTreeMap, BTreeSet};

use ungebro::telemetry::names::{ALL, Kind, Metric};

use super::planted::token;
use super::sinks::sinks;
use crate::support::app::App;
use crate::support::contract::{ROUTES, Route};
use crate::support::exchange::{CPR, request, usual_reply};
use crate::support::sample::Extent;
use crate::support::upstream::Reply;

/// One line of a scrape.
struct Sample {
    name: String,
    labels: BTreeMap<String, String>,
    value: f64,
}

async fn scrape(app: &App) -> Vec<Sample> {
    let response = reqwest::get(format!("{}/metrics", app.url)).await.unwrap();
    let content_type = response.headers()["content-type"].to_str().unwrap().to_owned();
    assert_eq!(content_type, "text/plain; version=0.0.4; charset=utf-8");
    let text = response.text().await.unwrap();
    text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(sample).collect()
}

fn sample(line: &str) -> Sample {
    let (series, value) = line.rsplit_once(' ').unwrap();
    let (name, labels) = series.split_once('{').unwrap_or((series, "}"));
    // No value of a label holds a quote or comma here: they come from fixed sets.
    let labels = labels.trim_end_matches('}').split("\",").filter(|pair| !pair.is_empty());
    let labels = labels.map(|pair| pair.split_once("=\"").unwrap());
    let labels = labels.map(|(name, value)| (name.to_owned(), value.trim_end_matches('"').to_owned()));
    Sample { name: name.to_owned(), labels: labels.collect(), value: value.parse().unwrap() }
}

/// The metric that a sample belongs to.
fn metric(sample: &Sample) -> Option<&'static Metric> {
    ALL.iter().find(|metric| match metric.kind {
        Kind::Counter | Kind::Gauge => metric.name == sample.name,
        Kind::Histogram(_) => ["_bucket", "_sum", "_count"]
            .iter()
            .any(|suffix| sample.name.strip_suffix(suffix) == Some(metric.name)),
    })
}

fn value(samples: &[Sample], name: &str, labels: &[(&str, &str)]) -> f64 {
    let fits = |sample: &&Sample| {
        sample.name == name
            && labels.iter().all(|(name, value)| sample.labels.get(*name).is_some_and(|label| label == value))
    };
    samples.iter().filter(fits).map(|sample| sample.value).sum()
}

async fn call(app: &App, id: &str) -> u16 {
    let route: &Route = ROUTES.iter().find(|route| route.id == id).unwrap();
    let made = request(route, Extent::Full);
    let call = app.call(&route.method, &made.path).bearer(&token(route));
    call.json_unless_null(&made.body).header("Cache-Control", "no-cache").send().await.status
}

#[tokio::test]
async fn nothing_is_shown_but_what_is_listed() {
    sinks();
    let app = App::start().await;
    app.upstream.answers(usual_reply);
    for route in ROUTES.iter() {
        assert_eq!(call(&app, &route.id).await, route.status);
    }
    app.call("GET", "/nowhere").send().await;
    let samples = scrape(&app).await;
    for sample in &samples {
        let metric = metric(sample).unwrap_or_else(|| panic!("{} is not listed", sample.name));
        let labels: BTreeSet<_> =
            sample.labels.keys().map(String::as_str).filter(|name| *name != "le").collect();
        assert_eq!(labels, metric.labels.iter().copied().collect(), "{}", sample.name);
    }
    let shown: BTreeSet<_> = samples.iter().filter_map(metric).map(|metric| metric.name).collect();
    let listed: BTreeSet<_> = ALL.iter().map(|metric| metric.name).collect();
    let not_here = ["ungebro_certificate_days_left", "ungebro_upstream_retries_total"];
    let missing: Vec<_> = listed.difference(&shown).filter(|name| !not_here.contains(*name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[tokio::test]
async fn calls_are_counted_by_how_they_ended() {
    sinks();
    let app = App::start().await;
    let before = scrape(&app).await;
    app.upstream.always(Reply::Close);
    assert_eq!(call(&app, "deleteConsent").await, 502);
    app.upstream.always(Reply::xml(200, "<a/>"));
    assert_eq!(call(&app, "deleteConsent").await, 502);
    let after = scrape(&app).await;
    let grown =
        |name: &str, labels: &[(&str, &str)]| value(&after, name, labels) - value(&before, name, labels);
    let route = ROUTES.iter().find(|route| route.id == "deleteConsent").unwrap();
    let (operation, path) = (&*route.operation, &*route.path);
    let request = [("route", path), ("status", "502")];
    let duration = [("route", path), ("class", "5xx")];
    // Other tests of this process make the same calls: there may be more, never fewer.
    for (name, labels) in [
        ("ungebro_upstream_calls_total", [("operation", operation), ("result", "reset")]),
        ("ungebro_upstream_calls_total", [("operation", operation), ("result", "malformed")]),
        ("ungebro_upstream_call_duration_seconds_count", [("operation", operation), ("result", "reset")]),
        ("ungebro_problems_total", [("route", path), ("problem", "upstream-unreachable")]),
        ("ungebro_problems_total", [("route", path), ("problem", "upstream-malformed")]),
    ] {
        assert!(grown(name, &labels) >= 1.0, "{name} {labels:?}");
    }
    assert!(grown("ungebro_requests_total", &request) >= 2.0);
    assert!(grown("ungebro_request_duration_seconds_count", &duration) >= 2.0);
}

#[tokio::test]
async fn routes_are_told_by_template_and_methods_by_known_names() {
    sinks();
    let app = App::start().await;
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    for (method, path) in [("GET", format!("/youth/{CPR}/contacts")), (CPR, format!("/{CPR}"))] {
        client.request(method.parse().unwrap(), format!("{}{path}", app.url)).send().await.unwrap();
    }
    for sample in scrape(&app).await {
        assert!(!sample.labels.values().any(|value| value.contains(CPR)), "{}", sample.name);
    }
}
