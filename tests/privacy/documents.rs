//! Dashboard, alert rules and documentation name only what exists, and the documentation names all of it.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;
use ungebro::telemetry::names::{ALL, Kind};
use ungebro::telemetry::spans::{ATTRIBUTES, NAMES};

const DASHBOARD: &str = include_str!("../../deploy/grafana/ungebro.json");
const ALERTS: &str = include_str!("../../deploy/prometheus/alerts.yaml");
const ALERTS_TEST: &str = include_str!("../../deploy/prometheus/alerts_test.yaml");
const OBSERVING: &str = include_str!("../../docs/observing.md");

/// A name of ours, and the selector behind it where there is one.
static SERIES: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\b((?:ungebro|process)_[a-z_]+)(?:\{([^}]*)\})?").unwrap());
static LABEL: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"([a-z_]+)\s*(?:=~|!~|!=|=)").unwrap());

/// What Prometheus itself adds, and the bound of a bucket.
const ADDED: [&str; 2] = ["instance", "le"];

fn labels_of(series: &str) -> Option<&'static [&'static str]> {
    let metric = ALL.iter().find(|metric| match metric.kind {
        Kind::Counter | Kind::Gauge => metric.name == series,
        Kind::Histogram(_) => {
            let suffixes = ["_bucket", "_sum", "_count"];
            suffixes.iter().any(|suffix| series.strip_suffix(suffix) == Some(metric.name))
        }
    });
    metric.map(|metric| metric.labels)
}

#[test]
fn dashboard_and_alerts_use_only_metrics_and_labels_that_exist() {
    for (file, text) in [("dashboard", DASHBOARD), ("alerts", ALERTS), ("tests of alerts", ALERTS_TEST)] {
        let text = text.replace("\\\"", "\"");
        let mut series = 0;
        for found in SERIES.captures_iter(&text) {
            let labels =
                labels_of(&found[1]).unwrap_or_else(|| panic!("{file}: {} does not exist", &found[1]));
            for label in found.get(2).iter().flat_map(|selector| LABEL.captures_iter(selector.as_str())) {
                let known = labels.contains(&&label[1]) || ADDED.contains(&&label[1]);
                assert!(known, "{file}: {} has no label {}", &found[1], &label[1]);
            }
            series += 1;
        }
        assert!(series > 15, "{file}: only {series} names found");
    }
}

#[test]
fn the_dashboard_shows_every_metric() {
    let shown: BTreeSet<_> = SERIES.captures_iter(DASHBOARD).map(|found| found[1].to_owned()).collect();
    let hidden = ALL.iter().filter(|metric| !shown.iter().any(|name| name.starts_with(metric.name)));
    let hidden: Vec<_> = hidden.map(|metric| metric.name).filter(|name| *name != "process_max_fds").collect();
    assert!(hidden.is_empty(), "{hidden:?}");
}

#[test]
fn every_alert_is_tested_and_explained() {
    let alerts = ALERTS.lines().filter_map(|line| line.trim().strip_prefix("- alert: "));
    let mut count = 0;
    for alert in alerts {
        assert!(ALERTS_TEST.contains(&format!("- alertname: {alert}\n")), "{alert} is not tested");
        assert!(OBSERVING.contains(&format!("`{alert}`")), "{alert} is not explained");
        count += 1;
    }
    assert!(count > 10);
}

#[test]
fn the_documentation_lists_every_metric_label_span_and_attribute() {
    for metric in ALL {
        let labels: Vec<_> = metric.labels.iter().map(|label| format!("`{label}`")).collect();
        let row = format!("| `{}` | {} | {} |", metric.name, labels.join(", "), metric.help);
        assert!(OBSERVING.contains(&row), "missing: {row}");
    }
    for name in NAMES.iter().chain(ATTRIBUTES) {
        assert!(OBSERVING.contains(&format!("| `{name}` |")), "{name} is not explained");
    }
}
