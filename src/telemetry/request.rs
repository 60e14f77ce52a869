//! What is told of one request: its span, its metrics, its line in the log.

use std::time::Instant;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use opentelemetry::trace::TraceContextExt;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;
use uuid::Uuid;

use super::trace_context::{ClientTrace, Origin};
use super::{metrics, spans};

/// What stands for the route of a request that has none.
const UNMATCHED: &str = "unmatched";

/// What machines ask all the time: counted, but neither traced nor logged above level debug.
const QUIET: [&str; 3] = ["/metrics", "/health/live", "/health/ready"];

/// The problem that a request was answered with; kept among the response's extensions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    /// Its name.
    pub problem: &'static str,
    /// Why the token was refused, where it was.
    pub reason: Option<&'static str>,
    /// Of a write: what is known of its execution.
    pub outcome: Option<&'static str>,
}

/// Answers a request below its span, and tells how it ended. The route is told by its template, never by the path: a
/// path may hold a CPR number.
pub async fn observed<B: MessageBody + 'static>(
    id: Uuid,
    request: ServiceRequest,
    answer: impl AsyncFnOnce(ServiceRequest) -> Result<ServiceResponse<B>, actix_web::Error>,
) -> Result<ServiceResponse<B>, actix_web::Error> {
    let headers = request.headers();
    let values = |name| headers.get_all(name).map(|value| value.as_bytes()).collect();
    let method = known(request.method().as_str());
    let quiet = request.match_pattern().is_some_and(|route| is_quiet(&route));
    let observed =
        if quiet { Observed::quietly(method) } else { Observed::begin(id, method, ClientTrace::of(values)) };
    let answered = observed.follow(answer(request)).await;
    match &answered {
        Ok(response) => {
            let route = response.request().match_pattern();
            let refusal = response.response().extensions().get().copied();
            observed.end(route.as_deref().unwrap_or(UNMATCHED), response.status().as_u16(), refusal);
        }
        Err(error) => observed.end(UNMATCHED, error.as_response_error().status_code().as_u16(), None),
    }
    answered
}

/// Whether the route, below whatever base path, is one that machines ask. Its template is compared, and not the path:
/// whoever calls could end any path so, and go unseen.
fn is_quiet(route: &str) -> bool {
    !route.contains('{') && QUIET.iter().any(|path| route.ends_with(path))
}

/// A request that is being answered. Dropped without an end, its client went away.
struct Observed {
    span: Span,
    client: Option<ClientTrace>,
    method: &'static str,
    began: Instant,
    ended: bool,
}

impl Observed {
    fn quietly(method: &'static str) -> Self {
        metrics::request_began();
        Self { span: Span::none(), client: None, method, began: Instant::now(), ended: false }
    }

    fn begin(id: Uuid, method: &'static str, client: Option<ClientTrace>) -> Self {
        metrics::request_began();
        let span = spans::request(id, method);
        if let Some(client) = &client {
            let parent = opentelemetry::Context::new().with_remote_span_context(client.parent());
            // Fails only where no spans are recorded.
            let _ = span.set_parent(parent);
        }
        span.record("trace_id", trace_id(&span, client.as_ref(), id));
        Self { span, client, method, began: Instant::now(), ended: false }
    }

    fn follow<F: Future>(&self, answering: F) -> impl Future<Output = F::Output> + use<F> {
        Origin::new(self.span.clone(), self.client.clone()).follow(answering)
    }

    fn end(mut self, route: &str, status: u16, refusal: Option<Refusal>) {
        self.ended = true;
        let took = self.began.elapsed();
        metrics::request(self.method, route, status, took);
        let recorded = self.span.context();
        if recorded.span().span_context().is_valid() {
            recorded.span().update_name(format!("{} {route}", self.method));
        }
        self.span.record("http.route", route);
        self.span.record("http.response.status_code", status);
        if status >= 500 {
            self.span.record("otel.status_code", "ERROR");
        }
        if let Some(Refusal { problem, reason: _, outcome }) = refusal {
            metrics::problem(route, problem);
            self.span.record("error.type", problem);
            outcome.map(|outcome| self.span.record("ungebro.outcome", outcome));
        }
        self.log(route, status, refusal, took.as_secs_f64() * 1000.0);
    }

    fn log(&self, route: &str, status: u16, refusal: Option<Refusal>, milliseconds: f64) {
        let method = self.method;
        let problem = refusal.map(|refusal| refusal.problem);
        let reason = refusal.and_then(|refusal| refusal.reason);
        let outcome = refusal.and_then(|refusal| refusal.outcome);
        if self.span.is_none() {
            tracing::debug!(method, route, status, problem, reason, outcome, milliseconds, "request");
        } else {
            let _in_span = self.span.enter();
            tracing::info!(method, route, status, problem, reason, outcome, milliseconds, "request");
        }
    }
}

impl Drop for Observed {
    fn drop(&mut self) {
        metrics::request_over();
        if !self.ended {
            metrics::request_abandoned();
            self.span.in_scope(|| tracing::info!(method = self.method, "request abandoned by its client"));
        }
    }
}

/// The trace that the request belongs to: the recorded one, else the client's, else one of its own.
fn trace_id(span: &Span, client: Option<&ClientTrace>, id: Uuid) -> String {
    let context = span.context();
    let recorded = context.span().span_context().clone();
    match client {
        _ if recorded.is_valid() => recorded.trace_id().to_string(),
        Some(client) => client.trace_id().to_string(),
        None => id.simple().to_string(),
    }
}

/// A method that may be shown: others are the client's own text (OpenTelemetry's conventions for HTTP say `_OTHER`).
fn known(method: &str) -> &'static str {
    const KNOWN: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];
    KNOWN.into_iter().find(|known| *known == method).unwrap_or("_OTHER")
}
