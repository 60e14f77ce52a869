//! Logs on standard error: one JSON object a line, or lines for a person.

use tracing_subscriber::filter::LevelFilter;

use crate::config::{LogFormat, Telemetry};

/// Starts logging; a second start is ignored, so that tests may share a process.
pub fn start(telemetry: &Telemetry) {
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(LevelFilter::from_level(telemetry.log_level))
        .with_writer(std::io::stderr)
        .with_target(false);
    let _ = match telemetry.log_format {
        LogFormat::Json => {
            tracing::subscriber::set_global_default(subscriber.json().flatten_event(true).finish())
        }
        LogFormat::Pretty => tracing::subscriber::set_global_default(subscriber.finish()),
    };
}
