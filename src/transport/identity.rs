//! A certificate with its chain and private key, checked to belong together.

use std::fmt;
use std::path::{Path, PathBuf};

use aws_lc_rs::digest;
use jiff::Timestamp;
use rustls::crypto::aws_lc_rs::sign::any_supported_type;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use secrecy::SecretString;
use x509_parser::prelude::{FromDer, X509Certificate};

use super::effort::MAX_ROUNDS;
use super::keystore::Keystore;
use crate::config::IdentityFiles;

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
    /// No such file, or no right to read it.
    #[error("cannot be read: {0}")]
    Unreadable(std::io::Error),
    /// The password file is not UTF-8.
    #[error("is not text")]
    NotText,
    /// Neither a PEM frame nor DER.
    #[error("is neither PEM nor PKCS#12")]
    NeitherPemNorPkcs12,
    /// A frame without end, or no base64 in it.
    #[error("is broken PEM")]
    BrokenPem,
    /// DER, but not of a PKCS#12 file that can be understood.
    #[error("is not a PKCS#12 file, is damaged, or uses an unknown encryption")]
    BrokenPkcs12,
    /// `Proc-Type: 4,ENCRYPTED`
    #[error("its key has OpenSSL's old PEM encryption: convert it with `openssl pkcs8 -topk8`")]
    OldPemEncryption,
    /// `ENCRYPTED PRIVATE KEY` with something else than PBES2.
    #[error("its key is encrypted in an unknown way: convert it with `openssl pkcs8 -topk8`")]
    UnknownEncryption,
    /// More rounds than `MAX_ROUNDS`, more of scrypt than is bearable, or scrypt in PKCS#12.
    #[error(
        "takes too much work to open (at most {MAX_ROUNDS} rounds): write it anew with OpenSSL's own settings"
    )]
    TooCostly,
    /// It does not open with the password given.
    #[error("wrong password")]
    WrongPassword,
    /// It is encrypted, and no password file is configured.
    #[error("is encrypted, and there is no password file for it")]
    PasswordMissing,
    /// PKCS#12 in BER, as some programs of Windows, Java and Mozilla write it.
    #[error(
        "is a PKCS#12 file in BER, which is not read: write it anew in DER with \
         `openssl pkcs12 -in OLD -nodes -out all.pem && openssl pkcs12 -export -in all.pem -out NEW`, and remove all.pem"
    )]
    BerPkcs12,
    /// No private key in it.
    #[error("holds no private key")]
    NoKey,
    /// More than one private key in it.
    #[error("holds more than one private key")]
    SeveralKeys,
    /// A key that rustls cannot use.
    #[error("its private key is of an unknown kind")]
    UnknownKey,
    /// No certificate in it.
    #[error("holds no certificate")]
    NoCertificate,
    /// A certificate that cannot be parsed.
    #[error("holds a broken certificate")]
    BrokenCertificate,
    /// No certificate in it has the key's public key.
    #[error("its private key does not belong to its certificate")]
    KeyMismatch,
    /// Not valid before a later time.
    #[error("its certificate is not valid before {0}")]
    NotYetValid(Timestamp),
    /// Not valid any more.
    #[error("its certificate expired on {0}")]
    Expired(Timestamp),
}

impl Identity {
    /// Reads an identity file and its password file. The time of validity is not looked at:
    /// see [`Identity::check_validity`].
    ///
    /// # Errors
    ///
    /// The file at fault and what is wrong with it.
    pub fn load(files: &IdentityFiles) -> Result<Self, IdentityError> {
        let password = files.password_file.as_deref().map(read_password).transpose()?;
        let bytes = read(&files.path)?;
        Self::parse(&bytes, password.as_ref()).map_err(|reason| blame(&files.path, reason))
    }

    /// Reads the content of an identity file, PEM or PKCS#12.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub fn parse(bytes: &[u8], password: Option<&SecretString>) -> Result<Self, IdentityFault> {
        let store = Keystore::parse(bytes, password)?;
        let mut keys = store.keys.into_iter();
        let key = keys.next().ok_or(IdentityFault::NoKey)?;
        if keys.next().is_some() {
            return Err(IdentityFault::SeveralKeys);
        }
        let chain = chain_for(&key, &store.certificates)?;
        let own = read_certificate(&chain[0])?;
        Ok(Self {
            not_before: instant(own.validity.not_before.timestamp())?,
            not_after: instant(own.validity.not_after.timestamp())?,
            fingerprint: fingerprint(&chain[0]),
            chain,
            key,
        })
    }

    /// Whether the certificate is valid at `now`.
    ///
    /// # Errors
    ///
    /// [`IdentityFault::NotYetValid`] or [`IdentityFault::Expired`].
    pub fn check_validity(&self, now: Timestamp) -> Result<(), IdentityFault> {
        if now < self.not_before {
            Err(IdentityFault::NotYetValid(self.not_before))
        } else if now > self.not_after {
            Err(IdentityFault::Expired(self.not_after))
        } else {
            Ok(())
        }
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity")
            .field("fingerprint", &self.fingerprint)
            .field("not_after", &self.not_after)
            .finish_non_exhaustive()
    }
}

/// Files hold their certificates in any order: the own one is found by its key, the others by name.
fn chain_for(
    key: &PrivateKeyDer<'static>,
    certificates: &[CertificateDer<'static>],
) -> Result<Vec<CertificateDer<'static>>, IdentityFault> {
    let signer = any_supported_type(key).map_err(|_| IdentityFault::UnknownKey)?;
    let public = signer.public_key().ok_or(IdentityFault::UnknownKey)?;
    let parsed = certificates.iter().map(read_certificate).collect::<Result<Vec<_>, _>>()?;
    if parsed.is_empty() {
        return Err(IdentityFault::NoCertificate);
    }
    let own = parsed.iter().position(|certificate| certificate.public_key().raw == public.as_ref());
    let mut order = vec![own.ok_or(IdentityFault::KeyMismatch)?];
    while let Some(next) = parsed.iter().enumerate().position(|(index, candidate)| {
        let last = &parsed[order[order.len() - 1]];
        !order.contains(&index) && candidate.subject() == last.issuer()
    }) {
        order.push(next);
    }
    Ok(order.into_iter().map(|index| certificates[index].clone()).collect())
}

fn read_certificate<'a>(der: &'a CertificateDer<'_>) -> Result<X509Certificate<'a>, IdentityFault> {
    let (_, certificate) = X509Certificate::from_der(der).map_err(|_| IdentityFault::BrokenCertificate)?;
    Ok(certificate)
}

fn instant(seconds: i64) -> Result<Timestamp, IdentityFault> {
    Timestamp::from_second(seconds).map_err(|_| IdentityFault::BrokenCertificate)
}

fn fingerprint(der: &[u8]) -> String {
    let hash = digest::digest(&digest::SHA256, der);
    hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn read(path: &Path) -> Result<Vec<u8>, IdentityError> {
    std::fs::read(path).map_err(|error| blame(path, IdentityFault::Unreadable(error)))
}

/// Editors begin files with a byte order mark and end them with a newline, which are no parts of the password.
fn read_password(path: &Path) -> Result<SecretString, IdentityError> {
    let text = String::from_utf8(read(path)?).map_err(|_| blame(path, IdentityFault::NotText))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let text = text.strip_suffix('\n').unwrap_or(text);
    Ok(text.strip_suffix('\r').unwrap_or(text).into())
}

fn blame(file: &Path, reason: IdentityFault) -> IdentityError {
    IdentityError { file: file.to_owned(), reason }
}
