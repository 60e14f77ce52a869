//! What `ungebro demo`, and every test of a gateway before the sandbox, is started with.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;

use crate::auth::{DevelopmentIssuer, DevelopmentToken};
use crate::config::{Audit, AuditOutput, Auth, AuthoritySettings, Config, Dfdg, Udb};
use crate::services::{self, dfdg, udb};
use crate::types::{Authority, AuthorityKind};

/// The name under which the demo calls Ungedatabasen.
pub const SYSTEM_NAME: &str = "ungebro";

/// The configuration of a gateway that trusts `issuer`, whose upstreams are a sandbox at the address `upstream`.
///
/// The folder `state` keeps the audit trail and its key, which is made when it is missing.
///
/// # Errors
/// When the key can be neither found nor made.
pub fn configuration(issuer: &DevelopmentIssuer, state: &Path, upstream: &str) -> io::Result<Config> {
    let key = state.join("audit-key");
    if !key.exists() {
        make_key(&key)?;
    }
    let at = |path: &str| format!("{upstream}{path}");
    let udb =
        Udb::new(SYSTEM_NAME.to_owned(), at(udb::HENT_INSTITUTION_KONTAKT.path), at(udb::INDBERETNING.path));
    let mut config = Config {
        server: Default::default(),
        auth: Auth::new(vec![issuer.configuration()]),
        docs: Default::default(),
        authorities: Default::default(),
        routes: Default::default(),
        udb: Some(udb),
        dfdg: Some(Dfdg::new(at(dfdg::SERVICE.path))),
        cache: Default::default(),
        idempotency: Default::default(),
        rate_limit: Default::default(),
        audit: Audit::new(AuditOutput::File(state.join("audit.jsonl")), key),
        telemetry: Default::default(),
        code_lists_file: None,
    };
    // An invented number: STAR publishes none for unemployment funds.
    config.authorities.organisation_types.insert(AuthorityKind::UnemploymentFund, 12);
    for kind in AuthorityKind::ALL {
        let settings = AuthoritySettings {
            star_institution_number: Some(1_234_567),
            kui_institution_number: Some(7_654_321),
        };
        config.authorities.by_kind.insert(kind, settings);
    }
    Ok(config)
}

/// What a token with every scope says.
pub fn token(authorities: Vec<Authority>, lifetime: Duration) -> DevelopmentToken {
    let mut scopes: Vec<&str> = services::specs().flat_map(|spec| spec.scopes.names()).copied().collect();
    scopes.sort_unstable();
    scopes.dedup();
    DevelopmentToken {
        subject: "developer".to_owned(),
        name: "Dev Eloper".to_owned(),
        scope: scopes.join(" "),
        authorities,
        lifetime,
    }
}

/// A key as text: of random octets, some would be taken for white space around it.
fn make_key(file: &Path) -> io::Result<()> {
    let mut bytes = [0; 32];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| io::Error::other("no randomness"))?;
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file)?;
    file.write_all(BASE64.encode(bytes).as_bytes())
}
