//! What changed since a time: pages with a cursor, or all of them as a stream.

use super::contacts::DEFAULTS;
use super::row::{EMAIL, END_DATE, INSTITUTION_NUMBER, NAME, PHONE};
use crate::operation::{Answers, QueryParameter, Scopes, Spec};
use crate::shape::{Item, Kind, Object, optional, required, text};

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
            .doc("The upstream's time to ask from next: that of the latest change, or the time asked from as long as more than a hundred older rows that were never fetched wait.")
            .example("2026-11-20T10:00:00+01:00"),
    ],
};

/// List changed contact persons.
pub static LIST_YOUTH_CONTACT_CHANGES: Spec = Spec {
    id: "listYouthContactChanges",
    path: "/youth/contacts",
    scopes: Scopes::all(&["youth.contacts.changes.read"]),
    query: &[
        QueryParameter {
            name: "since",
            doc: "Changes after this time, RFC 3339 with an offset. Either this or cursor.",
            is_time: true,
            example: "2026-11-01T00:00:00Z",
            wire: Some("SidenSidst"),
        },
        QueryParameter {
            name: "cursor",
            doc: "nextCursor of an earlier page, unchanged. Either this or since.",
            is_time: false,
            example: "djF8MjAyNi0xMS0yMFQxMDowMDowMFp8YWJj",
            wire: None,
        },
    ],
    document: Some(&PAGE),
    answers: Answers::Feed,
    summary: "List changed contact persons",
    description: "Everything that schools have registered since a time, for young people the jobcentre has an active subscription on, in pages of at most a hundred. With `Accept: application/x-ndjson` all pages come as one stream: a change a line, at the end `{\"end\":true,\"nextCursor\"}`, or on failure `{\"problem\",\"nextCursor\"}`. The upstream hands out each row once (inferred from how its description tells of unfetched rows): two readers of one institution number may take each other's rows, and a page whose time did not move cannot be resumed.",
    ..DEFAULTS
};
