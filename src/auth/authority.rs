//! The authority for which a call is made: one of those that the token claims.

use super::identity::Identity;
use crate::types::{Authority, AuthorityError, AuthorityKind};

/// Why no authority can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AuthorityRefusal {
    /// `X-Authority` is not written `kind:code`.
    #[error("X-Authority: {0}")]
    InvalidHeader(#[from] AuthorityError),
    /// Several authorities would do and the client names none.
    #[error("the token has several authorities that this route accepts: name one in X-Authority")]
    Ambiguous,
    /// The named authority is not in the token.
    #[error("the authority named in X-Authority is not in the token")]
    NotInToken,
    /// The token has no authority of a kind that the route accepts, or the named one is of
    /// another kind.
    #[error("the token has no authority of a kind that this route accepts")]
    Missing,
    /// The authority is claimed, but this issuer may not claim it.
    #[error("the issuer of the token may not claim this authority")]
    NotTrusted,
}

impl AuthorityRefusal {
    /// The problem's name.
    pub const fn problem(self) -> &'static str {
        match self {
            Self::InvalidHeader(_) => "invalid-header",
            Self::Ambiguous => "authority-ambiguous",
            Self::NotInToken => "authority-not-in-token",
            Self::Missing => "authority-missing",
            Self::NotTrusted => "authority-not-trusted",
        }
    }
}

/// Picks the authority for a route that accepts `kinds`; `requested` is `X-Authority`.
///
/// *Trusted* claims are those that the issuer may make, *untrusted* those that it may not; a claim
/// *fits* when the route accepts its kind. An untrusted claim never counts as one to choose from:
/// it only explains a refusal, and only where trusting it would have helped.
///
/// | `X-Authority` | the token | result |
/// |---|---|---|
/// | not written `kind:code` | anything | `InvalidHeader` |
/// | names one | trusted, fits | that one |
/// | names one | trusted or not, does not fit | `Missing` |
/// | names one | untrusted, fits | `NotTrusted` |
/// | names one | does not have it, or has none at all | `NotInToken` |
/// | absent | one trusted that fits | that one |
/// | absent | several trusted that fit | `Ambiguous` |
/// | absent | no trusted that fits, an untrusted that does | `NotTrusted` |
/// | absent | none that fits | `Missing` |
///
/// # Errors
/// As the table says.
pub fn choose(
    identity: &Identity,
    kinds: &[AuthorityKind],
    requested: Option<&str>,
) -> Result<Authority, AuthorityRefusal> {
    let fits = |authority: &&Authority| kinds.contains(&authority.kind());
    let Some(requested) = requested else {
        let mut fitting = identity.authorities.iter().filter(fits);
        return match (fitting.next(), fitting.next()) {
            (Some(only), None) => Ok(only.clone()),
            (Some(_), Some(_)) => Err(AuthorityRefusal::Ambiguous),
            (None, _) if identity.untrusted.iter().any(|one| fits(&one)) => {
                Err(AuthorityRefusal::NotTrusted)
            }
            (None, _) => Err(AuthorityRefusal::Missing),
        };
    };
    let requested: Authority = requested.parse()?;
    let trusted = identity.authorities.contains(&requested);
    if !trusted && !identity.untrusted.contains(&requested) {
        return Err(AuthorityRefusal::NotInToken);
    }
    if !fits(&&requested) {
        return Err(AuthorityRefusal::Missing);
    }
    if !trusted {
        return Err(AuthorityRefusal::NotTrusted);
    }
    Ok(requested)
}
