//! The configured signer and verifier of one upstream, while their files change.

use jiff::SignedDuration;

use super::*;
use crate::config::{DigestMethod, Identity, IdentityFiles, SignatureMethod, Signing, Verify};

/// Settings whose files are copies that a test may replace.
fn settings(folder: &tempfile::TempDir, identity: &str) -> Signing {
    let path = folder.path().join("identity.pem");
    let anchors = folder.path().join("anchors.pem");
    fs::copy(data(&format!("identities/{identity}.pem")), &path).expect("copied");
    fs::copy(data("identities/issuing.pem"), &anchors).expect("copied");
    Signing {
        identity: Identity { current: IdentityFiles { path, password_file: None }, next: None },
        signature: SignatureMethod::RsaSha256,
        digest: DigestMethod::Sha256,
        verify: Verify::Require,
        trust_anchors: Some(anchors),
    }
}

fn token_of(security: &MessageSecurity) -> String {
    let envelope = security.sign(SoapVersion::V12, b"", &payload("look-up"), now()).expect("signed");
    between(&text(envelope), "<wsse:BinarySecurityToken", "</wsse:BinarySecurityToken>")
        .rsplit('>')
        .nth(1)
        .map(|content| content.trim_end_matches("</wsse:BinarySecurityToken").to_owned())
        .expect("a token")
}

fn token(identity: &str) -> String {
    use base64::Engine as _;
    base64::prelude::BASE64_STANDARD.encode(certificate(identity))
}

#[test]
fn a_changed_identity_signs_the_next_message_and_a_broken_one_changes_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let settings = settings(&folder, "rsa-2048");
    let security = MessageSecurity::load("udb", &settings, now()).expect("loaded");
    assert_eq!(token_of(&security), token("rsa-2048"));

    fs::copy(data("identities/rsa-3072.pem"), &settings.identity.current.path).expect("copied");
    security.refresh(now());
    assert_eq!(token_of(&security), token("rsa-3072"));

    fs::write(&settings.identity.current.path, "nothing").expect("written");
    security.refresh(now());
    assert_eq!(token_of(&security), token("rsa-3072"));
}

#[test]
fn the_next_identity_takes_over_when_the_first_runs_out() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut settings = settings(&folder, "expired");
    let path = data("identities/rsa-2048.pem");
    settings.identity.next = Some(IdentityFiles { path, password_file: None });
    let before: Timestamp = "2026-05-30T00:00:00Z".parse().expect("an instant");
    let security = MessageSecurity::load("udb", &settings, before).expect("loaded");
    assert_eq!(token_of(&security), token("expired"));
    security.refresh(before + SignedDuration::from_hours(25));
    assert_eq!(token_of(&security), token("rsa-2048"));
}

#[test]
fn changed_trust_anchors_count_for_the_next_answer() {
    let folder = tempfile::tempdir().expect("a folder");
    let settings = settings(&folder, "rsa-2048");
    let security = MessageSecurity::load("udb", &settings, now()).expect("loaded");
    let answer = Bytes::from(signed());
    assert!(security.check(answer.clone(), now()).is_ok());
    let anchors = settings.trust_anchors.expect("anchors");
    fs::copy(data("identities/other-root.pem"), anchors).expect("copied");
    security.refresh(now());
    assert_eq!(security.check(answer, now()), Err(VerifyError::CertificateUntrusted));
}

#[test]
fn a_file_at_fault_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let good = settings(&folder, "rsa-2048");
    let complaint = |settings: &Signing| match MessageSecurity::load("udb", settings, now()) {
        Ok(_) => panic!("loaded"),
        Err(error) => error.to_string(),
    };

    let mut missing = good.clone();
    missing.trust_anchors = Some(folder.path().join("missing.pem"));
    assert!(complaint(&missing).contains("missing.pem: cannot be read"), "{}", complaint(&missing));

    let mut empty = good.clone();
    empty.trust_anchors = Some(folder.path().join("empty.pem"));
    fs::write(folder.path().join("empty.pem"), "").expect("written");
    assert!(complaint(&empty).ends_with("empty.pem: there is no certificate among the trust anchors"));

    let key = rcgen::KeyPair::generate().expect("an elliptic key");
    let certificate = rcgen::CertificateParams::default().self_signed(&key).expect("a certificate");
    fs::write(&good.identity.current.path, certificate.pem() + &key.serialize_pem()).expect("written");
    assert!(
        complaint(&good)
            .ends_with("identity.pem: cannot sign messages: the key is not an RSA key of 2048 to 8192 bits")
    );
}
