//! The two forms in which identities come: PEM and PKCS#12.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use p12_keystore::Pkcs12Archive;
use pkcs8::EncryptedPrivateKeyInfoRef;
use rustls_pki_types::pem::{PemObject, SectionKind};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use secrecy::{ExposeSecret, SecretString};

use super::effort;
use super::identity::IdentityFault;

/// Everything of use in an identity file, in the file's order.
#[derive(Default)]
pub(super) struct Keystore {
    pub(super) certificates: Vec<CertificateDer<'static>>,
    pub(super) keys: Vec<PrivateKeyDer<'static>>,
}

impl Keystore {
    /// Reads PEM or PKCS#12, whichever it is.
    pub(super) fn parse(bytes: &[u8], password: Option<&SecretString>) -> Result<Self, IdentityFault> {
        // What stands around the PEM frames may be in any encoding.
        let text = String::from_utf8_lossy(bytes);
        if text.contains("-----BEGIN ") {
            Self::from_pem(text.trim_start_matches('\u{feff}'), password)
        } else if bytes.first() == Some(&DER_SEQUENCE) {
            Self::from_pkcs12(bytes, password)
        } else {
            Err(IdentityFault::NeitherPemNorPkcs12)
        }
    }

    fn from_pem(text: &str, password: Option<&SecretString>) -> Result<Self, IdentityFault> {
        if text.contains("Proc-Type: 4,ENCRYPTED") {
            return Err(IdentityFault::OldPemEncryption);
        }
        let mut found = Self::default();
        for section in <(SectionKind, Vec<u8>)>::pem_slice_iter(text.as_bytes()) {
            let (kind, der) = section.map_err(|_| IdentityFault::BrokenPem)?;
            if kind == SectionKind::Certificate {
                found.certificates.push(der.into());
            } else if let Some(key) = PrivateKeyDer::from_pem(kind, der) {
                found.keys.push(key);
            }
        }
        let encrypted: Vec<_> = encrypted_keys(text).collect();
        // Each would take its time to open, and one too many is refused anyway.
        if found.keys.len() + encrypted.len() > 1 {
            return Err(IdentityFault::SeveralKeys);
        }
        for section in encrypted {
            found.keys.push(decrypt(section, password)?);
        }
        Ok(found)
    }

    fn from_pkcs12(bytes: &[u8], password: Option<&SecretString>) -> Result<Self, IdentityFault> {
        if effort::names_scrypt(bytes) {
            return Err(IdentityFault::TooCostly);
        }
        let given = password.map_or("", |password| password.expose_secret());
        let archive = Pkcs12Archive::from_pkcs12(bytes, given).map_err(|error| match error {
            // Without a MAC a wrong password shows as bad padding.
            p12_keystore::error::Error::MacError(_)
            | p12_keystore::error::Error::UnpadError
            | p12_keystore::error::Error::Pkcs5Error(_) => wrong(password),
            // Its word for more rounds than its limit, which is ours; also for parameters that are missing.
            p12_keystore::error::Error::InvalidParameters if !is_ber(bytes, 0) => IdentityFault::TooCostly,
            _ if is_ber(bytes, 0) => IdentityFault::BerPkcs12,
            _ => IdentityFault::BrokenPkcs12,
        })?;
        let certificates = archive.certs.iter();
        let keys = archive.keys.iter();
        Ok(Self {
            certificates: certificates.map(|bag| bag.cert.as_der().to_vec().into()).collect(),
            keys: keys.map(|bag| PrivatePkcs8KeyDer::from(bag.key.as_der().to_vec()).into()).collect(),
        })
    }
}

/// Whether a length is written as only BER may write it: left open, or with more octets than it needs (X.690 sections 8.1.3
/// and 10.1). Looks into what is made of parts, and into octet strings, which hold the parts of a PKCS#12 file.
fn is_ber(bytes: &[u8], depth: u8) -> bool {
    let mut rest = bytes;
    while let [tag, length, after @ ..] = rest {
        let (length, after) = match length {
            0x80 => return true,
            0x00..0x80 => (usize::from(*length), after),
            0x81..=0x84 if after.len() >= usize::from(length & 0x7F) => {
                let (octets, after) = after.split_at(usize::from(length & 0x7F));
                if octets[0] == 0 || (octets.len() == 1 && octets[0] < 0x80) {
                    return true;
                }
                (octets.iter().fold(0, |length, octet| length << 8 | usize::from(*octet)), after)
            }
            _ => return false,
        };
        let Some((content, after)) = after.split_at_checked(length) else { return false };
        let holds_parts =
            tag & CONSTRUCTED != 0 || (*tag == OCTET_STRING && content.first() == Some(&DER_SEQUENCE));
        if holds_parts && depth < MOST_NESTED && is_ber(content, depth + 1) {
            return true;
        }
        rest = after;
    }
    false
}

const CONSTRUCTED: u8 = 0x20;
const OCTET_STRING: u8 = 0x04;
/// Deeper than a PKCS#12 file goes.
const MOST_NESTED: u8 = 16;

/// First byte of every PKCS#12 file.
const DER_SEQUENCE: u8 = 0x30;

/// The sections that `rustls_pki_types` passes over, without their frames.
fn encrypted_keys(text: &str) -> impl Iterator<Item = &str> {
    text.split("-----BEGIN ENCRYPTED PRIVATE KEY-----")
        .skip(1)
        .filter_map(|rest| rest.split("-----END").next())
}

fn decrypt(section: &str, password: Option<&SecretString>) -> Result<PrivateKeyDer<'static>, IdentityFault> {
    let given = password.ok_or(IdentityFault::PasswordMissing)?;
    let base64: String = section.split_whitespace().collect();
    let der = BASE64_STANDARD.decode(base64).map_err(|_| IdentityFault::BrokenPem)?;
    let sealed =
        EncryptedPrivateKeyInfoRef::try_from(der.as_slice()).map_err(|_| IdentityFault::UnknownEncryption)?;
    if !effort::is_bearable(&sealed.encryption_algorithm) {
        return Err(IdentityFault::TooCostly);
    }
    let key = sealed.decrypt(given.expose_secret()).map_err(|_| wrong(password))?;
    Ok(PrivatePkcs8KeyDer::from(key.as_bytes().to_vec()).into())
}

fn wrong(password: Option<&SecretString>) -> IdentityFault {
    match password {
        Some(_) => IdentityFault::WrongPassword,
        None => IdentityFault::PasswordMissing,
    }
}
