//! `[auth]`: whose tokens are taken, and for which authorities.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use crate::types::{Authority, AuthorityError, AuthorityKind};

use super::fault::Reason;
use super::section::Section;
use super::value::{authority, choice, file, filled_text, http_url, seconds, trusted_url};

/// `[auth]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Auth {
    /// `leeway_seconds`: for `exp` and `nbf`.
    pub leeway: Duration,
    /// `algorithms`: the allow-list; at least one.
    pub algorithms: Vec<Algorithm>,
    /// `authorization_url`: OAuth2 endpoint for the OpenAPI documents.
    pub authorization_url: Option<String>,
    /// `token_url`: OAuth2 endpoint for the OpenAPI documents.
    pub token_url: Option<String>,
    /// `[[auth.issuers]]`: at least one, no two with the same `issuer`.
    pub issuers: Vec<Issuer>,
}

impl Auth {
    /// The defaults around a list of issuers.
    pub fn new(issuers: Vec<Issuer>) -> Self {
        Self {
            leeway: Duration::from_secs(30),
            algorithms: Algorithm::ALL.to_vec(),
            authorization_url: None,
            token_url: None,
            issuers,
        }
    }
}

/// `[[auth.issuers]]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issuer {
    /// `issuer`: compared with `iss` byte for byte.
    pub issuer: String,
    /// `audience`: a token needs one of them; at least one.
    pub audience: Vec<String>,
    /// `jwks_url` or `jwks_file`
    pub jwks: JwksSource,
    /// `scope_claims`: the claims in which scopes are looked for.
    pub scope_claims: Vec<String>,
    /// `authorities_claim`
    pub authorities_claim: String,
    /// `authorities`: what this issuer may claim.
    pub authorities: Vec<AuthorityPattern>,
    /// `[auth.issuers.authority_map]`: group or role to authority.
    pub authority_map: BTreeMap<String, Authority>,
}

impl Issuer {
    /// The defaults around the three keys that an issuer must have.
    pub fn new(issuer: String, audience: Vec<String>, jwks: JwksSource) -> Self {
        Self {
            issuer,
            audience,
            jwks,
            scope_claims: ["scope", "scp", "roles"].map(str::to_owned).to_vec(),
            authorities_claim: "authorities".to_owned(),
            authorities: vec![AuthorityPattern::Any],
            authority_map: BTreeMap::new(),
        }
    }

    /// Whether this issuer may claim the authority.
    pub fn may_claim(&self, authority: &Authority) -> bool {
        self.authorities.iter().any(|pattern| pattern.matches(authority))
    }
}

/// Where an issuer's key set comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JwksSource {
    /// `jwks_file`
    File(PathBuf),
    /// `jwks_url`: https, or http to a loopback address.
    Url(String),
    /// The key set itself; never from a configuration file, only the demo's own issuer.
    Memory(String),
}

/// The signature algorithms of RFC 7518 and RFC 8037 that a token may use; none is symmetric.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// `RS256`
    Rs256,
    /// `PS256`
    Ps256,
    /// `ES256`
    Es256,
    /// `EdDSA`
    EdDsa,
}

impl Algorithm {
    /// Every algorithm; also the default of `auth.algorithms`.
    pub const ALL: [Self; 4] = [Self::Rs256, Self::Ps256, Self::Es256, Self::EdDsa];

    /// The name in a token's header and in a key set.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Ps256 => "PS256",
            Self::Es256 => "ES256",
            Self::EdDsa => "EdDSA",
        }
    }
}

/// Which authorities an issuer may claim: `*`, `kind:*` or `kind:code`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum AuthorityPattern {
    /// `*`
    Any,
    /// `kind:*`
    Kind(AuthorityKind),
    /// `kind:code`
    One(Authority),
}

impl AuthorityPattern {
    /// Whether the authority is among those that the pattern names.
    pub fn matches(&self, authority: &Authority) -> bool {
        match self {
            Self::Any => true,
            Self::Kind(kind) => *kind == authority.kind(),
            Self::One(one) => one == authority,
        }
    }
}

impl FromStr for AuthorityPattern {
    type Err = AuthorityError;

    fn from_str(text: &str) -> Result<Self, AuthorityError> {
        match text.strip_suffix(":*") {
            _ if text == "*" => Ok(Self::Any),
            Some(kind) => kind.parse().map(Self::Kind),
            None => text.parse().map(Self::One),
        }
    }
}

impl Auth {
    pub(super) fn read(section: &mut Section<'_>) -> Self {
        let default = Self::new(Vec::new());
        let names = Algorithm::ALL.map(|algorithm| (algorithm.as_str(), algorithm));
        let auth = Self {
            leeway: section.or("leeway_seconds", default.leeway, seconds(0.0..=3600.0)),
            algorithms: section.filled_list("algorithms", default.algorithms, choice(&names)),
            authorization_url: section.optional("authorization_url", http_url),
            token_url: section.optional("token_url", http_url),
            issuers: section.tables("issuers", Issuer::read),
        };
        auth.refuse_repeated_issuers(section);
        auth
    }

    fn refuse_repeated_issuers(&self, section: &Section<'_>) {
        let mut names: Vec<_> = self.issuers.iter().map(|issuer| &issuer.issuer).collect();
        names.sort();
        if names.windows(2).any(|pair| pair[0] == pair[1]) {
            section.fault("issuers", Reason::rule("must not name an issuer twice"));
        }
    }
}

impl Issuer {
    fn read(section: &mut Section<'_>) -> Option<Self> {
        let issuer = section.required("issuer", filled_text);
        section.expect("audience");
        let audience = section.one_or_more("audience", filled_text);
        let jwks = JwksSource::read(section);
        let default = Self::new(String::new(), Vec::new(), JwksSource::Url(String::new()));
        let scope_claims = section.filled_list("scope_claims", default.scope_claims, filled_text);
        let authorities_claim = section.or("authorities_claim", default.authorities_claim, filled_text);
        let authorities = section.list("authorities", default.authorities, authority);
        let authority_map = section.table("authority_map", read_map);
        Some(Self {
            issuer: issuer?,
            audience,
            jwks: jwks?,
            scope_claims,
            authorities_claim,
            authorities,
            authority_map,
        })
    }
}

fn read_map(section: &mut Section<'_>) -> BTreeMap<String, Authority> {
    let groups = section.names();
    let read = |group: String| {
        let authority = section.optional(&group, authority)?;
        Some((group, authority))
    };
    groups.into_iter().filter_map(read).collect()
}

impl JwksSource {
    fn read(section: &mut Section<'_>) -> Option<Self> {
        let file = section.optional("jwks_file", file).map(Self::File);
        let url = section.optional("jwks_url", trusted_url).map(Self::Url);
        match (section.has_set("jwks_file"), section.has_set("jwks_url")) {
            (true, true) => section.fault("jwks_url", Reason::rule("contradicts jwks_file")),
            (false, false) => section.expect("jwks_url"),
            (true, false) | (false, true) => {}
        }
        file.or(url)
    }
}
