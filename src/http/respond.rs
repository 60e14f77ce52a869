//! Problems and replies as HTTP responses.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, web};

use futures_util::StreamExt;

use super::context::RequestContext;
use crate::call::{self, Answer, Content};
use crate::gateway::Gateway;
use crate::problem::{Outcome, Problem};
use crate::telemetry::request::Refusal;

/// Says that an answer was given before.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

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
    response.extensions_mut().insert(Refusal { problem: problem.name(), reason: problem.reason, outcome });
    response.insert_header((header::CONTENT_TYPE, "application/problem+json"));
    response.insert_header((header::CONTENT_LANGUAGE, context.language.tag()));
    response.insert_header((header::CACHE_CONTROL, "no-store"));
    if let Some(seconds) = problem.retry_after {
        response.insert_header((header::RETRY_AFTER, seconds));
    }
    insert(&mut response, header::WWW_AUTHENTICATE, problem.challenge.as_deref());
    insert(&mut response, header::ALLOW, problem.allow.as_deref());
    insert(&mut response, HeaderName::from_static(call::CORRELATION_ID), problem.correlation_id.as_deref());
    insert(&mut response, REPLAYED, problem.replayed.then_some("true"));
    insert(&mut response, HeaderName::from_static(call::CACHE_STATUS), problem.cache_status.as_deref());
    response.json(problem.document(base_path, Some(context.id), context.language))
}

/// A successful answer.
pub(super) fn answer_response(answer: Answer) -> HttpResponse {
    let Answer { status, headers, content, rate } = answer;
    let mut response = HttpResponse::build(StatusCode::from_u16(status).unwrap_or(StatusCode::OK));
    for (name, value) in headers {
        insert(&mut response, HeaderName::from_static(name), Some(&value));
    }
    if let Some(rate) = rate {
        response.extensions_mut().insert(rate);
    }
    match content {
        Content::Nothing => response.finish(),
        Content::Json(json) => {
            response.insert_header((header::CONTENT_TYPE, "application/json"));
            response.body(json)
        }
        Content::Lines(lines) => {
            response.insert_header((header::CONTENT_TYPE, "application/x-ndjson"));
            response.streaming(lines.map(Ok::<_, actix_web::Error>))
        }
    }
}

/// Adds a header whose value came from outside: what cannot stand in a header is left out.
pub(super) fn insert(response: &mut HttpResponseBuilder, name: HeaderName, value: Option<&str>) {
    if let Some(value) = value.and_then(|value| HeaderValue::from_str(value).ok()) {
        response.insert_header((name, value));
    }
}
