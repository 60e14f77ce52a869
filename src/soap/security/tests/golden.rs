//! Signed documents whose every byte is known: a change of what goes out shows as a difference.

use super::*;

/// Name of the document, key, algorithms, version, payload.
const DOCUMENTS: [(&str, &str, SignatureAlgorithm, DigestAlgorithm, SoapVersion, &str); 6] = [
    ("look-up", "rsa-3072", SHA256.0, SHA256.1, SoapVersion::V12, "look-up"),
    ("look-up-100", "rsa-2048", SHA256.0, SHA256.1, SoapVersion::V12, "look-up-100"),
    ("changes", "rsa-4096", SHA256.0, SHA256.1, SoapVersion::V12, "changes"),
    ("report", "rsa-3072", SHA256.0, SHA256.1, SoapVersion::V12, "report"),
    ("report-sha1", "rsa-3072", SHA1.0, SHA1.1, SoapVersion::V12, "report"),
    ("report-soap11", "rsa-2048", SHA256.0, SHA256.1, SoapVersion::V11, "report"),
];
const SHA256: (SignatureAlgorithm, DigestAlgorithm) =
    (SignatureAlgorithm::RsaSha256, DigestAlgorithm::Sha256);
const SHA1: (SignatureAlgorithm, DigestAlgorithm) = (SignatureAlgorithm::RsaSha1, DigestAlgorithm::Sha1);

#[test]
fn signed_documents_are_the_committed_ones_to_the_byte() {
    for (name, identity, signature, digest, soap, payload) in DOCUMENTS {
        let envelope = sign_payload(&signer_with(identity, signature, digest), soap, payload);
        let file = format!("golden/{name}.xml");
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::write(data(&file), &envelope).expect("written");
        }
        assert_eq!(text(envelope), String::from_utf8_lossy(&read(&file)), "{file}");
    }
}

/// Not everything in a message is signed, but whatever is not has no say in what is read.
#[test]
fn a_change_of_any_byte_is_refused_or_without_effect() {
    let verifier = verifier();
    let document = read("golden/look-up.xml");
    let body = verifier.verify(&document, now()).expect("accepted");
    for index in 0..document.len() {
        let mut changed = document.clone();
        changed[index] ^= 1;
        if let Ok(verified) = verifier.verify(&changed, now()) {
            assert_eq!(verified, body, "byte {index}");
        }
    }
}
