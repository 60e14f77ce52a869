//! How callers identify themselves: a bearer token, and where to get one if the configuration says so.

use std::collections::BTreeMap;

use utoipa::openapi::security::{
    AuthorizationCode, ClientCredentials, Flow, HttpAuthScheme, HttpBuilder, Implicit, OAuth2, Scopes,
    SecurityRequirement, SecurityScheme,
};

use super::{OAuth, Options};
use crate::operation::Spec;
use crate::services;

/// Name of the scheme that takes any valid token.
pub(super) const BEARER: &str = "bearer";
/// Name of the scheme that fetches one.
pub(super) const OAUTH: &str = "oauth2";

/// The schemes of the document.
pub(super) fn schemes(options: &Options) -> Vec<(&'static str, SecurityScheme)> {
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("JWT")
        .description(Some("A signed token of an issuer that the operator trusts, with the operation's scopes and an authority of one of its kinds."))
        .build();
    let mut schemes = vec![(BEARER, SecurityScheme::Http(bearer))];
    if let Some(oauth) = &options.oauth {
        let description = "Fetches a token with the operation's scopes.";
        schemes
            .insert(0, (OAUTH, SecurityScheme::OAuth2(OAuth2::with_description(flows(oauth), description))));
    }
    schemes
}

/// What an operation needs: either scheme. Only OAuth 2.0 lists scopes here, since readers of 3.0 know no others;
/// `x-ungebro-scopes` has them for both.
pub(super) fn requirements(spec: &Spec, options: &Options) -> Vec<SecurityRequirement> {
    let bearer = SecurityRequirement::new(BEARER, [""; 0]);
    let oauth = SecurityRequirement::new(OAUTH, spec.scopes.names().iter().copied());
    if options.oauth.is_some() { vec![oauth, bearer] } else { vec![bearer] }
}

fn flows(oauth: &OAuth) -> Vec<Flow> {
    match (&oauth.authorization_url, &oauth.token_url) {
        (Some(authorization), Some(token)) => vec![
            Flow::AuthorizationCode(AuthorizationCode::new(authorization, token, scopes())),
            Flow::ClientCredentials(ClientCredentials::new(token, scopes())),
        ],
        (None, Some(token)) => vec![Flow::ClientCredentials(ClientCredentials::new(token, scopes()))],
        (Some(authorization), None) => vec![Flow::Implicit(Implicit::new(authorization, scopes()))],
        (None, None) => Vec::new(),
    }
}

/// Every scope, with the operations that need it.
fn scopes() -> Scopes {
    let mut operations: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for spec in services::specs() {
        for scope in spec.scopes.names() {
            operations.entry(scope).or_default().push(spec.id);
        }
    }
    let described = |ids: Vec<&str>| format!("Needed for {}.", ids.join(", "));
    operations.into_iter().map(|(scope, ids)| (scope.to_owned(), described(ids))).collect()
}
