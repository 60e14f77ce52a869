//! What is signed here is accepted here, and by a second implementation of XML Signature.

use bergshamra::c14n::{C14nMode, canonicalize};
use bergshamra::keys::loader::load_x509_cert_der;
use bergshamra::{DsigContext, KeysManager};

use super::*;

/// The verdict of bergshamra, with the certificate's key given to it.
fn other_verdict(envelope: &str, identity: &str) -> bool {
    let mut keys = KeysManager::new();
    keys.add_key(load_x509_cert_der(&certificate(identity)).expect("a certificate"));
    // Strict verification knows no layout in which the Body is not beside the signature.
    let context = DsigContext::new(keys).with_strict_verification(false);
    bergshamra::verify(&context, envelope).is_ok_and(|result| result.is_valid())
}

#[test]
fn every_key_algorithm_version_and_payload_is_accepted() {
    let signatures = [SignatureAlgorithm::RsaSha256, SignatureAlgorithm::RsaSha1];
    let digests = [DigestAlgorithm::Sha256, DigestAlgorithm::Sha1];
    let verifier = lenient_verifier();
    for identity in ["rsa-2048", "rsa-3072", "rsa-4096"] {
        for (signature, digest) in signatures.into_iter().zip(digests) {
            let signer = signer_with(identity, signature, digest);
            for soap in [SoapVersion::V11, SoapVersion::V12] {
                for name in PAYLOADS {
                    let envelope = sign_payload(&signer, soap, name);
                    let case = format!("{identity} {signature:?} {soap:?} {name}");
                    let verified = verifier.verify(&envelope, now());
                    assert!(verified.is_ok(), "{case}: {verified:?}");
                    assert!(other_verdict(&text(envelope), identity), "{case}");
                }
            }
        }
    }
}

#[test]
fn sha1_and_sha256_may_be_mixed() {
    for (signature, digest) in [
        (SignatureAlgorithm::RsaSha1, DigestAlgorithm::Sha256),
        (SignatureAlgorithm::RsaSha256, DigestAlgorithm::Sha1),
    ] {
        let envelope = sign_payload(&signer_with("rsa-2048", signature, digest), SoapVersion::V12, "report");
        assert!(Verifier::new(anchors(), signature, digest).verify(&envelope, now()).is_ok());
        assert_eq!(verifier().verify(&envelope, now()), Err(VerifyError::AlgorithmRefused));
    }
}

#[test]
fn the_verified_body_is_what_was_sent() {
    for name in PAYLOADS {
        let envelope = text(sign_payload(&signer(), SoapVersion::V12, name));
        let verified = verifier().verify(envelope.as_bytes(), now()).expect("accepted");
        let sent = between(&envelope, "<soap:Body", "</soap:Body>");
        assert_eq!(String::from_utf8_lossy(verified.body()), sent, "{name}");
        let envelope = text(verified.into_envelope());
        assert!(envelope.starts_with("<soap:Envelope "), "{envelope}");
        assert!(envelope.ends_with(&format!("{sent}</soap:Envelope>")), "{envelope}");
        assert!(roxmltree::Document::parse(&envelope).is_ok());
    }
}

#[test]
fn the_payloads_are_their_own_canonical_form() {
    for name in PAYLOADS {
        let payload = String::from_utf8(payload(name)).expect("UTF-8");
        let canonical = canonicalize::<&str>(&payload, C14nMode::Exclusive, None, &[]).expect("XML");
        assert_eq!(String::from_utf8_lossy(&canonical), payload, "{name}");
    }
}

#[test]
fn a_retry_is_signed_anew() {
    let (signer, verifier) = (signer(), verifier());
    let sign = || signer.sign(SoapVersion::V12, &payload("look-up"), now()).expect("signed");
    let (first, second) = (sign(), sign());
    assert_ne!(first, second);
    assert!(verifier.verify(&first, now()).is_ok());
    assert!(verifier.verify(&second, now()).is_ok());
    let ids = |envelope| text(envelope).matches("Id=\"").count();
    assert_eq!(ids(first), 3);
}

#[test]
fn a_key_that_is_not_the_certificates_is_refused() {
    let signing = |certificate_of, key_of| {
        SigningKey::new(&certificate(certificate_of), &private_key(key_of), SignatureAlgorithm::RsaSha1)
            .map(drop)
    };
    assert_eq!(signing("rsa-2048", "rsa-3072"), Err(SigningKeyError::Mismatch));
    assert_eq!(signing("rsa-3072", "rsa-3072"), Ok(()));
}

#[test]
fn nothing_of_a_key_or_a_message_is_printed() {
    let signer = signer();
    let verified = verifier().verify(signed().as_bytes(), now()).expect("accepted");
    let printed = format!("{signer:?} {verified:?}");
    assert!(!printed.contains("MII") && !printed.contains("6101070000"), "{printed}");
}

#[test]
fn a_signature_is_asked_for_as_configured() {
    let signed = Bytes::from(signed());
    let unsigned =
        Bytes::from_static(b"<Envelope xmlns=\"http://www.w3.org/2003/05/soap-envelope\"><Body/></Envelope>");
    let broken = Bytes::from(replace(&text(signed.clone()), "6101070000", "6101070001"));
    let changed = VerifyError::DigestMismatch(SignedPart::Body);

    let off = Verification::Off;
    assert_eq!(off.apply(broken.clone(), now()), Ok(broken.clone()));

    let if_present = Verification::IfPresent(verifier());
    assert_eq!(if_present.apply(unsigned.clone(), now()), Ok(unsigned.clone()));
    assert_eq!(if_present.apply(broken.clone(), now()), Err(changed));
    assert!(if_present.apply(signed.clone(), now()).is_ok_and(|read| read.len() < signed.len()));

    let require = Verification::Require(verifier());
    assert_eq!(require.apply(unsigned, now()), Err(VerifyError::Unsigned));
    assert_eq!(require.apply(broken, now()), Err(changed));
    assert!(require.apply(signed, now()).is_ok());
}
