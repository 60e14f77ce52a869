//! `[telemetry]`: logs and traces.

use tracing::Level;

use super::section::Section;
use super::value::{choice, http_url};

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
        Self { log_format: LogFormat::Json, log_level: Level::INFO, otlp_endpoint: None }
    }
}

const FORMATS: [(&str, LogFormat); 2] = [("json", LogFormat::Json), ("pretty", LogFormat::Pretty)];

const LEVELS: [(&str, Level); 5] = [
    ("error", Level::ERROR),
    ("warn", Level::WARN),
    ("info", Level::INFO),
    ("debug", Level::DEBUG),
    ("trace", Level::TRACE),
];

impl Telemetry {
    pub(super) fn read(section: &mut Section<'_>) -> Self {
        let default = Self::default();
        Self {
            log_format: section.or("log_format", default.log_format, choice(&FORMATS)),
            log_level: section.or("log_level", default.log_level, choice(&LEVELS)),
            otlp_endpoint: section.optional("otlp_endpoint", http_url),
        }
    }
}
