//! The outermost layer: what holds for every request and every answer, whatever the route.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::ConnectionType;
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpResponse};
use futures_util::FutureExt;
use ipnet::IpNet;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::connection::WatchedBody;
use super::context::RequestContext;
use super::cors::Cors;
use super::forwarded::Origin;
use super::headers;
use super::listener::Line;
use super::respond::problem_document_response;
use crate::config;
use crate::problem::{Problem, names};
use crate::rate::RateState;
use crate::telemetry::request::observed;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Path and query; RFC 9110 section 4.1 asks for at least 8000 octets.
const LONGEST_TARGET: usize = 8192;
/// Requests at the same time on one connection (HTTP/2).
const MOST_AT_ONCE: usize = 128;

/// What the layer goes by.
pub(super) struct Edge {
    base_path: String,
    header_limit: usize,
    trusted_proxies: Vec<IpNet>,
    cors: Cors,
    tasks: TaskTracker,
    stopping: CancellationToken,
}

impl Edge {
    /// `tasks` counts the requests until they were answered; those that come after `stopping` are refused.
    pub(super) fn new(
        settings: &config::Server,
        cors: Cors,
        tasks: TaskTracker,
        stopping: CancellationToken,
    ) -> Self {
        Self {
            base_path: settings.base_path.clone(),
            header_limit: settings.header_limit_bytes,
            trusted_proxies: settings.trusted_proxies.clone(),
            cors,
            tasks,
            stopping,
        }
    }

    /// Gives the request its id and language, refuses what no route could take, catches panics, observes the end and
    /// marks the answer.
    pub(super) async fn pass(
        self: Arc<Self>,
        mut request: ServiceRequest,
        next: Next<BoxBody>,
    ) -> Result<ServiceResponse, Error> {
        let line = request.request().conn_data::<Line>().cloned();
        // Before `refused` asks whether the server is stopping: who comes through is waited for.
        let task = self.tasks.token();
        let (working, at_once) = line.as_ref().map(|line| line.activity.begin()).unzip();
        let context = RequestContext::of(request.headers());
        let over_tls = line.is_some_and(|line| line.over_tls);
        let origin = Origin::take(&mut request, &self.trusted_proxies, over_tls);
        let seen = Seen { context, over_tls: origin.over_tls, cors: self.cors.origin(request.headers()) };
        request.extensions_mut().insert(context);
        request.extensions_mut().insert(origin);
        let answer = async |request: ServiceRequest| match self.refused(&request, at_once.unwrap_or(0)) {
            Some(refused) => Ok(request.into_response(refused)),
            None => self.caught(next.call(request), context).await,
        };
        let answered = observed(context.id, request, answer).await;
        let watch = |body| WatchedBody { body, _working: (working, task) }.boxed();
        match answered {
            Ok(mut response) => {
                // What an answer took is known later than what its request did.
                let rate = response.response().extensions().get::<RateState>().cloned();
                let rate = rate.or_else(|| response.request().extensions().get::<RateState>().cloned());
                self.finish(&seen, rate, response.response_mut());
                Ok(response.map_body(|_, body| watch(body)))
            }
            Err(error) => {
                let mut response = error.error_response();
                self.finish(&seen, None, &mut response);
                Err(InternalError::from_response("", response.map_body(|_, body| watch(body))).into())
            }
        }
    }

    /// What is answered without asking any route.
    fn refused(&self, request: &ServiceRequest, at_once: usize) -> Option<HttpResponse> {
        let target = request.uri().path_and_query().map_or(0, |target| target.as_str().len());
        // Another replica will take what comes while this one is stopping.
        let problem = if self.stopping.is_cancelled() || at_once > MOST_AT_ONCE {
            Problem::own(names::OVERLOADED)
        } else if target > LONGEST_TARGET {
            Problem::own(names::URI_TOO_LONG)
        } else if target + size(request.headers()) > self.header_limit {
            Problem::own(names::HEADER_TOO_LARGE)
        } else {
            return self.cors.preflight(request.method(), request.headers());
        };
        let problem = if request.method().is_safe() { problem.for_read() } else { problem };
        let context = RequestContext::get(request.request());
        Some(problem_document_response(context, &self.base_path, problem))
    }

    /// A panic is a fault of this request alone.
    async fn caught(
        &self,
        answering: impl Future<Output = Result<ServiceResponse, Error>>,
        context: RequestContext,
    ) -> Result<ServiceResponse, Error> {
        AssertUnwindSafe(answering).catch_unwind().await.unwrap_or_else(|_| {
            let problem = Problem::own(names::INTERNAL_ERROR);
            let response = problem_document_response(context, &self.base_path, problem);
            Err(InternalError::from_response("", response).into())
        })
    }

    fn finish(&self, seen: &Seen, rate: Option<RateState>, response: &mut HttpResponse) {
        if self.stopping.is_cancelled() {
            response.head_mut().set_connection_type(ConnectionType::Close);
        }
        let headers = response.headers_mut();
        if let Ok(id) = HeaderValue::from_str(&seen.context.id.to_string()) {
            headers.insert(REQUEST_ID, id);
        }
        if let Some(rate) = rate {
            tell(&rate, headers);
        }
        headers::secure(headers, seen.over_tls);
        self.cors.mark(seen.cors.as_ref(), headers);
    }
}

/// What is left of the caller's limits (draft-ietf-httpapi-ratelimit-headers-11).
fn tell(rate: &RateState, headers: &mut HeaderMap) {
    let (policy, level) = rate.headers();
    for (name, value) in [("ratelimit-policy", policy), ("ratelimit", level)] {
        if let Ok(value) = HeaderValue::try_from(value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
}

/// What must be known of a request once it is gone.
struct Seen {
    context: RequestContext,
    over_tls: bool,
    cors: Option<HeaderValue>,
}

/// Octets of the header lines.
fn size(headers: &HeaderMap) -> usize {
    headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum()
}
