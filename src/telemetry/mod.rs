//! What the operator sees: logs, metrics and traces. Nothing of it names a person, and no text comes from a request.

pub mod logs;
pub mod metrics;
pub mod names;
pub mod panics;
mod process;
mod recorder;
pub mod request;
pub mod spans;
pub mod trace_context;
mod traces;

pub use recorder::render;
pub use traces::TracesError;

use std::fs::File;
use std::os::fd::AsFd;
use std::sync::Arc;

use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::writer::BoxMakeWriter;

use crate::config;
use traces::Traces;

/// The target of this crate's spans and events begins with this.
const CRATE: &str = env!("CARGO_CRATE_NAME");

/// Logs, metrics and, where configured, traces of this process.
pub struct Telemetry {
    traces: Option<Traces>,
}

/// Starts logs on standard error, metrics and traces; needs the Tokio runtime.
///
/// # Errors
/// When traces cannot be sent.
pub fn start(settings: &config::Telemetry) -> Result<Telemetry, TracesError> {
    start_with(settings, standard_error())
}

/// Standard error without the lock around it, for which all threads would wait while one writes: a line is one write,
/// and the system keeps writes apart.
fn standard_error() -> BoxMakeWriter {
    match std::io::stderr().as_fd().try_clone_to_owned() {
        Ok(own) => BoxMakeWriter::new(Arc::new(File::from(own))),
        Err(_) => BoxMakeWriter::new(std::io::stderr),
    }
}

/// As [`start`], with logs elsewhere. Only the first start of a process has an effect on logs and metrics.
///
/// # Errors
/// When traces cannot be sent.
pub fn start_with(
    settings: &config::Telemetry,
    logs: impl for<'w> MakeWriter<'w> + Send + Sync + 'static,
) -> Result<Telemetry, TracesError> {
    let traces = settings.otlp_endpoint.as_deref().map(Traces::start).transpose()?;
    logs::start(settings, traces.as_ref().map(Traces::layer), logs);
    panics::tell_place_only();
    recorder::install();
    tokio::spawn(recorder::upkeep());
    Ok(Telemetry { traces })
}

impl Telemetry {
    /// Delivers the spans that are left, for at most five seconds.
    pub async fn finish(self) {
        if let Some(traces) = self.traces {
            let flushed = tokio::task::spawn_blocking(move || traces.flush()).await;
            if flushed.is_err() {
                tracing::warn!("the last spans were not delivered");
            }
        }
    }
}

impl std::fmt::Debug for Telemetry {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Telemetry").field("traces", &self.traces.is_some()).finish()
    }
}
