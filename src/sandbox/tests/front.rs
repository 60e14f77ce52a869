//! What the sandbox demands of a message before its content matters.

use super::client::{Client, action, read};
use super::samples::{MADS, create_interview, look_up};
use crate::sandbox::front::Incoming;
use crate::sandbox::outgoing::Outgoing;
use crate::sandbox::service::Service;

fn text(outgoing: &Outgoing) -> String {
    String::from_utf8(outgoing.body.clone()).unwrap()
}

/// The answer of DFDG to a request in which something was replaced.
fn altered(from: &str, to: &str) -> Outgoing {
    let client = Client::new();
    let (service, body) = client.envelope("CreatePersonInterview", &create_interview(MADS));
    let body = String::from_utf8(body).unwrap();
    assert!(body.contains(from), "{from} is not in {body}");
    client.post(service, body.replace(from, to).as_bytes(), action("CreatePersonInterview").as_deref())
}

#[test]
fn a_soap_11_request_needs_its_media_type_and_its_action() {
    let client = Client::new();
    let (service, body) = client.envelope("CreatePersonInterview", &create_interview(MADS));
    let right = action("CreatePersonInterview").unwrap();
    let send = |content_type, soap_action| {
        client.sandbox.respond(service, &Incoming { content_type, soap_action, body: &body }).status
    };
    assert_eq!(send(Some("text/xml"), Some(&right)), 200);
    assert_eq!(send(Some("TEXT/XML; charset=utf-8"), Some(right.trim_matches('"'))), 200);
    assert_eq!(send(Some("application/soap+xml"), Some(&right)), 415);
    assert_eq!(send(None, Some(&right)), 415);
    assert_eq!(send(Some("text/xml"), None), 500);
    assert_eq!(send(Some("text/xml"), Some("\"\"")), 500);
    assert_eq!(send(Some("text/xml"), action("CreatePersonCategory").as_deref()), 500);
}

#[test]
fn an_envelope_of_the_other_version_is_a_version_mismatch() {
    let client = Client::new();
    let (_, old) = client.envelope("CreatePersonInterview", &create_interview(MADS));
    let (_, new) = client.envelope("HentInstitutionKontakt", &look_up(&["0506085001"]));
    let action = action("CreatePersonInterview");
    assert!(text(&client.post(Service::Registration, &new, action.as_deref())).contains(":VersionMismatch<"));
    assert!(text(&client.post(Service::LookUp, &old, None)).contains(":VersionMismatch<"));
}

#[test]
fn what_is_not_one_soap_message_is_the_senders_fault() {
    let client = Client::new();
    for body in [
        "",
        "hello",
        "<a/>",
        "<?xml version=\"1.0\"?><!DOCTYPE a []><a/>",
        "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"/>",
        "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body/></s:Envelope>",
        "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body><a/><b/></s:Body></s:Envelope>",
        "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body><a/></s:Body></s:Envelope>",
    ] {
        let answer = client.post(Service::Registration, body.as_bytes(), None);
        assert_eq!((answer.status, read(&answer)), (500, Err("bare".to_owned())), "{body}");
        let body = body
            .replace("http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope");
        let answer = client.post(Service::LookUp, body.as_bytes(), None);
        assert_eq!((answer.status, read(&answer)), (400, Err("IPL000002".to_owned())), "{body}");
    }
}

#[test]
fn the_headers_of_dfdg_are_demanded_and_read() {
    for (from, to, code) in [
        ("ActiveOrganisationHeader", "PassiveOrganisationHeader", "8232"),
        ("RequestUserMetadataHeader", "RequestUserMatadataHeader", "8233"),
        (
            "<OrganisationCode>15101</OrganisationCode></ActiveOrganisationHeader>",
            "</ActiveOrganisationHeader>",
            "8234",
        ),
        ("<UserIdentifier>aase</UserIdentifier>", "", "8235"),
        (
            "<OrganisationTypeIdentifier>8</OrganisationTypeIdentifier>",
            "<OrganisationTypeIdentifier>9</OrganisationTypeIdentifier>",
            "8173",
        ),
    ] {
        assert_eq!(read(&altered(from, to)), Err(code.to_owned()), "{from}");
    }
}

#[test]
fn an_unknown_user_type_or_organisation_type_is_not_in_the_list() {
    let user = "<RequestUserTypeIdentifier xmlns=\"http://service.bm.dk/pjaktass/2015/01/21/RequestUserTypeIdentifierCodeList/\"><CodeListItemIdentifier xmlns=\"http://service.bm.dk/pjaktass/2013/06/07/CodeListBase/\">2<";
    assert_eq!(read(&altered(user, &user.replace(">2<", ">7<"))), Err("8174".to_owned()));
}

#[test]
fn a_body_that_the_schema_refuses_is_1014_or_ipl000002() {
    for (from, to) in [
        ("<InterviewContactTypeIdentifier>", "<Other/><InterviewContactTypeIdentifier>"),
        ("<AgreementDescription>Aftale om praktik</AgreementDescription>", ""),
        ("<InterviewWithMoreAuthorities>false<", "<InterviewWithMoreAuthorities>nej<"),
        (MADS, "3102850001"),
    ] {
        let answer = altered(from, to);
        assert_eq!((answer.status, read(&answer)), (500, Err("1014".to_owned())), "{from}");
    }
    let client = Client::new();
    let (service, body) = client.envelope("HentInstitutionKontakt", &look_up(&["0506085001"]));
    let body = String::from_utf8(body).unwrap();
    for (from, to) in [("1234567", "x"), ("<CPRNr>0506085001</CPRNr>", ""), ("0506085001", "05060850012")] {
        let answer = client.post(service, body.replace(from, to).as_bytes(), None);
        assert_eq!((answer.status, read(&answer)), (400, Err("IPL000002".to_owned())), "{from}");
    }
}

#[test]
fn a_header_that_must_be_understood_and_is_not_is_refused() {
    let block = "<x:Strange xmlns:x=\"urn:x\" s:mustUnderstand=\"1\"/></s:Header>";
    assert!(text(&altered("</s:Header>", block)).contains("s:MustUnderstand<"));
    assert_eq!(altered("</s:Header>", &block.replace("\"1\"", "\"0\"")).status, 200);
}

#[test]
fn the_system_name_is_the_same_in_both_places_and_comes_back() {
    let client = Client::new();
    let (service, body) =
        client.envelope("IndberetningKontaktJobOgUddOensker", &super::samples::report("0506085001"));
    let body = String::from_utf8(body).unwrap();
    let right = client.post(service, body.as_bytes(), None);
    assert!(
        text(&right).contains("<SystemName>ungebro</SystemName>") && text(&right).contains("6f2a1c1e-0000")
    );
    let wrong = body.replace(">ungebro</ModtagerSystemID>", ">other</ModtagerSystemID>");
    assert_eq!(client.post(service, wrong.as_bytes(), None).status, 400);
}
