//! Messages that other implementations have signed.

use super::*;

/// A minute after they were made.
fn then() -> Timestamp {
    "2026-11-21T23:09:00Z".parse().expect("an instant")
}

#[test]
fn wss4j_is_understood() {
    // Timestamp behind the signature, prefixes to be kept, CDATA, empty elements, white space.
    let envelope = read("peers/wss4j.xml");
    let verified = verifier().verify(&envelope, then()).expect("accepted");
    let body = String::from_utf8_lossy(verified.body()).into_owned();
    assert!(body.starts_with("<env:Body xmlns:env=\"http://www.w3.org/2003/05/soap-envelope\""), "{body}");
    assert!(body.contains("xmlns:xsi="), "{body}");
    assert!(body.contains("<u:KontaktPerson>Åse &amp; Æbelø</u:KontaktPerson>"), "{body}");
    assert!(body.contains("<u:KontaktTelefon></u:KontaktTelefon>"), "{body}");
    assert!(roxmltree::Document::parse(&body).is_ok(), "{body}");
    assert_eq!(verifier().verify(&envelope, now()), Err(VerifyError::Expired));
}

#[test]
fn the_layout_of_windows_clients_with_sha1_is_understood_where_sha1_is_configured() {
    let envelope = read("peers/xmlsec1-sha1.xml");
    let verified = lenient_verifier().verify(&envelope, then()).expect("accepted");
    let body = String::from_utf8_lossy(verified.body()).into_owned();
    assert!(body.contains("Bruger må ikke indberette oplysninger om dette CPR-nummer"), "{body}");
    assert_eq!(verifier().verify(&envelope, then()), Err(VerifyError::AlgorithmRefused));
}

/// It puts the transform for enveloped signatures on the Timestamp, which holds no signature.
#[test]
fn a_transform_that_does_nothing_is_refused_all_the_same() {
    let envelope = read("peers/node-soap.xml");
    assert_eq!(verifier().verify(&envelope, then()), Err(VerifyError::TransformRefused));
}

#[test]
fn a_certificate_inside_the_signature_is_understood() {
    let good = signed();
    let key_info = between(&good, "<ds:KeyInfo>", "</ds:KeyInfo>");
    let certificates = |names: &[&str]| {
        use base64::Engine as _;
        let data: String = names
            .iter()
            .map(|name| base64::prelude::BASE64_STANDARD.encode(certificate(name)))
            .map(|der| format!("<ds:X509Certificate>{der}</ds:X509Certificate>"))
            .collect();
        let key_info_now = format!("<ds:KeyInfo><ds:X509Data>{data}</ds:X509Data></ds:KeyInfo>");
        replace(&good, key_info, &key_info_now)
    };
    let only_root = TrustAnchors::from_pem(&read("identities/root.pem")).expect("anchors");
    let only_root = Verifier::new(only_root, SignatureAlgorithm::RsaSha256, DigestAlgorithm::Sha256);
    let verdict = |names: &[&str]| only_root.verify(certificates(names).as_bytes(), now()).map(drop);
    assert_eq!(verdict(&["rsa-2048", "issuing"]), Ok(()));
    assert_eq!(verdict(&["rsa-2048"]), Err(VerifyError::CertificateUntrusted));
    assert_eq!(verdict(&["rsa-3072", "issuing"]), Err(VerifyError::SignatureMismatch));
    assert!(verifier().verify(certificates(&["rsa-2048"]).as_bytes(), now()).is_ok());
}

#[test]
fn a_signer_that_is_its_own_anchor_is_trusted_alone() {
    let pinned = TrustAnchors::from_pem(&read("identities/rsa-2048.pem")).expect("an anchor");
    let pinned = Verifier::new(pinned, SignatureAlgorithm::RsaSha256, DigestAlgorithm::Sha256);
    let by = |identity| {
        let signer = signer_with(identity, SignatureAlgorithm::RsaSha256, DigestAlgorithm::Sha256);
        pinned.verify(&sign_payload(&signer, SoapVersion::V12, "look-up"), now()).map(drop)
    };
    assert_eq!(by("rsa-2048"), Ok(()));
    assert_eq!(by("rsa-3072"), Err(VerifyError::CertificateUntrusted));

    let expired = TrustAnchors::from_pem(&read("identities/expired.pem")).expect("an anchor");
    let expired = Verifier::new(expired, SignatureAlgorithm::RsaSha256, DigestAlgorithm::Sha256);
    let signer = signer_with("expired", SignatureAlgorithm::RsaSha256, DigestAlgorithm::Sha256);
    let envelope = sign_payload(&signer, SoapVersion::V12, "look-up");
    assert_eq!(expired.verify(&envelope, now()), Err(VerifyError::CertificateNotValidNow));
}
