//! Holds the metrics and renders them for Prometheus.

use std::sync::OnceLock;
use std::time::Duration;

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

use super::names::{self, Kind};
use super::{metrics, process};

/// Samples of histograms wait in a queue until they are sorted into buckets, at a scrape or after this time.
const UPKEEP: Duration = Duration::from_secs(5);

static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// Takes what is recorded from now on; before, it is lost. A second start is ignored.
pub(super) fn install() {
    RECORDER.get_or_init(|| {
        let handle = build().install_recorder().ok()?;
        describe();
        metrics::begin_at_zero();
        Some(handle)
    });
}

/// Keeps histograms small where nobody scrapes; for ever.
pub(super) async fn upkeep() {
    loop {
        tokio::time::sleep(UPKEEP).await;
        if let Some(Some(recorder)) = RECORDER.get() {
            recorder.run_upkeep();
        }
    }
}

/// Everything recorded, and the process, in the text format 0.0.4.
pub fn render() -> String {
    let mut text = match RECORDER.get() {
        Some(Some(recorder)) => recorder.render(),
        Some(None) | None => String::new(),
    };
    process::write(&mut text);
    text
}

fn build() -> PrometheusBuilder {
    names::ALL.iter().fold(PrometheusBuilder::new(), |builder, metric| match metric.kind {
        Kind::Histogram(buckets) => builder
            .set_buckets_for_metric(Matcher::Full(metric.name.to_owned()), buckets)
            .unwrap_or_else(|_| unreachable!("a metric's buckets are not empty")),
        Kind::Counter | Kind::Gauge => builder,
    })
}

fn describe() {
    for metric in names::ALL {
        match metric.kind {
            Kind::Counter => ::metrics::describe_counter!(metric.name, metric.unit, metric.help),
            Kind::Gauge => ::metrics::describe_gauge!(metric.name, metric.unit, metric.help),
            Kind::Histogram(_) => ::metrics::describe_histogram!(metric.name, metric.unit, metric.help),
        }
    }
}
