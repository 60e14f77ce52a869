//! The development issuer of `ungebro demo` and `ungebro token`: a key of one's own, never built in.

use std::ffi::OsString;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use jiff::Timestamp;
use jsonwebtoken::jwk::{Jwk, ThumbprintHash};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::json;

use crate::config::{Issuer, JwksSource};
use crate::types::Authority;

/// The `iss` of development tokens.
pub const ISSUER: &str = "urn:ungebro:development";
/// The `aud` of development tokens.
pub const AUDIENCE: &str = "ungebro";
/// The `client_id` of development tokens.
const CLIENT: &str = "ungebro-development";
/// PKCS#8, DER.
const KEY_FILE: &str = "development-key.p8";
/// Far above the 138 octets of such a key.
const MAX_KEY_OCTETS: u64 = 4096;

/// Where state is kept: `UNGEBRO_STATE_DIR`, else `ungebro` in `XDG_STATE_HOME`, else in
/// `~/.local/state`. `None` when the environment names none of them.
pub fn state_folder(environment: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let folder = |name| environment(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    folder("UNGEBRO_STATE_DIR")
        // The XDG base directory specification says that relative paths are to be ignored.
        .or_else(|| Some(folder("XDG_STATE_HOME").filter(|path| path.is_absolute())?.join("ungebro")))
        .or_else(|| Some(folder("HOME")?.join(".local/state/ungebro")))
}

/// Why the development key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DevelopmentKeyError {
    /// The folder or the file cannot be read or made.
    #[error("{path}: {source}", path = path.display())]
    File {
        /// The folder or file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Others than the owner may read or change the key.
    #[error("{path}: others may use this key; make it mode 0600 or remove it", path = .0.display())]
    Exposed(PathBuf),
    /// The file holds no key; remove it to have a new one made.
    #[error("{path}: no usable key; remove it to have a new one made", path = .0.display())]
    Unusable(PathBuf),
}

/// What a development token shall say.
#[derive(Clone)]
pub struct DevelopmentToken {
    /// `sub`
    pub subject: String,
    /// `name`
    pub name: String,
    /// `scope`: separated by spaces.
    pub scope: String,
    /// `authorities`
    pub authorities: Vec<Authority>,
    /// From now to `exp`.
    pub lifetime: Duration,
}

/// The development issuer and its key.
pub struct DevelopmentIssuer {
    key: EncodingKey,
    jwk: Jwk,
}

impl DevelopmentIssuer {
    /// Reads the key in `folder`, or makes folder and key at first use.
    ///
    /// # Errors
    /// When the key cannot be read, made or used, or when others may read it.
    pub fn open(folder: &Path) -> Result<Self, DevelopmentKeyError> {
        let path = folder.join(KEY_FILE);
        let key = match read_key(&path) {
            Err(DevelopmentKeyError::File { source, .. }) if source.kind() == ErrorKind::NotFound => {
                create_key(folder, &path)?;
                read_key(&path)?
            }
            result => result?,
        };
        Self::new(&key).ok_or(DevelopmentKeyError::Unusable(path))
    }

    fn new(pkcs8: &[u8]) -> Option<Self> {
        // For ES256 the library calls its PKCS#8 input DER.
        let key = EncodingKey::from_ec_der(pkcs8);
        let mut jwk = Jwk::from_encoding_key(&key, Algorithm::ES256).ok()?;
        jwk.common.key_id = Some(jwk.thumbprint(ThumbprintHash::SHA256).ok()?);
        Some(Self { key, jwk })
    }

    /// The issuer as a configuration that accepts its tokens.
    pub fn configuration(&self) -> Issuer {
        Issuer::new(ISSUER.to_owned(), vec![AUDIENCE.to_owned()], JwksSource::Memory(self.jwks()))
    }

    /// The public key as a JSON Web Key Set.
    pub fn jwks(&self) -> String {
        json!({"keys": [self.jwk]}).to_string()
    }

    /// Issues a token.
    ///
    /// # Errors
    /// Only when the cryptographic library fails.
    pub fn issue(
        &self,
        token: &DevelopmentToken,
        now: Timestamp,
    ) -> Result<String, jsonwebtoken::errors::Error> {
        let header = Header { kid: self.jwk.common.key_id.clone(), ..Header::new(Algorithm::ES256) };
        let authorities: Vec<_> = token.authorities.iter().map(ToString::to_string).collect();
        let lifetime = i64::try_from(token.lifetime.as_secs()).unwrap_or(i64::MAX);
        let claims = json!({
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": token.subject,
            "name": token.name,
            "client_id": CLIENT,
            "scope": token.scope,
            "authorities": authorities,
            "iat": now.as_second(),
            "exp": now.as_second().saturating_add(lifetime),
        });
        jsonwebtoken::encode(&header, &claims, &self.key)
    }
}

fn file_error(path: &Path) -> impl FnOnce(io::Error) -> DevelopmentKeyError + use<> {
    let path = path.to_owned();
    move |source| DevelopmentKeyError::File { path, source }
}

fn read_key(path: &Path) -> Result<Vec<u8>, DevelopmentKeyError> {
    let file = File::open(path).map_err(file_error(path))?;
    // Asked of the open file, so that what was checked is what is read.
    let metadata = file.metadata().map_err(file_error(path))?;
    if !metadata.is_file() {
        return Err(DevelopmentKeyError::Unusable(path.to_owned()));
    }
    if metadata.mode() & 0o077 != 0 {
        return Err(DevelopmentKeyError::Exposed(path.to_owned()));
    }
    let mut key = Vec::new();
    file.take(MAX_KEY_OCTETS).read_to_end(&mut key).map_err(file_error(path))?;
    Ok(key)
}

/// Writes a new key under another name and links it into place: nobody ever reads half a key, and
/// of two programs that start at once the second takes the first one's.
fn create_key(folder: &Path, path: &Path) -> Result<(), DevelopmentKeyError> {
    let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new())
        .map_err(|_| DevelopmentKeyError::Unusable(path.to_owned()))?;
    DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(file_error(folder))?;
    let draft = folder.join(format!("{KEY_FILE}.{}", uuid::Uuid::new_v4()));
    let linked = write_private(&draft, pkcs8.as_ref()).and_then(|()| fs::hard_link(&draft, path));
    let removed = fs::remove_file(&draft);
    match linked {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        _ => removed,
    }
    .map_err(file_error(path))
}

fn write_private(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(content)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::{Verifier, choose};
    use crate::config::Auth;
    use crate::types::AuthorityKind;
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt;

    fn token() -> DevelopmentToken {
        DevelopmentToken {
            subject: "caseworker-1".to_owned(),
            name: "Test Person".to_owned(),
            scope: "youth.contacts.read".to_owned(),
            authorities: vec!["jobcenter:15101".parse().unwrap()],
            lifetime: Duration::from_secs(3600),
        }
    }

    #[tokio::test]
    async fn a_development_token_is_accepted_where_the_issuer_is_configured() {
        let folder = tempfile::tempdir().unwrap();
        let issuer = DevelopmentIssuer::open(&folder.path().join("deep/state")).unwrap();
        let auth = Auth::new(vec![issuer.configuration()]);
        let verifier = Verifier::start(&auth).await.unwrap();
        let now = Timestamp::from_second(1_800_000_000).unwrap();
        let text = issuer.issue(&token(), now).unwrap();
        let identity = verifier.verify(&text, now).await.unwrap();
        assert_eq!(identity.issuer, ISSUER);
        assert!(!identity.is_system && identity.scopes.contains("youth.contacts.read"));
        let authority = choose(&identity, &[AuthorityKind::Jobcenter], None).unwrap();
        assert_eq!(authority.to_string(), "jobcenter:15101");
    }

    #[test]
    fn the_key_is_made_once_and_only_for_its_owner() {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join("state");
        let openings: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(|| DevelopmentIssuer::open(&state))).collect();
            threads.into_iter().map(|thread| thread.join().unwrap().unwrap().jwks()).collect()
        });
        assert!(openings.iter().all(|jwks| *jwks == openings[0]));
        assert_eq!(DevelopmentIssuer::open(&state).unwrap().jwks(), openings[0]);
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&state), mode(&state.join(KEY_FILE))), (0o700, 0o600));
        assert_eq!(fs::read_dir(&state).unwrap().count(), 1);
    }

    #[test]
    fn the_key_set_holds_no_secret() {
        let folder = tempfile::tempdir().unwrap();
        let jwks = DevelopmentIssuer::open(folder.path()).unwrap().jwks();
        let jwks: serde_json::Value = serde_json::from_str(&jwks).unwrap();
        let mut names: Vec<_> = jwks["keys"][0].as_object().unwrap().keys().collect();
        names.sort();
        assert_eq!(names, ["alg", "crv", "kid", "kty", "x", "y"]);
    }

    #[test]
    fn a_key_that_others_may_read_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        DevelopmentIssuer::open(folder.path()).unwrap();
        let path = folder.path().join(KEY_FILE);
        for mode in [0o640, 0o604, 0o602, 0o610] {
            fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
            let error = DevelopmentIssuer::open(folder.path()).err().unwrap();
            assert!(matches!(error, DevelopmentKeyError::Exposed(_)), "{mode:o}");
        }
    }

    #[test]
    fn a_file_that_holds_no_key_is_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(KEY_FILE);
        for content in [&b""[..], b"nonsense", &[0x30; 5000]] {
            fs::write(&path, content).unwrap();
            fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
            let error = DevelopmentIssuer::open(folder.path()).err().unwrap();
            assert!(matches!(error, DevelopmentKeyError::Unusable(_)));
            assert!(error.to_string().contains(KEY_FILE));
        }
    }

    #[test]
    fn the_state_folder_follows_the_environment() {
        for (environment, expected) in [
            (&[("UNGEBRO_STATE_DIR", "/a"), ("XDG_STATE_HOME", "/b")][..], Some("/a")),
            (&[("XDG_STATE_HOME", "/b"), ("HOME", "/c")], Some("/b/ungebro")),
            (&[("XDG_STATE_HOME", "b"), ("HOME", "/c")], Some("/c/.local/state/ungebro")),
            (&[("UNGEBRO_STATE_DIR", ""), ("HOME", "/c")], Some("/c/.local/state/ungebro")),
            (&[], None),
        ] {
            let lookup =
                |name: &str| environment.iter().find(|(key, _)| *key == name).map(|(_, value)| value.into());
            assert_eq!(state_folder(lookup), expected.map(PathBuf::from));
        }
    }
}
