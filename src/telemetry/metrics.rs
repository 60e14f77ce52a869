//! What is counted while calls go by; each function is one event. What is read at a scrape stands in `http::metrics`.

use std::time::Duration;

use super::names;

/// A request was answered. `route` is the template, `method` one of the known methods.
pub fn request(method: &'static str, route: &str, status: u16, duration: Duration) {
    let route = route.to_owned();
    metrics::counter!(names::REQUESTS.name, "method" => method, "route" => route.clone(), "status" => status.to_string())
        .increment(1);
    metrics::histogram!(names::REQUEST_DURATION.name, "method" => method, "route" => route, "class" => class(status))
        .record(duration);
}

fn class(status: u16) -> &'static str {
    match status / 100 {
        1 => "1xx",
        2 => "2xx",
        3 => "3xx",
        4 => "4xx",
        _ => "5xx",
    }
}

/// A request began.
pub(super) fn request_began() {
    metrics::gauge!(names::REQUESTS_IN_FLIGHT.name).increment(1.0);
}

/// A request is over, however it ended.
pub(super) fn request_over() {
    metrics::gauge!(names::REQUESTS_IN_FLIGHT.name).decrement(1.0);
}

/// A client went away before its answer.
pub(super) fn request_abandoned() {
    metrics::counter!(names::REQUESTS_ABANDONED.name).increment(1);
}

/// A request was answered with a problem.
pub fn problem(route: &str, problem: &'static str) {
    metrics::counter!(names::PROBLEMS.name, "route" => route.to_owned(), "problem" => problem).increment(1);
}

/// A call of an operation ended, all attempts taken together.
pub fn upstream_call(
    upstream: &'static str,
    operation: &'static str,
    result: &'static str,
    duration: Duration,
) {
    metrics::counter!(names::UPSTREAM_CALLS.name, "upstream" => upstream, "operation" => operation, "result" => result)
        .increment(1);
    metrics::histogram!(names::UPSTREAM_CALL_DURATION.name, "upstream" => upstream, "operation" => operation, "result" => result)
        .record(duration);
}

/// A second attempt is made.
pub fn upstream_retry(upstream: &'static str, operation: &'static str) {
    metrics::counter!(names::UPSTREAM_RETRIES.name, "upstream" => upstream, "operation" => operation)
        .increment(1);
}

/// What the cache did with the look-up of one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CacheResult {
    /// It had the answer.
    Hit,
    /// It had none.
    Miss,
    /// It had none, but a call for the same was under way.
    Collapsed,
    /// The client asked to go around it.
    Bypass,
}

impl CacheResult {
    /// All of them.
    pub(super) const ALL: [Self; 4] = [Self::Hit, Self::Miss, Self::Collapsed, Self::Bypass];

    fn as_str(self) -> &'static str {
        match self {
            Self::Hit => "hit",
            Self::Miss => "miss",
            Self::Collapsed => "collapsed",
            Self::Bypass => "bypass",
        }
    }
}

/// The cache was asked about so many persons, with one result.
pub fn cache(result: CacheResult, persons: u64) {
    metrics::counter!(names::CACHE_LOOKUPS.name, "result" => result.as_str()).increment(persons);
}

/// One upstream call asks about so many persons.
pub fn batch(persons: usize) {
    metrics::histogram!(names::BATCH_PERSONS.name).record(persons as f64);
}

/// So many lines were to be added to the audit trail.
pub fn audit_lines(lines: u64, written: bool) {
    let metric = if written { names::AUDIT_LINES } else { names::AUDIT_FAILURES };
    metrics::counter!(metric.name).increment(lines);
}

/// Whether the audit trail can be written.
pub fn audit_writable(writable: bool) {
    metrics::gauge!(names::AUDIT_WRITABLE.name).set(u8::from(writable));
}

/// A token was refused, or could not be checked.
pub fn token_refused(reason: &'static str) {
    metrics::counter!(names::TOKENS_REFUSED.name, "reason" => reason).increment(1);
}

/// What was known of an idempotency key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdempotencyResult {
    /// Nothing: the call is made.
    Fresh,
    /// The first call runs.
    InProgress,
    /// It belongs to another request.
    Reused,
    /// The answer, which is given again.
    Replayed,
    /// Not how the first call ended.
    OutcomeUnknown,
    /// Nothing, because the store is away or full.
    Unavailable,
}

impl IdempotencyResult {
    /// All of them.
    pub(super) const ALL: [Self; 6] = [
        Self::Fresh,
        Self::InProgress,
        Self::Reused,
        Self::Replayed,
        Self::OutcomeUnknown,
        Self::Unavailable,
    ];

    fn as_str(self) -> &'static str {
        match self {
            Self::Fresh => "fresh",
            Self::InProgress => "in-progress",
            Self::Reused => "reused",
            Self::Replayed => "replayed",
            Self::OutcomeUnknown => "outcome-unknown",
            Self::Unavailable => "unavailable",
        }
    }
}

/// An idempotency key was claimed.
pub fn idempotency(result: IdempotencyResult) {
    metrics::counter!(names::IDEMPOTENCY.name, "result" => result.as_str()).increment(1);
}

/// The limits that refuse requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// Requests a second.
    Requests,
    /// Persons an hour.
    Persons,
}

impl Limit {
    /// All of them.
    pub(super) const ALL: [Self; 2] = [Self::Requests, Self::Persons];

    fn as_str(self) -> &'static str {
        match self {
            Self::Requests => "requests",
            Self::Persons => "persons",
        }
    }
}

/// A limit refused a request.
pub fn rate_limited(limit: Limit) {
    metrics::counter!(names::RATE_LIMITED.name, "limit" => limit.as_str()).increment(1);
}

/// The collector did not take a delivery of spans.
pub(super) fn span_export_failed() {
    metrics::counter!(names::SPAN_EXPORT_FAILURES.name).increment(1);
}

/// Makes the counters without labels from requests appear with 0, so that their first event is a change.
pub(super) fn begin_at_zero() {
    for counter in
        [names::REQUESTS_ABANDONED, names::AUDIT_LINES, names::AUDIT_FAILURES, names::SPAN_EXPORT_FAILURES]
    {
        metrics::counter!(counter.name).increment(0);
    }
    for result in CacheResult::ALL {
        cache(result, 0);
    }
    for result in IdempotencyResult::ALL {
        metrics::counter!(names::IDEMPOTENCY.name, "result" => result.as_str()).increment(0);
    }
    for limit in Limit::ALL {
        metrics::counter!(names::RATE_LIMITED.name, "limit" => limit.as_str()).increment(0);
    }
    metrics::gauge!(names::REQUESTS_IN_FLIGHT.name).increment(0.0);
    metrics::gauge!(names::BUILD_INFO.name, "version" => env!("CARGO_PKG_VERSION")).set(1.0);
}
