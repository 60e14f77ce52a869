//! What is told of one call of an upstream's operation: its metrics, its attempts' spans, its line in the log.

use std::time::Instant;

use tracing::Span;

use crate::problem::{Outcome, Problem, names};
use crate::telemetry::{metrics, spans};
use crate::transport::{CallError, Failure, Sent};

/// A call under way, all attempts of it.
pub(super) struct Call {
    upstream: &'static str,
    operation: &'static str,
    began: Instant,
}

impl Call {
    /// A call begins.
    pub(super) fn begin(upstream: &'static str, operation: &'static str) -> Self {
        Self { upstream, operation, began: Instant::now() }
    }

    /// The span of an attempt, counted from 1.
    pub(super) fn attempt(&self, number: u32) -> Span {
        if number > 1 {
            metrics::upstream_retry(self.upstream, self.operation);
        }
        spans::send(self.upstream, self.operation, number)
    }

    /// The call is over: there is an answer, a problem in it, or no answer.
    pub(super) fn end<T>(self, called: &Result<Result<T, Problem>, CallError>) {
        let result = match called {
            Ok(Ok(_)) => "success",
            Ok(Err(problem)) => self.tell_problem(problem),
            Err(error) => self.tell_failure(error),
        };
        metrics::upstream_call(self.upstream, self.operation, result, self.began.elapsed());
    }

    fn tell_problem(&self, problem: &Problem) -> &'static str {
        let result = kind_of(problem);
        let (name, outcome) = (problem.name(), problem.outcome.map(Outcome::as_str));
        let (upstream, operation, code) = (self.upstream, self.operation, shown(problem.code.as_deref()));
        if result == BUSINESS_FAULT {
            tracing::info!(upstream, operation, problem = name, code, outcome, "upstream refused");
        } else {
            tracing::warn!(
                upstream,
                operation,
                problem = name,
                code,
                outcome,
                result,
                "upstream call failed"
            );
        }
        result
    }

    fn tell_failure(&self, error: &CallError) -> &'static str {
        let result = error.failure.kind();
        let (upstream, operation, failure) = (self.upstream, self.operation, &error.failure);
        let sent = error.sent == Sent::Maybe;
        match error.failure {
            // That the breaker opened is told once, and who is overloaded once a minute by the metrics.
            Failure::BreakerOpen { .. } | Failure::Overloaded { .. } => {
                tracing::info!(upstream, operation, result, "upstream was not called");
            }
            _ => tracing::warn!(upstream, operation, result, %failure, sent, "no answer from upstream"),
        }
        result
    }
}

const BUSINESS_FAULT: &str = "business-fault";

/// Whether a problem says that the upstream is ill, or that the request is.
fn kind_of(problem: &Problem) -> &'static str {
    match problem.name() {
        names::UPSTREAM_MALFORMED => "malformed",
        names::UPSTREAM_REJECTED if problem.code.is_some() => "unknown-code",
        _ if problem.may_pass() => "receiver-fault",
        names::UPSTREAM_REJECTED => "rejected",
        _ => BUSINESS_FAULT,
    }
}

/// A code as it may be logged: upstreams' codes are short numbers, and anything else may be anything.
fn shown(code: Option<&str>) -> Option<&str> {
    code.filter(|code| code.len() <= 6 && code.bytes().all(|byte| byte.is_ascii_digit()))
}
