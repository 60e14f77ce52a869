//! Logs on standard error: one JSON object a line, or lines for a person. Each line of a request has its ids.

use std::fmt::{Debug, Write as _};
use std::io::{IsTerminal, Write as _};

use jiff::Timestamp;
use serde_json::{Map, Value, json};
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::registry::{LookupSpan, Registry};

use crate::config::{LogFormat, Telemetry};

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

/// Libraries may log whole headers and addresses at their lower levels: of theirs, only warnings are shown.
fn filter(level: Level) -> Targets {
    let others = LevelFilter::from_level(level).min(LevelFilter::WARN);
    Targets::new().with_default(others).with_target(super::CRATE, level)
}

/// Writes each event as a line.
struct Lines<W> {
    format: LogFormat,
    writer: W,
}

/// The ids of a request, kept with its span.
#[derive(Clone, Default)]
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
        let mut fields = Fields::default();
        event.record(&mut fields);
        let spans = context.event_scope(event).into_iter().flatten();
        let ids = spans.filter_map(|span| span.extensions().get::<Ids>().cloned()).next();
        let line = match self.format {
            LogFormat::Json => json_line(event.metadata().level(), &fields, ids.as_ref()),
            LogFormat::Pretty => pretty_line(event.metadata().level(), &fields, ids.as_ref()),
        };
        // In one piece, so that lines of several threads do not mix; a lost log must not stop the gateway.
        let _ = self.writer.make_writer_for(event.metadata()).write_all(line.as_bytes());
    }
}

fn json_line(level: &Level, fields: &Fields, ids: Option<&Ids>) -> String {
    let mut line = Map::new();
    line.insert("time".to_owned(), json!(format!("{:.6}", Timestamp::now())));
    line.insert("level".to_owned(), json!(level.as_str()));
    line.insert("message".to_owned(), json!(fields.message));
    if let Some(ids) = ids {
        line.insert("request_id".to_owned(), json!(ids.request));
        line.insert("trace_id".to_owned(), json!(ids.trace));
    }
    line.extend(fields.others.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
    format!("{}\n", Value::Object(line))
}

fn pretty_line(level: &Level, fields: &Fields, ids: Option<&Ids>) -> String {
    let mut line = format!("{:.3} {:>5} {}", Timestamp::now(), level.as_str(), fields.message);
    for (name, value) in &fields.others {
        // JSON's escapes keep line ends and control characters out of the terminal.
        let _ = match value {
            Value::String(text) if is_plain(text) => write!(line, " {name}={text}"),
            other => write!(line, " {name}={other}"),
        };
    }
    if let Some(ids) = ids {
        let _ = write!(line, " request_id={}", ids.request);
    }
    line.push('\n');
    line
}

fn is_plain(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"')
}

/// The fields of one event.
#[derive(Default)]
struct Fields {
    message: String,
    others: Vec<(&'static str, Value)>,
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        match field.name() {
            "message" => self.message = format!("{value:?}"),
            name => self.others.push((name, json!(format!("{value:?}")))),
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.others.push((field.name(), json!(value)));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.others.push((field.name(), json!(value)));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.others.push((field.name(), json!(value)));
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.others.push((field.name(), json!((value * 1000.0).round() / 1000.0)));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.others.push((field.name(), json!(value)));
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
