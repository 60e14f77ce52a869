//! Signature wrapping: the signed Body is moved to where the signature still finds it, and another
//! one put in its place. (McIntosh and Austel, "XML signature element wrapping attacks", 2005.)

use super::*;
use crate::soap::security::names::WSSE;

const EVIL: &str = "6101079999";

/// The parts of a good message, to be put together otherwise.
struct Parts {
    message: String,
    body: String,
    evil: String,
}

fn parts(soap: SoapVersion) -> Parts {
    let message = text(sign_payload(&signer(), soap, "look-up"));
    let body = between(&message, "<soap:Body", "</soap:Body>").to_owned();
    let evil = body.replace("6101070000", EVIL).replace("wsu:Id=\"Body-", "wsu:Id=\"Evil-");
    Parts { message, body, evil }
}

/// A message of SOAP 1.2 with `evil` as its Body and the signed Body wherever `place` puts it.
fn wrapped(place: impl Fn(&Parts, String) -> String) -> String {
    let parts = parts(SoapVersion::V12);
    let with_evil = replace(&parts.message, &parts.body, &parts.evil);
    place(&parts, with_evil)
}

fn wrapper(content: &str) -> String {
    format!("<x:Wrapper xmlns:x=\"urn:x\">{content}</x:Wrapper>")
}

#[test]
fn the_signed_body_counts_nowhere_but_in_its_place() {
    let before =
        |document: &str, tag: &str, content: &str| replace(document, tag, &format!("{content}{tag}"));
    let several = VerifyError::SeveralBodies;
    let cases = [
        ("in a header", wrapped(|p, doc| before(&doc, "</soap:Header>", &wrapper(&p.body))), several),
        ("as a header", wrapped(|p, doc| before(&doc, "</soap:Header>", &p.body)), several),
        (
            "in the Security header",
            wrapped(|p, doc| before(&doc, "</wsse:Security>", &wrapper(&p.body))),
            several,
        ),
        (
            "in the signature",
            wrapped(|p, doc| {
                let object = format!("<ds:Object>{}</ds:Object>", p.body);
                before(&doc, "</ds:Signature>", &object)
            }),
            several,
        ),
        ("in the other Body", wrapped(|p, doc| before(&doc, "</soap:Body>", &p.body)), several),
        ("before the other Body", wrapped(|p, doc| before(&doc, "<soap:Body", &p.body)), several),
        ("behind the other Body", wrapped(|p, doc| before(&doc, "</soap:Envelope>", &p.body)), several),
        (
            "with the same id",
            wrapped(|p, doc| {
                let doc = doc.replace("wsu:Id=\"Evil-", "wsu:Id=\"Body-");
                before(&doc, "</soap:Header>", &wrapper(&p.body))
            }),
            several,
        ),
        (
            "in a whole message inside a header",
            wrapped(|p, doc| {
                let header = between(&doc, "<soap:Header>", "</soap:Header>").to_owned();
                let inner = wrapper(&p.message);
                replace(&doc, &header, &format!("<soap:Header>{inner}</soap:Header>"))
            }),
            several,
        ),
    ];
    for (name, document, reason) in cases {
        assert!(document.contains(EVIL), "{name}");
        assert_eq!(verifier().verify(document.as_bytes(), now()), Err(reason), "{name}");
    }
}

/// A Body of the other SOAP version is no second Body, so here the reference itself must tell.
#[test]
fn a_signed_body_of_the_other_version_does_not_count() {
    let old = parts(SoapVersion::V11);
    let new = parts(SoapVersion::V12);
    let header =
        between(&old.message, "<wsse:Security ", "</wsse:Security>").replace("soap:mustUnderstand=\"1\"", "");
    let envelope = |in_header: &str, in_security: &str, evil: &str| {
        let security = replace(&header, "</wsse:Security>", &format!("{in_security}</wsse:Security>"));
        format!(
            "<soap:Envelope xmlns:soap=\"http://www.w3.org/2003/05/soap-envelope\">\
             <soap:Header>{security}{in_header}</soap:Header>{evil}</soap:Envelope>"
        )
    };
    let holder = wrapper(&old.body);
    let in_evil = replace(&new.evil, "</soap:Body>", &format!("{}</soap:Body>", old.body));
    let not_covered = VerifyError::NotCovered(SignedPart::Body);
    let cases = [
        ("in a header", envelope(&holder, "", &new.evil), VerifyError::ReferenceRefused),
        ("as a header", envelope(&old.body, "", &new.evil), not_covered),
        ("in Security", envelope("", &holder, &new.evil), VerifyError::ReferenceRefused),
        ("as part of Security", envelope("", &old.body, &new.evil), not_covered),
        ("in the other Body", envelope("", "", &in_evil), VerifyError::ReferenceRefused),
        (
            "behind the other Body",
            envelope("", "", &format!("{}{}", new.evil, old.body)),
            VerifyError::NotAnEnvelope,
        ),
        (
            "with the same id",
            envelope(&holder, "", &new.evil.replace("Evil-", "Body-")),
            VerifyError::DuplicateId,
        ),
    ];
    for (name, document, reason) in cases {
        assert!(document.contains(EVIL), "{name}");
        assert_eq!(verifier().verify(document.as_bytes(), now()), Err(reason), "{name}");
    }
}

#[test]
fn a_signed_timestamp_counts_only_in_the_security_header() {
    let Parts { message, .. } = parts(SoapVersion::V12);
    let old = between(&message, "<wsu:Timestamp", "</wsu:Timestamp>");
    let fresh = old.replace("Timestamp-", "Fresh-").replace("2027-01-02T03", "2027-01-03T03");
    for place in ["</soap:Header>", "</wsse:Security>"] {
        let document = replace(&message, old, &fresh);
        let document = replace(&document, place, &format!("{}{place}", wrapper(old)));
        let verdict = verifier().verify(document.as_bytes(), now());
        assert_eq!(verdict, Err(VerifyError::ReferenceRefused), "{place}");
    }
}

#[test]
fn a_signature_outside_the_security_header_does_not_count() {
    let Parts { message, .. } = parts(SoapVersion::V12);
    let (signature, security) = (
        between(&message, "<ds:Signature ", "</ds:Signature>"),
        between(&message, "<wsse:Security ", "</wsse:Security>"),
    );
    let declared = signature.replace("<ds:Signature ", &format!("<ds:Signature xmlns:wsse=\"{WSSE}\" "));
    let without = replace(&message, signature, "");
    let misplaced = [
        replace(&without, "</soap:Header>", &format!("{declared}</soap:Header>")),
        replace(&without, "</soap:Body>", &format!("{declared}</soap:Body>")),
        replace(&message, signature, &wrapper(signature)),
        replace(&message, security, &wrapper(security)),
        replace(&message, security, &declared),
    ];
    for document in misplaced {
        let verdict = verifier().verify(document.as_bytes(), now());
        assert_eq!(verdict, Err(VerifyError::Misplaced), "{document}");
    }
}
