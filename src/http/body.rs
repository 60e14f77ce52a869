//! Reads a request's body: media type first, then size, never more than allowed.

use actix_web::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use actix_web::{HttpRequest, web};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use tokio::time::timeout;

use crate::config::Server;
use crate::operation::Spec;
use crate::problem::{Problem, names};

/// The body of a route that has one; empty for the others. All of it must arrive within `request_timeout`.
pub(super) async fn read(
    request: &HttpRequest,
    payload: web::Payload,
    spec: &Spec,
    settings: &Server,
) -> Result<Bytes, Problem> {
    if spec.body.is_empty() {
        return Ok(Bytes::new());
    }
    if !is_json(request) {
        return Err(Problem::own(names::UNSUPPORTED_MEDIA_TYPE));
    }
    let reading = read_up_to(settings.body_limit_bytes, request, payload);
    let late = |_| Err(Problem::own(names::REQUEST_TIMEOUT));
    timeout(settings.request_timeout, reading).await.unwrap_or_else(late)
}

async fn read_up_to(
    limit: usize,
    request: &HttpRequest,
    mut payload: web::Payload,
) -> Result<Bytes, Problem> {
    let too_large = || Problem::own(names::BODY_TOO_LARGE);
    let announced =
        request.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > limit) {
        return Err(too_large());
    }
    let mut body = BytesMut::with_capacity(announced.unwrap_or(0));
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| {
            Problem::own(names::MALFORMED_JSON).saying("It ended early.", "Det sluttede for tidligt.")
        })?;
        if body.len() + chunk.len() > limit {
            return Err(too_large());
        }
        if announced == Some(chunk.len()) && body.is_empty() {
            return Ok(chunk);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

/// `application/json`, in UTF-8 (RFC 8259 section 8.1), not compressed.
fn is_json(request: &HttpRequest) -> bool {
    let headers = request.headers();
    let encoded = headers
        .get(CONTENT_ENCODING)
        .is_some_and(|encoding| !encoding.as_bytes().eq_ignore_ascii_case(b"identity"));
    let Some(content_type) = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()) else {
        return false;
    };
    let mut parts = content_type.split(';').map(str::trim);
    let json = parts.next().is_some_and(|media| media.eq_ignore_ascii_case("application/json"));
    let utf8 = parts.all(|part| match part.split_once('=') {
        Some((name, value)) if name.trim().eq_ignore_ascii_case("charset") => {
            value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
        }
        _ => true,
    });
    json && utf8 && !encoded
}
