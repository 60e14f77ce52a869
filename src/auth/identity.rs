//! Who a verified token says is calling, and what it says they may do.

use std::collections::BTreeSet;
use std::fmt;

use serde_json::Value;

use super::claims::Claims;
use crate::config::Issuer;
use crate::types::Authority;

/// Claims whose entries `authority_map` may turn into authorities, besides those in which scopes are looked for.
const GROUP_CLAIMS: [&str; 2] = ["groups", "roles"];
/// What names the client: OAuth 2 (RFC 9068), OpenID Connect, Microsoft Entra version 1.
const CLIENT_CLAIMS: [&str; 3] = ["client_id", "azp", "appid"];

/// What a verified token says. `Debug` shows only the issuer's index and counts.
#[derive(Clone, PartialEq, Eq)]
pub struct Identity {
    /// The place of the issuer in the configuration.
    pub issuer_index: usize,
    /// `iss`
    pub issuer: String,
    /// `sub`; never empty.
    pub subject: String,
    /// What the upstreams are told that the user is called by: the issuer's `user_id_claim`, by default `sub`.
    pub user_id: Option<String>,
    /// `client_id`, or else `azp`, or else `appid`
    pub client: Option<String>,
    /// The issuer's `user_name_claim`, by default `name`
    pub name: Option<String>,
    /// Whether the token was given to a program and not to a person.
    pub is_system: bool,
    /// The words of the issuer's scope claims.
    pub scopes: BTreeSet<String>,
    /// Authorities that the token claims and the issuer may claim, each once.
    pub authorities: Vec<Authority>,
    /// Authorities that the token claims and the issuer may not.
    pub untrusted: Vec<Authority>,
    /// Entries of the authorities claim that are no authority.
    pub ill_formed: usize,
}

impl Identity {
    /// Reads the claims; they must have been verified as `issuer`'s, with this `sub`.
    pub(super) fn new(claims: &Claims, subject: &str, issuer_index: usize, issuer: &Issuer) -> Self {
        let client = CLIENT_CLAIMS.iter().find_map(|name| claims.text(name));
        let (claimed, ill_formed) = claimed_authorities(claims, issuer);
        let (authorities, untrusted) = claimed.into_iter().partition(|authority| issuer.may_claim(authority));
        Self {
            issuer_index,
            issuer: issuer.issuer.clone(),
            subject: subject.to_owned(),
            client: client.map(str::to_owned),
            user_id: match &issuer.user_id_claim {
                Some(claim) => claims.text_at(claim).map(str::to_owned),
                None => Some(subject.to_owned()),
            },
            name: claims.text_at(&issuer.user_name_claim).map(str::to_owned),
            is_system: is_system(claims, subject, issuer),
            scopes: claims.words(&issuer.scope_claims),
            authorities,
            untrusted,
            ill_formed,
        }
    }
}

/// A client credential names the client as its own subject, or says `app` (Microsoft Entra), or has the claim that only
/// this issuer's machines have (`client_id` of Keycloak's service accounts).
fn is_system(claims: &Claims, subject: &str, issuer: &Issuer) -> bool {
    CLIENT_CLAIMS.iter().any(|name| claims.text(name) == Some(subject))
        || claims.text("idtyp") == Some("app")
        || issuer.machine_claim.as_ref().is_some_and(|claim| claims.at(claim).is_some())
}

/// Every authority of the claim and of the groups and roles that are mapped, each once and in
/// order, and the number of entries that are none.
fn claimed_authorities(claims: &Claims, issuer: &Issuer) -> (Vec<Authority>, usize) {
    let (mut authorities, mut ill_formed) = (Vec::new(), 0);
    let mut add = |authority: Authority| {
        if !authorities.contains(&authority) {
            authorities.push(authority);
        }
    };
    for entry in claims.entries(&issuer.authorities_claim) {
        match entry.as_str().map(str::parse) {
            Some(Ok(authority)) => add(authority),
            Some(Err(_)) | None => ill_formed += 1,
        }
    }
    if !issuer.authority_map.is_empty() {
        let named = GROUP_CLAIMS.into_iter().chain(issuer.scope_claims.iter().map(String::as_str));
        // A name may hold spaces: a text is one group, not several.
        let groups = named.flat_map(|claim| claims.entries(claim)).filter_map(Value::as_str);
        groups.filter_map(|group| issuer.authority_map.get(group)).flatten().cloned().for_each(add);
    }
    (authorities, ill_formed)
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity")
            .field("issuer_index", &self.issuer_index)
            .field("scopes", &self.scopes.len())
            .field("authorities", &self.authorities.len())
            .field("untrusted", &self.untrusted.len())
            .field("ill_formed", &self.ill_formed)
            .finish_non_exhaustive()
    }
}
