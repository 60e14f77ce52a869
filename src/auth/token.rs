//! From a bearer token to an identity: signature, issuer, audience and times (RFC 7519, RFC 8725).

use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use jiff::Timestamp;
use moka::sync::Cache;

use super::claims::{Claims, Unverified};
use super::identity::Identity;
use super::jwk::KeySet;
use super::keys::KeySets;
use super::source::SourceError;
use crate::config::{Algorithm, Auth, Issuer};

/// A token without `kid` is tried with so many keys; each try costs a signature check.
const MAX_KEYS_TRIED: usize = 8;
const MAX_REMEMBERED: u64 = 10_000;
/// A token that is not used any more is not kept until it expires.
const REMEMBERED_IDLE: Duration = Duration::from_secs(10 * 60);

/// Why a token is not accepted. The texts are fixed: nothing of the token is in them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum TokenError {
    /// No token was sent.
    #[error("a bearer token is required")]
    Missing,
    /// Not a signed JWT, or larger than 16 KiB.
    #[error("the token is not a well-formed signed JWT")]
    Malformed,
    /// `typ` says that the token is made for something else.
    #[error("the token is not an access token")]
    WrongType,
    /// `iss` names nobody who is configured.
    #[error("the issuer of the token is not accepted")]
    UnknownIssuer,
    /// The issuer publishes no key of this `kid`.
    #[error("the key of the token is not known")]
    UnknownKey,
    /// The signature does not match.
    #[error("the signature of the token is not valid")]
    BadSignature,
    /// `exp` has passed.
    #[error("the token has expired")]
    Expired,
    /// `nbf` is still to come.
    #[error("the token is not valid yet")]
    NotYetValid,
    /// `aud` does not name this gateway.
    #[error("the token is made for another audience")]
    WrongAudience,
    /// A required claim is missing or of the wrong type.
    #[error("the claim {0} is missing or not usable")]
    MissingClaim(&'static str),
    /// The algorithm is not on the list, or is not one of the key's.
    #[error("the signature algorithm of the token is not allowed")]
    AlgorithmNotAllowed,
    /// The issuer's keys have never been loaded: 503, not the caller's fault.
    #[error("the keys of the issuer have not been loaded yet")]
    KeysUnavailable,
}

impl TokenError {
    /// `reason` of the problem, and in log and metrics.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Missing => "token-missing",
            Self::Malformed | Self::WrongType => "token-malformed",
            Self::UnknownIssuer => "issuer-unknown",
            Self::UnknownKey => "key-unknown",
            Self::BadSignature | Self::AlgorithmNotAllowed => "signature-wrong",
            Self::Expired => "token-expired",
            Self::NotYetValid => "token-not-yet-valid",
            Self::WrongAudience => "audience-wrong",
            Self::MissingClaim(_) => "claim-missing",
            Self::KeysUnavailable => "keys-unavailable",
        }
    }

    /// The `error` of `WWW-Authenticate: Bearer`; `None` where nothing was sent that could be wrong (RFC 6750,
    /// section 3.1) or the answer is not 401.
    pub const fn challenge(self) -> Option<&'static str> {
        match self {
            Self::KeysUnavailable | Self::Missing => None,
            Self::Malformed
            | Self::WrongType
            | Self::UnknownIssuer
            | Self::UnknownKey
            | Self::BadSignature
            | Self::Expired
            | Self::NotYetValid
            | Self::WrongAudience
            | Self::MissingClaim(_)
            | Self::AlgorithmNotAllowed => Some("invalid_token"),
        }
    }
}

/// Verifies tokens of the configured issuers.
///
/// A token once verified is remembered by its SHA-256 until it expires or its issuer's keys change.
pub struct Verifier {
    issuers: Vec<Issuer>,
    algorithms: Vec<Algorithm>,
    leeway: i64,
    keys: Arc<KeySets>,
    remembered: Cache<[u8; 32], Remembered>,
}

#[derive(Clone)]
struct Remembered {
    identity: Arc<Identity>,
    /// Seconds since 1970, leeway included.
    expires: i64,
    generation: u64,
}

impl Verifier {
    /// Loads the key sets of all issuers (five seconds at most) and keeps them fresh from then
    /// on. An issuer that is away does not stop the start.
    ///
    /// # Errors
    /// Only when a configured key set can never be read.
    pub async fn start(config: &Auth) -> Result<Self, SourceError> {
        let keys = KeySets::start(&config.issuers).await?;
        Ok(Self::new(config, Arc::new(keys)))
    }

    /// How the key sets are doing, for readiness and metrics.
    pub fn key_sets(&self) -> &KeySets {
        &self.keys
    }

    /// `keys` must have been started with the same issuers.
    pub(super) fn new(config: &Auth, keys: Arc<KeySets>) -> Self {
        Self {
            issuers: config.issuers.clone(),
            algorithms: config.algorithms.clone(),
            leeway: i64::try_from(config.leeway.as_secs()).unwrap_or(i64::MAX),
            keys,
            remembered: Cache::builder().max_capacity(MAX_REMEMBERED).time_to_idle(REMEMBERED_IDLE).build(),
        }
    }

    /// Who the token is for. May wait for the issuer's keys, five seconds at most.
    ///
    /// # Errors
    /// The first thing that is wrong; the signature is checked before the claims, so that only
    /// the issuer's own tokens learn what is wrong with those.
    pub async fn verify(&self, token: &str, now: Timestamp) -> Result<Arc<Identity>, TokenError> {
        let fingerprint = fingerprint(token);
        if let Some(identity) = self.recall(&fingerprint, now) {
            return Ok(identity);
        }
        // Boxed: it is rare, and would make the state of every request larger.
        let verified = Box::pin(self.verify_anew(token, now)).await?;
        let identity = Arc::clone(&verified.identity);
        self.remembered.insert(fingerprint, verified);
        Ok(identity)
    }

    fn recall(&self, fingerprint: &[u8; 32], now: Timestamp) -> Option<Arc<Identity>> {
        let known = self.remembered.get(fingerprint)?;
        let generation = self.keys.of(known.identity.issuer_index).generation();
        if generation == Some(known.generation) && now.as_second() < known.expires {
            return Some(known.identity);
        }
        self.remembered.invalidate(fingerprint);
        None
    }

    async fn verify_anew(&self, token: &str, now: Timestamp) -> Result<Remembered, TokenError> {
        let token = Unverified::read(token)?;
        let algorithm = token.header.algorithm()?;
        if !self.algorithms.contains(&algorithm) {
            return Err(TokenError::AlgorithmNotAllowed);
        }
        token.header.check_purpose()?;
        let (issuer_index, issuer) = self.issuer_of(&token.claims)?;
        let generation = self.check_signature(&token, algorithm, issuer_index).await?;
        let expires = self.check_times(&token.claims, now)?;
        if token.claims.get("aud").is_none() {
            return Err(TokenError::MissingClaim("aud"));
        }
        if !token.claims.names_one_of("aud", &issuer.audience) {
            return Err(TokenError::WrongAudience);
        }
        let subject = token.claims.text("sub").ok_or(TokenError::MissingClaim("sub"))?;
        Ok(Remembered {
            identity: Arc::new(Identity::new(&token.claims, subject, issuer_index, issuer)),
            expires,
            generation,
        })
    }

    fn issuer_of(&self, claims: &Claims) -> Result<(usize, &Issuer), TokenError> {
        let name = claims.text("iss").ok_or(TokenError::MissingClaim("iss"))?;
        self.issuers
            .iter()
            .enumerate()
            .find(|(_, issuer)| issuer.issuer == name)
            .ok_or(TokenError::UnknownIssuer)
    }

    /// The generation of the keys with which the signature was found good.
    ///
    /// Where the keys at hand do not do, the issuer may have new ones: they are asked for once.
    async fn check_signature(
        &self,
        token: &Unverified<'_>,
        algorithm: Algorithm,
        issuer_index: usize,
    ) -> Result<u64, TokenError> {
        let keys = self.keys.of(issuer_index);
        let before = keys.current();
        let refused = match &before {
            None => TokenError::KeysUnavailable,
            Some(loaded) => match signed_by(&loaded.set, token, algorithm) {
                Ok(()) => return Ok(loaded.generation),
                Err(error) => error,
            },
        };
        if !may_be_new_key(refused, token) {
            return Err(refused);
        }
        keys.refresh_on_demand().await;
        let loaded = keys.current().ok_or(TokenError::KeysUnavailable)?;
        if before.is_some_and(|before| before.generation == loaded.generation) {
            return Err(refused);
        }
        signed_by(&loaded.set, token, algorithm).map(|()| loaded.generation)
    }

    /// When the token stops being accepted.
    fn check_times(&self, claims: &Claims, now: Timestamp) -> Result<i64, TokenError> {
        let now = now.as_second();
        let exp = claims.seconds("exp").ok_or(TokenError::MissingClaim("exp"))?;
        let expires = exp.saturating_add(self.leeway);
        if now >= expires {
            return Err(TokenError::Expired);
        }
        if claims.get("nbf").is_some() {
            let nbf = claims.seconds("nbf").ok_or(TokenError::MissingClaim("nbf"))?;
            if now.saturating_add(self.leeway) < nbf {
                return Err(TokenError::NotYetValid);
            }
        }
        Ok(expires)
    }
}

/// The key is chosen by `kid`, or without one by trying those that fit; what it may be used with
/// is the key's affair, not the token's.
fn signed_by(set: &KeySet, token: &Unverified<'_>, algorithm: Algorithm) -> Result<(), TokenError> {
    let named: Vec<_> = match token.header.kid.as_deref() {
        Some(kid) => set.keys.iter().filter(|key| key.is_called(kid)).collect(),
        None => set.keys.iter().collect(),
    };
    if named.is_empty() {
        return Err(TokenError::UnknownKey);
    }
    let mut fitting = named.iter().filter(|key| key.fits(algorithm)).peekable();
    if fitting.peek().is_none() {
        return Err(TokenError::AlgorithmNotAllowed);
    }
    let signed =
        fitting.take(MAX_KEYS_TRIED).any(|key| key.verifies(algorithm, token.message, token.signature));
    if signed { Ok(()) } else { Err(TokenError::BadSignature) }
}

/// Whether fetching the keys again could help. A token with a `kid` that is known had its key.
fn may_be_new_key(refused: TokenError, token: &Unverified<'_>) -> bool {
    match refused {
        TokenError::UnknownKey | TokenError::KeysUnavailable => true,
        _ => token.header.kid.is_none(),
    }
}

fn fingerprint(token: &str) -> [u8; 32] {
    let mut fingerprint = [0; 32];
    fingerprint.copy_from_slice(digest(&SHA256, token.as_bytes()).as_ref());
    fingerprint
}
