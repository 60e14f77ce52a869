//! A whole call: its time, its place, its attempts.

use std::error::Error;
use std::time::Duration;

use tokio::time::{Instant, sleep, timeout_at};
use tracing::{Instrument, Span};

use super::Transport;
use super::error::{CallError, Failure, Sent, Unreachable};
use super::exchange::{Answer, Exchange, Policy, Verdict};
use super::send::unsent;

/// Gives a restarting upstream or its load balancer a moment.
const PAUSE: Duration = Duration::from_millis(100);
/// What is answered when all places are taken.
const OVERLOAD_PASSES: Duration = Duration::from_secs(1);

/// Why an exchange could not be made.
pub type Unmade = Box<dyn Error + Send + Sync>;

impl Transport {
    /// Makes a request and reads its answer, within `timeout_seconds` for everything.
    ///
    /// `make` is asked for each attempt, counted from 1, so that each is signed anew. `judge` says
    /// what an answer means, and what of it is wanted.
    ///
    /// # Errors
    ///
    /// What went wrong last, and whether any attempt may have arrived. An answer that `judge`
    /// does not like is no error: its value comes back when no further attempt is allowed.
    pub async fn call<T, F>(
        &self,
        policy: Policy,
        mut make: impl FnMut(u32) -> F,
        mut judge: impl FnMut(Answer) -> (Verdict, T),
    ) -> Result<T, CallError>
    where
        F: Future<Output = Result<Exchange, Unmade>>,
    {
        let deadline = Instant::now() + self.shared.timeout;
        let Some(_place) = self.shared.limit.enter(deadline).await else {
            return Err(unsent(Failure::Overloaded { retry_after: OVERLOAD_PASSES }));
        };
        let first = self.attempt(deadline, make(1), &mut judge).await;
        if !may_repeat(policy, &first) || Instant::now() + PAUSE >= deadline {
            return first.map(|(_, value)| value);
        }
        sleep(PAUSE).await;
        match self.attempt(deadline, make(2), &mut judge).await {
            // Nothing was tried: the first attempt says more.
            Err(CallError { failure: Failure::BreakerOpen { .. } | Failure::Unmade(_), .. }) => {
                first.map(|(_, value)| value)
            }
            Err(second) => {
                let sent = sent(&first).max(second.sent);
                Err(CallError { sent, ..second })
            }
            Ok((_, value)) => Ok(value),
        }
    }

    async fn attempt<T>(
        &self,
        deadline: Instant,
        exchange: impl Future<Output = Result<Exchange, Unmade>>,
        judge: &mut impl FnMut(Answer) -> (Verdict, T),
    ) -> Result<(Verdict, T), CallError> {
        let pass = self
            .shared
            .breaker
            .admit(Instant::now())
            .map_err(|retry_after| unsent(Failure::BreakerOpen { retry_after }))?;
        let exchange = match timeout_at(deadline, exchange).await {
            Ok(Ok(exchange)) => exchange,
            Ok(Err(why)) => return Err(unsent(Failure::Unmade(why))),
            Err(_) => return Err(unsent(Failure::Timeout)),
        };
        let sent = self.send_before(&exchange, deadline).instrument(exchange.span.clone()).await;
        tell(exchange.span, &sent);
        let outcome = sent.map(judge);
        match health(&outcome) {
            Health::Well => pass.succeed(Instant::now()),
            Health::Ill => pass.fail(Instant::now()),
            Health::Unknown => drop(pass),
        }
        outcome
    }
}

/// What an attempt says of the upstream.
enum Health {
    Well,
    Ill,
    Unknown,
}

fn health<T>(outcome: &Result<(Verdict, T), CallError>) -> Health {
    match outcome {
        Ok((Verdict::Success | Verdict::BusinessFault, _)) => Health::Well,
        Ok((Verdict::RetryableFault | Verdict::Failure, _)) => Health::Ill,
        Err(error) => match &error.failure {
            Failure::Unreachable(_)
            | Failure::Timeout
            | Failure::Reset(_)
            | Failure::NotHttp(_)
            | Failure::Redirected { .. } => Health::Ill,
            // One person's long answer must not shut everybody out.
            Failure::TooLarge { .. } => Health::Unknown,
            Failure::Overloaded { .. } | Failure::BreakerOpen { .. } | Failure::Unmade(_) => Health::Unknown,
        },
    }
}

fn may_repeat<T>(policy: Policy, outcome: &Result<(Verdict, T), CallError>) -> bool {
    match outcome {
        Ok((Verdict::RetryableFault, _)) => policy == Policy::Read,
        Ok((Verdict::Success | Verdict::BusinessFault | Verdict::Failure, _)) => false,
        Err(error) => match &error.failure {
            Failure::Reset(_) => policy == Policy::Read || error.sent == Sent::No,
            Failure::Unreachable(Unreachable::Refused(_) | Unreachable::Lost(_)) => true,
            // The other reasons would be the same again, or have taken their time.
            Failure::Unreachable(
                Unreachable::Name(_) | Unreachable::Timeout | Unreachable::Proxy(_) | Unreachable::Tls(_),
            )
            | Failure::Timeout
            | Failure::NotHttp(_)
            | Failure::TooLarge { .. }
            | Failure::Redirected { .. }
            | Failure::Overloaded { .. }
            | Failure::BreakerOpen { .. }
            | Failure::Unmade(_) => false,
        },
    }
}

fn sent<T>(outcome: &Result<(Verdict, T), CallError>) -> Sent {
    match outcome {
        Ok(_) => Sent::Maybe,
        Err(error) => error.sent,
    }
}

/// An attempt is over: there is an answer with a status, or none. Ends its span.
fn tell(span: Span, answer: &Result<Answer, CallError>) {
    match answer {
        Ok(answer) => {
            span.record("http.response.status_code", answer.status);
        }
        Err(error) => {
            span.record("otel.status_code", "ERROR");
            span.record("error.type", error.failure.kind());
        }
    }
}
