//! One exchange of a route in all its four messages: JSON in, SOAP out, SOAP in, JSON out.

use serde_json::{Value, json};

use super::app::{KUI_NUMBER, STAR_NUMBER, SYSTEM_NAME};
use super::contract::{GUID, Leaf, ROUTES, Route};
use super::sample::{self, Extent, Fill, distinct};
use super::upstream::{Received, Reply, envelope};
use super::xml::Element;

pub(crate) const CPR: &str = "0101900001";
/// What a usual receipt says.
pub(crate) const EVENT_DATE: &str = "2026-02-03T04:05:06.789+01:00";
pub(crate) const RECEIPT_ID: &str = "5B0c0e4a-1111-4222-8333-444455556666";

/// What a client sends and what must arrive for it.
pub(crate) struct Request {
    /// With the CPR number in it.
    pub(crate) path: String,
    /// `Value::Null` where the route has no body.
    pub(crate) body: Value,
    /// The child of the SOAP body; `SystemTransactionID` is the upstream's to compare.
    pub(crate) message: Element,
}

/// A request of a route with distinct values.
pub(crate) fn request(route: &Route, extent: Extent) -> Request {
    request_with(route, extent, &mut distinct())
}

/// A request of a route with the given values.
pub(crate) fn request_with(route: &Route, extent: Extent, fill: Fill<'_>) -> Request {
    let input = route.input();
    let name = input["name"].as_str().unwrap();
    let sample::Message { mut json, root: mut operation } =
        sample::message(name, &route.body, extent, &route.at_least_one_of, fill);
    let path = sample::path(route, CPR, &mut operation);
    name_the_same(route, &mut json, &operation);
    write_times(route, &mut operation);
    let message = match route.upstream.as_str() {
        "dfdg" => operation,
        _ => in_platform_request(route, operation),
    };
    let body = if route.body.is_empty() { Value::Null } else { json };
    let path = if route.id == "listYouthContactChanges" {
        format!("{path}?since=2026-01-15T08:00:07%2B01:00")
    } else {
        path
    };
    Request { path, body, message: ordered(route, message) }
}

/// A member of the body that says what the path says must say the same.
fn name_the_same(route: &Route, json: &mut Value, operation: &Element) {
    for member in &route.body {
        let in_path = route.parameters.iter().any(|parameter| parameter.wire.as_ref() == Some(&member.wire));
        if in_path && json.get(&member.name).is_some() {
            let text = operation.clone().at(&member.wire).text.clone();
            json[&member.name] = json!(text);
        }
    }
}

/// The samples' times are Danish local time; Ungedatabasen gets them in UTC with three decimals.
fn write_times(route: &Route, element: &mut Element) {
    if let Some(text) = &mut element.text
        && route.upstream == "udb"
        && text.starts_with("2026-01-15T08:")
    {
        *text = text.replace("T08:", "T07:").replace("+01:00", ".000Z");
    }
    element.children.iter_mut().for_each(|child| write_times(route, child));
}

fn in_platform_request(route: &Route, mut operation: Element) -> Element {
    let mut supply = |name: &str, text: &str| operation.children.push(Element::leaf(name, text));
    match route.operation.as_str() {
        "HentInstitutionKontakt" => supply("STARInstitutionNummer", &STAR_NUMBER.to_string()),
        _ => {
            supply("ModtagerSystemID", SYSTEM_NAME);
            supply("KommuneInstitutionNummer", &KUI_NUMBER.to_string());
        }
    }
    if route.id == "listYouthContactChanges" {
        supply("SidenSidst", "2026-01-15T07:00:07.000Z");
    }
    operation.order(route.input());
    let identifier = Element::with(
        "Identifier",
        vec![Element::leaf("SystemName", SYSTEM_NAME), Element::leaf("SystemTransactionID", "")],
    );
    let message = Element::with("Message", vec![operation]);
    Element::with(&format!("{}Request", route.operation), vec![identifier, message])
}

fn ordered(route: &Route, mut message: Element) -> Element {
    if route.upstream == "dfdg" {
        message.order(route.input());
    }
    message
}

/// What an upstream answers and what the client must get for it.
pub(crate) struct Answered {
    pub(crate) message: Element,
    pub(crate) json: Value,
}

/// An answer to a route that registers something at STAR.
pub(crate) fn answer(route: &Route, extent: Extent) -> Answered {
    answer_with(route, extent, &mut distinct())
}

/// As [`answer`], with the given values.
pub(crate) fn answer_with(route: &Route, extent: Extent, fill: Fill<'_>) -> Answered {
    let name = route.output()["name"].as_str().unwrap();
    let sample::Message { json, mut root } = sample::message(name, &route.answer, extent, &[], fill);
    root.order(route.output());
    Answered { message: root, json }
}

/// The reply of an upstream to whatever is asked, as the contract has it.
pub(crate) fn usual_reply(received: &Received) -> Reply {
    let message = received.message();
    let operation = message.name.strip_suffix("Request").unwrap().to_owned();
    let version = version_of(&operation);
    Reply::xml(200, envelope(version, &usual_answer(&operation, &message)))
}

/// "1.1" or "1.2".
pub(crate) fn version_of(operation: &str) -> &'static str {
    match operation {
        "HentInstitutionKontakt" | "IndberetningKontaktJobOgUddOensker" => "1.2",
        _ => "1.1",
    }
}

fn usual_answer(operation: &str, request: &Element) -> String {
    match operation {
        "HentInstitutionKontakt" => {
            let rows = numbers_of(request).into_iter().map(|cpr| contact_row(&cpr)).collect();
            hent_svar(false, None, rows)
        }
        "IndberetningKontaktJobOgUddOensker" => indberetning_svar("<Ok>true</Ok>"),
        _ => {
            let route = ROUTES.iter().find(|route| route.operation == operation).unwrap();
            let mut fill = |leaf: &Leaf| match leaf {
                Leaf::Instant => json!(EVENT_DATE),
                Leaf::Pattern(pattern) if pattern == GUID => json!(RECEIPT_ID),
                other => distinct()(other),
            };
            let mut answer = answer_with(route, Extent::Minimal, &mut fill).message;
            if element_names(route.output()).contains(&"PersonInterview") {
                answer.at(&["PersonInterview".to_owned(), "MessageIdentifier".to_owned()]).text =
                    Some(RECEIPT_ID.to_owned());
            }
            answer.xml(DFDG)
        }
    }
}

fn element_names(element: &Value) -> Vec<&str> {
    element["children"].as_array().unwrap().iter().map(|child| child["name"].as_str().unwrap()).collect()
}

/// The namespace of STAR's messages.
pub(crate) const DFDG: &str = "http://service.bm.dk/PersonRegistrationService/9/";
const HENT: &str = "http://ipl.stil.dk/services/ungedatabasen/hentinstitutionkontakt/v1.0";
const HENT_INNER: &str = "http://stil.dk/ungedatabasen/hentinstitutionkontakt/v1.0";
const INDBERETNING: &str = "http://ipl.stil.dk/services/ungedatabasen/indberetningkontaktjoboguddoensker/v1";
const INDBERETNING_INNER: &str = "http://stil.dk/ungedatabasen/indberetningkontaktjoboguddoensker/v1";
pub(crate) const CORRELATION_ID: &str = "c0ffee00-1111-4222-8333-44445555beef";

/// The numbers that a look-up asks about.
pub(crate) fn numbers_of(request: &Element) -> Vec<String> {
    let hent = request.find("Hent").unwrap();
    let students = hent.children.iter().filter(|child| child.name == "Elev");
    students.map(|student| student.text_of("CPRNr").unwrap().to_owned()).collect()
}

/// A contact person of somebody, named after the number.
pub(crate) fn contact_row(cpr: &str) -> String {
    let last = &cpr[6..];
    format!(
        "<ElevKontaktPerson><CPRNr>{cpr}</CPRNr><KontaktPerson>Vejleder {last}</KontaktPerson></ElevKontaktPerson>"
    )
}

/// A row that says why there is nothing about somebody.
pub(crate) fn code_row(cpr: &str, code: u32) -> String {
    format!(
        "<ElevKontaktPerson><CPRNr>{cpr}</CPRNr><FejlKode>{code}</FejlKode><FejlTekst>x</FejlTekst></ElevKontaktPerson>"
    )
}

/// An answer about contact persons.
pub(crate) fn hent_svar(more: bool, latest: Option<&str>, rows: Vec<String>) -> String {
    let latest = latest.map(|time| format!("<SenesteRegistrering>{time}</SenesteRegistrering>"));
    let content = format!(
        "<FindesFlereKontaktPersoner>{more}</FindesFlereKontaktPersoner>{}{}",
        latest.unwrap_or_default(),
        rows.concat()
    );
    platform_answer("HentInstitutionKontaktResponse", HENT, "HentSvar", HENT_INNER, &content)
}

/// An answer to a report.
pub(crate) fn indberetning_svar(content: &str) -> String {
    platform_answer(
        "IndberetningKontaktJobOgUddOenskerResponse",
        INDBERETNING,
        "IndberetningSvar",
        INDBERETNING_INNER,
        content,
    )
}

fn platform_answer(
    outer: &str,
    outer_namespace: &str,
    inner: &str,
    namespace: &str,
    content: &str,
) -> String {
    format!(
        "<{outer} xmlns=\"{outer_namespace}\"><Identifier><SystemName>{SYSTEM_NAME}</SystemName>\
         <SystemTransactionID>1</SystemTransactionID></Identifier><CorrelationID>{CORRELATION_ID}</CorrelationID>\
         <Message><{inner} xmlns=\"{namespace}\">{content}</{inner}></Message></{outer}>"
    )
}

/// The namespace in which an element of a request must stand (behaviour section 9).
pub(crate) fn namespace_of(operation: &str, around: &[&str], name: &str) -> &'static str {
    match (operation, name) {
        ("HentInstitutionKontakt", _) if around.contains(&"Message") => HENT_INNER,
        ("HentInstitutionKontakt", _) => HENT,
        ("IndberetningKontaktJobOgUddOensker", _) if around.contains(&"Message") => INDBERETNING_INNER,
        ("IndberetningKontaktJobOgUddOensker", _) => INDBERETNING,
        (_, "PersonCivilRegistrationIdentifier") => "http://rep.oio.dk/cpr.dk/xml/schemas/core/2005/03/18/",
        (_, "TelephoneNumberIdentifier") => "http://rep.oio.dk/itst.dk/xml/schemas/2005/01/10/",
        (_, "EmailAddressIdentifier") => "http://rep.oio.dk/xkom.dk/xml/schemas/2005/03/15/",
        (_, "CodeListItemIdentifier") => "http://service.bm.dk/pjaktass/2013/06/07/CodeListBase/",
        _ => DFDG,
    }
}
