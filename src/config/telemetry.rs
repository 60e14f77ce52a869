//! `[telemetry]`: logs and traces.

use tracing::Level;

/// `[telemetry]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Telemetry {
    /// `log_format`
    pub log_format: LogFormat,
    /// `log_level`
    pub log_level: Level,
    /// `otlp_endpoint`: the collector's base address; absent: no traces are sent.
    pub otlp_endpoint: Option<String>,
}

/// `telemetry.log_format`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// `json`: one object a line.
    Json,
    /// `pretty`: for a person at a terminal.
    Pretty,
}

impl Default for Telemetry {
    fn default() -> Self {
        Self {
            log_format: LogFormat::Json,
            log_level: Level::INFO,
            otlp_endpoint: None,
        }
    }
}
