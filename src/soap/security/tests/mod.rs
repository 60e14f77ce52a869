//! Signing and checking, together and against documents made elsewhere.

mod golden;
mod interop;
mod round_trip;
mod tampering;
mod upstream;
mod wrapping;

use std::fs;
use std::path::PathBuf;

use bytes::Bytes;
use jiff::Timestamp;
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use uuid::Uuid;

use super::*;
use crate::soap::schema::SoapVersion;

const MESSAGE: Uuid = Uuid::from_u128(0x0f9d_7f3a_51c4_4d6e_8a2b_1c3d_5e7f_9a0b);

const PAYLOADS: [&str; 4] = ["changes", "look-up", "look-up-100", "report"];

fn data(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/signed").join(name)
}

fn read(name: &str) -> Vec<u8> {
    fs::read(data(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn payload(name: &str) -> Vec<u8> {
    read(&format!("payloads/{name}.xml"))
}

fn now() -> Timestamp {
    "2027-01-02T03:04:05.006789Z".parse().expect("an instant")
}

fn certificate(identity: &str) -> CertificateDer<'static> {
    let pem = read(&format!("identities/{identity}.pem"));
    CertificateDer::from_pem_slice(&pem).expect("a certificate")
}

fn private_key(identity: &str) -> PrivateKeyDer<'static> {
    let pem = read(&format!("identities/{identity}.pem"));
    PrivateKeyDer::from_pem_slice(&pem).expect("a key")
}

fn signer_with(identity: &str, signature: SignatureAlgorithm, digest: DigestAlgorithm) -> Signer {
    let key = SigningKey::new(&certificate(identity), &private_key(identity), signature);
    Signer::new(key.expect("a signing key"), digest)
}

fn signer() -> Signer {
    signer_with("rsa-2048", SignatureAlgorithm::RsaSha256, DigestAlgorithm::Sha256)
}

/// Trusts the root; the issuing CA is among the anchors because tokens carry one certificate.
fn anchors() -> TrustAnchors {
    let pem = [read("identities/root.pem"), read("identities/issuing.pem")].concat();
    TrustAnchors::from_pem(&pem).expect("trust anchors")
}

fn verifier() -> Verifier {
    Verifier::new(anchors(), SignatureAlgorithm::RsaSha256, DigestAlgorithm::Sha256)
}

fn lenient_verifier() -> Verifier {
    Verifier::new(anchors(), SignatureAlgorithm::RsaSha1, DigestAlgorithm::Sha1)
}

fn sign_payload(signer: &Signer, soap: SoapVersion, name: &str) -> Bytes {
    signer.sign_as(soap, (b"", &payload(name)), now(), MESSAGE).expect("signed")
}

/// A signed look-up as text.
fn signed() -> String {
    text(sign_payload(&signer(), SoapVersion::V12, "look-up"))
}

fn text(envelope: Bytes) -> String {
    String::from_utf8(envelope.into()).expect("UTF-8")
}

/// The text between two others, which are part of it.
fn between<'t>(text: &'t str, open: &str, close: &str) -> &'t str {
    let start = text.find(open).unwrap_or_else(|| panic!("no {open}"));
    let content = start + open.len();
    let end = text[content..].find(close).unwrap_or_else(|| panic!("no {close}"));
    &text[start..content + end + close.len()]
}

/// Replaces what is there exactly once.
fn replace(text: &str, from: &str, to: &str) -> String {
    assert_eq!(text.matches(from).count(), 1, "{from}");
    text.replace(from, to)
}
