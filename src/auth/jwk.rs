//! A published JSON Web Key Set (RFC 7517), reduced to the keys that may verify a token.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::DecodingKey;
use jsonwebtoken::jwk::{
    AlgorithmParameters, CommonParameters, EllipticCurve, EllipticCurveKeyParameters, Jwk, KeyAlgorithm,
    KeyOperations, OctetKeyPairParameters, PublicKeyUse, RSAKeyParameters,
};
use serde::Deserialize;

use crate::config::Algorithm;
use crate::types::text::without_mark;

/// aws-lc verifies with moduli of these sizes only.
const RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=8192;
/// A P-256 coordinate (RFC 7518, section 6.2.1.2) and an Ed25519 key (RFC 8037, section 2).
const CURVE_OCTETS: usize = 32;

/// The keys of one issuer that may verify tokens.
pub(super) struct KeySet {
    pub(super) keys: Vec<VerificationKey>,
    /// How many entries were of no use here: encryption keys, secrets, weak or unknown keys.
    pub(super) ignored: usize,
}

/// The document is not a JSON Web Key Set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a JSON Web Key Set")]
pub(super) struct NotAKeySet;

#[derive(Deserialize)]
struct Document {
    keys: Vec<serde_json::Value>,
}

impl KeySet {
    /// Reads a key set. An entry that may not verify tokens is left out and counted, so that one
    /// odd key does not take the others away.
    pub(super) fn read(document: &[u8]) -> Result<Self, NotAKeySet> {
        let document: Document = serde_json::from_slice(without_mark(document)).map_err(|_| NotAKeySet)?;
        let published = document.keys.len();
        let keys: Vec<_> = document.keys.into_iter().filter_map(VerificationKey::read).collect();
        let ignored = published - keys.len();
        Ok(Self { keys, ignored })
    }

    /// Whether both hold the same keys, in any order.
    pub(super) fn same_keys(&self, other: &Self) -> bool {
        let sorted = |set: &Self| {
            let mut prints: Vec<_> = set.keys.iter().map(|key| key.fingerprint).collect();
            prints.sort_unstable();
            prints
        };
        sorted(self) == sorted(other)
    }
}

/// A public key, its `kid`, and the algorithms that it may be used with.
pub(super) struct VerificationKey {
    id: Option<String>,
    algorithms: Vec<Algorithm>,
    key: DecodingKey,
    fingerprint: [u8; 32],
}

impl VerificationKey {
    fn read(entry: serde_json::Value) -> Option<Self> {
        let jwk: Jwk = serde_json::from_value(entry).ok()?;
        if !may_verify(&jwk.common) {
            return None;
        }
        let (key, material, fitting) = match &jwk.algorithm {
            AlgorithmParameters::RSA(rsa) => rsa_key(rsa)?,
            AlgorithmParameters::EllipticCurve(ec) => p256_key(ec)?,
            AlgorithmParameters::OctetKeyPair(okp) => ed25519_key(okp)?,
            // `oct` is a secret: with it, anybody who reads the key set could sign.
            _ => return None,
        };
        let algorithms: Vec<_> = fitting
            .iter()
            .copied()
            .filter(|algorithm| match jwk.common.key_algorithm {
                None => true,
                Some(named) => named == KeyAlgorithm::from(library_name(*algorithm)),
            })
            .collect();
        if algorithms.is_empty() {
            return None;
        }
        let fingerprint = fingerprint(jwk.common.key_id.as_deref(), &algorithms, &material);
        Some(Self { id: jwk.common.key_id, algorithms, key, fingerprint })
    }

    /// Whether the key carries this `kid`.
    pub(super) fn is_called(&self, id: &str) -> bool {
        self.id.as_deref() == Some(id)
    }

    /// Whether the key may be used with the algorithm.
    pub(super) fn fits(&self, algorithm: Algorithm) -> bool {
        self.algorithms.contains(&algorithm)
    }

    /// Whether `signature` (base64url) over `message` was made with this key and an algorithm
    /// that fits it.
    pub(super) fn verifies(&self, algorithm: Algorithm, message: &str, signature: &str) -> bool {
        self.fits(algorithm)
            && jsonwebtoken::crypto::verify(signature, message.as_bytes(), &self.key, library_name(algorithm))
                .unwrap_or(false)
    }
}

fn library_name(algorithm: Algorithm) -> jsonwebtoken::Algorithm {
    match algorithm {
        Algorithm::Rs256 => jsonwebtoken::Algorithm::RS256,
        Algorithm::Ps256 => jsonwebtoken::Algorithm::PS256,
        Algorithm::Es256 => jsonwebtoken::Algorithm::ES256,
        Algorithm::EdDsa => jsonwebtoken::Algorithm::EdDSA,
    }
}

/// `use` and `key_ops`, where present, must allow verification (RFC 7517, sections 4.2 and 4.3).
fn may_verify(common: &CommonParameters) -> bool {
    let for_signatures = match &common.public_key_use {
        None | Some(PublicKeyUse::Signature) => true,
        Some(PublicKeyUse::Encryption | PublicKeyUse::Other(_)) => false,
    };
    let operations = common.key_operations.as_ref();
    for_signatures && operations.is_none_or(|all| all.contains(&KeyOperations::Verify))
}

/// The key, its material for the fingerprint, and the algorithms of its type.
type Usable = (DecodingKey, Vec<u8>, &'static [Algorithm]);

fn rsa_key(parameters: &RSAKeyParameters) -> Option<Usable> {
    let modulus = decoded(&parameters.n)?;
    // RFC 7518, section 6.3.1.1 forbids leading zeros; some issuers send one all the same.
    let start = modulus.iter().position(|octet| *octet != 0)?;
    let modulus = &modulus[start..];
    let bits = modulus.len() * 8 - modulus[0].leading_zeros() as usize;
    if !RSA_BITS.contains(&bits) {
        return None;
    }
    let exponent = decoded(&parameters.e)?;
    let key = DecodingKey::from_rsa_raw_components(modulus, &exponent);
    let material = [modulus, &exponent].concat();
    Some((key, material, &[Algorithm::Rs256, Algorithm::Ps256]))
}

fn p256_key(parameters: &EllipticCurveKeyParameters) -> Option<Usable> {
    if parameters.curve != EllipticCurve::P256 {
        return None;
    }
    let x = decoded(&parameters.x).filter(|x| x.len() == CURVE_OCTETS)?;
    let y = decoded(&parameters.y).filter(|y| y.len() == CURVE_OCTETS)?;
    let key = DecodingKey::from_ec_components(&parameters.x, &parameters.y).ok()?;
    Some((key, [x, y].concat(), &[Algorithm::Es256]))
}

fn ed25519_key(parameters: &OctetKeyPairParameters) -> Option<Usable> {
    if parameters.curve != EllipticCurve::Ed25519 {
        return None;
    }
    let x = decoded(&parameters.x).filter(|x| x.len() == CURVE_OCTETS)?;
    let key = DecodingKey::from_ed_components(&parameters.x).ok()?;
    Some((key, x, &[Algorithm::EdDsa]))
}

fn decoded(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

fn fingerprint(id: Option<&str>, algorithms: &[Algorithm], material: &[u8]) -> [u8; 32] {
    let mut text = Vec::new();
    for algorithm in algorithms {
        text.extend_from_slice(algorithm.as_str().as_bytes());
        text.push(0);
    }
    text.extend_from_slice(&material.len().to_be_bytes());
    text.extend_from_slice(material);
    if let Some(id) = id {
        text.push(1);
        text.extend_from_slice(id.as_bytes());
    }
    let mut print = [0; 32];
    print.copy_from_slice(digest(&SHA256, &text).as_ref());
    print
}
