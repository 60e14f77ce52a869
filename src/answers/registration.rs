//! The default: sent once, in a task of its own so that it ends well also when its client goes away.

use std::sync::Arc;

use crate::call::event::{Event, Looked};
use crate::call::{Admitted, Answer, Claimed, Incoming, Location, Reply, begin, claim, send, settle};
use crate::gateway::Gateway;
use crate::idempotency::Ticket;
use crate::problem::{Outcome, Problem, names};
use crate::route::Route;
use crate::shape::write;
use crate::soap::envelope::Envelope;
use crate::telemetry::trace_context::Origin;
use crate::upstream::Answered;

/// Makes the client's answer out of the upstream's.
pub(super) type Render = fn(&Route, Answered) -> Result<Reply, Problem>;

/// A write that is ready to go.
struct Write {
    message: Envelope,
    event: Event,
    ticket: Option<Ticket>,
    render: Render,
}

/// Sends a registration once and answers; under an idempotency key that was used before, with the answer of then.
pub(super) async fn answer(
    admitted: Admitted,
    incoming: Incoming<'_>,
    render: Render,
) -> Result<Answer, Problem> {
    let gateway = admitted.gateway();
    let location = location(&admitted, &incoming);
    let event = admitted.event(&incoming);
    let (message, ticket) = match ready(&admitted, incoming).await {
        Err(problem) => return Err(gateway.audit_refusal(&event, problem).await),
        Ok((message, None)) => (message, None),
        Ok((message, Some(Claimed::Fresh(ticket)))) => (message, Some(ticket)),
        Ok((_, Some(Claimed::Replay(result)))) => {
            return replay(gateway, &event, location.as_ref(), result).await;
        }
    };
    let write = Write { message, event, ticket, render };
    // Boxed: its state is large, and what is around it would move it several times.
    let carrying_out = Box::pin(carry_out(gateway.clone(), Arc::clone(admitted.route()), write));
    let task = gateway.tasks.spawn(Origin::here().follow(carrying_out));
    let ended = task.await;
    let lost = |_| Err(Problem::own(names::INTERNAL_ERROR).with_outcome(Outcome::Unknown));
    Ok(Answer::of_reply(ended.unwrap_or_else(lost)?, location.as_ref(), false))
}

fn location(admitted: &Admitted, incoming: &Incoming<'_>) -> Option<Location> {
    let path = incoming.location_template(admitted.route().spec)?;
    let (name, _) = admitted.route().created.as_ref()?;
    let base_path = &admitted.gateway().config.server.base_path;
    Some(Location { path: format!("{base_path}{path}"), name: name.clone() })
}

async fn ready(admitted: &Admitted, incoming: Incoming<'_>) -> Result<(Envelope, Option<Claimed>), Problem> {
    let key = admitted.key(&incoming);
    let message = admitted.message(incoming)?;
    let claimed = match key {
        Some((name, fingerprint)) => Some(claim(admitted.gateway(), &name, &fingerprint).await?),
        None => None,
    };
    Ok((message, claimed))
}

async fn carry_out(gateway: Gateway, route: Arc<Route>, write: Write) -> Result<Reply, Problem> {
    let Write { message, event, ticket, render } = write;
    let begun = begin(&gateway, event, ticket).await?;
    let answered = send(&gateway, &route, message).await;
    let result = answered.and_then(|answered| render(&route, answered));
    settle(&gateway, begun, &result).await;
    result
}

/// The answer of an earlier call again; it discloses as much as then, so it is recorded like a look-up.
async fn replay(
    gateway: &Gateway,
    event: &Event,
    location: Option<&Location>,
    result: Result<Reply, Problem>,
) -> Result<Answer, Problem> {
    let line = Looked::of(result.as_ref().map(|reply| reply.status));
    gateway.audit_reads(event, [(None, line)]).await?;
    match result {
        Ok(reply) => Ok(Answer::of_reply(reply, location, true)),
        Err(mut problem) => {
            problem.replayed = true;
            Err(problem)
        }
    }
}

/// The members of the upstream's answer.
pub(super) fn registered(route: &Route, answered: Answered) -> Result<Reply, Problem> {
    let members = route.spec.answer.object.members;
    let mut body = Vec::with_capacity(1024);
    write::object(members, &answered.values, &mut body);
    let created = route.created.as_ref().and_then(|(_, place)| answered.values[*place].as_text());
    let created = created.map(str::to_owned);
    Ok(Reply {
        status: route.spec.status,
        body: String::from_utf8(body).unwrap_or_default(),
        created,
        correlation_id: answered.correlation_id,
    })
}
