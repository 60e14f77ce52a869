//! Every metric: its name, what it counts, and its labels. Nothing else may be recorded.

use metrics::Unit;

/// One metric as `/metrics` shows it. Values of labels come from fixed sets or the configuration, never from a request.
#[derive(Debug)]
pub struct Metric {
    /// The name in Prometheus.
    pub name: &'static str,
    /// What it is.
    pub kind: Kind,
    /// What its values are in.
    pub unit: Unit,
    /// What it says, in one sentence.
    pub help: &'static str,
    /// The names of its labels.
    pub labels: &'static [&'static str],
}

/// The kinds of metric.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// Only grows.
    Counter,
    /// Goes up and down.
    Gauge,
    /// Counts values in buckets with these upper bounds.
    Histogram(&'static [f64]),
}

/// Seconds, from an answer out of the cache to the longest a call may take.
const DURATIONS: &[f64] =
    &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 15.0];

/// Persons in one call, of which there may be a hundred.
const PERSONS: &[f64] = &[1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0];

macro_rules! metrics {
    ($($constant:ident: $name:literal, $kind:expr, $unit:ident, $labels:expr, $help:literal;)*) => {
        $(
            #[doc = $help]
            pub const $constant: Metric =
                Metric { name: $name, kind: $kind, unit: Unit::$unit, help: $help, labels: &$labels };
        )*

        /// All of them, in the order of the documentation.
        pub const ALL: &[Metric] = &[$($constant),*];
    };
}

metrics! {
    REQUESTS: "ungebro_requests_total", Kind::Counter, Count, ["method", "route", "status"],
        "Answered requests by route template and status.";
    REQUEST_DURATION: "ungebro_request_duration_seconds", Kind::Histogram(DURATIONS), Seconds, ["method", "route", "class"],
        "Time from a request's headers to its answer's headers, by route template and class of status.";
    REQUESTS_IN_FLIGHT: "ungebro_requests_in_flight", Kind::Gauge, Count, [],
        "Requests being answered.";
    REQUESTS_ABANDONED: "ungebro_requests_abandoned_total", Kind::Counter, Count, [],
        "Requests whose client went away before the answer.";
    PROBLEMS: "ungebro_problems_total", Kind::Counter, Count, ["route", "problem"],
        "Requests answered with a problem, by its name.";
    UPSTREAM_CALLS: "ungebro_upstream_calls_total", Kind::Counter, Count, ["upstream", "operation", "result"],
        "Calls of upstream operations, all attempts of one taken together, by how they ended.";
    UPSTREAM_CALL_DURATION: "ungebro_upstream_call_duration_seconds", Kind::Histogram(DURATIONS), Seconds, ["upstream", "operation", "result"],
        "Time of a call of an upstream operation, with waiting, signing and all attempts.";
    UPSTREAM_RETRIES: "ungebro_upstream_retries_total", Kind::Counter, Count, ["upstream", "operation"],
        "Second attempts.";
    UPSTREAM_IN_FLIGHT: "ungebro_upstream_in_flight", Kind::Gauge, Count, ["upstream"],
        "Upstream calls that run.";
    UPSTREAM_WAITING: "ungebro_upstream_waiting", Kind::Gauge, Count, ["upstream"],
        "Upstream calls that wait for their turn.";
    BREAKER_STATE: "ungebro_breaker_state", Kind::Gauge, Count, ["upstream", "state"],
        "1 for the state that the upstream's breaker is in (closed, open, half-open), 0 for the others.";
    CACHE_LOOKUPS: "ungebro_cache_lookups_total", Kind::Counter, Count, ["result"],
        "Look-ups of one person each, by what the cache did: hit, miss, collapsed (shared a call under way), bypass (the client asked to go around).";
    CACHE_ENTRIES: "ungebro_cache_entries", Kind::Gauge, Count, [],
        "Look-ups in the cache.";
    LOOKUPS_UNDER_WAY: "ungebro_lookups_under_way", Kind::Gauge, Count, [],
        "Look-ups of one person each that wait for an answer of the upstream.";
    BATCH_PERSONS: "ungebro_batch_persons", Kind::Histogram(PERSONS), Count, [],
        "Persons asked about in one upstream call.";
    CERTIFICATE_DAYS_LEFT: "ungebro_certificate_days_left", Kind::Gauge, Count, ["upstream", "purpose"],
        "Whole days that the certificate in use is still valid, by purpose (tls, signing).";
    JWKS_AGE: "ungebro_jwks_age_seconds", Kind::Gauge, Seconds, ["issuer"],
        "Time since an issuer's key set was last read; missing until it was read once.";
    JWKS_KEYS: "ungebro_jwks_keys", Kind::Gauge, Count, ["issuer"],
        "Keys of an issuer that may verify tokens.";
    JWKS_FAILURES: "ungebro_jwks_failures_total", Kind::Counter, Count, ["issuer"],
        "Failed attempts to read an issuer's key set.";
    AUDIT_LINES: "ungebro_audit_lines_total", Kind::Counter, Count, [],
        "Lines written to the audit trail.";
    AUDIT_FAILURES: "ungebro_audit_failures_total", Kind::Counter, Count, [],
        "Lines that could not be written to the audit trail; their calls were refused.";
    AUDIT_WRITABLE: "ungebro_audit_writable", Kind::Gauge, Count, [],
        "1 while the audit trail can be written, else 0.";
    IDEMPOTENCY: "ungebro_idempotency_requests_total", Kind::Counter, Count, ["result"],
        "Writes with an idempotency key, by what was known of the key: fresh, in-progress, reused, replayed, outcome-unknown, unavailable.";
    RATE_LIMITED: "ungebro_rate_limited_total", Kind::Counter, Count, ["limit"],
        "Requests refused by a limit: requests, persons.";
    TOKENS_REFUSED: "ungebro_tokens_refused_total", Kind::Counter, Count, ["reason"],
        "Requests refused for their token, by the problem's reason; keys-unavailable: the issuer's keys were never loaded.";
    SPAN_EXPORT_FAILURES: "ungebro_span_export_failures_total", Kind::Counter, Count, [],
        "Deliveries of spans that the collector did not take.";
    BUILD_INFO: "ungebro_build_info", Kind::Gauge, Count, ["version"],
        "Always 1; the version is in the label.";
    PROCESS_MEMORY: "process_resident_memory_bytes", Kind::Gauge, Bytes, [],
        "Resident memory.";
    PROCESS_CPU: "process_cpu_seconds_total", Kind::Counter, Seconds, [],
        "Processor time of user and system.";
    PROCESS_OPEN_FDS: "process_open_fds", Kind::Gauge, Count, [],
        "Open file descriptors.";
    PROCESS_MAX_FDS: "process_max_fds", Kind::Gauge, Count, [],
        "Most file descriptors that may be open.";
    PROCESS_THREADS: "process_threads", Kind::Gauge, Count, [],
        "Threads.";
    PROCESS_START_TIME: "process_start_time_seconds", Kind::Gauge, Seconds, [],
        "When the process started, in seconds since 1970.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_conventions_of_prometheus() {
        for metric in ALL {
            let name = metric.name;
            assert!(name.starts_with("ungebro_") || name.starts_with("process_"), "{name}");
            assert_eq!(matches!(metric.kind, Kind::Counter), name.ends_with("_total"), "{name}");
            let suffix = name.trim_end_matches("_total").rsplit('_').next();
            assert_eq!(metric.unit == Unit::Seconds, suffix == Some("seconds"), "{name}");
            assert!(metric.help.ends_with('.') && !metric.help.contains('\n'), "{name}");
        }
    }

    #[test]
    fn no_name_is_given_twice() {
        let names: std::collections::BTreeSet<_> = ALL.iter().map(|metric| metric.name).collect();
        assert_eq!(names.len(), ALL.len());
    }
}
