//! Which published keys are used, and how a key set may be fetched.

use serde_json::{Value, json};

use super::server::KeyServer;
use super::signer::{Signer, encoded};
use super::*;
use crate::auth::jwk::KeySet;
use crate::auth::{KeySetFault, ReadError, SourceError};

fn usable(entry: Value) -> bool {
    let document = json!({"keys": [entry]}).to_string();
    KeySet::read(document.as_bytes()).unwrap().keys.len() == 1
}

#[test]
fn only_strong_public_signing_keys_are_used() {
    let (rsa, ec, ed) = (Signer::rsa("r", "RS256"), Signer::p256("e"), Signer::ed25519("d"));
    let leading_zero = [&[0][..], &[0xFF; 256]].concat();
    for (expected, entry) in [
        (true, rsa.jwk()),
        (true, ec.jwk()),
        (true, ed.jwk()),
        (true, rsa.jwk_with(json!({"use": "sig", "alg": "RS256", "key_ops": ["verify"]}))),
        (true, json!({"kty": "RSA", "n": encoded(&leading_zero), "e": "AQAB"})),
        (false, rsa.jwk_with(json!({"use": "enc"}))),
        (false, rsa.jwk_with(json!({"use": "tls"}))),
        (false, rsa.jwk_with(json!({"key_ops": ["encrypt"]}))),
        (false, rsa.jwk_with(json!({"alg": "RS512"}))),
        (false, rsa.jwk_with(json!({"alg": "HS256"}))),
        (false, rsa.jwk_with(json!({"alg": "RSA-OAEP"}))),
        (false, ec.jwk_with(json!({"alg": "RS256"}))),
        (false, json!({"kty": "oct", "k": "c2VjcmV0", "alg": "HS256"})),
        (false, json!({"kty": "oct", "k": "c2VjcmV0", "alg": "RS256"})),
        (false, json!({"kty": "RSA", "n": encoded(&[0xFF; 128]), "e": "AQAB"})),
        (false, json!({"kty": "RSA", "n": encoded(&[&[0; 200][..], &[0xFF; 128]].concat()), "e": "AQAB"})),
        (false, json!({"kty": "RSA", "n": encoded(&[0x7F; 256]), "e": "AQAB"})),
        (false, json!({"kty": "RSA", "n": "", "e": "AQAB"})),
        (false, json!({"kty": "RSA", "n": "!", "e": "AQAB"})),
        (false, json!({"kty": "EC", "crv": "P-384", "x": encoded(&[1; 48]), "y": encoded(&[1; 48])})),
        (false, json!({"kty": "EC", "crv": "P-256", "x": encoded(&[1; 31]), "y": encoded(&[1; 33])})),
        (false, json!({"kty": "OKP", "crv": "X25519", "x": encoded(&[1; 32])})),
        (false, json!({"kty": "OKP", "crv": "Ed25519", "x": encoded(&[1; 31])})),
        (false, json!({"kty": "AKP", "pub": "x"})),
        (false, json!({})),
        (false, json!(7)),
        (false, json!([[[]]])),
    ] {
        assert_eq!(usable(entry.clone()), expected, "{entry}");
    }
}

#[test]
fn an_odd_entry_does_not_take_the_others_away() {
    let ec = Signer::p256("e");
    let document = json!({"keys": [null, {"kty": 7}, ec.jwk(), {"kty": "oct", "k": "AA"}]}).to_string();
    let set = KeySet::read(document.as_bytes()).unwrap();
    assert_eq!((set.keys.len(), set.ignored), (1, 3));
    for document in ["", "[]", "{}", r#"{"keys":{}}"#, "<html>"] {
        assert!(KeySet::read(document.as_bytes()).is_err());
    }
}

#[test]
fn the_same_keys_in_another_order_are_no_change() {
    let (a, b) = (Signer::p256("a"), Signer::p256("b"));
    let read = |signers: &[&Signer]| KeySet::read(key_set(signers).as_bytes()).unwrap();
    assert!(read(&[&a, &b]).same_keys(&read(&[&b, &a])));
    assert!(!read(&[&a, &b]).same_keys(&read(&[&a])));
    let renamed = json!({"keys": [a.jwk_with(json!({"kid": "c"})), b.jwk()]}).to_string();
    assert!(!read(&[&a, &b]).same_keys(&KeySet::read(renamed.as_bytes()).unwrap()));
}

#[tokio::test]
async fn a_key_set_comes_over_https_or_from_the_loopback_address() {
    for (url, expected) in [
        ("https://idp.example.dk/jwks", None),
        ("http://127.0.0.1:1/jwks", None),
        ("http://127.8.9.1:1/jwks", None),
        ("http://[::1]:1/jwks", None),
        ("http://localhost:1/jwks", None),
        ("http://idp.example.dk/jwks", Some(SourceError::NotSecure)),
        ("http://127.0.0.1.example.dk/", Some(SourceError::NotSecure)),
        ("http://127.0.0.1@example.dk/", Some(SourceError::NotSecure)),
        ("http://localhost.example.dk/", Some(SourceError::NotSecure)),
        ("file:///etc/passwd", Some(SourceError::NotSecure)),
        ("idp", Some(SourceError::NotAUrl)),
    ] {
        let source = crate::auth::source::Source::new(&issuer(JwksSource::Url(url.to_owned())));
        assert_eq!(source.err(), expected, "{url}");
    }
}

#[tokio::test]
async fn what_is_no_key_set_is_a_failure_and_not_a_start_error() {
    let good = key_set(&[&Signer::p256("ec")]);
    let elsewhere = KeyServer::with(&good).await;
    let server = KeyServer::with(&good).await;
    let length = good.len();
    for answer in [
        format!("HTTP/1.1 302 Found\r\nlocation: {}\r\ncontent-length: 0\r\n\r\n", elsewhere.url()),
        format!("HTTP/1.1 201 Created\r\ncontent-length: {length}\r\n\r\n{good}"),
        format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{good}", length + 1),
        format!("HTTP/1.1 200 OK\r\n\r\n{}", " ".repeat(2 * 1024 * 1024)),
        "HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\n<html>".to_owned(),
        "nonsense".to_owned(),
        String::new(),
    ] {
        server.answer_raw(answer);
        let keys = KeySets::start(&[issuer(server.source())]).await.unwrap();
        assert!(!keys.all_loaded());
        assert_eq!(keys.status()[0].failures, 1);
    }
    assert_eq!(elsewhere.asked(), 0);
    server.publish(&good);
    let keys = KeySets::start(&[issuer(server.source())]).await.unwrap();
    let status = &keys.status()[0];
    assert!(keys.all_loaded() && status.age.is_some());
    assert_eq!((status.keys, status.attempts, status.failures), (1, 1, 0));
}

#[tokio::test]
async fn the_issuer_says_itself_where_its_keys_are_and_only_it() {
    let signer = Signer::ed25519("ed");
    let keys = super::server::KeyServer::with(&key_set(&[&signer])).await;
    for (document, found) in [
        (json!({"issuer": ISSUER, "jwks_uri": keys.url()}), Ok(1)),
        (json!({"issuer": "https://evil.example/", "jwks_uri": keys.url()}), Err(ReadError::AnotherIssuer)),
        (
            json!({"issuer": ISSUER, "jwks_uri": "http://idp.example.dk/jwks"}),
            Err(ReadError::KeySetNotSecure),
        ),
        (json!({"issuer": ISSUER}), Err(ReadError::NotAConfiguration)),
        (json!([]), Err(ReadError::NotAConfiguration)),
    ] {
        let server = super::server::KeyServer::with(&document.to_string()).await;
        let source = JwksSource::Discovery { url: server.url(), issuer: ISSUER.to_owned() };
        let examined = crate::auth::examine(&issuer(source)).await;
        assert_eq!(examined, found.map_err(KeySetFault::Read), "{document}");
    }
}

#[tokio::test]
async fn the_configured_proxy_is_asked_for_a_tunnel_and_wrong_authorities_are_named() {
    let proxy = super::server::KeyServer::with("").await;
    let mut through = issuer(JwksSource::Url("https://idp.example.dk/jwks".to_owned()));
    through.proxy = Some(proxy.url());
    let examined = crate::auth::examine(&through).await;
    assert_eq!(examined, Err(KeySetFault::Read(ReadError::Connection)));
    assert_eq!(proxy.asked(), 1, "nobody else was asked");
    let file = tempfile::NamedTempFile::new().unwrap();
    through.ca_file = Some(file.path().to_owned());
    let error = crate::auth::examine(&through).await.unwrap_err().to_string();
    assert!(error.contains(&*file.path().to_string_lossy()), "{error}");
}
