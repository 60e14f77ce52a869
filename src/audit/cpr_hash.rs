//! CPR numbers as the trail holds them: keyed hashes that only a holder of the key can look up.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use aws_lc_rs::hmac;
use serde::{Serialize, Serializer};

use super::digest::Digest;
use crate::config;
use crate::types::Cpr;

/// Shortest key, in bytes.
pub const MINIMUM_KEY_BYTES: usize = 32;

/// Why a key cannot be used. Says the file, never its content.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file is missing or may not be read.
    #[error("the CPR hash key {} cannot be read: {source}", file.display())]
    Unreadable {
        /// The key file.
        file: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Fewer than [`MINIMUM_KEY_BYTES`] are left without the white space around them.
    #[error("the CPR hash key {} is shorter than {MINIMUM_KEY_BYTES} bytes", file.display())]
    TooShort {
        /// The key file.
        file: PathBuf,
    },
}

/// HMAC-SHA-256 of a CPR number, and which key made it.
#[derive(Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CprHash {
    cpr_hash: Digest,
    #[serde(serialize_with = "text")]
    cpr_key_id: Arc<str>,
}

impl CprHash {
    /// The member `cprHash`.
    pub fn hash(&self) -> &Digest {
        &self.cpr_hash
    }

    /// The member `cprKeyId`.
    pub fn key_id(&self) -> &str {
        &self.cpr_key_id
    }
}

impl fmt::Debug for CprHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CprHash(..)")
    }
}

fn text<S: Serializer>(text: &Arc<str>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(text)
}

/// The current key, with which records are written, and earlier ones, which export still looks for.
pub struct CprHasher {
    current: Key,
    previous: Vec<Key>,
}

impl CprHasher {
    /// Reads the key files that `[audit]` names.
    pub fn load(config: &config::Audit) -> Result<Self, KeyError> {
        let previous = &config.previous_cpr_hash_key_files;
        Ok(Self {
            current: Key::read(&config.cpr_hash_key_file)?,
            previous: previous.iter().map(|file| Key::read(file)).collect::<Result<_, _>>()?,
        })
    }

    /// What a new record holds for this number.
    pub fn hash(&self, cpr: &Cpr) -> CprHash {
        self.current.hash(cpr)
    }

    /// The number's hash under every key, the current one first.
    pub fn every_hash(&self, cpr: &Cpr) -> impl Iterator<Item = CprHash> {
        std::iter::once(&self.current).chain(&self.previous).map(|key| key.hash(cpr))
    }
}

impl fmt::Debug for CprHasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CprHasher").field("current", &self.current.id).finish_non_exhaustive()
    }
}

struct Key {
    hmac: hmac::Key,
    id: Arc<str>,
}

impl Key {
    fn read(file: &Path) -> Result<Self, KeyError> {
        let unreadable = |source| KeyError::Unreadable { file: file.to_owned(), source };
        let content = fs::read(file).map_err(unreadable)?;
        let secret = secret(crate::types::text::without_mark(&content).trim_ascii());
        if secret.len() < MINIMUM_KEY_BYTES {
            return Err(KeyError::TooShort { file: file.to_owned() });
        }
        let hmac = hmac::Key::new(hmac::HMAC_SHA256, &secret);
        // A keyed digest of a fixed text: it names the key and helps nobody to guess it.
        let name = hmac::sign(&hmac, b"ungebro audit: the key that this identifier names");
        let id = Arc::from(&Digest::of_bytes(name.as_ref()).as_str()[..16]);
        Ok(Self { hmac, id })
    }

    fn hash(&self, cpr: &Cpr) -> CprHash {
        let tag = hmac::sign(&self.hmac, cpr.as_str().as_bytes());
        CprHash { cpr_hash: Digest::of_bytes(tag.as_ref()), cpr_key_id: Arc::clone(&self.id) }
    }
}

/// Hexadecimal digits for at least [`MINIMUM_KEY_BYTES`] stand for their bytes; anything else is the key itself.
fn secret(text: &[u8]) -> Vec<u8> {
    let long_enough = text.len() >= 2 * MINIMUM_KEY_BYTES && text.len().is_multiple_of(2);
    if !long_enough || !text.iter().all(u8::is_ascii_hexdigit) {
        return text.to_vec();
    }
    let value = |digit: u8| char::from(digit).to_digit(16).unwrap_or_default() as u8;
    text.chunks_exact(2).map(|pair| value(pair[0]) << 4 | value(pair[1])).collect()
}
