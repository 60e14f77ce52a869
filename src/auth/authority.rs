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
            (None, _) if identity.untrusted.iter().any(|one| fits(&one)) => Err(AuthorityRefusal::NotTrusted),
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

#[cfg(test)]
mod tests {
    use super::*;
    use AuthorityRefusal::{Ambiguous, InvalidHeader, Missing, NotInToken, NotTrusted};

    const KINDS: [AuthorityKind; 2] = [AuthorityKind::Jobcenter, AuthorityKind::Star];

    fn identity(trusted: &[&str], untrusted: &[&str]) -> Identity {
        let parsed = |texts: &[&str]| texts.iter().map(|text| text.parse().unwrap()).collect();
        Identity {
            issuer_index: 0,
            issuer: "https://idp.example.dk/".to_owned(),
            subject: "caseworker-1".to_owned(),
            user_id: Some("caseworker-1".to_owned()),
            client: None,
            name: None,
            is_system: false,
            scopes: Default::default(),
            authorities: parsed(trusted),
            untrusted: parsed(untrusted),
            ill_formed: 0,
        }
    }

    #[test]
    fn every_cell_of_the_table_holds() {
        let none: &[&str] = &[];
        let (job, star, muni) = (&["jobcenter:1"], &["star:0"], &["municipality:2"]);
        let both: &[&str] = &["jobcenter:1", "star:0", "municipality:2"];
        let named = "jobcenter:1";
        for (requested, trusted, untrusted, expected) in [
            (Some("jobcenter"), both, none, Err(InvalidHeader(AuthorityError::Form))),
            (Some(""), none, none, Err(InvalidHeader(AuthorityError::Form))),
            (Some("jobcenter:1 "), both, none, Err(InvalidHeader(AuthorityError::Code))),
            (Some("Jobcenter:1"), both, job, Err(InvalidHeader(AuthorityError::UnknownKind))),
            (Some(named), job, none, Ok("jobcenter:1")),
            (Some(named), both, none, Ok("jobcenter:1")),
            (Some(named), job, star, Ok("jobcenter:1")),
            (Some("municipality:2"), both, none, Err(Missing)),
            (Some("municipality:2"), job, muni, Err(Missing)),
            (Some(named), none, job, Err(NotTrusted)),
            (Some(named), star, job, Err(NotTrusted)),
            (Some(named), none, none, Err(NotInToken)),
            (Some(named), star, muni, Err(NotInToken)),
            (Some("municipality:3"), both, none, Err(NotInToken)),
            (Some("jobcenter:01"), both, none, Err(NotInToken)),
            (None, job, none, Ok("jobcenter:1")),
            (None, job, star, Ok("jobcenter:1")),
            (None, &["municipality:2", "star:0"], none, Ok("star:0")),
            (None, both, none, Err(Ambiguous)),
            (None, &["jobcenter:1", "jobcenter:2"], none, Err(Ambiguous)),
            (None, none, job, Err(NotTrusted)),
            (None, muni, job, Err(NotTrusted)),
            (None, muni, none, Err(Missing)),
            (None, none, muni, Err(Missing)),
            (None, none, none, Err(Missing)),
        ] {
            let chosen = choose(&identity(trusted, untrusted), &KINDS, requested);
            let expected = expected.map(|text| text.parse().unwrap());
            assert_eq!(chosen, expected, "{requested:?} {trusted:?} {untrusted:?}");
        }
    }

    #[test]
    fn a_route_without_kinds_accepts_nobody() {
        let identity = identity(&["jobcenter:1"], &[]);
        assert_eq!(choose(&identity, &[], None), Err(Missing));
        assert_eq!(choose(&identity, &[], Some("jobcenter:1")), Err(Missing));
    }
}
