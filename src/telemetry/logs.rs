//! Logs on standard error: one JSON object a line, or lines for a person. Each line of a request has its ids.

use std::fmt::Debug;
use std::io::{self, IsTerminal, Write as _};

use jiff::Timestamp;
use serde::Serialize;
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::registry::{LookupSpan, Registry, SpanRef};

use crate::config::{LogFormat, Telemetry};
use crate::types::text::write_json_string;

/// Starts logging, and `more` beside it; a second start is ignored.
pub(super) fn start(
    settings: &Telemetry,
    more: Option<impl Layer<Registry> + Send + Sync>,
    writer: impl for<'w> MakeWriter<'w> + Send + Sync + 'static,
) {
    let _ = tracing::subscriber::set_global_default(subscriber(settings, more, writer));
}

/// What [`start`] makes the process's own.
pub fn subscriber(
    settings: &Telemetry,
    more: Option<impl Layer<Registry> + Send + Sync>,
    writer: impl for<'w> MakeWriter<'w> + Send + Sync + 'static,
) -> impl Subscriber + Send + Sync {
    let lines = Lines { format: settings.log_format, writer };
    Registry::default().with(more).with(lines.with_filter(filter(settings.log_level)))
}

/// Lines for a person where one looks at standard error, else JSON.
pub fn fitting_format() -> LogFormat {
    if std::io::stderr().is_terminal() { LogFormat::Pretty } else { LogFormat::Json }
}

/// Where actix-http says that a connection broke off, at level error. A client that goes away is no error, and the
/// requests that it leaves are counted.
const CONNECTIONS: &str = "actix_http::h1::dispatcher";

/// Libraries may log whole headers and addresses at their lower levels: of theirs, only warnings are shown.
fn filter(level: Level) -> Targets {
    let others = LevelFilter::from_level(level).min(LevelFilter::WARN);
    let targets = Targets::new().with_default(others).with_target(super::CRATE, level);
    targets.with_target(CONNECTIONS, LevelFilter::OFF)
}

/// Writes each event as a line.
struct Lines<W> {
    format: LogFormat,
    writer: W,
}

/// The ids of a request, kept with its span.
#[derive(Default)]
struct Ids {
    request: String,
    trace: String,
}

impl<S, W> Layer<S> for Lines<W>
where
    S: Subscriber + for<'span> LookupSpan<'span>,
    W: for<'w> MakeWriter<'w> + 'static,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut ids = Ids::default();
        attributes.record(&mut ids);
        if let (Some(span), false) = (context.span(id), ids.request.is_empty()) {
            span.extensions_mut().insert(ids);
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        if let Some(span) = context.span(id)
            && let Some(ids) = span.extensions_mut().get_mut::<Ids>()
        {
            values.record(ids);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut fields = Fields { format: self.format, message: String::new(), others: Vec::new() };
        event.record(&mut fields);
        let request = context.event_scope(event).into_iter().flatten().find(has_ids);
        let extensions = request.as_ref().map(SpanRef::extensions);
        let ids = extensions.as_ref().and_then(|extensions| extensions.get::<Ids>());
        let line = line(event.metadata().level(), &fields, ids);
        // In one piece, so that lines of several threads do not mix; a lost log must not stop the gateway.
        let _ = self.writer.make_writer_for(event.metadata()).write_all(&line);
    }
}

fn has_ids<'s>(span: &SpanRef<'s, impl LookupSpan<'s>>) -> bool {
    span.extensions().get::<Ids>().is_some()
}

fn line(level: &Level, fields: &Fields, ids: Option<&Ids>) -> Vec<u8> {
    let mut line = Vec::with_capacity(512);
    // Writing to memory does not fail.
    let _ = match fields.format {
        LogFormat::Json => write_json(&mut line, level, fields, ids),
        LogFormat::Pretty => write_pretty(&mut line, level, fields, ids),
    };
    line
}

fn write_json(line: &mut Vec<u8>, level: &Level, fields: &Fields, ids: Option<&Ids>) -> io::Result<()> {
    write!(line, "{{\"time\":\"{:.6}\",\"level\":\"{level}\",\"message\":", Timestamp::now())?;
    write_json_string(&fields.message, line);
    if let Some(ids) = ids {
        write!(line, ",\"request_id\":\"{}\",\"trace_id\":\"{}\"", ids.request, ids.trace)?;
    }
    line.extend_from_slice(&fields.others);
    line.extend_from_slice(b"}\n");
    Ok(())
}

fn write_pretty(line: &mut Vec<u8>, level: &Level, fields: &Fields, ids: Option<&Ids>) -> io::Result<()> {
    write!(line, "{:.3} {level:>5} {}", Timestamp::now(), fields.message)?;
    line.extend_from_slice(&fields.others);
    if let Some(ids) = ids {
        write!(line, " request_id={}", ids.request)?;
    }
    line.push(b'\n');
    Ok(())
}

fn is_plain(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"')
}

/// The fields of one event.
struct Fields {
    format: LogFormat,
    message: String,
    /// All but the message, as the line will have them.
    others: Vec<u8>,
}

impl Fields {
    fn add(&mut self, field: &Field, value: impl Serialize) {
        let name = field.name();
        // Writing to memory does not fail, and what is written here is always JSON.
        let _ = match self.format {
            LogFormat::Json => write!(self.others, ",\"{name}\":"),
            LogFormat::Pretty => write!(self.others, " {name}="),
        };
        let _ = serde_json::to_writer(&mut self.others, &value);
    }
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        match field.name() {
            "message" => self.message = format!("{value:?}"),
            _ => self.record_str(field, &format!("{value:?}")),
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        // JSON's escapes keep line ends and control characters out of the terminal.
        if self.format == LogFormat::Pretty && is_plain(value) {
            let _ = write!(self.others, " {}={value}", field.name());
        } else {
            self.add(field, value);
        }
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.add(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.add(field, value);
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.add(field, (value * 1000.0).round() / 1000.0);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.add(field, value);
    }
}

impl Visit for Ids {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        if field.name() == "ungebro.request_id" {
            self.request = format!("{value:?}");
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "trace_id" {
            value.clone_into(&mut self.trace);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use serde_json::{Value, json};
    use uuid::Uuid;

    use super::*;
    use crate::telemetry::spans;

    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn logged(format: LogFormat, level: Level, act: impl FnOnce()) -> String {
        let kept = Kept::default();
        let writer = kept.clone();
        let settings = Telemetry { log_format: format, log_level: level, otlp_endpoint: None };
        let none = None::<tracing_subscriber::layer::Identity>;
        let subscriber = subscriber(&settings, none, move || writer.clone());
        tracing::subscriber::with_default(subscriber, act);
        String::from_utf8(kept.0.lock().unwrap().clone()).unwrap()
    }

    #[test]
    fn a_line_has_its_fields_and_the_ids_of_its_request() {
        let log = logged(LogFormat::Json, Level::INFO, || {
            let request = spans::request(Uuid::nil(), "GET");
            request.record("trace_id", "4bf92f3577b34da6a3ce929d0e0e4736");
            let _outer = request.enter();
            let _inner = spans::validate().entered();
            tracing::info!(
                status = 200_u16,
                milliseconds = 1.23456,
                route = "/a",
                nothing = None::<u8>,
                "request"
            );
        });
        let mut line: Value = serde_json::from_str(&log).unwrap();
        let time = line.as_object_mut().unwrap().remove("time").unwrap();
        assert!(time.as_str().unwrap().parse::<Timestamp>().is_ok());
        let expected = json!({
            "level": "INFO", "message": "request",
            "request_id": "00000000-0000-0000-0000-000000000000", "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736",
            "status": 200, "milliseconds": 1.235, "route": "/a",
        });
        assert_eq!(line, expected);
    }

    #[test]
    fn a_log_of_errors_only_has_the_ids_too() {
        let log = logged(LogFormat::Json, Level::ERROR, || {
            let _request = spans::request(Uuid::nil(), "GET").entered();
            tracing::info!("not shown");
            tracing::error!("shown");
        });
        assert!(log.lines().count() == 1 && log.contains("\"request_id\":\"0000"), "{log}");
    }

    #[test]
    fn of_libraries_only_warnings_are_shown() {
        let log = logged(LogFormat::Json, Level::TRACE, || {
            tracing::debug!(target: "h2::codec", "headers");
            tracing::warn!(target: "h2::codec", "a library warns");
            tracing::error!(target: "actix_http::h1::dispatcher", "stream error: a client went away");
            tracing::trace!("our own");
        });
        assert!(!log.contains("went away"), "{log}");
        assert!(!log.contains("headers"), "{log}");
        assert!(log.contains("a library warns") && log.contains("our own"), "{log}");
    }

    #[test]
    fn a_line_for_a_person_holds_no_control_character() {
        let log = logged(LogFormat::Pretty, Level::INFO, || {
            tracing::info!(plain = "a/b", odd = "line\n\u{1b}[31m", number = 7, "what happened");
        });
        assert!(
            log.ends_with(" INFO what happened plain=a/b odd=\"line\\n\\u001b[31m\" number=7\n"),
            "{log}"
        );
    }
}
