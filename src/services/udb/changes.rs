//! What changed since a time: pages with a cursor, or all of them as a stream.

use actix_web::HttpResponse;
use actix_web::http::header;

use super::contacts::DEFAULTS;
use super::cursor::Cursor;
use super::row::{CONTACT, EMAIL, END_DATE, INSTITUTION_NUMBER, NAME, PHONE, Page, Row, Says};
use super::stream;
use crate::gateway::event::{Event, Looked};
use crate::gateway::exchange::malformed;
use crate::http::{Caller, Incoming, Route};
use crate::operation::{QueryParameter, Scopes, Spec};
use crate::problem::{Place, Problem, names};
use crate::shape::reason::Reason;
use crate::shape::value::Value;
use crate::shape::{Item, Kind, Object, optional, read, required, text, write};
use crate::soap::envelope::Malformed;
use crate::types::Cpr;
use crate::types::text::write_json_string;
use crate::types::time::Instant;

static ITEM: Object = Object {
    name: "YouthContactChange",
    doc: "A contact person that was named or changed, or why a row says nothing.",
    members: &[
        optional("cpr", "CPRNr", text(10, 10)).doc("The young person's CPR number.").example("0101080000"),
        NAME,
        PHONE,
        EMAIL,
        END_DATE,
        INSTITUTION_NUMBER,
        optional("problem", "FejlKode", Kind::Described("Problem")).doc("What is wrong with this row."),
    ],
};

static PAGE: Object = Object {
    name: "YouthContactChanges",
    doc: "A page of changes.",
    members: &[
        required("items", "ElevKontaktPerson", Kind::List { of: Item::Object(&ITEM), max: usize::MAX })
            .doc("The changes; may be empty."),
        required("hasMore", "FindesFlereKontaktPersoner", Kind::Boolean)
            .doc("Whether there is more now.")
            .example("true"),
        optional("nextCursor", "SenesteRegistrering", text(1, usize::MAX))
            .doc("Where to go on, now or later; the last one is repeated when nothing has changed.")
            .example("djF8MjAyNi0xMS0yMFQxMDowMDowMFp8YWJj"),
        optional("latestRegistration", "SenesteRegistrering", Kind::Instant)
            .doc("The time of the latest change on the page.")
            .example("2026-11-20T10:00:00+01:00"),
    ],
};

/// List changed contact persons.
pub struct ListYouthContactChanges;

impl Route for ListYouthContactChanges {
    const SPEC: Spec = Spec {
        id: "listYouthContactChanges",
        path: "/youth/contacts",
        scopes: Scopes::all(&["youth.contacts.changes.read"]),
        query: &[
            QueryParameter {
                name: "since",
                doc: "Changes after this time, RFC 3339 with an offset. Either this or cursor.",
                is_time: true,
                example: "2026-11-01T00:00:00Z",
            },
            QueryParameter {
                name: "cursor",
                doc: "nextCursor of an earlier page, unchanged. Either this or since.",
                is_time: false,
                example: "djF8MjAyNi0xMS0yMFQxMDowMDowMFp8YWJj",
            },
        ],
        document: Some(&PAGE),
        summary: "List changed contact persons",
        description: "Everything that schools have registered since a time, for young people the jobcentre has an active subscription on, in pages of at most a hundred. With `Accept: application/x-ndjson` all pages come as one stream: a change a line, at the end `{\"end\":true,\"nextCursor\"}`, or on failure `{\"problem\",\"nextCursor\"}`. The upstream hands out each row once: two readers of one institution number may take each other's rows, and a page whose time did not move cannot be resumed.",
        ..DEFAULTS
    };

    async fn answer(caller: Caller<Self>, incoming: Incoming<'_>) -> Result<HttpResponse, Problem> {
        let event = caller.event(&incoming);
        caller.may_be_shown_persons(&event).await?;
        let start = Position::of(&caller, &incoming)?;
        if incoming.accepts_ndjson {
            return Ok(stream::of_pages(caller, event, start));
        }
        let fetched = fetch(&caller, &start).await;
        audit(&caller, &event, &fetched).await?;
        let fetched = fetched?;
        let left = caller.was_shown(fetched.people().len());
        let mut body = Vec::with_capacity(256 * fetched.page.rows.len() + 256);
        body.extend_from_slice(b"{\"items\":[");
        for (index, row) in fetched.page.rows.iter().enumerate() {
            if index > 0 {
                body.push(b',');
            }
            write_item(&caller, row, &mut body);
        }
        let next = fetched.next.as_ref().map(|cursor| cursor.text.as_str());
        let tail = tail(fetched.page.more, next, fetched.latest);
        body.extend_from_slice(format!("],{tail}").as_bytes());
        let mut response = HttpResponse::Ok();
        response.insert_header((header::CONTENT_TYPE, "application/json"));
        response.insert_header((header::CACHE_CONTROL, "no-store"));
        if let (true, Some(next)) = (fetched.page.more, next) {
            let base_path = &caller.gateway().config.server.base_path;
            response.insert_header((
                header::LINK,
                format!("<{base_path}/youth/contacts?cursor={next}>; rel=\"next\""),
            ));
        }
        caller.correlate(&mut response, fetched.correlation_id.as_deref());
        if let Some(left) = left {
            response.extensions_mut().insert(left);
        }
        Ok(response.body(body))
    }
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
pub(super) enum Position {
    /// At a time of the client's choice.
    Since(Instant),
    /// After an earlier page.
    After(Cursor),
}

impl Position {
    fn of(caller: &Caller<ListYouthContactChanges>, incoming: &Incoming<'_>) -> Result<Self, Problem> {
        let refuse =
            |name, reason| Err(Problem::own(names::INVALID_PARAMETER).at(Place::Parameter(name), reason));
        match (incoming.query.get("since"), incoming.query.get("cursor")) {
            (Some(since), None) => match read::instant(since) {
                Ok(Value::Instant(since)) => Ok(Self::Since(since)),
                Ok(_) => refuse("since", Reason::NotInstant),
                Err(reason) => refuse("since", reason),
            },
            (None, Some(cursor)) => {
                match Cursor::parse(cursor, &caller.gateway().cursor_key, caller.who().authority) {
                    Some(cursor) => Ok(Self::After(cursor)),
                    None => refuse("cursor", Reason::NotCursor),
                }
            }
            _ => refuse("since", Reason::NotOneOf(&["since", "cursor"])),
        }
    }

    /// Whether a page that began here and leaves off at `next` moved the time on.
    pub(super) fn moved_to(&self, next: &Cursor) -> bool {
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
pub(super) struct FetchedPage {
    pub(super) page: Page,
    pub(super) next: Option<Cursor>,
    latest: Option<Instant>,
    correlation_id: Option<String>,
}

impl FetchedPage {
    /// Whom the page shows, each once.
    pub(super) fn people(&self) -> Vec<&str> {
        let mut people: Vec<&str> = self.page.rows.iter().filter_map(|row| row.cpr.as_deref()).collect();
        people.sort_unstable();
        people.dedup();
        people
    }
}

pub(super) async fn fetch(
    caller: &Caller<ListYouthContactChanges>,
    position: &Position,
) -> Result<FetchedPage, Problem> {
    let fetched = caller.gateway().fetch_since(position.wire(), caller.who()).await?;
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
            let key = &caller.gateway().cursor_key;
            Some(Cursor::new(time.trim(), &digest_input(&page), key, caller.who().authority))
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
pub(super) async fn audit(
    caller: &Caller<ListYouthContactChanges>,
    event: &Event,
    fetched: &Result<FetchedPage, Problem>,
) -> Result<(), Problem> {
    let gateway = caller.gateway();
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

pub(super) fn write_item(caller: &Caller<ListYouthContactChanges>, row: &Row, out: &mut Vec<u8>) {
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
                caller.problem_document(&problem.clone().for_read()).to_string().as_bytes(),
            );
        }
    }
    if row.cpr.is_some() && !rest.is_empty() {
        out.push(b',');
    }
    out.extend_from_slice(&rest);
    out.push(b'}');
}
