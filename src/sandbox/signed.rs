//! `--signed`: signatures as Integrationsplatformen wants them: on every request to its services and, where asked, on its answers.

use bytes::Bytes;
use jiff::Timestamp;

use super::outgoing::Outgoing;
use super::spoil::Delivery;
use crate::soap::schema::SoapVersion;
use crate::soap::security::{
    DigestAlgorithm, SignatureAlgorithm, Signer, SigningKey, SigningKeyError, TrustAnchorError, TrustAnchors,
    Verifier, VerifyError, canonical_payload,
};
use crate::transport::identity::Identity;

/// What the simulated platform asks of signatures.
#[derive(Debug)]
pub struct Signatures {
    verifier: Verifier,
    signer: Option<Signer>,
}

/// Why there can be no signatures.
#[derive(Debug, thiserror::Error)]
pub enum SignaturesError {
    /// The certificates to believe.
    #[error(transparent)]
    Anchors(#[from] TrustAnchorError),
    /// The identity to sign answers with.
    #[error(transparent)]
    Key(#[from] SigningKeyError),
}

impl Signatures {
    /// Believes what leads to `anchors` (PEM), with SHA-1 as the platform still does; signs answers as `answers`.
    ///
    /// # Errors
    /// Certificates or a key that cannot be used.
    pub fn new(anchors: &[u8], answers: Option<&Identity>) -> Result<Self, SignaturesError> {
        let anchors = TrustAnchors::from_pem(anchors)?;
        let verifier = Verifier::new(anchors, SignatureAlgorithm::RsaSha1, DigestAlgorithm::Sha1);
        let sha256 = SignatureAlgorithm::RsaSha256;
        let key =
            answers.map(|identity| SigningKey::new(&identity.chain[0], &identity.key, sha256)).transpose()?;
        Ok(Self { verifier, signer: key.map(|key| Signer::new(key, DigestAlgorithm::Sha256)) })
    }

    /// The envelope around what was signed; the rest of the message is not to be read.
    pub(super) fn check(&self, envelope: &[u8], now: Timestamp) -> Result<Bytes, VerifyError> {
        self.verifier.verify(envelope, now).map(|verified| verified.into_envelope())
    }

    /// Signs an answer. One that is spoiled, or no SOAP of the platform, stays as it is.
    pub(super) fn sign(&self, outgoing: &mut Outgoing, now: Timestamp) {
        let whole = matches!(outgoing.delivery, Delivery::Whole);
        let Some(signer) = self.signer.as_ref().filter(|_| whole) else { return };
        let signed = std::str::from_utf8(&outgoing.body)
            .ok()
            .and_then(|envelope| canonical_payload(SoapVersion::V12, envelope))
            .and_then(|children| signer.sign(SoapVersion::V12, &children, now).ok());
        if let Some(signed) = signed {
            outgoing.body = signed.into();
        }
    }
}
