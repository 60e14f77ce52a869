//! The same two calls under three WSDLs, written out: what an operator's files change, and that nothing was recompiled.

use serde_json::json;

use crate::support::app::App;
use crate::support::contract::route;
use crate::support::exchange::CPR;
use crate::support::upstream::Received;
use crate::wsdl_in_force::use_set;

/// Of each: set of WSDLs, content type, action of SOAP 1.1, and the body's child.
type Wire = (Option<&'static str>, &'static str, Option<&'static str>, &'static str);

/// Version, action, namespaces, order, spelling, a required attribute.
const LOOK_UP: [Wire; 3] = [
    (
        None,
        "application/soap+xml; charset=utf-8",
        None,
        r#"<n0:HentInstitutionKontaktRequest xmlns:n0="http://ipl.stil.dk/services/ungedatabasen/hentinstitutionkontakt/v1.0"><n0:Identifier><n0:SystemName>ungebro-test</n0:SystemName><n0:SystemTransactionID>…</n0:SystemTransactionID></n0:Identifier><n0:Message><n1:Hent xmlns:n1="http://stil.dk/ungedatabasen/hentinstitutionkontakt/v1.0"><n1:STARInstitutionNummer>1234567</n1:STARInstitutionNummer><n1:Elev><n1:CPRNr>0101900001</n1:CPRNr></n1:Elev></n1:Hent></n0:Message></n0:HentInstitutionKontaktRequest>"#,
    ),
    (
        Some("a"),
        "text/xml; charset=utf-8",
        Some("\"urn:hent\""),
        r#"<n0:HentInstitutionKontaktRequest xmlns:n0="https://wsdl.stil.dk/udb/hent/2025"><n1:Identifier xmlns:n1="https://wsdl.stil.dk/ipl/common/3"><n1:SystemTransactionID>…</n1:SystemTransactionID><n1:SystemName>ungebro-test</n1:SystemName></n1:Identifier><n0:Message><n0:Hent version="1.0"><n0:Elev><n0:CPRNr>0101900001</n0:CPRNr></n0:Elev><n0:StarInstitutionNummer>1234567</n0:StarInstitutionNummer></n0:Hent></n0:Message></n0:HentInstitutionKontaktRequest>"#,
    ),
    (
        Some("b"),
        "application/soap+xml; charset=utf-8; action=\"urn:oio:udb:hent#Hent\"",
        None,
        r#"<n0:HentInstitutionKontaktRequest xmlns:n0="urn:oio:udb:hent"><Identifier><SystemName>ungebro-test</SystemName><SystemTransactionID>…</SystemTransactionID></Identifier><Message><n0:Hent><Elev><CPRNr>0101900001</CPRNr></Elev><STARInstitutionNummer>1234567</STARInstitutionNummer></n0:Hent></Message></n0:HentInstitutionKontaktRequest>"#,
    ),
];

/// The same, and how the value of a code list is wrapped.
const CATEGORY: [Wire; 3] = [
    (
        None,
        "text/xml; charset=utf-8",
        Some("\"http://service.bm.dk/pjaktass/9/PersonRegistrationService#CreatePersonCategory\""),
        r#"<n0:CreatePersonCategoryRequest xmlns:n0="http://service.bm.dk/PersonRegistrationService/9/"><n1:PersonCivilRegistrationIdentifier xmlns:n1="http://rep.oio.dk/cpr.dk/xml/schemas/core/2005/03/18/">0101900001</n1:PersonCivilRegistrationIdentifier><n0:PersonCategory><n0:PersonCategoryTypeIdentifier><n2:CodeListItemIdentifier xmlns:n2="http://service.bm.dk/pjaktass/2013/06/07/CodeListBase/">11</n2:CodeListItemIdentifier></n0:PersonCategoryTypeIdentifier><n0:IncidentDate>2026-01-15T08:02:07+01:00</n0:IncidentDate></n0:PersonCategory></n0:CreatePersonCategoryRequest>"#,
    ),
    (
        Some("a"),
        "application/soap+xml; charset=utf-8; action=\"http://service.star.dk/dfdg/PersonRegistration/2024/2/IPersonRegistration/CreatePersonCategory\"",
        None,
        r#"<n0:CreatePersonCategoryRequest xmlns:n0="http://service.star.dk/dfdg/PersonRegistrationService/9/"><n0:PersonCategory><n0:IncidentDate>2026-01-15T08:02:07+01:00</n0:IncidentDate><n0:PersonCategoryTypeIdentifier>11</n0:PersonCategoryTypeIdentifier></n0:PersonCategory><n1:PersonCivilRegistrationIdentifier xmlns:n1="http://data.star.dk/oio/cpr.dk/xml/schemas/core/2005/03/18/">0101900001</n1:PersonCivilRegistrationIdentifier></n0:CreatePersonCategoryRequest>"#,
    ),
    (
        Some("b"),
        "text/xml; charset=utf-8",
        Some("\"urn:dfdg:CreatePersonCategory\""),
        r#"<n0:CreatePersonCategoryRequest xmlns:n0="urn:dfdg:v9:PersonRegistrationService/9"><n1:PersonCivilRegistrationIdentifier xmlns:n1="http://rep.oio.dk/cpr.dk/xml/schemas/core/2005/03/18/">0101900001</n1:PersonCivilRegistrationIdentifier><PersonCategory><PersonCategoryTypeIdentifier><n2:Value xmlns:n2="urn:dfdg:v9:pjaktass/2013/06/07/CodeListBase">11</n2:Value></PersonCategoryTypeIdentifier><IncidentDate>2026-01-15T08:02:07+01:00</IncidentDate></PersonCategory></n0:CreatePersonCategoryRequest>"#,
    ),
];

/// Content type, action and the body's child, without the number that every call makes anew.
fn wire(received: &Received) -> (Option<&str>, Option<&str>, String) {
    let header = |name: &str| received.headers.get(name).map(String::as_str);
    let (_, body) = received.body.split_once("<s:Body>").unwrap();
    let mut body = body.split_once("</s:Body>").unwrap().0.to_owned();
    if let Some((before, rest)) = body.split_once("SystemTransactionID>") {
        let after = rest.split_once('<').unwrap().1;
        body = format!("{before}SystemTransactionID>…<{after}");
    }
    (header("content-type"), header("soapaction"), body)
}

async fn check(call: impl AsyncFnOnce(&App), expected: &Wire) {
    let (set, content_type, action, body) = *expected;
    let app = App::with(|config| set.into_iter().for_each(|set| use_set(config, set))).await;
    call(&app).await;
    let received = app.upstream.take();
    assert_eq!(wire(&received[0]), (Some(content_type), action, body.to_owned()), "{set:?}");
}

#[tokio::test]
async fn a_look_up_is_written_as_the_wsdl_in_force_has_it() {
    for expected in &LOOK_UP {
        let look_up = async |app: &App| {
            app.call_of(route("getYouthContacts"), &format!("/youth/{CPR}/contacts")).send().await;
        };
        check(look_up, expected).await;
    }
}

#[tokio::test]
async fn a_registration_is_written_as_the_wsdl_in_force_has_it() {
    let body = json!({ "categoryType": 11, "incidentDate": "2026-01-15T08:02:07+01:00" });
    for expected in &CATEGORY {
        let register = async |app: &App| {
            let path = format!("/persons/{CPR}/categories");
            app.call_of(route("createCategory"), &path).json(&body).send().await;
        };
        check(register, expected).await;
    }
}
