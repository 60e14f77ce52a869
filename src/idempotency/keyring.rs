//! The secrets of a store: what names and fingerprints are made with, and what answers are encrypted with.

use std::path::{Path, PathBuf};
use std::{fmt, fs, io};

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::{hkdf, hmac, rand};

use super::key::{Fingerprint, IdempotencyKey, KeyName, Scope};
use crate::types::Authority;

/// Shorter files hold a password rather than a key.
const MINIMUM_KEY_LENGTH: usize = 32;
const KEY_ID_LENGTH: usize = 8;
/// Bound into every derived key, so that another use of the same file gets other keys.
const SALT: &[u8] = b"ungebro idempotency 1";

/// The keys derived from one secret by HKDF-SHA-256 (RFC 5869).
pub(super) struct Keyring {
    names: hmac::Key,
    fingerprints: hmac::Key,
    answers: LessSafeKey,
    id: [u8; KEY_ID_LENGTH],
}

impl Keyring {
    /// A secret that ends with the process, for the store that does too.
    pub(super) fn random() -> Self {
        Self::derive(&random::<32>())
    }

    /// The secret of `encryption_key_file`, the same in every replica. Space at its end does not count.
    pub(super) fn read(file: &Path) -> Result<Self, KeyFileError> {
        let content =
            fs::read(file).map_err(|source| KeyFileError::Read { file: file.to_owned(), source })?;
        let secret = crate::types::text::without_mark(&content).trim_ascii_end();
        if secret.len() < MINIMUM_KEY_LENGTH {
            return Err(KeyFileError::TooShort { file: file.to_owned() });
        }
        Ok(Self::derive(secret))
    }

    fn derive(secret: &[u8]) -> Self {
        let root = hkdf::Salt::new(hkdf::HKDF_SHA256, SALT).extract(secret);
        let answers = UnboundKey::new(&AES_256_GCM, &expand::<32>(&root, b"answers"));
        Self {
            names: hmac::Key::new(hmac::HMAC_SHA256, &expand::<32>(&root, b"names")),
            fingerprints: hmac::Key::new(hmac::HMAC_SHA256, &expand::<32>(&root, b"fingerprints")),
            answers: LessSafeKey::new(answers.expect("AES-256 takes 32 bytes")),
            id: expand(&root, b"id"),
        }
    }

    pub(super) fn name(&self, scope: &Scope<'_>, key: &IdempotencyKey) -> KeyName {
        let mut digest = Fields::new(&self.names);
        digest.list([scope.issuer]);
        digest.list(scope.client);
        digest.list([scope.subject.as_bytes(), scope.authority.to_string().as_bytes(), key.as_bytes()]);
        KeyName(digest.finish())
    }

    pub(super) fn fingerprint(
        &self,
        operation: &str,
        authority: &Authority,
        path: impl IntoIterator<Item: AsRef<[u8]>>,
        query: impl IntoIterator<Item: AsRef<[u8]>>,
        body: impl IntoIterator<Item: AsRef<[u8]>>,
    ) -> Fingerprint {
        let mut digest = Fields::new(&self.fingerprints);
        digest.list([operation, &authority.to_string()]);
        digest.list(path);
        digest.list(query);
        digest.list(body);
        Fingerprint(digest.finish())
    }

    /// Key id, nonce, ciphertext with its tag. It opens only under the same name and fingerprint.
    ///
    /// Nonces are random: 2³² answers may be sealed before a key should be replaced (NIST SP 800-38D 8.3).
    pub(super) fn seal(&self, name: &KeyName, fingerprint: &Fingerprint, answer: &[u8]) -> Vec<u8> {
        let nonce = random::<NONCE_LEN>();
        let mut sealed = Vec::with_capacity(KEY_ID_LENGTH + NONCE_LEN + answer.len() + AES_256_GCM.tag_len());
        sealed.extend_from_slice(&self.id);
        sealed.extend_from_slice(&nonce);
        let mut text = answer.to_vec();
        self.answers
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(bound_to(name, fingerprint)),
                &mut text,
            )
            .expect("an answer is far shorter than the 64 GiB that AES-GCM seals at once");
        sealed.extend_from_slice(&text);
        sealed
    }

    pub(super) fn open(
        &self,
        name: &KeyName,
        fingerprint: &Fingerprint,
        sealed: &[u8],
    ) -> Result<Vec<u8>, SealBroken> {
        let text = sealed.strip_prefix(&self.id).ok_or(SealBroken)?;
        let (nonce, text) = text.split_first_chunk::<NONCE_LEN>().ok_or(SealBroken)?;
        let mut text = text.to_vec();
        let aad = Aad::from(bound_to(name, fingerprint));
        let length = self
            .answers
            .open_in_place(Nonce::assume_unique_for_key(*nonce), aad, &mut text)
            .map_err(|Unspecified| SealBroken)?
            .len();
        text.truncate(length);
        Ok(text)
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keyring")
    }
}

/// Why `encryption_key_file` is of no use.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// It cannot be read.
    #[error("cannot read the encryption key file {file}", file = file.display())]
    Read {
        /// `encryption_key_file`
        file: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// It is too short to be a key.
    #[error("the encryption key file {file} holds fewer than 32 bytes", file = file.display())]
    TooShort {
        /// `encryption_key_file`
        file: PathBuf,
    },
}

/// A stored answer was sealed with another key, for another request, or was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a stored answer cannot be opened")]
pub(super) struct SealBroken;

/// An HMAC over lists of fields that no other lists of fields share: each field after its length, each list
/// after its fields closed by a length that no field can have.
struct Fields(hmac::Context);

impl Fields {
    fn new(key: &hmac::Key) -> Self {
        Self(hmac::Context::with_key(key))
    }

    fn list(&mut self, fields: impl IntoIterator<Item: AsRef<[u8]>>) {
        for field in fields {
            let field = field.as_ref();
            self.0.update(&(field.len() as u64).to_be_bytes());
            self.0.update(field);
        }
        self.0.update(&u64::MAX.to_be_bytes());
    }

    fn finish(self) -> [u8; 32] {
        self.0.sign().as_ref().try_into().expect("HMAC-SHA-256 has 32 bytes")
    }
}

fn bound_to(name: &KeyName, fingerprint: &Fingerprint) -> [u8; 64] {
    let mut both = [0; 64];
    both[..32].copy_from_slice(&name.0);
    both[32..].copy_from_slice(&fingerprint.0);
    both
}

pub(super) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    rand::fill(&mut bytes).expect("the system gives random bytes");
    bytes
}

struct Length(usize);

impl hkdf::KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

fn expand<const N: usize>(root: &hkdf::Prk, purpose: &[u8]) -> [u8; N] {
    let mut key = [0; N];
    root.expand(&[purpose], Length(N))
        .and_then(|derived| derived.fill(&mut key))
        .expect("HKDF gives up to 255 blocks");
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: [&[u8]; 0] = [];

    fn authority(text: &str) -> Authority {
        text.parse().unwrap()
    }

    fn name(
        keyring: &Keyring,
        issuer: &str,
        client: Option<&str>,
        subject: &str,
        kind: &str,
        key: &str,
    ) -> KeyName {
        let authority = authority(kind);
        let scope = Scope { issuer, client, subject, authority: &authority };
        keyring.name(&scope, &IdempotencyKey::parse(key).unwrap())
    }

    #[test]
    fn a_name_changes_with_every_part_of_the_scope() {
        let keyring = Keyring::derive(&[7; 32]);
        let names = [
            name(&keyring, "i", Some("c"), "s", "star:1", "k"),
            name(&keyring, "j", Some("c"), "s", "star:1", "k"),
            name(&keyring, "i", None, "s", "star:1", "k"),
            name(&keyring, "i", Some(""), "s", "star:1", "k"),
            name(&keyring, "i", Some("cs"), "", "star:1", "k"),
            name(&keyring, "i", Some("c"), "t", "star:1", "k"),
            name(&keyring, "i", Some("c"), "s", "star:2", "k"),
            name(&keyring, "i", Some("c"), "s", "star:1", "l"),
        ];
        for (i, one) in names.iter().enumerate() {
            assert!(names[..i].iter().all(|other| other != one), "{i}");
        }
        assert!(names[0] == name(&keyring, "i", Some("c"), "s", "star:1", "k"));
        assert!(names[0] != name(&Keyring::random(), "i", Some("c"), "s", "star:1", "k"));
    }

    #[test]
    fn a_fingerprint_changes_when_a_value_moves_between_lists_or_fields() {
        let keyring = Keyring::derive(&[7; 32]);
        let star = authority("star:1");
        let print = |operation, path: &[&[u8]], query: &[&[u8]], body: &[&[u8]]| {
            keyring.fingerprint(operation, &star, path.to_vec(), query.to_vec(), body.to_vec())
        };
        let prints = [
            print("a", &[b"b"], &NONE, &NONE),
            print("ab", &NONE, &NONE, &NONE),
            print("a", &NONE, &[b"b"], &NONE),
            print("a", &NONE, &NONE, &[b"b"]),
            print("a", &[b"b", b""], &NONE, &NONE),
            print("a", &[b"b"], &[b""], &NONE),
            print("a", &[b"bc"], &NONE, &NONE),
            print("a", &[b"b", b"c"], &NONE, &NONE),
        ];
        for (i, one) in prints.iter().enumerate() {
            assert!(prints[..i].iter().all(|other| other != one), "{i}");
        }
        let other = keyring.fingerprint("a", &authority("star:2"), [b"b"], NONE, NONE);
        assert!(other != prints[0]);
        assert!(print("a", &[b"b"], &NONE, &NONE) == prints[0]);
    }

    #[test]
    fn a_sealed_answer_opens_only_where_it_belongs() {
        let keyring = Keyring::derive(&[7; 32]);
        let (name, print) = (KeyName([1; 32]), Fingerprint([2; 32]));
        let sealed = keyring.seal(&name, &print, b"0101701234");
        assert_eq!(keyring.open(&name, &print, &sealed).unwrap(), b"0101701234");
        assert!(!sealed.windows(4).any(|part| part == b"0101"));
        assert_ne!(sealed, keyring.seal(&name, &print, b"0101701234"));

        assert_eq!(keyring.open(&KeyName([3; 32]), &print, &sealed), Err(SealBroken));
        assert_eq!(keyring.open(&name, &Fingerprint([3; 32]), &sealed), Err(SealBroken));
        assert_eq!(Keyring::derive(&[8; 32]).open(&name, &print, &sealed), Err(SealBroken));
        for length in 0..sealed.len() {
            assert_eq!(keyring.open(&name, &print, &sealed[..length]), Err(SealBroken));
        }
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert_eq!(keyring.open(&name, &print, &changed), Err(SealBroken), "{at}");
        }
    }

    #[test]
    fn replicas_with_one_key_file_agree_and_space_at_its_end_does_not_count() {
        let folder = tempfile::tempdir().unwrap();
        let keyring = |content: &str| {
            let file = folder.path().join("key");
            fs::write(&file, content).unwrap();
            Keyring::read(&file)
        };
        let key = "0123456789abcdef0123456789abcdef";
        let (one, two) = (keyring(key).unwrap(), keyring(&format!("{key}\n")).unwrap());
        let sealed = one.seal(&KeyName([1; 32]), &Fingerprint([2; 32]), b"answer");
        assert_eq!(two.open(&KeyName([1; 32]), &Fingerprint([2; 32]), &sealed).unwrap(), b"answer");
        let short = keyring(&format!("{}\n\n\n", &key[1..]));
        assert!(matches!(short, Err(KeyFileError::TooShort { .. })));
    }

    #[test]
    fn a_missing_key_file_is_named() {
        let error = Keyring::read(Path::new("/nowhere/key")).unwrap_err();
        assert_eq!(error.to_string(), "cannot read the encryption key file /nowhere/key");
    }
}
