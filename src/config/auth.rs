//! `[auth]`: whose tokens are taken, and for which authorities.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use crate::types::{Authority, AuthorityError, AuthorityKind};

use super::fault::Reason;
use super::node::Node;
use super::section::Section;
use super::value::{
    authority, boolean, choice, file, filled_text, http_url, is_trusted_url, proxy_url, seconds, trusted_url,
};

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
    /// `[auth.issuers.authority_map]`: group or role to authorities.
    pub authority_map: BTreeMap<String, Vec<Authority>>,
    /// `user_id_claim`: what the upstreams are told that a caseworker is called by; `None`: `sub`.
    pub user_id_claim: Option<String>,
    /// `user_name_claim`
    pub user_name_claim: String,
    /// `machine_claim`: a token that has it was given to a program.
    pub machine_claim: Option<String>,
    /// `require_idempotency_key`; `None`: as the server says.
    pub require_idempotency_key: Option<RequireKey>,
    /// `ca_file`: who may vouch for the issuer's server, instead of the system's authorities.
    pub ca_file: Option<PathBuf>,
    /// `proxy`: the way to the issuer's server.
    pub proxy: Option<String>,
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
            user_id_claim: None,
            user_name_claim: "name".to_owned(),
            machine_claim: None,
            require_idempotency_key: None,
            ca_file: None,
            proxy: None,
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
    /// `discovery`: wherever the issuer's own configuration document (OpenID Connect Discovery 1.0, section 4) says.
    Discovery {
        /// Of the document.
        url: String,
        /// Who the document must say that it is.
        issuer: String,
    },
    /// The key set itself; never from a configuration file, only the demo's own issuer.
    Memory(String),
}

/// Which requests need an `Idempotency-Key`: `require_idempotency_key`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RequireKey {
    /// None.
    #[default]
    Off,
    /// Those that register something.
    Writes,
}

impl RequireKey {
    pub(super) fn read(node: &Node) -> Result<Self, Reason> {
        choice(&[("off", Self::Off), ("writes", Self::Writes)])(node)
    }
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
        let jwks = JwksSource::read(section, issuer.as_deref());
        let default = Self::new(String::new(), Vec::new(), JwksSource::Url(String::new()));
        let scope_claims = section.filled_list("scope_claims", default.scope_claims, filled_text);
        let authorities_claim = section.or("authorities_claim", default.authorities_claim, filled_text);
        let authorities = section.list("authorities", default.authorities, authority);
        let authority_map = section.table("authority_map", read_map);
        let user_name_claim = section.or("user_name_claim", default.user_name_claim, filled_text);
        Some(Self {
            user_id_claim: section.optional("user_id_claim", filled_text),
            user_name_claim,
            machine_claim: section.optional("machine_claim", filled_text),
            require_idempotency_key: section.optional("require_idempotency_key", RequireKey::read),
            ca_file: section.optional("ca_file", file),
            proxy: section.optional("proxy", proxy_url),
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

fn read_map(section: &mut Section<'_>) -> BTreeMap<String, Vec<Authority>> {
    let groups = section.names();
    let read = |group: String| {
        let authorities = section.one_or_more(&group, authority);
        Some((group, authorities))
    };
    groups.into_iter().filter_map(read).collect()
}

impl JwksSource {
    fn read(section: &mut Section<'_>, issuer: Option<&str>) -> Option<Self> {
        let file = section.optional("jwks_file", file).map(Self::File);
        let url = section.optional("jwks_url", trusted_url).map(Self::Url);
        let sources = ["jwks_file", "jwks_url"].map(|name| section.has_set(name));
        let discovery = section.or("discovery", false, boolean);
        match (sources, discovery) {
            ([true, true], _) => section.fault("jwks_url", Reason::rule("contradicts jwks_file")),
            ([true, false] | [false, true], true) => {
                section.fault("discovery", Reason::rule("contradicts jwks_url and jwks_file"));
            }
            ([false, false], false) => section.expect("jwks_url"),
            ([true, false] | [false, true], false) => {}
            ([false, false], true) => return Self::discovered(section, issuer?),
        }
        file.or(url)
    }

    fn discovered(section: &Section<'_>, issuer: &str) -> Option<Self> {
        let url = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
        if !is_trusted_url(issuer) {
            let rule = "needs an issuer that is an https URL, or an http one with a loopback host";
            section.fault("discovery", Reason::rule(rule));
            return None;
        }
        Some(Self::Discovery { url, issuer: issuer.to_owned() })
    }
}
