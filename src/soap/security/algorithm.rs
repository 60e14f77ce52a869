//! The signature and digest algorithms that are spoken, and nothing else.

use aws_lc_rs::digest::{self, Digest};
use aws_lc_rs::signature::{
    RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY, RSA_PKCS1_2048_8192_SHA256, RsaParameters,
};

/// How `SignedInfo` is signed: RSASSA-PKCS1-v1_5 (RFC 9231, section 2.3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureAlgorithm {
    /// `rsa-sha256`
    RsaSha256,
    /// `rsa-sha1`: only for a platform that takes nothing better.
    RsaSha1,
}

impl SignatureAlgorithm {
    pub(super) const ALL: [Self; 2] = [Self::RsaSha256, Self::RsaSha1];

    pub(super) const fn uri(self) -> &'static str {
        match self {
            Self::RsaSha256 => "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
            Self::RsaSha1 => "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
        }
    }

    /// What a signature is checked with; keys under 2048 bits are refused by it.
    pub(super) const fn verification(self) -> &'static RsaParameters {
        match self {
            Self::RsaSha256 => &RSA_PKCS1_2048_8192_SHA256,
            Self::RsaSha1 => &RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY,
        }
    }
}

/// How the signed parts are digested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DigestAlgorithm {
    /// `sha256`
    Sha256,
    /// `sha1`: only for a platform that takes nothing better.
    Sha1,
}

impl DigestAlgorithm {
    pub(super) const ALL: [Self; 2] = [Self::Sha256, Self::Sha1];

    pub(super) const fn uri(self) -> &'static str {
        match self {
            Self::Sha256 => "http://www.w3.org/2001/04/xmlenc#sha256",
            Self::Sha1 => "http://www.w3.org/2000/09/xmldsig#sha1",
        }
    }

    pub(super) fn digest(self, bytes: &[u8]) -> Digest {
        self.digest_all(&[bytes])
    }

    /// The digest of the pieces as if they were one.
    pub(super) fn digest_all(self, pieces: &[&[u8]]) -> Digest {
        let mut context = digest::Context::new(match self {
            Self::Sha256 => &digest::SHA256,
            Self::Sha1 => &digest::SHA1_FOR_LEGACY_USE_ONLY,
        });
        for piece in pieces {
            context.update(piece);
        }
        context.finish()
    }
}
