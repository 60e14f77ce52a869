//! Attacks on tokens and key sets, driven by a token issuer made for each test.

mod attacks;
mod identities;
mod key_sets;
mod refreshing;
mod server;
mod shapes;
mod signer;

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Value, json};

use self::signer::Signer;
use super::{KeySets, Verifier};
use crate::config::{Auth, Issuer, JwksSource};

const ISSUER: &str = "https://idp.example.dk/";
const AUDIENCE: &str = "ungebro";
/// The time at which tests take place.
const NOW: i64 = 1_800_000_000;

fn now() -> Timestamp {
    at(NOW)
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

/// The claims of a caseworker's token that is good for five minutes.
fn claims() -> Value {
    json!({
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "caseworker-1",
        "name": "Test Person",
        "azp": "portal",
        "scope": "youth.contacts.read",
        "authorities": ["jobcenter:15101"],
        "exp": NOW + 300,
    })
}

/// The claims of [`claims`], changed: `null` removes one.
fn claims_with(changes: Value) -> Value {
    let mut claims = claims();
    for (name, value) in changes.as_object().unwrap() {
        match value {
            Value::Null => claims.as_object_mut().unwrap().remove(name),
            value => claims.as_object_mut().unwrap().insert(name.clone(), value.clone()),
        };
    }
    claims
}

fn key_set(signers: &[&Signer]) -> String {
    json!({"keys": signers.iter().map(|signer| signer.jwk()).collect::<Vec<_>>()}).to_string()
}

fn issuer(jwks: JwksSource) -> Issuer {
    Issuer::new(ISSUER.to_owned(), vec![AUDIENCE.to_owned()], jwks)
}

async fn verifier_of(issuers: Vec<Issuer>) -> Verifier {
    Verifier::start(&Auth::new(issuers)).await.unwrap()
}

/// A verifier whose one issuer publishes the keys of these signers.
async fn verifier(signers: &[&Signer]) -> Verifier {
    verifier_of(vec![issuer(JwksSource::Memory(key_set(signers)))]).await
}
