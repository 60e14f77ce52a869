//! `ungebro token`: a development token for a running demo.

use std::collections::BTreeMap;
use std::time::Duration;

use clap::Args;
use jiff::Timestamp;

use super::Failure;
use crate::auth::{DevelopmentIssuer, DevelopmentToken, state_folder};
use crate::services;
use crate::types::Authority;

/// As long as a working day, so that a token made in the morning lasts.
pub(super) const LIFETIME: Duration = Duration::from_secs(12 * 3600);

#[derive(Debug, Args)]
pub(super) struct Token {
    /// The scopes, separated by spaces.
    #[arg(long, required_unless_present_any = ["jwks", "list"])]
    scope: Option<String>,
    /// An authority, kind:code; may be repeated.
    #[arg(long, value_name = "KIND:CODE", required_unless_present_any = ["jwks", "list"])]
    authority: Vec<Authority>,
    /// Who is calling.
    #[arg(long, default_value = "developer")]
    subject: String,
    /// The caller's full name.
    #[arg(long, default_value = "Dev Eloper")]
    name: String,
    /// Prints the issuer's public keys instead, for the `jwks_file` of a `serve` that is to accept such tokens.
    #[arg(long, conflicts_with_all = ["scope", "authority"])]
    jwks: bool,
    /// Lists the scopes that there are instead, each with the operations that need it.
    #[arg(long, conflicts_with_all = ["scope", "authority", "jwks"])]
    list: bool,
}

impl Token {
    pub(super) fn run(self) -> Result<(), Failure> {
        if self.list {
            print!("{}", list());
            return Ok(());
        }
        refuse_unknown(self.scope.as_deref().unwrap_or_default())?;
        let issuer = issuer()?;
        if self.jwks {
            println!("{}", issuer.jwks());
            return Ok(());
        }
        let token = DevelopmentToken {
            subject: self.subject,
            name: self.name,
            scope: self.scope.unwrap_or_default(),
            authorities: self.authority,
            lifetime: LIFETIME,
        };
        println!("{}", issuer.issue(&token, Timestamp::now())?);
        Ok(())
    }
}

/// The scopes, a line each.
fn list() -> String {
    let line = |(scope, operations): (_, Vec<_>)| format!("{scope}  {}\n", operations.join(" "));
    operations_by_scope().into_iter().map(line).collect()
}

fn operations_by_scope() -> BTreeMap<&'static str, Vec<&'static str>> {
    let mut operations = BTreeMap::<_, Vec<_>>::new();
    for spec in services::specs() {
        for scope in spec.scopes.names() {
            operations.entry(*scope).or_default().push(spec.id);
        }
    }
    operations
}

/// A scope with a slip of the pen would be a token that is refused later, with nobody knowing why.
fn refuse_unknown(scopes: &str) -> Result<(), Failure> {
    let known = operations_by_scope();
    let unknown: Vec<_> = scopes.split_whitespace().filter(|scope| !known.contains_key(scope)).collect();
    if unknown.is_empty() {
        return Ok(());
    }
    Err(format!("there is no scope {}; `ungebro token --list` says which there are", unknown.join(", "))
        .into())
}

/// The development issuer of this user.
pub(super) fn issuer() -> Result<DevelopmentIssuer, Failure> {
    Ok(DevelopmentIssuer::open(&folder()?)?)
}

/// The folder for state of this user.
pub(super) fn folder() -> Result<std::path::PathBuf, Failure> {
    state_folder(|name| std::env::var_os(name))
        .ok_or_else(|| "set HOME or UNGEBRO_STATE_DIR: there is no folder for state".into())
}
