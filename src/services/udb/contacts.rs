//! The contact persons of one young person, and of up to a thousand.

use actix_web::HttpResponse;
use actix_web::http::header;

use super::HENT_INSTITUTION_KONTAKT;
use super::row::{CONTACT, HENT_SVAR};
use crate::gateway::event::Looked;
use crate::http::{Caller, Incoming, Route};
use crate::operation::{
    Effect, Kinds, Method, Parameter, ParameterKind, Part, Scopes, Spec, Supplied, Supply,
};
use crate::problem::Problem;
use crate::shape::value::Value;
use crate::shape::{Item, Kind, Object, optional, required, text};
use crate::types::AuthorityKind::{Jobcenter, Star};
use crate::types::Cpr;
use crate::types::text::write_json_string;

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
        required("cpr", "CPRNr", text(10, 10)).doc("The young person's CPR number.").example("0101080000"),
        required("contacts", "ElevKontaktPerson", Kind::List { of: Item::Object(&CONTACT), max: usize::MAX })
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
        let looked = caller.contacts_of(incoming.cpr.as_slice(), &incoming).await.remove(0);
        let known = &looked.known;
        let ids = known.correlation_id.as_slice();
        let result = known.result.as_ref().map(|_| 200);
        let line = Looked { cache: Some(looked.source.as_str()), upstream_ids: ids, ..Looked::of(result) };
        caller.gateway().audit_reads(&caller.event(&incoming), [(None, line)]).await?;
        match &known.result {
            Err(problem) => {
                let mut problem = problem.clone().in_exchange(known.correlation_id.clone());
                problem.cache_status = Some(looked.source.header());
                Err(problem)
            }
            Ok(document) => Ok(caller.cacheable(&incoming, document, &looked)),
        }
    }
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
        let numbers = incoming.body[0].items().iter().filter_map(Value::as_text);
        let numbers: Vec<Cpr> = numbers.filter_map(Cpr::parse_with_test_numbers).collect();
        let people = caller.contacts_of(&numbers, &incoming).await;
        let gateway = caller.gateway();
        let lines = numbers.iter().zip(&people).map(|(number, looked)| {
            let result = looked.known.result.as_ref().map(|_| 200);
            let ids = looked.known.correlation_id.as_slice();
            let line =
                Looked { cache: Some(looked.source.as_str()), upstream_ids: ids, ..Looked::of(result) };
            (Some(gateway.hasher.hash(number)), line)
        });
        let mut event = caller.event(&incoming);
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
                Err(problem) => write_problem(&caller, number.as_str(), problem, &mut body),
            }
        }
        body.extend_from_slice(b"]}");
        let mut response = HttpResponse::Ok();
        response.insert_header((header::CONTENT_TYPE, "application/json"));
        response.insert_header((header::CACHE_CONTROL, "no-store"));
        Ok(response.body(body))
    }
}

fn write_problem<R: Route>(caller: &Caller<R>, number: &str, problem: &Problem, out: &mut Vec<u8>) {
    out.extend_from_slice(b"{\"cpr\":");
    write_json_string(number, out);
    out.extend_from_slice(b",\"problem\":");
    out.extend_from_slice(caller.problem_document(problem).to_string().as_bytes());
    out.push(b'}');
}
