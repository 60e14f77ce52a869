//! The configuration of `ungebro serve`: every key typed and validated before a port opens.

mod audit;
mod auth;
mod authorities;
mod cache;
mod idempotency;
mod rate_limit;
mod routes;
mod server;
mod telemetry;
mod upstream;

use std::path::PathBuf;

pub use audit::{Audit, AuditOutput};
pub use auth::{Algorithm, Auth, AuthorityPattern, Issuer, JwksSource};
pub use authorities::{Authorities, AuthoritySettings};
pub use cache::Cache;
pub use idempotency::{Idempotency, Redis, Store};
pub use rate_limit::RateLimit;
pub use routes::{RouteSettings, Routes};
pub use server::{Server, ServerTls};
pub use telemetry::{LogFormat, Telemetry};
pub use upstream::{
    Breaker, DatetimeFormat, Dfdg, DigestMethod, Identity, IdentityFiles, SignatureMethod, Signing,
    Tls, Udb, Upstream, Verify,
};

/// Everything that `ungebro serve` is told. Secrets appear as paths of files only.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// `[server]`
    pub server: Server,
    /// `[auth]`
    pub auth: Auth,
    /// `[authority_kinds]` and `[authorities]`
    pub authorities: Authorities,
    /// `[routes]`
    pub routes: Routes,
    /// `[upstreams.udb]`
    pub udb: Udb,
    /// `[upstreams.dfdg]`
    pub dfdg: Dfdg,
    /// `[cache]`
    pub cache: Cache,
    /// `[idempotency]`
    pub idempotency: Idempotency,
    /// `[rate_limit]`
    pub rate_limit: RateLimit,
    /// `[audit]`
    pub audit: Audit,
    /// `[telemetry]`
    pub telemetry: Telemetry,
    /// `code_lists_file`: known code-list values, served at `/code-lists/{name}`.
    pub code_lists_file: Option<PathBuf>,
}
