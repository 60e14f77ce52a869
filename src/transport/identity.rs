//! A certificate with its chain and private key, checked.

use std::fmt;
use std::path::PathBuf;

use jiff::Timestamp;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};

/// Who the gateway is towards an upstream, for TLS or for signatures.
pub struct Identity {
    /// The own certificate first, each next one the issuer of the one before.
    pub chain: Vec<CertificateDer<'static>>,
    /// The key that belongs to the first certificate.
    pub key: PrivateKeyDer<'static>,
    /// Start of validity.
    pub not_before: Timestamp,
    /// End of validity.
    pub not_after: Timestamp,
    /// SHA-256 of the own certificate, lower-case hex.
    pub fingerprint: String,
}

/// Why an identity cannot be used: one line that names the file and the reason, never the password.
#[derive(Debug, thiserror::Error)]
#[error("{}: {reason}", file.display())]
pub struct IdentityError {
    /// The file at fault.
    pub file: PathBuf,
    /// What is wrong with it.
    pub reason: IdentityFault,
}

/// What is wrong with an identity file.
#[derive(Debug, thiserror::Error)]
pub enum IdentityFault {
    /// It cannot be read.
    #[error("cannot be read: {0}")]
    Unreadable(std::io::Error),
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity")
            .field("fingerprint", &self.fingerprint)
            .field("not_after", &self.not_after)
            .finish_non_exhaustive()
    }
}
