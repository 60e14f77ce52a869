//! Problems and replies as HTTP responses.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, web};

use super::context::RequestContext;
use crate::gateway::Gateway;
use crate::gateway::reply::Reply;
use crate::problem::{Outcome, Problem};
use crate::telemetry::request::Refusal;

/// The platform's id of an exchange.
pub(super) const CORRELATION_ID: HeaderName = HeaderName::from_static("x-correlation-id");

/// Says that an answer was given before.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// What the cache did (RFC 9211).
pub(super) const CACHE_STATUS: HeaderName = HeaderName::from_static("cache-status");

/// The problem document as an answer to a request.
pub fn problem_response(request: &HttpRequest, problem: Problem) -> HttpResponse {
    let base_path =
        request.app_data::<web::Data<Gateway>>().map_or("", |gateway| &gateway.config.server.base_path);
    problem_document_response(RequestContext::get(request), base_path, problem)
}

/// The same where the request is gone.
pub(super) fn problem_document_response(
    context: RequestContext,
    base_path: &str,
    problem: Problem,
) -> HttpResponse {
    let status = StatusCode::from_u16(problem.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = HttpResponse::build(status);
    let outcome = problem.outcome.map(Outcome::as_str);
    response.extensions_mut().insert(Refusal { problem: problem.name(), outcome });
    response.insert_header((header::CONTENT_TYPE, "application/problem+json"));
    response.insert_header((header::CONTENT_LANGUAGE, context.language.tag()));
    response.insert_header((header::CACHE_CONTROL, "no-store"));
    if let Some(seconds) = problem.retry_after {
        response.insert_header((header::RETRY_AFTER, seconds));
    }
    insert(&mut response, header::WWW_AUTHENTICATE, problem.challenge.as_deref());
    insert(&mut response, header::ALLOW, problem.allow.as_deref());
    insert(&mut response, CORRELATION_ID, problem.correlation_id.as_deref());
    insert(&mut response, REPLAYED, problem.replayed.then_some("true"));
    insert(&mut response, CACHE_STATUS, problem.cache_status.as_deref());
    response.json(problem.document(base_path, Some(context.id), context.language))
}

/// A successful answer; everything with personal data says that nobody may keep it.
pub(super) fn reply_response(gateway: &Gateway, reply: Reply, replayed: bool) -> HttpResponse {
    let status = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::OK);
    let mut response = HttpResponse::build(status);
    response.insert_header((header::CONTENT_TYPE, "application/json"));
    response.insert_header((header::CACHE_CONTROL, "no-store"));
    let location = reply.location.map(|path| format!("{}{path}", gateway.config.server.base_path));
    insert(&mut response, header::LOCATION, location.as_deref());
    insert(&mut response, CORRELATION_ID, reply.correlation_id.as_deref());
    insert(&mut response, REPLAYED, replayed.then_some("true"));
    response.body(reply.body)
}

/// Adds a header whose value came from outside: what cannot stand in a header is left out.
pub(super) fn insert(response: &mut HttpResponseBuilder, name: HeaderName, value: Option<&str>) {
    if let Some(value) = value.and_then(|value| HeaderValue::from_str(value).ok()) {
        response.insert_header((name, value));
    }
}
