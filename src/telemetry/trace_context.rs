//! W3C trace context (https://www.w3.org/TR/trace-context/): from the client's headers, on to upstreams. Baggage is not looked at.

use http::{HeaderMap, HeaderName, HeaderValue};
use opentelemetry::trace::{SpanContext, SpanId, TraceContextExt, TraceFlags, TraceId, TraceState};
use tracing::{Instrument, Span};
use tracing_opentelemetry::OpenTelemetrySpanExt;

const TRACEPARENT: &str = "traceparent";
const TRACESTATE: &str = "tracestate";

/// What must be propagated at least (section 3.3.1.5); longer states are left out whole.
const LONGEST_STATE: usize = 512;

tokio::task_local! {
    static CLIENT: Option<ClientTrace>;
}

/// The trace that a client is part of.
#[derive(Clone)]
pub struct ClientTrace {
    parent: SpanContext,
    traceparent: HeaderValue,
    tracestate: Option<HeaderValue>,
}

impl ClientTrace {
    /// Reads `traceparent` and `tracestate`; `None` where there is no valid `traceparent`.
    pub fn of<'h>(header: impl Fn(&'static str) -> Vec<&'h [u8]>) -> Option<Self> {
        let &[text] = header(TRACEPARENT).as_slice() else { return None };
        let parent = parse(std::str::from_utf8(text).ok()?)?;
        let traceparent = HeaderValue::from_bytes(text).ok()?;
        Some(Self { parent, traceparent, tracestate: joined(&header(TRACESTATE)) })
    }

    pub(super) fn trace_id(&self) -> TraceId {
        self.parent.trace_id()
    }

    pub(super) fn parent(&self) -> SpanContext {
        self.parent.clone()
    }
}

/// Section 3.2.2: version, trace id, parent id and flags, in lower-case hexadecimal digits.
fn parse(text: &str) -> Option<SpanContext> {
    let mut parts = text.splitn(5, '-');
    let version = parts.next().filter(|part| is_hex(part, 2) && *part != "ff")?;
    let trace_id = parts.next().filter(|part| is_hex(part, 32))?;
    let parent_id = parts.next().filter(|part| is_hex(part, 16))?;
    let flags = parts.next().filter(|part| is_hex(part, 2))?;
    // Later versions may add parts; this one has none.
    if version == "00" && parts.next().is_some() {
        return None;
    }
    let context = SpanContext::new(
        TraceId::from_hex(trace_id).ok()?,
        SpanId::from_hex(parent_id).ok()?,
        TraceFlags::new(u8::from_str_radix(flags, 16).ok()?) & TraceFlags::SAMPLED,
        true,
        // Kept apart from spans: a client may write into it what it likes.
        TraceState::NONE,
    );
    context.is_valid().then_some(context)
}

fn is_hex(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// Section 3.3: several headers are one list.
fn joined(values: &[&[u8]]) -> Option<HeaderValue> {
    let state = values.join(&b","[..]);
    let fits = !state.is_empty() && state.len() <= LONGEST_STATE;
    fits.then(|| HeaderValue::from_bytes(&state).ok()).flatten()
}

/// The span and trace that work is done for.
pub struct Origin {
    span: Span,
    client: Option<ClientTrace>,
}

impl Origin {
    pub(super) fn new(span: Span, client: Option<ClientTrace>) -> Self {
        Self { span, client }
    }

    /// Those of the caller: for a task that is spawned to do part of its work.
    pub fn here() -> Self {
        Self { span: Span::current(), client: client() }
    }

    /// A trace of its own: for work that nobody in particular waits for.
    pub fn own(span: Span) -> Self {
        Self { span, client: None }
    }

    /// Does the work.
    pub fn follow<F: Future>(self, work: F) -> impl Future<Output = F::Output> + use<F> {
        CLIENT.scope(self.client, work.instrument(self.span))
    }
}

/// The headers that put what an upstream does below `span`. Without spans the client's are passed on as they are.
pub fn headers(span: &Span) -> HeaderMap {
    let client = client();
    let recorded = traceparent(span.context().span().span_context());
    let traceparent = recorded.or_else(|| client.as_ref().map(|client| client.traceparent.clone()));
    let tracestate = client.and_then(|client| client.tracestate);
    let mut headers = HeaderMap::new();
    if let Some(value) = traceparent {
        headers.insert(HeaderName::from_static(TRACEPARENT), value);
    }
    if let Some(value) = tracestate {
        headers.insert(HeaderName::from_static(TRACESTATE), value);
    }
    headers
}

fn client() -> Option<ClientTrace> {
    CLIENT.try_with(Clone::clone).ok().flatten()
}

fn traceparent(span: &SpanContext) -> Option<HeaderValue> {
    if !span.is_valid() {
        return None;
    }
    let sampled = span.trace_flags().to_u8() & TraceFlags::SAMPLED.to_u8();
    HeaderValue::try_from(format!("00-{}-{}-{sampled:02x}", span.trace_id(), span.span_id())).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    fn client_trace(traceparent: &[&'static str], tracestate: &[&'static str]) -> Option<ClientTrace> {
        let values = |texts: &[&'static str]| texts.iter().map(|text| text.as_bytes()).collect();
        ClientTrace::of(|name| if name == TRACEPARENT { values(traceparent) } else { values(tracestate) })
    }

    #[test]
    fn a_valid_parent_is_taken() {
        let trace = client_trace(&[PARENT], &[]).unwrap();
        assert_eq!(trace.trace_id().to_string(), "4bf92f3577b34da6a3ce929d0e0e4736");
        assert!(trace.parent().is_sampled() && trace.parent().is_remote());
    }

    #[test]
    fn a_later_version_may_say_more() {
        assert!(parse("01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more-to-come").is_some());
        assert!(parse(&format!("{PARENT}-more")).is_none());
    }

    #[test]
    fn what_is_no_parent_is_ignored() {
        for text in [
            "",
            "00",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-1",
            "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e47æ6-00f067aa0ba902b7-01",
        ] {
            assert!(parse(text).is_none(), "{text}");
        }
        assert!(client_trace(&[PARENT, PARENT], &[]).is_none(), "two parents are none");
    }

    #[tokio::test]
    async fn without_spans_the_clients_headers_are_passed_on_as_they_are() {
        let client = client_trace(&[PARENT], &["a=1", "b=2"]);
        let spawned = async { Origin::here().follow(async { headers(&Span::none()) }).await };
        let headers = Origin::new(Span::none(), client).follow(spawned).await;
        assert_eq!(headers[TRACEPARENT], PARENT);
        assert_eq!(headers[TRACESTATE], "a=1,b=2");
    }

    #[tokio::test]
    async fn a_state_without_a_parent_or_beyond_the_limit_is_left_out() {
        assert!(client_trace(&[], &["a=1"]).is_none());
        let long: &'static str = Box::leak("a=1,".repeat(200).into_boxed_str());
        assert!(client_trace(&[PARENT], &[long]).unwrap().tracestate.is_none());
    }

    #[tokio::test]
    async fn without_a_client_trace_nothing_is_sent() {
        assert!(headers(&Span::none()).is_empty());
    }
}
