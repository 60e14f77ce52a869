//! Headers that keep browsers and caches from doing more with an answer than was meant.

use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue,
    REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};

const NOTHING: &str = "default-src 'none'; frame-ancestors 'none'";
/// The pages: everything from here, and styles in elements as the documentation page has them.
const OWN: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; \
    base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
/// A year, for this host alone: whether its subdomains have TLS is not known here.
const TLS_ONLY: &str = "max-age=31536000";

/// Adds each header where the answer does not say otherwise itself.
pub(super) fn secure(headers: &mut HeaderMap, over_tls: bool) {
    let is_page = headers.get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    let mut default = |name: HeaderName, value: &'static str| {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    };
    default(X_CONTENT_TYPE_OPTIONS, "nosniff");
    default(REFERRER_POLICY, "no-referrer");
    default(CONTENT_SECURITY_POLICY, if is_page { OWN } else { NOTHING });
    default(X_FRAME_OPTIONS, "DENY");
    default(CACHE_CONTROL, "no-store");
    if over_tls {
        default(STRICT_TRANSPORT_SECURITY, TLS_ONLY);
    }
}
