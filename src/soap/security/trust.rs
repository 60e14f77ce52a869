//! Whose signatures count: certificates that lead to one of the configured ones.

use std::time::Duration;

use jiff::Timestamp;
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, TrustAnchor, UnixTime};
use webpki::{EndEntityCert, ExtendedKeyUsageValidator, KeyPurposeIdIter};
use x509_parser::oid_registry::OID_PKCS1_RSAENCRYPTION;
use x509_parser::prelude::{ASN1Time, FromDer as _, X509Certificate};

use super::error::VerifyError;
use crate::types::text::without_mark;

/// The certificates that are trusted beforehand.
///
/// A root or issuing CA among them vouches for everybody it has issued to, and the OCES roots
/// have issued to every organisation in the country. The signer's own certificate among them is
/// trusted for itself alone.
#[derive(Debug)]
pub struct TrustAnchors {
    certificates: Vec<CertificateDer<'static>>,
    anchors: Vec<TrustAnchor<'static>>,
}

/// Why a file of trust anchors is no good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TrustAnchorError {
    /// Broken PEM.
    #[error("the trust anchors are not PEM")]
    Pem,
    /// Broken X.509.
    #[error("certificate {0} of the trust anchors cannot be read")]
    Certificate(usize),
    /// No certificate in it.
    #[error("there is no certificate among the trust anchors")]
    Empty,
}

impl TrustAnchors {
    /// All certificates of a PEM file: roots, issuing CAs, or signers themselves.
    ///
    /// # Errors
    /// Unless every certificate in it can be read and there is at least one.
    pub fn from_pem(pem: &[u8]) -> Result<Self, TrustAnchorError> {
        let certificates: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(without_mark(pem))
            .collect::<Result<_, _>>()
            .map_err(|_| TrustAnchorError::Pem)?;
        if certificates.is_empty() {
            return Err(TrustAnchorError::Empty);
        }
        let anchors = (1..)
            .zip(&certificates)
            .map(|(number, certificate)| {
                webpki::anchor_from_trusted_cert(certificate)
                    .map(|anchor| anchor.to_owned())
                    .map_err(|_| TrustAnchorError::Certificate(number))
            })
            .collect::<Result<_, _>>()?;
        Ok(Self { certificates, anchors })
    }

    /// The RSA public key (PKCS#1 DER) of the first certificate, once it is trusted at `now`;
    /// the others may help to reach a trust anchor.
    pub(super) fn trusted_key(
        &self,
        certificates: &[CertificateDer<'_>],
        now: Timestamp,
    ) -> Result<Vec<u8>, VerifyError> {
        let (signer, helpers) = certificates.split_first().ok_or(VerifyError::CertificateMissing)?;
        let (_, parsed) = X509Certificate::from_der(signer).map_err(|_| VerifyError::CertificateUnusable)?;
        if self.certificates.iter().any(|trusted| trusted == signer) {
            check_dates(&parsed, now)?;
        } else {
            self.check_chain(signer, helpers, now)?;
        }
        rsa_signing_key(&parsed).ok_or(VerifyError::CertificateUnusable)
    }

    fn check_chain(
        &self,
        signer: &CertificateDer<'_>,
        helpers: &[CertificateDer<'_>],
        now: Timestamp,
    ) -> Result<(), VerifyError> {
        let seconds = u64::try_from(now.as_second()).unwrap_or_default();
        let time = UnixTime::since_unix_epoch(Duration::from_secs(seconds));
        EndEntityCert::try_from(signer)
            .map_err(|_| VerifyError::CertificateUnusable)?
            .verify_for_usage(
                webpki::ALL_VERIFICATION_ALGS,
                &self.anchors,
                helpers,
                time,
                AnyUsage,
                None,
                None,
            )
            .map(drop)
            .map_err(|error| match error {
                webpki::Error::CertExpired { .. } | webpki::Error::CertNotValidYet { .. } => {
                    VerifyError::CertificateNotValidNow
                }
                _ => VerifyError::CertificateUntrusted,
            })
    }
}

fn check_dates(certificate: &X509Certificate<'_>, now: Timestamp) -> Result<(), VerifyError> {
    let now = ASN1Time::from_timestamp(now.as_second()).map_err(|_| VerifyError::CertificateNotValidNow)?;
    if certificate.validity().is_valid_at(now) { Ok(()) } else { Err(VerifyError::CertificateNotValidNow) }
}

/// The key, where it is RSA and its certificate does not keep it from signing messages.
fn rsa_signing_key(certificate: &X509Certificate<'_>) -> Option<Vec<u8>> {
    let key = certificate.public_key();
    let is_rsa = key.algorithm.algorithm == OID_PKCS1_RSAENCRYPTION;
    let may_sign = certificate
        .key_usage()
        .ok()?
        .is_none_or(|usage| usage.value.digital_signature() || usage.value.non_repudiation());
    (is_rsa && may_sign).then(|| key.subject_public_key.data.to_vec())
}

/// OCES certificates have no extended key usage, and there is none for signing SOAP messages.
struct AnyUsage;

impl ExtendedKeyUsageValidator for AnyUsage {
    fn validate(&self, _: KeyPurposeIdIter<'_, '_>) -> Result<(), webpki::Error> {
        Ok(())
    }
}
