//! Messages that were changed, stolen, or signed by the wrong hand: each is refused for its reason.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use jiff::SignedDuration;

use super::*;

const SIGNED_INFO: (&str, &str) = ("<ds:SignedInfo", "</ds:SignedInfo>");
const BODY: (&str, &str) = ("<soap:Body", "</soap:Body>");
const TIMESTAMP: (&str, &str) = ("<wsu:Timestamp", "</wsu:Timestamp>");
const TOKEN: (&str, &str) = ("<wsse:BinarySecurityToken", "</wsse:BinarySecurityToken>");
const SIGNATURE_VALUE: (&str, &str) = ("<ds:SignatureValue>", "</ds:SignatureValue>");
const TRANSFORMS: (&str, &str) = ("<ds:Transforms>", "</ds:Transforms>");
const EXCLUSIVE: &str = "\"http://www.w3.org/2001/10/xml-exc-c14n#\"";
const SHA256: &str = "\"http://www.w3.org/2001/04/xmlenc#sha256\"";
const RSA_SHA256: &str = "\"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256\"";

/// The element between a part's tags, both included.
fn element<'t>(text: &'t str, (open, close): (&str, &str)) -> &'t str {
    between(text, open, close)
}

/// Replaces the one or first occurrence.
fn first(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "{from}");
    text.replacen(from, to, 1)
}

/// The reference to a part, as it is in `SignedInfo`.
fn reference<'t>(text: &'t str, part: &str) -> &'t str {
    between(text, &format!("<ds:Reference URI=\"#{part}-"), "</ds:Reference>")
}

/// Signs `SignedInfo` as it now stands with the key of the token: what a signer could have made.
fn resigned(text: &str) -> String {
    let key =
        SigningKey::new(&certificate("rsa-2048"), &private_key("rsa-2048"), SignatureAlgorithm::RsaSha256);
    let signature = key.expect("a key").sign(element(text, SIGNED_INFO).as_bytes());
    let value = BASE64_STANDARD.encode(signature.expect("signed"));
    let (open, close) = SIGNATURE_VALUE;
    replace(text, element(text, SIGNATURE_VALUE), &format!("{open}{value}{close}"))
}

/// Puts the digest of the part as it now stands into its reference.
fn redigested(text: &str, name: &str, part: (&str, &str)) -> String {
    let digest = DigestAlgorithm::Sha256.digest(element(text, part).as_bytes());
    let value = BASE64_STANDARD.encode(digest);
    let reference = reference(text, name);
    let old = between(reference, "<ds:DigestValue>", "</ds:DigestValue>");
    let new = first(reference, old, &format!("<ds:DigestValue>{value}</ds:DigestValue>"));
    replace(text, reference, &new)
}

fn with_token_of(text: &str, identity: &str) -> String {
    let old = element(text, TOKEN);
    let content = &old[old.find('>').expect("a tag") + 1..old.len() - TOKEN.1.len()];
    replace(text, content, &BASE64_STANDARD.encode(certificate(identity)))
}

fn signed_by(identity: &str) -> String {
    let signer = signer_with(identity, SignatureAlgorithm::RsaSha256, DigestAlgorithm::Sha256);
    text(sign_payload(&signer, SoapVersion::V12, "look-up"))
}

fn refused(cases: Vec<(&str, String, VerifyError)>) {
    let verifier = verifier();
    for (name, document, reason) in cases {
        assert_eq!(verifier.verify(document.as_bytes(), now()), Err(reason), "{name}");
    }
}

#[test]
fn changed_parts_are_refused() {
    let good = signed();
    let other_body = replace(&good, "6101070000", "6101070001");
    let signature = element(&good, SIGNATURE_VALUE);
    let other_signature = signed_by("rsa-3072");
    let body = VerifyError::DigestMismatch(SignedPart::Body);
    let timestamp = VerifyError::DigestMismatch(SignedPart::Timestamp);
    refused(vec![
        ("body", other_body.clone(), body),
        ("body, with its digest", redigested(&other_body, "Body", BODY), VerifyError::SignatureMismatch),
        ("body, spaces added", replace(&good, "</u:Elev>", "</u:Elev> "), body),
        ("body, instruction added", replace(&good, "</u:Elev>", "</u:Elev><?x y?>"), body),
        ("created later", replace(&good, ":04:05.006Z", ":05:05.006Z"), timestamp),
        ("expires later", replace(&good, ":09:05.006Z", ":10:05.006Z"), timestamp),
        (
            "signature of another message",
            replace(&good, signature, element(&other_signature, SIGNATURE_VALUE)),
            VerifyError::SignatureMismatch,
        ),
        (
            "signature empty",
            replace(&good, signature, "<ds:SignatureValue></ds:SignatureValue>"),
            VerifyError::SignatureMismatch,
        ),
        (
            "signature not base64",
            replace(&good, signature, "<ds:SignatureValue>*</ds:SignatureValue>"),
            VerifyError::Malformed("SignatureValue"),
        ),
    ]);
}

#[test]
fn tokens_that_do_not_speak_for_the_message_are_refused() {
    let good = signed();
    let key_info = between(&good, "<ds:KeyInfo>", "</ds:KeyInfo>");
    let with_key_info =
        |content: &str| replace(&good, key_info, &format!("<ds:KeyInfo>{content}</ds:KeyInfo>"));
    refused(vec![
        ("another trusted one", with_token_of(&good, "rsa-3072"), VerifyError::SignatureMismatch),
        ("unknown CA", signed_by("foreign"), VerifyError::CertificateUntrusted),
        ("expired", signed_by("expired"), VerifyError::CertificateNotValidNow),
        ("not for signatures", signed_by("encryption-only"), VerifyError::CertificateUnusable),
        ("a CA", with_token_of(&good, "issuing"), VerifyError::CertificateUnusable),
        (
            "not base64",
            replace(&good, element(&good, TOKEN), &element(&good, TOKEN).replace(">MII", ">*MII")),
            VerifyError::Malformed("BinarySecurityToken"),
        ),
        (
            "not a certificate",
            replace(&good, element(&good, TOKEN), &element(&good, TOKEN).replace(">MII", ">MIII")),
            VerifyError::Malformed("BinarySecurityToken"),
        ),
        (
            "another kind of token",
            replace(
                &good,
                element(&good, TOKEN),
                &element(&good, TOKEN).replace("#X509v3", "#X509PKIPathv1"),
            ),
            VerifyError::CertificateMissing,
        ),
        ("named only", with_key_info("<ds:KeyName>rsa-2048</ds:KeyName>"), VerifyError::CertificateMissing),
        ("bare key", with_key_info("<ds:KeyValue></ds:KeyValue>"), VerifyError::CertificateMissing),
        ("no certificate", with_key_info("<ds:X509Data></ds:X509Data>"), VerifyError::CertificateMissing),
        ("none", with_key_info(""), VerifyError::Malformed("KeyInfo")),
    ]);
}

#[test]
fn algorithms_that_are_not_configured_are_refused() {
    let good = signed();
    let transforms = |content: &str| {
        let transforms = format!("<ds:Transforms>{content}</ds:Transforms>");
        resigned(&first(&good, element(&good, TRANSFORMS), &transforms))
    };
    let exclusive = format!("<ds:Transform Algorithm={EXCLUSIVE}></ds:Transform>");
    let method = |uri: &str| resigned(&replace(&good, RSA_SHA256, uri));
    let sha1 = signer_with("rsa-2048", SignatureAlgorithm::RsaSha1, DigestAlgorithm::Sha256);
    let sha1_digest = signer_with("rsa-2048", SignatureAlgorithm::RsaSha256, DigestAlgorithm::Sha1);
    let signature = VerifyError::AlgorithmRefused;
    let transform = VerifyError::TransformRefused;
    refused(vec![
        ("rsa-sha1", text(sign_payload(&sha1, SoapVersion::V12, "look-up")), signature),
        ("sha1", text(sign_payload(&sha1_digest, SoapVersion::V12, "look-up")), signature),
        ("hmac", method("\"http://www.w3.org/2000/09/xmldsig#hmac-sha1\""), signature),
        ("rsa-sha512", method("\"http://www.w3.org/2001/04/xmldsig-more#rsa-sha512\""), signature),
        ("none", method("\"\""), signature),
        ("md5", resigned(&first(&good, SHA256, "\"http://www.w3.org/2001/04/xmldsig-more#md5\"")), signature),
        (
            "inclusive canonicalisation",
            resigned(&first(&good, EXCLUSIVE, "\"http://www.w3.org/TR/2001/REC-xml-c14n-20010315\"")),
            signature,
        ),
        (
            "with comments",
            transforms(
                "<ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#WithComments\"></ds:Transform>",
            ),
            transform,
        ),
        (
            "stylesheet",
            transforms(
                "<ds:Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xslt-19991116\"></ds:Transform>",
            ),
            transform,
        ),
        ("two transforms", transforms(&exclusive.repeat(2)), transform),
        ("no transform", transforms(""), transform),
    ]);
}

#[test]
fn references_to_anything_but_parts_of_the_message_are_refused() {
    let good = signed();
    let body = reference(&good, "Body");
    let to = |uri: &str| {
        let uri = format!("URI=\"{uri}\"");
        resigned(&replace(&good, body, &first(body, between(body, "URI=\"#", "\""), &uri)))
    };
    let inner = replace(&good, "<u:Elev>", "<u:Elev Id=\"inner\">");
    let inner = redigested(&inner, "Body", BODY);
    let to_inner = replace(&inner, reference(&inner, "Body"), &{
        let both = reference(&inner, "Body");
        format!("{both}{}", first(both, between(both, "URI=\"#", "\""), "URI=\"#inner\""))
    });
    let without = |part: &str| resigned(&replace(&good, reference(&good, part), ""));
    let reason = VerifyError::ReferenceRefused;
    refused(vec![
        ("file", to("/etc/passwd"), reason),
        ("relative file", to("Cargo.toml"), reason),
        ("address", to("http://127.0.0.1/"), reason),
        ("whole document", to(""), reason),
        ("xpointer", to("#xpointer(/)"), reason),
        ("attachment", to("cid:1"), reason),
        ("nothing", to("#nothing"), reason),
        ("twice", resigned(&replace(&good, body, &body.repeat(2))), reason),
        ("inside the Body", resigned(&to_inner), reason),
        ("Body left out", without("Body"), VerifyError::NotCovered(SignedPart::Body)),
        ("Timestamp left out", without("Timestamp"), VerifyError::NotCovered(SignedPart::Timestamp)),
    ]);
}

#[test]
fn a_second_thing_that_could_be_meant_is_refused() {
    let good = signed();
    let timestamp = element(&good, TIMESTAMP);
    let signature = between(&good, "<ds:Signature ", "</ds:Signature>");
    let security = between(&good, "<wsse:Security ", "</wsse:Security>");
    let other_security = "<wsse:Security xmlns:wsse=\"http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd\"></wsse:Security>";
    refused(vec![
        (
            "id",
            replace(&good, "<u:Elev>", &format!("<u:Elev id=\"Body-{MESSAGE}\">")),
            VerifyError::DuplicateId,
        ),
        (
            "xml:id",
            replace(&good, "<u:Elev>", &format!("<u:Elev xml:id=\"Token-{MESSAGE}\">")),
            VerifyError::DuplicateId,
        ),
        ("signature", replace(&good, signature, &signature.repeat(2)), VerifyError::SeveralSignatures),
        (
            "security header",
            replace(&good, security, &format!("{security}{other_security}")),
            VerifyError::SeveralSecurityHeaders,
        ),
        (
            "security header in the body",
            replace(&good, "</u:Elev>", &format!("</u:Elev>{other_security}")),
            VerifyError::SeveralSecurityHeaders,
        ),
        (
            "timestamp",
            replace(&good, timestamp, &format!("{timestamp}{}", timestamp.replace("Timestamp-", "T-"))),
            VerifyError::Malformed("Timestamp"),
        ),
        ("no timestamp", replace(&good, timestamp, ""), VerifyError::Malformed("Timestamp")),
        (
            "security header for another",
            replace(&good, "soap:mustUnderstand=\"1\"", "soap:role=\"urn:somebody\""),
            VerifyError::Misplaced,
        ),
        (
            "object in the signature",
            replace(&good, "</ds:KeyInfo>", "</ds:KeyInfo><ds:Object></ds:Object>"),
            VerifyError::Malformed("SignedInfo"),
        ),
        ("signature taken away", replace(&good, signature, ""), VerifyError::Unsigned),
    ]);
}

#[test]
fn stale_messages_are_refused() {
    let (verifier, good) = (verifier(), signed());
    let at = |minutes| verifier.verify(good.as_bytes(), now() + SignedDuration::from_mins(minutes));
    assert!(at(0).is_ok() && at(5).is_ok());
    assert_eq!(at(6), Err(VerifyError::Expired));
    assert_eq!(at(-2), Err(VerifyError::NotYetValid));
    let created = between(&good, "<wsu:Created>", "</wsu:Created>");
    let expires = between(&good, "<wsu:Expires>", "</wsu:Expires>");
    let with =
        |from: &str, to: &str| resigned(&redigested(&replace(&good, from, to), "Timestamp", TIMESTAMP));
    refused(vec![
        ("no time", with(created, "<wsu:Created>today</wsu:Created>"), VerifyError::Malformed("Created")),
        (
            "time without zone",
            with(created, "<wsu:Created>2027-01-02T03:04:05</wsu:Created>"),
            VerifyError::Malformed("Created"),
        ),
        ("no creation", with(created, ""), VerifyError::Malformed("Created")),
        ("two expiries", with(expires, &expires.repeat(2)), VerifyError::Malformed("Expires")),
        (
            "expires before it was created",
            with(expires, "<wsu:Expires>2027-01-02T03:00:05Z</wsu:Expires>"),
            VerifyError::Expired,
        ),
    ]);
    let endless = with(expires, "");
    assert!(verifier.verify(endless.as_bytes(), now()).is_ok());
}

#[test]
fn what_is_not_a_soap_message_is_refused() {
    let good = signed();
    let deep = format!("{}{}", "<x>".repeat(200), "</x>".repeat(200));
    refused(vec![
        ("empty", String::new(), VerifyError::NotXml),
        ("cut off", good[..good.len() / 2].to_owned(), VerifyError::NotXml),
        ("two documents", good.repeat(2), VerifyError::NotXml),
        ("a DTD", format!("<!DOCTYPE x>{good}"), VerifyError::NotXml),
        ("too deep", replace(&good, "</u:Elev>", &format!("</u:Elev>{deep}")), VerifyError::NotXml),
        ("not SOAP", good.replace("/soap-envelope\"", "/soap-envelop\""), VerifyError::NotAnEnvelope),
        ("not signed", "<x></x>".to_owned(), VerifyError::Unsigned),
    ]);
    let mut latin1 = signed().into_bytes();
    let place = latin1.len() - 200;
    latin1[place] = 0xe6;
    assert_eq!(verifier().verify(&latin1, now()), Err(VerifyError::NotXml));
}

#[test]
fn comments_are_not_signed_and_not_handed_on() {
    let good = signed();
    let commented = replace(&good, "6101070000", "61010<!-- 1 -->70000");
    let verified = verifier().verify(commented.as_bytes(), now()).expect("accepted");
    assert_eq!(String::from_utf8_lossy(verified.body()), element(&good, BODY));
}
