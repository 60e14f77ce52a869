//! What a signature costs beyond its RSA operation, and what checking one costs.

use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use criterion::{Criterion, criterion_group, criterion_main};
use jiff::Timestamp;
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use ungebro::soap::schema::SoapVersion;
use ungebro::soap::security::{
    DigestAlgorithm, SignatureAlgorithm, Signer, SigningKey, TrustAnchors, Verifier,
};

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/signed").join(name)
}

fn read(name: &str) -> Vec<u8> {
    fs::read(data(name)).expect("a file of tests/data/signed")
}

fn private_key(identity: &str) -> PrivateKeyDer<'static> {
    PrivateKeyDer::from_pem_slice(&read(&format!("identities/{identity}.pem"))).expect("a key")
}

fn signer(identity: &str, signature: SignatureAlgorithm) -> Signer {
    let pem = read(&format!("identities/{identity}.pem"));
    let certificate = CertificateDer::from_pem_slice(&pem).expect("a certificate");
    let key = SigningKey::new(&certificate, &private_key(identity), signature);
    Signer::new(key.expect("a signing key"), DigestAlgorithm::Sha256)
}

/// A look-up with as many elements as reach 110 kB.
fn large_payload() -> Vec<u8> {
    let payload = String::from_utf8(read("payloads/look-up-100.xml")).expect("UTF-8");
    let pupils =
        &payload[payload.find("<u:Elev>").expect("there")..payload.find("</u:Hent>").expect("there")];
    payload.replace(pupils, &pupils.repeat(25)).into_bytes()
}

/// The RSA operation by itself, the floor of every signature.
fn bare_rsa(bench: &mut Criterion) {
    let key = match private_key("rsa-3072") {
        PrivateKeyDer::Pkcs1(der) => RsaKeyPair::from_der(der.secret_pkcs1_der()),
        other => RsaKeyPair::from_pkcs8(other.secret_der()),
    };
    let key = key.expect("a key");
    let mut signature = vec![0; key.public_modulus_len()];
    bench.bench_function("bare rsa-3072", |bencher| {
        bencher.iter(|| {
            key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), black_box(b"message"), &mut signature)
        });
    });
}

fn sign(bench: &mut Criterion) {
    let look_up = read("payloads/look-up.xml");
    let mut case = |name: &str, signer: Signer, payload: &[u8]| {
        bench.bench_function(name, |bencher| {
            bencher.iter(|| signer.sign(SoapVersion::V12, black_box(payload), Timestamp::now()));
        });
    };
    for identity in ["rsa-2048", "rsa-3072", "rsa-4096"] {
        case(&format!("sign {identity}"), signer(identity, SignatureAlgorithm::RsaSha256), &look_up);
    }
    case("sign rsa-3072, 110 kB", signer("rsa-3072", SignatureAlgorithm::RsaSha256), &large_payload());
    case("sign rsa-3072, rsa-sha1", signer("rsa-3072", SignatureAlgorithm::RsaSha1), &look_up);
}

fn verify(bench: &mut Criterion) {
    let anchors = TrustAnchors::from_pem(&read("identities/issuing.pem")).expect("an anchor");
    let verifier = Verifier::new(anchors, SignatureAlgorithm::RsaSha256, DigestAlgorithm::Sha256);
    let signer = signer("rsa-3072", SignatureAlgorithm::RsaSha256);
    let now = Timestamp::now();
    for (name, payload) in
        [("verify rsa-3072", read("payloads/look-up.xml")), ("verify rsa-3072, 110 kB", large_payload())]
    {
        let envelope = signer.sign(SoapVersion::V12, &payload, now).expect("signed");
        assert!(verifier.verify(&envelope, now).is_ok());
        bench.bench_function(name, |bencher| {
            bencher.iter(|| verifier.verify(black_box(&envelope), now));
        });
    }
}

criterion_group!(benches, bare_rsa, sign, verify);
criterion_main!(benches);
