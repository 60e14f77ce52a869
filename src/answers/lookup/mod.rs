//! Look-ups of contact persons: of one young person, and of up to a thousand.

mod batch;
mod fetch;
mod gather;
pub mod row;

pub(super) use fetch::Asking;

use gather::contacts_of;

use crate::call::event::Looked as Seen;
use crate::call::{Admitted, Answer, CACHE_STATUS, CORRELATION_ID, Content, Incoming};
use crate::known::{Document, Looked, Source};
use crate::problem::Problem;
use crate::shape::value::Value;
use crate::types::Cpr;
use crate::types::text::write_json_string;

/// The contact persons of one.
pub(super) async fn one(admitted: Admitted, incoming: Incoming<'_>) -> Result<Answer, Problem> {
    let looked = contacts_of(&admitted, incoming.cpr.as_slice(), incoming.no_cache).await.remove(0);
    let known = &looked.known;
    let ids = known.correlation_id.as_slice();
    let result = known.result.as_ref().map(|_| 200);
    let line = Seen { cache: Some(looked.source.as_str()), upstream_ids: ids, ..Seen::of(result) };
    admitted.gateway().audit_reads(&admitted.event(&incoming), [(None, line)]).await?;
    match &known.result {
        Err(problem) => {
            let mut problem = problem.clone().in_exchange(known.correlation_id.clone());
            problem.cache_status = Some(looked.source.header());
            Err(problem)
        }
        Ok(document) => Ok(cacheable(&incoming, document, &looked)),
    }
}

/// A young person's document, which the client may keep for itself and ask about again (RFC 9110 section 8.8.3).
fn cacheable(incoming: &Incoming<'_>, document: &Document, looked: &Looked) -> Answer {
    let tags = incoming.if_none_match.as_deref().unwrap_or("");
    let known = tags
        .split(',')
        .map(str::trim)
        .any(|known| known == "*" || known.trim_start_matches("W/") == document.tag);
    let headers = vec![
        ("cache-control", "private, no-cache".to_owned()),
        ("etag", document.tag.clone()),
        ("vary", "Authorization, X-Authority, X-CivilRegistrationIdentifier".to_owned()),
        (CACHE_STATUS, looked.source.header()),
    ];
    let (status, content) =
        if known { (304, Content::Nothing) } else { (200, Content::Json(document.json.clone())) };
    let mut answer = Answer { status, headers, content, rate: None };
    if !matches!(looked.source, Source::Hit { .. }) {
        answer.add(CORRELATION_ID, looked.known.correlation_id.clone());
    }
    answer
}

/// The contact persons of many, in the order asked; one person's problem touches only that person.
pub(super) async fn many(admitted: Admitted, incoming: Incoming<'_>) -> Result<Answer, Problem> {
    let numbers = incoming.body[0].items().iter().filter_map(Value::as_text);
    let numbers: Vec<Cpr> = numbers.filter_map(Cpr::parse_with_test_numbers).collect();
    let people = contacts_of(&admitted, &numbers, incoming.no_cache).await;
    let gateway = admitted.gateway();
    let lines = numbers.iter().zip(&people).map(|(number, looked)| {
        let result = looked.known.result.as_ref().map(|_| 200);
        let ids = looked.known.correlation_id.as_slice();
        let line = Seen { cache: Some(looked.source.as_str()), upstream_ids: ids, ..Seen::of(result) };
        (Some(gateway.hasher.hash(number)), line)
    });
    let mut event = admitted.event(&incoming);
    event.cpr_sent = Some(true);
    gateway.audit_reads(&event, lines).await?;
    let mut body = Vec::with_capacity(64 + people.len() * 200);
    body.extend_from_slice(b"{\"results\":[");
    for (index, (number, looked)) in numbers.iter().zip(&people).enumerate() {
        if index > 0 {
            body.push(b',');
        }
        match &looked.known.result {
            Ok(document) => body.extend_from_slice(&document.json),
            Err(problem) => write_problem(&admitted, number.as_str(), problem, &mut body),
        }
    }
    body.extend_from_slice(b"]}");
    Ok(Answer::unkept(200, body))
}

fn write_problem(admitted: &Admitted, number: &str, problem: &Problem, out: &mut Vec<u8>) {
    out.extend_from_slice(b"{\"cpr\":");
    write_json_string(number, out);
    out.extend_from_slice(b",\"problem\":");
    out.extend_from_slice(admitted.problem_document(problem).to_string().as_bytes());
    out.push(b'}');
}
