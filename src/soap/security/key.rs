//! The private key that signs, with the certificate that travels as the token.

use std::fmt;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use rsa::pkcs1::DecodeRsaPrivateKey as _;
use rsa::pkcs8::DecodePrivateKey as _;
use rsa::rand_core::OsRng;
use rsa::{Pkcs1v15Sign, RsaPrivateKey};
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use x509_parser::prelude::{FromDer as _, X509Certificate};

use super::algorithm::{DigestAlgorithm, SignatureAlgorithm};

/// `DigestInfo` of a SHA-1 digest, up to the digest (RFC 8017, section 9.2, note 1).
const SHA1_DIGEST_INFO: [u8; 15] =
    [0x30, 0x21, 0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a, 0x05, 0x00, 0x04, 0x14];

/// An RSA key ready to sign with one algorithm, and its certificate as base64.
pub struct SigningKey {
    private: PrivateKey,
    token: String,
}

/// AWS-LC signs with SHA-1 for nobody, so that algorithm has an implementation of its own.
enum PrivateKey {
    Sha256(RsaKeyPair),
    Sha1(Box<RsaPrivateKey>),
}

/// Why an identity cannot sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SigningKeyError {
    /// Not RSA, smaller than 2048 bits, larger than 8192, or broken.
    #[error("the key is not an RSA key of 2048 to 8192 bits")]
    Key,
    /// The certificate is not readable X.509.
    #[error("the certificate cannot be read")]
    Certificate,
    /// The certificate is somebody else's.
    #[error("the key does not belong to the certificate")]
    Mismatch,
}

impl SigningKey {
    /// A key (PKCS#8 or PKCS#1) with its own certificate, for signatures of one algorithm.
    ///
    /// # Errors
    /// A key that is not RSA of at least 2048 bits, or that does not belong to the certificate.
    pub fn new(
        certificate: &CertificateDer<'_>,
        key: &PrivateKeyDer<'_>,
        algorithm: SignatureAlgorithm,
    ) -> Result<Self, SigningKeyError> {
        let pair = match key {
            PrivateKeyDer::Pkcs8(der) => RsaKeyPair::from_pkcs8(der.secret_pkcs8_der()),
            PrivateKeyDer::Pkcs1(der) => RsaKeyPair::from_der(der.secret_pkcs1_der()),
            _ => return Err(SigningKeyError::Key),
        }
        .map_err(|_| SigningKeyError::Key)?;
        let (_, parsed) = X509Certificate::from_der(certificate).map_err(|_| SigningKeyError::Certificate)?;
        let subject_key = &parsed.public_key().subject_public_key.data;
        if subject_key.as_ref() != pair.public_key().as_ref() {
            return Err(SigningKeyError::Mismatch);
        }
        let private = match algorithm {
            SignatureAlgorithm::RsaSha256 => PrivateKey::Sha256(pair),
            SignatureAlgorithm::RsaSha1 => PrivateKey::Sha1(Box::new(legacy_key(key)?)),
        };
        let token = BASE64_STANDARD.encode(certificate);
        Ok(Self { private, token })
    }

    pub(super) fn algorithm(&self) -> SignatureAlgorithm {
        match self.private {
            PrivateKey::Sha256(_) => SignatureAlgorithm::RsaSha256,
            PrivateKey::Sha1(_) => SignatureAlgorithm::RsaSha1,
        }
    }

    /// The certificate: base64 of its DER.
    pub(super) fn token(&self) -> &str {
        &self.token
    }

    /// The signature over `message`, or nothing when the implementation fails.
    pub(super) fn sign(&self, message: &[u8]) -> Option<Vec<u8>> {
        match &self.private {
            PrivateKey::Sha256(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature).ok()?;
                Some(signature)
            }
            PrivateKey::Sha1(key) => {
                let digest = DigestAlgorithm::Sha1.digest(message);
                let padding =
                    Pkcs1v15Sign { hash_len: Some(digest.as_ref().len()), prefix: SHA1_DIGEST_INFO.into() };
                // With random numbers the operation is blinded against timing.
                key.sign_with_rng(&mut OsRng, padding, digest.as_ref()).ok()
            }
        }
    }
}

fn legacy_key(key: &PrivateKeyDer<'_>) -> Result<RsaPrivateKey, SigningKeyError> {
    match key {
        PrivateKeyDer::Pkcs8(der) => RsaPrivateKey::from_pkcs8_der(der.secret_pkcs8_der()).ok(),
        PrivateKeyDer::Pkcs1(der) => RsaPrivateKey::from_pkcs1_der(der.secret_pkcs1_der()).ok(),
        _ => None,
    }
    .ok_or(SigningKeyError::Key)
}

/// Nothing of the key or its certificate.
impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").field("algorithm", &self.algorithm()).finish_non_exhaustive()
    }
}
