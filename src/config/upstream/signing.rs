//! `[upstreams.udb.signing]`: WS-Security signatures on requests and answers.

use std::path::PathBuf;

use super::tls::Identity;
use crate::config::section::Section;
use crate::config::value::{choice, file};

/// `[upstreams.udb.signing]`: WS-Security with an X.509 token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signing {
    /// What messages are signed with.
    pub identity: Identity,
    /// `signature`
    pub signature: SignatureMethod,
    /// `digest`
    pub digest: DigestMethod,
    /// `verify`: what is asked of answers.
    pub verify: Verify,
    /// `trust_anchors`: PEM; there whenever `verify` is not [`Verify::Off`].
    pub trust_anchors: Option<PathBuf>,
}

impl Signing {
    pub(super) fn read(section: &mut Section<'_>) -> Option<Self> {
        section.expect("identity");
        let identity = Identity::read(section);
        let signature = section.or("signature", SignatureMethod::RsaSha256, choice(&SIGNATURES));
        let digest = section.or("digest", DigestMethod::Sha256, choice(&DIGESTS));
        let verify = section.or("verify", Verify::Off, choice(&VERIFY));
        let trust_anchors = section.optional("trust_anchors", file);
        // The web PKI does not vouch for OCES certificates, so there is no default.
        if verify != Verify::Off {
            section.expect("trust_anchors");
        }
        Some(Self { identity: identity?, signature, digest, verify, trust_anchors })
    }
}

const SIGNATURES: [(&str, SignatureMethod); 2] =
    [("rsa-sha256", SignatureMethod::RsaSha256), ("rsa-sha1", SignatureMethod::RsaSha1)];

const DIGESTS: [(&str, DigestMethod); 2] = [("sha256", DigestMethod::Sha256), ("sha1", DigestMethod::Sha1)];

const VERIFY: [(&str, Verify); 3] =
    [("off", Verify::Off), ("if-present", Verify::IfPresent), ("require", Verify::Require)];

/// `signing.signature`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureMethod {
    /// `rsa-sha256`
    RsaSha256,
    /// `rsa-sha1`
    RsaSha1,
}

/// `signing.digest`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DigestMethod {
    /// `sha256`
    Sha256,
    /// `sha1`
    Sha1,
}

/// `signing.verify`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verify {
    /// `off`: signatures of answers are not looked at.
    Off,
    /// `if-present`: a signature that is there must hold.
    IfPresent,
    /// `require`: an answer without a signature is refused.
    Require,
}
