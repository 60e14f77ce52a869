//! An issuer whose tokens can be bent in every way.

use std::sync::LazyLock;

use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde_json::{Value, json};

pub(crate) const ISSUER: &str = "https://idp.example.dk/";
/// An issuer that may vouch for municipality 151 and nobody else.
pub(crate) const NARROW_ISSUER: &str = "https://narrow.example.dk/";
pub(crate) const AUDIENCE: &str = "ungebro";
const KEY_ID: &str = "key-1";

static KEY: LazyLock<EcdsaKeyPair> = LazyLock::new(new_key);

fn new_key() -> EcdsaKeyPair {
    EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap()
}

/// The issuer's key set.
pub(crate) fn jwks() -> String {
    let (x, y) = KEY.public_key().as_ref()[1..].split_at(32);
    let key = json!({"kty": "EC", "crv": "P-256", "kid": KEY_ID, "x": encoded(x), "y": encoded(y)});
    json!({ "keys": [key] }).to_string()
}

/// A token in the making: an ordinary one of a caseworker unless it is bent.
#[derive(Clone)]
pub(crate) struct Token {
    header: Value,
    claims: Value,
}

impl Token {
    /// A caseworker with scopes, separated by spaces, for one authority.
    pub(crate) fn caseworker(scopes: &str, authority: &str) -> Self {
        let now = Timestamp::now().as_second();
        let header = json!({"alg": "ES256", "kid": KEY_ID, "typ": "JWT"});
        let claims = json!({
            "iss": ISSUER, "aud": AUDIENCE, "exp": now + 600, "iat": now,
            "sub": "sagsbehandler-17", "name": "Mette Blå Sørensen", "client_id": "fagsystem",
            "scope": scopes, "authorities": [authority],
        });
        Self { header, claims }
    }

    /// A program that calls for itself.
    pub(crate) fn system(scopes: &str, authority: &str) -> Self {
        Self::caseworker(scopes, authority).with("sub", "natjob").with("client_id", "natjob").without("name")
    }

    pub(crate) fn with(mut self, claim: &str, value: impl Into<Value>) -> Self {
        self.claims[claim] = value.into();
        self
    }

    pub(crate) fn without(mut self, claim: &str) -> Self {
        self.claims.as_object_mut().unwrap().remove(claim);
        self
    }

    pub(crate) fn with_header(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.header[name] = value.into();
        self
    }

    /// The token, signed by its issuer.
    pub(crate) fn signed(&self) -> String {
        self.signed_by(&KEY)
    }

    /// The token, signed by somebody else's key.
    pub(crate) fn forged(&self) -> String {
        self.signed_by(&new_key())
    }

    /// The token as HS256, with the issuer's public key as the secret.
    pub(crate) fn confused(&self) -> String {
        let message = self.clone().with_header("alg", "HS256").message();
        let key = hmac::Key::new(hmac::HMAC_SHA256, KEY.public_key().as_ref());
        format!("{message}.{}", encoded(hmac::sign(&key, message.as_bytes()).as_ref()))
    }

    /// The token without a signature.
    pub(crate) fn unsigned(&self) -> String {
        format!("{}.", self.clone().with_header("alg", "none").message())
    }

    fn signed_by(&self, key: &EcdsaKeyPair) -> String {
        let message = self.message();
        let signature = key.sign(&SystemRandom::new(), message.as_bytes()).unwrap();
        format!("{message}.{}", encoded(signature.as_ref()))
    }

    fn message(&self) -> String {
        format!("{}.{}", encoded(self.header.to_string()), encoded(self.claims.to_string()))
    }
}

fn encoded(octets: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(octets)
}
