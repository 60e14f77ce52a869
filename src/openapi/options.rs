//! What differs between two gateways' documents.

use std::collections::{BTreeMap, BTreeSet};

use crate::config::{Config, RouteSettings};
use crate::operation::Spec;
use crate::services;
use crate::types::AuthorityKind;

/// What the configuration decides about the documents. The default is what `ungebro openapi` prints.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// Where the gateway answers, seen from clients; empty: where the document was read.
    pub server: String,
    /// Path before every route; part of `server` too.
    pub base_path: String,
    /// Where tokens are had.
    pub oauth: Option<OAuth>,
    /// Whether CPR numbers are refused in paths (`server.cpr_in_path = false`).
    pub cpr_in_header_only: bool,
    /// Whether STIL's test numbers are taken on `/youth` (`upstreams.udb.test_numbers`).
    pub test_numbers: bool,
    /// Whether health and version answer on another listener (`server.admin_listen`).
    pub admin_elsewhere: bool,
    /// Sections below `[upstreams]` that are not there: their services are not served.
    pub absent: BTreeSet<&'static str>,
    /// Routes that are switched off or have other authorities.
    pub routes: BTreeMap<String, RouteSettings>,
    /// Days by which the times of examples are moved, so that a demo's upstream takes them.
    pub days_later: i64,
}

/// OAuth 2.0 endpoints; at least one of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OAuth {
    /// `auth.authorization_url`
    pub authorization_url: Option<String>,
    /// `auth.token_url`
    pub token_url: Option<String>,
}

impl Options {
    /// What a configuration says.
    pub fn of(config: &Config) -> Self {
        let base_path = config.server.base_path.clone();
        let server = match &config.server.public_url {
            Some(url) if url.ends_with(&base_path) => url.clone(),
            Some(url) => format!("{url}{base_path}"),
            None => base_path.clone(),
        };
        let (authorization_url, token_url) =
            (config.auth.authorization_url.clone(), config.auth.token_url.clone());
        let oauth = (authorization_url.is_some() || token_url.is_some())
            .then_some(OAuth { authorization_url, token_url });
        let absent = services::services().into_iter().map(|service| service.upstream);
        Self {
            server,
            base_path,
            oauth,
            cpr_in_header_only: !config.server.cpr_in_path,
            test_numbers: config.takes_test_numbers(),
            admin_elsewhere: config.server.admin_listen.is_some(),
            absent: absent.filter(|name| config.upstream(name).is_none()).collect(),
            routes: config.routes.0.clone(),
            days_later: 0,
        }
    }

    /// Whether a route is switched on.
    pub fn publishes(&self, spec: &Spec) -> bool {
        !self.absent.contains(spec.service.upstream)
            && self.routes.get(spec.id).is_none_or(|settings| settings.enabled)
    }

    /// The kinds of authority that may use a route here.
    pub fn kinds(&self, spec: &Spec) -> Vec<AuthorityKind> {
        let configured = self.routes.get(spec.id).and_then(|settings| settings.authorities.clone());
        configured.unwrap_or_else(|| spec.authorities.kinds().to_vec())
    }
}
