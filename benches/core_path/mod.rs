//! The core path without HTTP: JSON to values, values to an envelope, an answer to values, values to JSON.

use bytes::Bytes;
use http::Uri;
use jiff::Timestamp;
use ungebro::route::{Compiled, Setting};
use ungebro::services;
use ungebro::services::dfdg::interview::INTERVIEW;
use ungebro::services::udb::contacts::GET_YOUTH_CONTACTS;
use ungebro::shape::value::Value;
use ungebro::shape::{json, read, write};
use ungebro::soap::envelope::{self, Body};
use ungebro::soap::schema::{Contract, SoapVersion, load_str};
use ungebro::types::time::{Instant, WireFormat};
use ungebro::upstream::Wire;

/// An interview with every member, as clients send it.
pub(crate) const INTERVIEW_JSON: &str = r#"{"messageIdentifier":"1b2c3d4e-5f60-4718-8293-a4b5c6d7e8f9","interviewType":7,"bookingIdentifier":"0c6f3ab2-94d1-4b5e-8f6a-7d8e9f0a1b2c","responsibleAuthority":{"authority":{"code":"15101","name":"Jobcenter Eksempel","organisationType":8},"caseWorker":{"givenName":"Mette","middleName":"Bjerg","surname":"Sørensen","phone":"+4570101010","email":"mette@jobcenter.example","identifier":"mbs"}},"interviewTime":"2026-11-20T09:00:00+01:00","contactType":1,"withMoreAuthorities":true,"participationStatus":5,"participants":[{"name":"Karen Holm","contactType":1,"participantType":2,"externalAuthorityParticipantId":"MUN-0042"}],"agreementDescription":"Two applications a week; next interview in a month."}"#;

/// The upstream's answer to it.
pub(crate) const INTERVIEW_ANSWER: &str = include_str!("../load/messages/interview-answer.xml");

/// A receipt, the answer to most registrations.
pub(crate) const RECEIPT: &str = r#"<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><CreatePersonCategoryResponse xmlns="http://service.bm.dk/PersonRegistrationService/9/"><ServiceReceipt><EventDate>2026-11-20T10:15:00+01:00</EventDate><MessageIdentifier>7d4a1c52-0b3e-4f6a-9c1d-2e5f8a9b0c3d</MessageIdentifier></ServiceReceipt></CreatePersonCategoryResponse></s:Body></s:Envelope>"#;

/// The routes that are measured, bound to the bundled WSDLs.
pub(crate) struct Core {
    interview: Compiled,
    category: Compiled,
    look_up: Wire,
}

impl Core {
    pub(crate) fn new() -> Self {
        Self {
            interview: compiled("createInterview"),
            category: compiled("createCategory"),
            look_up: look_up(),
        }
    }

    /// A body, parsed and checked.
    pub(crate) fn validate<'j>(&self, body: &'j str) -> Vec<Value<'j>> {
        let json = json::parse(body.as_bytes()).expect("JSON");
        let (values, faults) = read::body(&[INTERVIEW.members], json);
        assert!(faults.is_empty(), "an interview");
        values
    }

    /// The envelope of a registration.
    pub(crate) fn encode(&self, interview: &[Value<'static>], now: Timestamp) -> Bytes {
        let mut root = vec![text("0708850001")];
        root.extend_from_slice(interview);
        let wire = &self.interview.wire;
        let headers = vec![
            text("Dev Eloper"),
            Value::Integer(2),
            text("developer"),
            Value::Integer(8),
            text("15101"),
            Value::Instant(Instant::utc(now)),
            Value::Integer(8),
            text("15101"),
        ];
        wire.write(headers, root).document()
    }

    /// The envelope of a look-up.
    pub(crate) fn encode_look_up(&self, numbers: &[String]) -> Bytes {
        let numbers = numbers.iter().map(|number| text(number)).collect();
        let transaction = text("806f7233-adba-4c44-b6d1-fd453ea0b8b2");
        let root = vec![text("ungebro"), transaction, Value::Integer(1_234_567), Value::List(numbers)];
        self.look_up.write(Vec::new(), root).document()
    }

    pub(crate) fn decode_interview(&self, answer: &str) -> Vec<Value<'static>> {
        decode(&self.interview.wire, answer)
    }

    pub(crate) fn decode_receipt(&self, answer: &str) -> Vec<Value<'static>> {
        decode(&self.category.wire, answer)
    }

    pub(crate) fn decode_contacts(&self, answer: &str) -> Vec<Value<'static>> {
        decode(&self.look_up, answer)
    }

    /// The JSON of an answer to a registration.
    pub(crate) fn answer(&self, values: &[Value<'static>]) -> Vec<u8> {
        let mut json = Vec::with_capacity(256);
        // The first value is the platform's correlation id.
        write::object(INTERVIEW.members, &values[1..], &mut json);
        json
    }
}

/// An answer with a row for each of the numbers.
pub(crate) fn contacts_answer(numbers: &[String]) -> String {
    let rows: String = numbers.iter().map(|number| format!("<ElevKontaktPerson><CPRNr>{number}</CPRNr><KontaktPerson>Studievejledningen</KontaktPerson><KontaktTelefon>70101010</KontaktTelefon><KontaktMail>vejledning@skole.example</KontaktMail><SlutDato>2027-06-30T00:00:00+02:00</SlutDato><InstitutionNummer>281047</InstitutionNummer></ElevKontaktPerson>")).collect();
    format!(
        r#"<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><HentInstitutionKontaktResponse xmlns="http://ipl.stil.dk/services/ungedatabasen/hentinstitutionkontakt/v1.0"><Identifier><SystemName>ungebro</SystemName><SystemTransactionID>806f7233-adba-4c44-b6d1-fd453ea0b8b2</SystemTransactionID></Identifier><CorrelationID>45cc8102-b57b-4d3f-b328-cce3b1348f12</CorrelationID><Message><HentSvar xmlns="http://stil.dk/ungedatabasen/hentinstitutionkontakt/v1.0"><FindesFlereKontaktPersoner>false</FindesFlereKontaktPersoner>{rows}</HentSvar></Message></HentInstitutionKontaktResponse></s:Body></s:Envelope>"#
    )
}

/// Numbers of young people who do not exist.
pub(crate) fn numbers(count: usize) -> Vec<String> {
    (0..count).map(|index| format!("020202{index:04}")).collect()
}

fn text(text: &str) -> Value<'static> {
    Value::Text(text.to_owned().into())
}

fn compiled(id: &str) -> Compiled {
    let spec = services::specs().find(|spec| spec.id == id).expect("a route");
    Compiled::new(spec, &contract(spec.service, SoapVersion::V11), setting(WireFormat::LocalOffset))
        .expect("bound")
}

fn look_up() -> Wire {
    let spec = &GET_YOUTH_CONTACTS;
    let contract = contract(spec.service, SoapVersion::V12);
    Compiled::new(spec, &contract, setting(WireFormat::UtcMillis)).expect("bound").wire
}

fn contract(service: &ungebro::operation::Service, prefer: SoapVersion) -> Contract {
    load_str(&[(service.wsdl_name, service.wsdl)], Some(prefer)).expect("a bundled WSDL").remove(0)
}

fn setting(format: WireFormat) -> Setting {
    Setting { url: Uri::from_static("http://127.0.0.1/"), format, enabled: true, kinds: None }
}

fn decode(wire: &Wire, answer: &str) -> Vec<Value<'static>> {
    let text = envelope::text(answer.as_bytes(), None).expect("text");
    match envelope::read(&text, &wire.answer_root, |reader| wire.answer.read(reader)) {
        Ok(Body::Message(values)) => values,
        other => panic!("not the message: {other:?}"),
    }
}
