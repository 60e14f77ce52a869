//! The contact persons of one young person, and of up to a thousand.

use actix_web::HttpResponse;
use actix_web::http::header;

use super::HENT_INSTITUTION_KONTAKT;
use super::lookup::{Found, Known};
use super::row::{CONTACT, HENT_SVAR};
use crate::http::{Caller, Incoming, Route};
use crate::operation::{
    Effect, Kinds, Method, Parameter, ParameterKind, Part, Scopes, Spec, Supplied, Supply,
};
use crate::problem::{Place, Problem, names};
use crate::shape::reason::Reason;
use crate::shape::value::Value;
use crate::shape::{Item, Kind, Object, optional, required, text, write};
use crate::types::AuthorityKind::{Jobcenter, Star};
use crate::types::Cpr;

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
        required("cpr", "", text(10, 10)).doc("The young person's CPR number.").example("0101080000"),
        required("contacts", "", Kind::List { of: Item::Object(&CONTACT), max: usize::MAX })
            .doc("The contact persons; empty where no school has named one."),
    ],
};

/// Look up a young person's contact persons.
pub struct GetYouthContacts;

impl Route for GetYouthContacts {
    const SPEC: Spec = Spec {
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
        description: "Whom the schools have named as contact persons for a young person. Young people aged 15 to 24 who live in Denmark and whom the jobcentre has an active subscription on.",
        ..DEFAULTS
    };

    async fn answer(caller: Caller<Self>, incoming: Incoming<'_>) -> Result<HttpResponse, Problem> {
        let number = incoming.cpr.as_ref().map(|cpr| cpr.as_str().to_owned()).unwrap_or_default();
        let Found { mut people, correlation_ids } =
            caller.gateway().look_up([number.clone()], caller.who()).await;
        let correlation_id = correlation_ids.first().map(String::as_str);
        let known = people.remove(&number).unwrap_or_else(|| Err(Problem::own(names::INTERNAL_ERROR)));
        let contacts = known.map_err(|mut problem| {
            problem.correlation_id = problem.correlation_id.or_else(|| correlation_id.map(str::to_owned));
            problem
        })?;
        let mut body = Vec::with_capacity(256);
        write_person(&number, &contacts, &mut body);
        Ok(caller.cacheable(incoming.if_none_match.as_deref(), correlation_id, body))
    }
}

/// Writes `{"cpr":…,"contacts":[…]}`.
fn write_person(number: &str, contacts: &[Vec<Value<'_>>], out: &mut Vec<u8>) {
    out.extend_from_slice(b"{\"cpr\":");
    write::string(number, out);
    out.extend_from_slice(b",\"contacts\":[");
    for (index, contact) in contacts.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        write::object(CONTACT.members, contact, out);
    }
    out.extend_from_slice(b"]}");
}

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
    members: &[required("results", "", Kind::List { of: Item::Object(&RESULT), max: usize::MAX })
        .doc("The results; a person's problem touches only that person.")],
};

static RESULT: Object = Object {
    name: "YouthContactsResult",
    doc: "Contact persons, or why there is no answer about this person.",
    members: &[
        required("cpr", "", text(10, 10)).doc("The young person's CPR number.").example("0101080000"),
        optional("contacts", "", Kind::List { of: Item::Object(&CONTACT), max: usize::MAX })
            .doc("The contact persons; left out where there is a problem."),
        optional("problem", "", Kind::Described("Problem")).doc("Why there is no answer about this person."),
    ],
};

/// Look up the contact persons of many young people.
pub struct QueryYouthContacts;

impl Route for QueryYouthContacts {
    const SPEC: Spec = Spec {
        id: "queryYouthContacts",
        method: Method::Post,
        path: "/youth/contacts/query",
        body: &[Part { prefix: "", object: &QUERY }],
        document: Some(&RESULTS),
        summary: "Look up the contact persons of many young people",
        description: "As getYouthContacts for up to a thousand young people at once, in calls of at most a hundred. The answer is 200 also when every item failed: each result has contacts or a problem.",
        ..DEFAULTS
    };

    async fn answer(caller: Caller<Self>, incoming: Incoming<'_>) -> Result<HttpResponse, Problem> {
        let numbers = checked(&incoming, caller.gateway().config.udb.test_numbers)?;
        let found = caller.gateway().look_up(numbers.iter().cloned(), caller.who()).await;
        let mut body = Vec::with_capacity(64 * numbers.len());
        body.extend_from_slice(b"{\"results\":[");
        for (index, number) in numbers.iter().enumerate() {
            if index > 0 {
                body.push(b',');
            }
            match found.people.get(number) {
                Some(Ok(contacts)) => write_person(number, contacts, &mut body),
                known => write_problem(&caller, number, known, &mut body),
            }
        }
        body.extend_from_slice(b"]}");
        let mut response = HttpResponse::Ok();
        response.insert_header((header::CONTENT_TYPE, "application/json"));
        response.insert_header((header::CACHE_CONTROL, "no-store"));
        Ok(response.body(body))
    }
}

fn write_problem<R: Route>(caller: &Caller<R>, number: &str, known: Option<&Known>, out: &mut Vec<u8>) {
    let problem = match known {
        Some(Err(problem)) => problem.clone(),
        _ => Problem::own(names::INTERNAL_ERROR).for_read(),
    };
    out.extend_from_slice(b"{\"cpr\":");
    write::string(number, out);
    out.extend_from_slice(b",\"problem\":");
    out.extend_from_slice(caller.problem_document(&problem).to_string().as_bytes());
    out.push(b'}');
}

/// The numbers of a query, each checked; all that are wrong are named at once.
fn checked(incoming: &Incoming<'_>, test_numbers: bool) -> Result<Vec<String>, Problem> {
    let mut wrong = Problem::own(names::VALIDATION_FAILED);
    let mut numbers = Vec::new();
    for (index, value) in incoming.body[0].items().iter().enumerate() {
        let text = value.as_text().unwrap_or("");
        let cpr = if test_numbers { Cpr::parse_with_test_numbers(text) } else { Cpr::parse(text) };
        match cpr {
            Some(cpr) => numbers.push(cpr.as_str().to_owned()),
            None => wrong = wrong.at(Place::Pointer(format!("/cprs/{index}")), Reason::NotCpr),
        }
    }
    if wrong.errors.is_empty() { Ok(numbers) } else { Err(wrong) }
}
