//! What belongs to one request from its first byte to its answer.

use actix_web::http::header::ACCEPT_LANGUAGE;
use actix_web::{HttpMessage, HttpRequest};
use uuid::Uuid;

pub use crate::call::RequestContext;
use crate::types::Language;

impl RequestContext {
    /// Reads the headers of a new request.
    pub fn of(headers: &actix_web::http::header::HeaderMap) -> Self {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let id = text("x-request-id").and_then(|id| Uuid::try_parse(id).ok()).unwrap_or_else(Uuid::new_v4);
        Self { id, language: Language::negotiate(text(ACCEPT_LANGUAGE.as_str())) }
    }

    /// The context that the outermost layer gave the request.
    pub fn get(request: &HttpRequest) -> Self {
        request.extensions().get::<Self>().copied().unwrap_or_else(|| Self::of(request.headers()))
    }
}
