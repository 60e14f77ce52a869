//! Everything that the process tells besides its answers: logs at their finest, spans, metrics, panics.

use std::io;
use std::sync::{Arc, Mutex, OnceLock};

use tracing::Level;
use ungebro::config;
use ungebro::telemetry;

use super::collector::Collector;

/// Where it goes; one for the process, as in the program.
pub(crate) struct Sinks {
    pub(crate) collector: Collector,
    log: Log,
}

/// The log of the process.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Starts telemetry as the program does, logs at level trace. Needs a runtime.
pub(crate) fn sinks() -> &'static Sinks {
    static SINKS: OnceLock<Sinks> = OnceLock::new();
    SINKS.get_or_init(|| {
        let sinks = Sinks { collector: Collector::start(), log: Log::default() };
        let log = sinks.log.clone();
        let settings = config::Telemetry {
            log_level: Level::TRACE,
            otlp_endpoint: Some(sinks.collector.url.clone()),
            ..Default::default()
        };
        let started = telemetry::start_with(&settings, move || log.clone()).unwrap();
        // Spans are delivered as long as the process lives.
        std::mem::forget(started);
        let product = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panicked| {
            product(panicked);
            // Somebody must see why a test failed.
            if std::thread::current().name() != Some(super::proof::PANICS) {
                eprintln!("{panicked}");
            }
        }));
        sinks
    })
}

impl Sinks {
    /// All log lines so far.
    pub(crate) fn log(&self) -> String {
        String::from_utf8(self.log.0.lock().unwrap().clone()).unwrap()
    }
}
