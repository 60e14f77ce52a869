//! One call of an operation: written, signed for each attempt, sent, read, and its fault turned into a problem.

use tracing::Instrument;

use super::told::Call;
use super::{Port, Wire};
use crate::problem::catalogue;
use crate::problem::redact::Secrets;
use crate::problem::{Outcome, Problem, names};
use crate::shape::value::Value;
use crate::soap::envelope::{self, Body, Envelope, Malformed};
use crate::soap::fault::{Fault, Role};
use crate::telemetry::{spans, trace_context};
use crate::transport::{Answer, CallError, Exchange, Failure, Policy, Sent, Verdict};

/// What an upstream answered.
#[derive(Debug)]
pub struct Answered {
    /// The values of the answer's shape.
    pub values: Vec<Value<'static>>,
    /// The platform's id of the exchange.
    pub correlation_id: Option<String>,
    /// What may not appear in problems and remarks.
    pub secrets: Secrets,
}

impl Port {
    /// Calls an operation; every problem says what is known of its execution.
    pub async fn call(&self, wire: &Wire, sent: Envelope, policy: Policy) -> Result<Answered, Problem> {
        let secrets = Secrets::of_message(sent.document());
        let call = Call::begin(self.name(), wire.operation);
        let called = self
            .transport
            .call(
                policy,
                |attempt| self.attempt(wire, &sent, (&call, attempt)),
                |answer| self.judge(wire, answer, &secrets),
            )
            .await;
        call.end(&called);
        called.unwrap_or_else(|error| Err(of_call_error(&error)))
    }

    async fn attempt(
        &self,
        wire: &Wire,
        sent: &Envelope,
        (call, attempt): (&Call, u32),
    ) -> Result<Exchange, crate::transport::Unmade> {
        let document = match &self.signing {
            None => sent.document(),
            Some(signing) => {
                let signed = signing.sign(wire.version, (sent.headers(), sent.message()), (self.clock)());
                signed.instrument(spans::sign()).await?
            }
        };
        let span = call.attempt(attempt);
        Ok(Exchange {
            url: wire.url.clone(),
            content_type: wire.content_type.clone(),
            soap_action: wire.soap_action.clone(),
            body: document,
            headers: trace_context::headers(&span),
            span,
        })
    }

    fn judge(&self, wire: &Wire, answer: Answer, secrets: &Secrets) -> (Verdict, Result<Answered, Problem>) {
        let status = answer.status;
        match spans::decode().in_scope(|| self.read(wire, answer, secrets)) {
            Ok(Body::Message(answered)) if status < 300 => (Verdict::Success, Ok(answered)),
            Ok(Body::Message(_)) => {
                failed(malformed(Malformed::Contradictory("an error status without a fault")), status)
            }
            Ok(Body::Fault(fault)) => {
                let problem = self.of_fault(wire, fault, secrets);
                (verdict(&problem), Err(problem))
            }
            Err(error) => failed(malformed(error), status),
        }
    }

    fn read(&self, wire: &Wire, answer: Answer, secrets: &Secrets) -> Result<Body<Answered>, Malformed> {
        let document = self.verified(answer.body)?;
        let text = envelope::text(&document, answer.content_type.as_deref())?;
        envelope::read(&text, &wire.answer_root, |reader| {
            let mut values = wire.answer.read(reader)?;
            let correlation_id = values.remove(0).into_text().map(|id| secrets.identifier(&id));
            Ok(Answered { values, correlation_id, secrets: secrets.clone() })
        })
    }

    fn of_fault(&self, wire: &Wire, fault: Fault, secrets: &Secrets) -> Problem {
        let system = self.faults;
        let known = fault.code.as_deref().and_then(|code| catalogue::code(system, code, wire.operation));
        let problem = known.and_then(Problem::of_code);
        let mut problem = problem.unwrap_or_else(|| {
            let mut problem =
                Problem::own(names::UPSTREAM_REJECTED).with_outcome(Outcome::Unknown).of_system(system);
            problem.code = fault.code.as_deref().map(|code| secrets.identifier(code));
            problem
        });
        if known.is_none() && fault.code.is_none() && fault.role == Role::Receiver {
            problem = problem.passing();
        }
        problem.senders_fault = fault.role == Role::Sender;
        let listed = known.map(|code| code.upstream_text.as_str());
        problem.upstream_text = fault.text.map(|text| redacted(&text, listed, secrets));
        problem.source_code = fault.source_code.map(|code| secrets.identifier(&code));
        problem.correlation_id = fault.correlation_id.map(|id| secrets.identifier(&id));
        problem
    }
}

fn failed(problem: Problem, status: u16) -> (Verdict, Result<Answered, Problem>) {
    let verdict = match status {
        500.. => Verdict::RetryableFault,
        // Whatever refuses a request in front of the upstream speaks of the request, which one caller may have provoked.
        400..500 => Verdict::BusinessFault,
        _ => Verdict::Failure,
    };
    (verdict, Err(problem))
}

/// A fault that can be read is an answer: whoever gives it is well, unless it says that it may pass by itself.
fn verdict(problem: &Problem) -> Verdict {
    if problem.may_pass() && !problem.senders_fault {
        Verdict::RetryableFault
    } else {
        Verdict::BusinessFault
    }
}

/// The problem of an answer that cannot be read.
pub fn malformed(error: Malformed) -> Problem {
    Problem::own(names::UPSTREAM_MALFORMED)
        .with_outcome(Outcome::Unknown)
        .saying(format!("In this case: {error}."), format!("I dette tilfælde: {}.", danish(error)))
}

fn danish(error: Malformed) -> String {
    match error {
        Malformed::Empty => "svaret er tomt".to_owned(),
        Malformed::NotText => "svaret er ikke tekst i sin tegnkodning".to_owned(),
        Malformed::NotXml => "svaret er ikke velformet XML".to_owned(),
        Malformed::Dtd => "svaret har en dokumenttypeerklæring".to_owned(),
        Malformed::NotSoap => "svaret er ikke en SOAP-kuvert".to_owned(),
        Malformed::TooDeep => "svaret er for dybt indlejret".to_owned(),
        Malformed::TooLarge => "svaret er for stort".to_owned(),
        Malformed::UnexpectedRoot => "svaret rummer en anden besked end operationens".to_owned(),
        Malformed::MissingElement(name) => format!("svaret mangler elementet {name}"),
        Malformed::RepeatedElement(name) => format!("svaret gentager elementet {name}"),
        Malformed::IllTyped(name) => format!("elementet {name} i svaret er ikke af sin type"),
        Malformed::Contradictory(_) => "svaret modsiger sig selv".to_owned(),
        Malformed::Unverified => "svarets signatur mangler eller holder ikke".to_owned(),
    }
}

/// The upstream's text as it may be shown: as it is where the catalogue has the same, else without values of the request.
pub fn redacted(text: &str, listed: Option<&str>, secrets: &Secrets) -> String {
    if listed == Some(text) { text.to_owned() } else { secrets.redact(text) }
}

fn of_call_error(error: &CallError) -> Problem {
    let name = match &error.failure {
        Failure::Unreachable(_) | Failure::Reset(_) => names::UPSTREAM_UNREACHABLE,
        Failure::Timeout => names::UPSTREAM_TIMEOUT,
        Failure::NotHttp(_) => names::UPSTREAM_MALFORMED,
        Failure::TooLarge { .. } => return malformed(Malformed::TooLarge),
        Failure::Redirected { .. } => names::UPSTREAM_MALFORMED,
        Failure::Overloaded { retry_after } => {
            return Problem::own(names::OVERLOADED).after(retry_after.as_secs());
        }
        Failure::BreakerOpen { retry_after } => {
            return Problem::own(names::UPSTREAM_UNAVAILABLE).after(retry_after.as_secs() + 1);
        }
        Failure::Unmade(_) => return Problem::own(names::INTERNAL_ERROR).with_outcome(Outcome::NotExecuted),
    };
    let outcome = match error.sent {
        Sent::No => Outcome::NotExecuted,
        Sent::Maybe => Outcome::Unknown,
    };
    Problem::own(name).with_outcome(outcome)
}
