//! The municipality's report: a registration whose answer says itself whether it was accepted.

use super::lookup::row;
use crate::call::Reply;
use crate::problem::catalogue::{self, System};
use crate::problem::{Outcome, Problem, names};
use crate::route::Route;
use crate::shape::value::Value;
use crate::upstream::{Answered, redacted};

/// Accepted, accepted with a remark, or refused.
pub(super) fn settled(route: &Route, answered: Answered) -> Result<Reply, Problem> {
    let operation = route.wire.operation;
    let secrets = &answered.secrets;
    let ok = answered.values[0] == Value::Boolean(true);
    let fault = match answered.values[1].members() {
        [code, text] => code.as_integer().map(|code| (code, text.as_text().unwrap_or("").to_owned())),
        _ => None,
    };
    let correlation_id = answered.correlation_id;
    let body = match (ok, fault) {
        (true, None) => serde_json::json!({ "accepted": true }),
        (true, Some((code, text))) => {
            let listed = catalogue::code(System::Udb, &code.to_string(), operation);
            let text = redacted(&text, listed.map(|code| &*code.upstream_text), secrets);
            serde_json::json!({ "accepted": true, "warning": { "code": code.to_string(), "text": text } })
        }
        (false, fault) => {
            let problem = fault.and_then(|(code, text)| row::problem(code, Some(text), operation, secrets));
            let rejected = || {
                Problem::own(names::UPSTREAM_REJECTED).of_system(System::Udb).with_outcome(Outcome::Unknown)
            };
            let mut problem = problem.unwrap_or_else(rejected);
            problem.correlation_id = correlation_id;
            return Err(problem);
        }
    };
    Ok(Reply { status: 200, body: body.to_string(), created: None, correlation_id })
}
