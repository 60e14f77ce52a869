//! Cross-origin requests of browsers (Fetch standard): which pages may call, by their exact origin.

use actix_web::HttpResponse;
use actix_web::http::Method;
use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD, HeaderMap,
    HeaderValue, ORIGIN, VARY,
};

const METHODS: &str = "GET, POST, PUT, PATCH, DELETE";
const REQUEST_HEADERS: &str = "Authorization, Content-Type, X-Authority, X-CivilRegistrationIdentifier, X-Purpose, \
    X-Request-Id, Idempotency-Key, If-None-Match, Cache-Control, Accept, Accept-Language, \
    traceparent, tracestate";
const EXPOSED: &str = "Location, ETag, Link, Retry-After, RateLimit, RateLimit-Policy, Idempotency-Replayed, \
    Cache-Status, X-Request-Id, X-Correlation-Id, WWW-Authenticate, Allow, Content-Language";
/// Two hours; browsers keep no preflight for longer.
const MAX_AGE: &str = "7200";

/// The pages that may call.
#[derive(Debug, Clone, Default)]
pub(super) struct Cors {
    /// Exact origins.
    pub(super) origins: Vec<String>,
    /// Also pages served from this machine, whatever their port: for the demo.
    pub(super) localhost: bool,
}

impl Cors {
    fn is_off(&self) -> bool {
        self.origins.is_empty() && !self.localhost
    }

    /// The origin of the page, where it may call.
    fn allowed<'r>(&self, request: &'r HeaderMap) -> Option<&'r HeaderValue> {
        let origin = request.get(ORIGIN)?;
        let text = origin.to_str().ok()?;
        let allowed = self.origins.iter().any(|one| one == text) || (self.localhost && is_localhost(text));
        allowed.then_some(origin)
    }

    /// The answer to a preflight request, which carries no token.
    pub(super) fn preflight(&self, method: &Method, request: &HeaderMap) -> Option<HttpResponse> {
        let asks = *method == Method::OPTIONS
            && request.contains_key(ORIGIN)
            && request.contains_key(ACCESS_CONTROL_REQUEST_METHOD);
        if self.is_off() || !asks {
            return None;
        }
        let mut response = HttpResponse::NoContent();
        response.insert_header((VARY, "Access-Control-Request-Method, Access-Control-Request-Headers"));
        if self.allowed(request).is_some() {
            response.insert_header((ACCESS_CONTROL_ALLOW_METHODS, METHODS));
            response.insert_header((ACCESS_CONTROL_ALLOW_HEADERS, REQUEST_HEADERS));
            response.insert_header((ACCESS_CONTROL_MAX_AGE, MAX_AGE));
        }
        Some(response.finish())
    }

    /// Lets the page read the answer. Never with credentials: tokens are sent by programs, not by browsers.
    pub(super) fn mark(&self, request: Option<&HeaderValue>, response: &mut HeaderMap) {
        if self.is_off() {
            return;
        }
        let vary = match response.get(VARY).and_then(|value| value.to_str().ok()) {
            Some(others) => HeaderValue::try_from(format!("{others}, Origin")).ok(),
            None => Some(HeaderValue::from_static("Origin")),
        };
        vary.map(|vary| response.insert(VARY, vary));
        if let Some(origin) = request {
            let is_preflight = response.contains_key(ACCESS_CONTROL_ALLOW_METHODS);
            response.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
            if !is_preflight {
                response.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED));
            }
        }
    }

    /// What [`Cors::mark`] needs to know of the request.
    pub(super) fn origin(&self, request: &HeaderMap) -> Option<HeaderValue> {
        self.allowed(request).cloned()
    }
}

fn is_localhost(origin: &str) -> bool {
    let Some((_, authority)) =
        origin.split_once("://").filter(|(scheme, _)| ["http", "https"].contains(scheme))
    else {
        return false;
    };
    ["localhost", "127.0.0.1", "[::1]"].into_iter().any(|host| match authority.strip_prefix(host) {
        Some("") => true,
        Some(rest) => rest.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok()),
        None => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_localhost() {
        for origin in
            ["http://localhost", "http://localhost:5173", "https://127.0.0.1:8443", "http://[::1]:3000"]
        {
            assert!(is_localhost(origin), "{origin}");
        }
        for origin in [
            "null",
            "http://localhost.example.dk",
            "http://localhost:5173@example.dk",
            "http://localhost:",
            "http://127.0.0.10",
            "file://localhost",
            "http://example.dk:80/localhost",
        ] {
            assert!(!is_localhost(origin), "{origin}");
        }
    }
}
