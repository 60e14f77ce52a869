//! The names of the problems that the gateway itself makes; each has its entry in `problems.toml`.

/// The body is not valid JSON.
pub const MALFORMED_JSON: &str = "malformed-json";
/// Invalid CPR number.
pub const INVALID_CPR: &str = "invalid-cpr";
/// CPR numbers are not accepted in the path.
pub const CPR_IN_PATH_REFUSED: &str = "cpr-in-path-refused";
/// Invalid identifier in the path.
pub const INVALID_IDENTIFIER: &str = "invalid-identifier";
/// Invalid query parameter.
pub const INVALID_PARAMETER: &str = "invalid-parameter";
/// Invalid header.
pub const INVALID_HEADER: &str = "invalid-header";
/// A purpose must be stated.
pub const PURPOSE_REQUIRED: &str = "purpose-required";
/// The body is too large.
pub const BODY_TOO_LARGE: &str = "body-too-large";
/// The address is too long.
pub const URI_TOO_LONG: &str = "uri-too-long";
/// The media type is not supported.
pub const UNSUPPORTED_MEDIA_TYPE: &str = "unsupported-media-type";
/// The content breaks the rules of the interface.
pub const VALIDATION_FAILED: &str = "validation-failed";
/// The headers are too large.
pub const HEADER_TOO_LARGE: &str = "header-too-large";
/// The request arrived too slowly.
pub const REQUEST_TIMEOUT: &str = "request-timeout";
/// No such route.
pub const NOT_FOUND: &str = "not-found";
/// The method is not allowed here.
pub const METHOD_NOT_ALLOWED: &str = "method-not-allowed";
/// The route is switched off.
pub const ROUTE_DISABLED: &str = "route-disabled";
/// A valid token is required.
pub const UNAUTHORIZED: &str = "unauthorized";
/// The token lacks a scope.
pub const SCOPE_MISSING: &str = "scope-missing";
/// No authority that may use this route.
pub const AUTHORITY_MISSING: &str = "authority-missing";
/// The authority is not in the token.
pub const AUTHORITY_NOT_IN_TOKEN: &str = "authority-not-in-token";
/// The issuer may not vouch for this authority.
pub const AUTHORITY_NOT_TRUSTED: &str = "authority-not-trusted";
/// The authority must be named.
pub const AUTHORITY_AMBIGUOUS: &str = "authority-ambiguous";
/// The authority is not set up in this gateway.
pub const AUTHORITY_NOT_CONFIGURED: &str = "authority-not-configured";
/// The token does not name the user.
pub const USER_NAME_MISSING: &str = "user-name-missing";
/// Too many requests.
pub const RATE_LIMITED: &str = "rate-limited";
/// A write needs an idempotency key.
pub const IDEMPOTENCY_KEY_REQUIRED: &str = "idempotency-key-required";
/// The idempotency key belongs to another request.
pub const IDEMPOTENCY_KEY_REUSED: &str = "idempotency-key-reused";
/// The first request with this key is still running.
pub const IDEMPOTENCY_IN_PROGRESS: &str = "idempotency-in-progress";
/// Idempotency keys cannot be kept just now.
pub const IDEMPOTENCY_UNAVAILABLE: &str = "idempotency-unavailable";
/// It is not known whether the first request was executed.
pub const OUTCOME_UNKNOWN: &str = "outcome-unknown";
/// The gateway is busy.
pub const OVERLOADED: &str = "overloaded";
/// Tokens cannot be checked just now.
pub const KEYS_UNAVAILABLE: &str = "keys-unavailable";
/// The audit trail cannot be written just now.
pub const AUDIT_UNAVAILABLE: &str = "audit-unavailable";
/// A fault in the gateway.
pub const INTERNAL_ERROR: &str = "internal-error";
/// The upstream is out of order.
pub const UPSTREAM_UNAVAILABLE: &str = "upstream-unavailable";
/// The upstream could not be reached.
pub const UPSTREAM_UNREACHABLE: &str = "upstream-unreachable";
/// The upstream did not answer in time.
pub const UPSTREAM_TIMEOUT: &str = "upstream-timeout";
/// The upstream's answer could not be used.
pub const UPSTREAM_MALFORMED: &str = "upstream-malformed";
/// The upstream refused for an unknown reason.
pub const UPSTREAM_REJECTED: &str = "upstream-rejected";
/// The list of changes does not move on.
pub const FEED_STALLED: &str = "feed-stalled";

#[cfg(test)]
mod tests {
    use crate::problem::catalogue::entries;

    #[test]
    fn every_problem_that_the_gateway_makes_is_named_here() {
        let here = include_str!("names.rs");
        for entry in entries().iter().filter(|entry| entry.status.is_some()) {
            assert!(here.contains(&format!("= \"{}\";", entry.name)), "{}", entry.name);
        }
        let declared = here.matches("pub const ").count();
        assert_eq!(declared - 1, entries().iter().filter(|entry| entry.status.is_some()).count());
    }
}
