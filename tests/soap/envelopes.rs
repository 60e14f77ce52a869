//! What is around answers: encodings, versions, faults, and what SOAP forbids.

use ungebro::soap::envelope::{Body, Malformed, SOAP_11, SOAP_12, XmlReader, read, text};
use ungebro::soap::fault::{Fault, Role};

fn skip(reader: &mut XmlReader<'_>) -> Result<(), Malformed> {
    reader.skip()
}

fn read_whole(document: &str) -> Result<Body<()>, Malformed> {
    read(document, "Answer", skip)
}

fn envelope(soap: &str, content: &str) -> String {
    format!("<s:Envelope xmlns:s=\"{soap}\"><s:Body>{content}</s:Body></s:Envelope>")
}

fn fault(soap: &str, content: &str) -> Fault {
    match read_whole(&envelope(soap, &format!("<s:Fault>{content}</s:Fault>"))) {
        Ok(Body::Fault(fault)) => fault,
        other => panic!("{other:?}"),
    }
}

#[test]
fn either_version_is_an_envelope_and_nothing_else_is() {
    for soap in [SOAP_11, SOAP_12] {
        assert!(matches!(
            read_whole(&envelope(soap, "<a:Answer xmlns:a=\"urn:a\"/>")),
            Ok(Body::Message(()))
        ));
    }
    let answer = envelope(SOAP_11, "<Answer/>");
    let deep = format!("<Answer>{}{}</Answer>", "<a>".repeat(80), "</a>".repeat(80));
    for (document, expected) in [
        (answer.replace("<s:Envelope", "<!DOCTYPE x [<!ENTITY e \"boom\">]><s:Envelope"), Malformed::Dtd),
        (format!("{answer}<more/>"), Malformed::NotXml),
        (format!("{answer}more"), Malformed::NotXml),
        (format!("more{answer}"), Malformed::NotXml),
        (answer[..answer.len() - 3].to_owned(), Malformed::NotXml),
        (answer.replace("</s:Body>", "</s:Bode>"), Malformed::NotXml),
        (envelope("urn:other", "<Answer/>"), Malformed::NotSoap),
        (
            format!(
                "<s:Envelope xmlns:s=\"{SOAP_11}\"><s:Header><h xmlns:b=\"{SOAP_11}\"/></s:Header>\
                 <b:Body><Answer/></b:Body></s:Envelope>"
            ),
            Malformed::NotSoap,
        ),
        (envelope(SOAP_11, ""), Malformed::UnexpectedRoot),
        (envelope(SOAP_11, "<Other/>"), Malformed::UnexpectedRoot),
        (envelope(SOAP_11, &deep), Malformed::TooDeep),
        (format!("<s:Envelope xmlns:s=\"{SOAP_11}\"/>"), Malformed::NotSoap),
        ("<html/>".to_owned(), Malformed::NotSoap),
        (String::new(), Malformed::NotXml),
    ] {
        assert_eq!(read_whole(&document).unwrap_err(), expected, "{document}");
    }
}

#[test]
fn only_the_five_entities_and_characters_of_xml_are_known() {
    let take = |content: &str| {
        let document = envelope(SOAP_11, &format!("<Answer>{content}</Answer>"));
        match read(&document, "Answer", |reader| reader.text(false).map(|text| text.into_owned())) {
            Ok(Body::Message(text)) => Ok(text),
            Ok(Body::Fault(_)) => panic!("no fault"),
            Err(error) => Err(error),
        }
    };
    assert_eq!(take("&lt;&gt;&amp;&apos;&quot;&#x1F600;"), Ok("<>&'\"😀".to_owned()));
    for content in ["&nbsp;", "&#0;", "&#x1;", "&#xD800;", "&;", "a & b"] {
        assert_eq!(take(content), Err(Malformed::NotXml), "{content}");
    }
}

#[test]
fn the_encoding_is_the_content_types_or_the_documents() {
    let document = envelope(SOAP_11, "<Answer>æ</Answer>");
    let declared = |name: &str| format!("<?xml version='1.0' encoding='{name}'?>{document}");
    let latin = |text: &str| text.chars().map(|character| character as u8).collect::<Vec<_>>();
    let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
    for (bytes, content_type) in [
        (document.clone().into_bytes(), None),
        (declared("utf-8").into_bytes(), Some("text/xml")),
        (latin(&declared("iso-8859-1")), None),
        (latin(&document), Some("text/xml; charset=\"ISO-8859-1\"")),
        ([&[0xff, 0xfe][..], &utf16(&document)].concat(), None),
        (utf16(&document), Some("text/xml; charset=utf-16le")),
        (["\u{feff}", &document].concat().into_bytes(), Some("text/xml; Charset=UTF-8")),
    ] {
        let read = text(&bytes, content_type).unwrap();
        assert!(read.ends_with(&document), "{content_type:?}");
        assert!(read_whole(&read).is_ok(), "{content_type:?}");
    }
    assert_eq!(text(b"", None), Err(Malformed::Empty));
    assert_eq!(text(b"<a>\xe6</a>", None), Err(Malformed::NotText));
}

#[test]
fn faults_of_both_versions_become_one_form() {
    let old = fault(
        SOAP_11,
        "<faultcode>s:Client.Authentication</faultcode><faultstring xml:lang=\"da\"> Nej </faultstring>\
         <detail><f:FaultDetails xmlns:f=\"urn:f\"><f:ErrorCode>4721</f:ErrorCode><f:Message>Findes</f:Message>\
         <f:StackTrace>at Secret()</f:StackTrace></f:FaultDetails></detail>",
    );
    assert_eq!(
        (old.role, old.code.as_deref(), old.text.as_deref()),
        (Role::Sender, Some("4721"), Some("Findes"))
    );
    let new = fault(
        SOAP_12,
        "<s:Code><s:Value>s:Receiver</s:Value><s:Subcode><s:Value>x:Sender</s:Value></s:Subcode></s:Code>\
         <s:Reason><s:Text xml:lang=\"en\">Broken</s:Text><s:Text xml:lang=\"da\">I stykker</s:Text></s:Reason>\
         <s:Detail><d:ServiceFaultDetailer xmlns:d=\"urn:d\"><d:CorrelationID>id</d:CorrelationID>\
         <d:ErrorCode>IPL000001</d:ErrorCode><d:SourceSystemError><d:ErrorCode>500</d:ErrorCode>\
         </d:SourceSystemError></d:ServiceFaultDetailer></s:Detail>",
    );
    assert_eq!(
        (new.role, new.code.as_deref(), new.text.as_deref()),
        (Role::Receiver, Some("IPL000001"), Some("Broken"))
    );
    assert_eq!((new.correlation_id.as_deref(), new.source_code.as_deref()), (Some("id"), Some("500")));
    let bare = fault(SOAP_11, "<faultcode>wsse:FailedCheck</faultcode><faultstring/>");
    assert_eq!((bare.role, bare.code, bare.text), (Role::Other, None, None));
    assert!(!format!("{old:?}{new:?}").contains("Findes"), "its texts can quote the request");
}

/// Each content type, and whether an answer in UTF-8 and one in ISO-8859-1 is read as what it says under it.
#[test]
fn an_answers_charset_is_the_parameter_and_nothing_that_looks_like_it() {
    let written = "<a>Blåbærgrød</a>";
    let latin: Vec<u8> =
        written.chars().map(|character| u8::try_from(u32::from(character)).unwrap()).collect();
    for (content_type, in_utf8, in_latin) in [
        (r#"application/soap+xml; action="a;charset=iso-8859-1"; charset=utf-8"#, true, false),
        (r#"application/soap+xml; charset=utf-8; action="a;charset=iso-8859-1""#, true, false),
        (r#"application/soap+xml; action="a; \"charset=iso-8859-1"; charset="UTF-8""#, true, false),
        (r#"application/soap+xml;action="x=charset=iso-8859-1""#, true, false),
        ("text/xml; charset=us-ascii", true, false),
        ("text/xml;charset=ASCII", true, false),
        ("text/xml; charset=iso-8859-1", false, true),
        (r#"text/xml; CHARSET="ISO-8859-1""#, false, true),
        ("text/xml; charset=nobody-knows", true, false),
        ("text/xml", true, false),
        ("no media type; charset=iso-8859-1", true, false),
    ] {
        let reads = |bytes: &[u8]| text(bytes, Some(content_type)).is_ok_and(|read| read == written);
        assert_eq!((reads(written.as_bytes()), reads(&latin)), (in_utf8, in_latin), "{content_type}");
    }
}
