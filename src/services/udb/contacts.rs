//! The contact persons of one young person, and of up to a thousand.

use super::HENT_INSTITUTION_KONTAKT;
use super::row::{CONTACT, HENT_SVAR};
use crate::operation::{
    Answers, Effect, Kinds, Method, Parameter, ParameterKind, Part, Scopes, Spec, Supplied, Supply,
};
use crate::shape::{Item, Kind, Object, optional, required, text};
use crate::types::AuthorityKind::{Jobcenter, Star};

/// May look up contact persons.
const READ: Scopes = Scopes::all(&["youth.contacts.read"]);

/// What all three look-ups have in common.
pub(super) const DEFAULTS: Spec = Spec {
    id: "",
    operation: "HentInstitutionKontakt",
    service: &HENT_INSTITUTION_KONTAKT,
    method: Method::Get,
    path: "",
    scopes: READ,
    authorities: Kinds::any(&[Star, Jobcenter]),
    effect: Effect::Read,
    parameters: &[],
    query: &[],
    body: &[],
    at_least_one_of: &[],
    supplied: &[Supplied { wire: "STARInstitutionNummer", what: Supply::StarInstitutionNumber }],
    answer: HENT_SVAR,
    document: None,
    answers: Answers::LookUp,
    status: 200,
    location: None,
    deprecated: false,
    tag: "youth",
    summary: "",
    description: "",
};

static CONTACTS: Object = Object {
    name: "YouthContacts",
    doc: "The contact persons of a young person.",
    members: &[
        required("cpr", "CPRNr", text(10, 10)).doc("The young person's CPR number.").example("0101080000"),
        required("contacts", "ElevKontaktPerson", Kind::List { of: Item::Object(&CONTACT), max: usize::MAX })
            .doc("The contact persons; empty where no school has named one."),
    ],
};

/// Look up a young person's contact persons.
pub static GET_YOUTH_CONTACTS: Spec = Spec {
    id: "getYouthContacts",
    path: "/youth/{cpr}/contacts",
    parameters: &[Parameter {
        name: "cpr",
        wire: Some("Elev/CPRNr"),
        kind: ParameterKind::YouthCpr,
        doc: "The young person's CPR number, ten digits; or `-`, with the number in the header X-CivilRegistrationIdentifier.",
    }],
    document: Some(&CONTACTS),
    summary: "Look up a young person's contact persons",
    description: "Whom the schools have named as contact persons for a young person. Of young people whom the jobcentre has an active subscription on; the look-up itself has no age limit.",
    ..DEFAULTS
};

static QUERY: Object = Object {
    name: "YouthContactsQuery",
    doc: "The young people to look up.",
    members: &[required("cprs", "Elev/CPRNr", Kind::List { of: Item::Cpr, max: 1000 })
        .doc("One to a thousand CPR numbers; one that is repeated is answered each time.")
        .example("0101080000")],
};

static RESULTS: Object = Object {
    name: "YouthContactsResults",
    doc: "One result for each number, in the order asked.",
    members: &[required(
        "results",
        "ElevKontaktPerson",
        Kind::List { of: Item::Object(&RESULT), max: usize::MAX },
    )
    .doc("The results; a person's problem touches only that person.")],
};

static RESULT: Object = Object {
    name: "YouthContactsResult",
    doc: "Contact persons, or why there is no answer about this person.",
    members: &[
        required("cpr", "CPRNr", text(10, 10)).doc("The young person's CPR number.").example("0101080000"),
        optional("contacts", "ElevKontaktPerson", Kind::List { of: Item::Object(&CONTACT), max: usize::MAX })
            .doc("The contact persons; left out where there is a problem."),
        optional("problem", "FejlKode", Kind::Described("Problem"))
            .doc("Why there is no answer about this person."),
    ],
};

/// Look up the contact persons of many young people.
pub static QUERY_YOUTH_CONTACTS: Spec = Spec {
    id: "queryYouthContacts",
    method: Method::Post,
    path: "/youth/contacts/query",
    body: &[Part { prefix: "", object: &QUERY }],
    document: Some(&RESULTS),
    answers: Answers::LookUpOfMany,
    summary: "Look up the contact persons of many young people",
    description: "As getYouthContacts for up to a thousand young people at once, in calls of at most a hundred. The answer is 200 also when every item failed: each result has contacts or a problem.",
    ..DEFAULTS
};
