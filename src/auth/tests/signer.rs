//! A signing key and the tokens that an issuer, or an attacker, could make with it.

use std::sync::LazyLock;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RSA_PSS_SHA256,
    RsaKeyPair, RsaPublicKeyComponents,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

/// RSA keys are slow to make, so all tests share one.
static RSA: LazyLock<RsaKeyPair> = LazyLock::new(|| RsaKeyPair::generate(KeySize::Rsa2048).unwrap());

enum Key {
    Rsa,
    P256(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

pub(super) struct Signer {
    kid: Option<&'static str>,
    algorithm: &'static str,
    key: Key,
}

impl Signer {
    pub(super) fn rsa(kid: impl Into<Option<&'static str>>, algorithm: &'static str) -> Self {
        Self { kid: kid.into(), algorithm, key: Key::Rsa }
    }

    pub(super) fn p256(kid: impl Into<Option<&'static str>>) -> Self {
        let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
        Self { kid: kid.into(), algorithm: "ES256", key: Key::P256(key) }
    }

    pub(super) fn ed25519(kid: impl Into<Option<&'static str>>) -> Self {
        let key = Ed25519KeyPair::generate().unwrap();
        Self { kid: kid.into(), algorithm: "EdDSA", key: Key::Ed25519(key) }
    }

    /// The public key, with `kid` where there is one and without `alg`.
    pub(super) fn jwk(&self) -> Value {
        let mut jwk = match &self.key {
            Key::Rsa => {
                let parts = RsaPublicKeyComponents::<Vec<u8>>::from(RSA.public_key());
                json!({"kty": "RSA", "n": encoded(&parts.n), "e": encoded(&parts.e)})
            }
            Key::P256(key) => {
                let (x, y) = key.public_key().as_ref()[1..].split_at(32);
                json!({"kty": "EC", "crv": "P-256", "x": encoded(x), "y": encoded(y)})
            }
            Key::Ed25519(key) => {
                json!({"kty": "OKP", "crv": "Ed25519", "x": encoded(key.public_key().as_ref())})
            }
        };
        if let Some(kid) = self.kid {
            jwk["kid"] = kid.into();
        }
        jwk
    }

    /// [`Self::jwk`] with more members.
    pub(super) fn jwk_with(&self, more: Value) -> Value {
        let mut jwk = self.jwk();
        jwk.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        jwk
    }

    /// An ordinary token.
    pub(super) fn token(&self, claims: &Value) -> String {
        self.token_with(json!({}), claims)
    }

    /// A token with more header members.
    pub(super) fn token_with(&self, more: Value, claims: &Value) -> String {
        let mut header = json!({"typ": "JWT", "alg": self.algorithm});
        if let Some(kid) = self.kid {
            header["kid"] = kid.into();
        }
        header.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.sign(&header.to_string(), &claims.to_string())
    }

    /// A token of these two texts, whatever they are.
    pub(super) fn sign(&self, header: &str, claims: &str) -> String {
        let message = message(header, claims);
        let signature = encoded(&self.signature(message.as_bytes()));
        format!("{message}.{signature}")
    }

    fn signature(&self, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match &self.key {
            Key::Rsa => {
                let padding: &'static dyn aws_lc_rs::signature::RsaEncoding =
                    if self.algorithm == "PS256" { &RSA_PSS_SHA256 } else { &RSA_PKCS1_SHA256 };
                let mut signature = vec![0; RSA.public_modulus_len()];
                RSA.sign(padding, &random, message, &mut signature).unwrap();
                signature
            }
            Key::P256(key) => key.sign(&random, message).unwrap().as_ref().to_vec(),
            Key::Ed25519(key) => key.sign(message).as_ref().to_vec(),
        }
    }
}

pub(super) fn message(header: &str, claims: &str) -> String {
    format!("{}.{}", encoded(header.as_bytes()), encoded(claims.as_bytes()))
}

pub(super) fn encoded(octets: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(octets)
}
