//! Who a verified token says is calling, and what it says they may do.

use std::collections::BTreeSet;
use std::fmt;

use serde_json::Value;

use super::claims::Claims;
use crate::config::Issuer;
use crate::types::Authority;

/// Claims whose entries `authority_map` may turn into authorities.
const GROUP_CLAIMS: [&str; 2] = ["groups", "roles"];

/// What a verified token says. `Debug` shows only the issuer's index and counts.
#[derive(Clone, PartialEq, Eq)]
pub struct Identity {
    /// The place of the issuer in the configuration.
    pub issuer_index: usize,
    /// `iss`
    pub issuer: String,
    /// `sub`; never empty.
    pub subject: String,
    /// `client_id` or else `azp`
    pub client: Option<String>,
    /// `name`
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
        let client = claims.text("client_id").or_else(|| claims.text("azp"));
        let (claimed, ill_formed) = claimed_authorities(claims, issuer);
        let (authorities, untrusted) = claimed.into_iter().partition(|authority| issuer.may_claim(authority));
        Self {
            issuer_index,
            issuer: issuer.issuer.clone(),
            subject: subject.to_owned(),
            client: client.map(str::to_owned),
            name: claims.text("name").map(str::to_owned),
            is_system: is_system(claims, subject),
            scopes: claims.words(&issuer.scope_claims),
            authorities,
            untrusted,
            ill_formed,
        }
    }
}

/// A client credential names the client as its own subject, or says `app` (Microsoft Entra).
fn is_system(claims: &Claims, subject: &str) -> bool {
    let is_subject = |name| claims.text(name) == Some(subject);
    is_subject("client_id") || is_subject("azp") || claims.text("idtyp") == Some("app")
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
    match claims.get(&issuer.authorities_claim) {
        None => {}
        Some(Value::Array(entries)) => {
            for entry in entries {
                match entry.as_str().map(str::parse) {
                    Some(Ok(authority)) => add(authority),
                    Some(Err(_)) | None => ill_formed += 1,
                }
            }
        }
        Some(_) => ill_formed += 1,
    }
    if !issuer.authority_map.is_empty() {
        let groups = claims.words(&GROUP_CLAIMS.map(str::to_owned));
        groups.iter().filter_map(|group| issuer.authority_map.get(group)).cloned().for_each(add);
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
