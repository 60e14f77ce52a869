//! What changed since a time: pages with a cursor, or all of them as a stream.

mod cursor;
mod stream;

use cursor::Cursor;

use super::lookup::Asking;
use super::lookup::row::{Page, Row, Says};
use crate::call::event::{Event, Looked};
use crate::call::{Admitted, Answer, CORRELATION_ID, Incoming};
use crate::problem::{Place, Problem, names};
use crate::services::udb::row::CONTACT;
use crate::shape::reason::Reason;
use crate::shape::value::Value;
use crate::shape::{read, write};
use crate::soap::envelope::Malformed;
use crate::types::Cpr;
use crate::types::text::write_json_string;
use crate::types::time::Instant;
use crate::upstream::malformed;

/// A page with a cursor, or all pages as a stream.
pub(super) async fn answer(admitted: Admitted, incoming: Incoming<'_>) -> Result<Answer, Problem> {
    let event = admitted.event(&incoming);
    admitted.may_be_shown_persons(&event).await?;
    let start = Position::of(&admitted, &incoming)?;
    if incoming.accepts_ndjson {
        return Ok(stream::of_pages(admitted, event, start));
    }
    let fetched = fetch(&admitted, &start).await;
    audit(&admitted, &event, &fetched).await?;
    let fetched = fetched?;
    let left = admitted.was_shown(fetched.people().len());
    let mut body = Vec::with_capacity(256 * fetched.page.rows.len() + 256);
    body.extend_from_slice(b"{\"items\":[");
    for (index, row) in fetched.page.rows.iter().enumerate() {
        if index > 0 {
            body.push(b',');
        }
        write_item(&admitted, row, &mut body);
    }
    let next = fetched.next.as_ref().map(|cursor| cursor.text.as_str());
    let tail = tail(fetched.page.more, next, fetched.latest);
    body.extend_from_slice(format!("],{tail}").as_bytes());
    let mut answer = Answer::unkept(200, body);
    if let (true, Some(next)) = (fetched.page.more, next) {
        let base_path = &admitted.gateway().config.server.base_path;
        answer.add("link", Some(format!("<{base_path}/youth/contacts?cursor={next}>; rel=\"next\"")));
    }
    answer.add(CORRELATION_ID, fetched.correlation_id);
    answer.rate = left;
    Ok(answer)
}

fn tail(more: bool, next: Option<&str>, latest: Option<Instant>) -> String {
    let mut tail = format!("\"hasMore\":{more}");
    if let Some(next) = next {
        tail.push_str(&format!(",\"nextCursor\":\"{next}\""));
    }
    if let Some(latest) = latest {
        tail.push_str(&format!(",\"latestRegistration\":\"{latest}\""));
    }
    tail.push('}');
    tail
}

/// Where a page begins.
#[derive(Clone)]
enum Position {
    /// At a time of the client's choice.
    Since(Instant),
    /// After an earlier page.
    After(Cursor),
}

impl Position {
    fn of(admitted: &Admitted, incoming: &Incoming<'_>) -> Result<Self, Problem> {
        let refuse =
            |name, reason| Err(Problem::own(names::INVALID_PARAMETER).at(Place::Parameter(name), reason));
        match (incoming.query.get("since"), incoming.query.get("cursor")) {
            (Some(since), None) => match read::instant(since) {
                Ok(Value::Instant(since)) => Ok(Self::Since(since)),
                Ok(_) => refuse("since", Reason::NotInstant),
                Err(reason) => refuse("since", reason),
            },
            (None, Some(cursor)) => {
                match Cursor::parse(cursor, &admitted.gateway().cursor_key, admitted.who().authority) {
                    Some(cursor) => Ok(Self::After(cursor)),
                    None => refuse("cursor", Reason::NotCursor),
                }
            }
            _ => refuse("since", Reason::NotOneOf(&["since", "cursor"])),
        }
    }

    /// Whether a page that began here and leaves off at `next` moved the time on.
    fn moved_to(&self, next: &Cursor) -> bool {
        match self {
            Self::After(cursor) => cursor.time != next.time,
            // The upstream was told milliseconds, and repeats what it was told.
            Self::Since(since) => Instant::from_xsd(&next.time)
                .is_ok_and(|next| next.timestamp().as_millisecond() != since.timestamp().as_millisecond()),
        }
    }

    fn wire(&self) -> Value<'_> {
        match self {
            Self::Since(since) => Value::Instant(*since),
            // The upstream's own text, unchanged: its comparison may know more decimals than we do.
            Self::After(cursor) => Value::Text(cursor.time.as_str().into()),
        }
    }
}

/// A page and where it leaves off.
struct FetchedPage {
    page: Page,
    next: Option<Cursor>,
    latest: Option<Instant>,
    correlation_id: Option<String>,
}

impl FetchedPage {
    /// Whom the page shows, each once.
    fn people(&self) -> Vec<&str> {
        let mut people: Vec<&str> = self.page.rows.iter().filter_map(|row| row.cpr.as_deref()).collect();
        people.sort_unstable();
        people.dedup();
        people
    }
}

async fn fetch(admitted: &Admitted, position: &Position) -> Result<FetchedPage, Problem> {
    let fetched = Asking::of(admitted).since(position.wire()).await?;
    let page = fetched.page;
    let contradiction = |why| Err(malformed(Malformed::Contradictory(why)).for_read());
    let latest = match page.latest.as_deref().map(Instant::from_xsd) {
        None if page.more => return contradiction("there is more, but no time to go on from"),
        None => None,
        Some(Ok(latest)) => Some(latest),
        Some(Err(_)) => return Err(malformed(Malformed::IllTyped("SenesteRegistrering")).for_read()),
    };
    let next = match (&page.latest, position) {
        (Some(time), _) => {
            let key = &admitted.gateway().cursor_key;
            Some(Cursor::new(time.trim(), &digest_input(&page), key, admitted.who().authority))
        }
        // A last page without a time: one goes on from where one was.
        (None, Position::After(cursor)) => Some(cursor.clone()),
        (None, Position::Since(_)) => None,
    };
    if let (Position::After(before), Some(next), true) = (position, &next, page.more)
        && before.time == next.time
        && before.digest == next.digest
    {
        return Err(Problem::own(names::FEED_STALLED));
    }
    Ok(FetchedPage { page, next, latest, correlation_id: fetched.correlation_id })
}

/// One line for each person on a page, before the page leaves; one line where there is no page.
async fn audit(
    admitted: &Admitted,
    event: &Event,
    fetched: &Result<FetchedPage, Problem>,
) -> Result<(), Problem> {
    let gateway = admitted.gateway();
    let page = match fetched {
        Err(problem) => {
            let line = Looked { upstream_ids: problem.correlation_id.as_slice(), ..Looked::of(Err(problem)) };
            return gateway.audit_reads(event, [(None, line)]).await;
        }
        Ok(page) => page,
    };
    let ids = page.correlation_id.as_slice();
    let people = page.people();
    let line = || Looked { upstream_ids: ids, ..Looked::of(Ok(200)) };
    if people.is_empty() {
        return gateway.audit_reads(event, [(None, line())]).await;
    }
    let person = |number| Cpr::parse_with_test_numbers(number).map(|cpr| gateway.hasher.hash(&cpr));
    let lines = people.into_iter().map(|number| (person(number), line()));
    gateway.audit_reads(event, lines).await
}

/// The rows as bytes, to tell whether a page is the same as the one before.
fn digest_input(page: &Page) -> Vec<u8> {
    let mut bytes = Vec::new();
    for row in &page.rows {
        write_json_string(row.cpr.as_deref().unwrap_or(""), &mut bytes);
        match &row.says {
            Says::Contact(contact) => write::object(CONTACT.members, contact, &mut bytes),
            Says::Nothing => bytes.push(b'-'),
            Says::Refused(problem) => {
                bytes.extend_from_slice(problem.code.as_deref().unwrap_or("!").as_bytes())
            }
        }
    }
    bytes
}

fn write_item(admitted: &Admitted, row: &Row, out: &mut Vec<u8>) {
    out.push(b'{');
    if let Some(cpr) = &row.cpr {
        out.extend_from_slice(b"\"cpr\":");
        write_json_string(cpr, out);
    }
    let mut rest = Vec::new();
    match &row.says {
        Says::Contact(contact) => {
            write::object(CONTACT.members, contact, &mut rest);
            rest = rest[1..rest.len() - 1].to_vec();
        }
        Says::Nothing => {}
        Says::Refused(problem) => {
            rest.extend_from_slice(b"\"problem\":");
            rest.extend_from_slice(
                admitted.problem_document(&problem.clone().for_read()).to_string().as_bytes(),
            );
        }
    }
    if row.cpr.is_some() && !rest.is_empty() {
        out.push(b',');
    }
    out.extend_from_slice(&rest);
    out.push(b'}');
}
