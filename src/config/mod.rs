//! The configuration of `ungebro serve`: every key typed and validated before a port opens.

mod audit;
mod auth;
mod authorities;
mod cache;
mod docs;
mod environment;
mod fault;
mod idempotency;
mod node;
mod rate_limit;
mod routes;
mod section;
mod server;
mod telemetry;
mod upstream;
mod value;

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

pub use audit::{Audit, AuditOutput};
pub use auth::{Algorithm, Auth, AuthorityPattern, Issuer, JwksSource, RequireKey};
pub use authorities::{Authorities, AuthoritySettings};
pub use cache::Cache;
pub use docs::Docs;
use fault::NamedFile;
pub use fault::{Fault, Faults, Origin, Reason};
pub use idempotency::{Idempotency, Redis, Store};
pub use rate_limit::RateLimit;
pub use routes::{RouteSettings, Routes};
pub use server::{Server, ServerTls};
pub use telemetry::{LogFormat, Telemetry};
pub use upstream::{
    Breaker, DatetimeFormat, Dfdg, DigestMethod, Identity, IdentityFiles, SignatureMethod, Signing, Tls, Udb,
    Upstream, UpstreamSection, Verify,
};

use node::Node;
use section::{Report, Section};

/// Everything that `ungebro serve` is told. Secrets appear as paths of files only.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// `[server]`
    pub server: Server,
    /// `[auth]`
    pub auth: Auth,
    /// `[docs]`
    pub docs: Docs,
    /// `[authority_kinds]` and `[authorities]`
    pub authorities: Authorities,
    /// `[routes]`
    pub routes: Routes,
    /// `[upstreams.udb]`; a service without its section is not served.
    pub udb: Option<Udb>,
    /// `[upstreams.dfdg]`
    pub dfdg: Option<Dfdg>,
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

impl Config {
    /// Reads a file, with variables of the environment over it, and names everything that is
    /// wrong. `known_routes` are the operationIds that `[routes]` may name.
    pub fn load<K, V>(
        path: &Path,
        environment: impl IntoIterator<Item = (K, V)>,
        known_routes: &[&str],
    ) -> Result<Self, Faults>
    where
        K: Into<OsString>,
        V: Into<OsString>,
    {
        let text = fs::read_to_string(path).map_err(|error| {
            let reason = Reason::NoConfiguration { file: NamedFile::of(path), kind: error.kind() };
            Faults(vec![Fault { key: String::new(), origin: None, reason }])
        })?;
        // Windows editors begin a file with a byte order mark; to TOML it is a character of the first key.
        Self::parse(text.trim_start_matches('\u{feff}'), environment, known_routes)
    }

    /// As [`Config::load`], from the text of a file.
    pub fn parse<K, V>(
        text: &str,
        environment: impl IntoIterator<Item = (K, V)>,
        known_routes: &[&str],
    ) -> Result<Self, Faults>
    where
        K: Into<OsString>,
        V: Into<OsString>,
    {
        let report = Report::default();
        let variables = environment.into_iter().map(|(name, value)| (name.into(), value.into()));
        let (mut root, faults) = Node::parse(text);
        report.faults.borrow_mut().extend(faults);
        let faults = environment::overlay(&mut root, variables);
        report.faults.borrow_mut().extend(faults);
        let config = Section::read_root(root, &report, |root| Self::read(root, known_routes));
        match (config, report.faults.into_inner()) {
            (Some(config), faults) if faults.is_empty() => Ok(config),
            (_, faults) => Err(Faults(faults)),
        }
    }

    /// The upstreams that are configured, in the order of the documentation.
    pub fn upstreams(&self) -> impl Iterator<Item = UpstreamSection<'_>> {
        let udb = self.udb.as_ref().map(Udb::section);
        udb.into_iter().chain(self.dfdg.as_ref().map(Dfdg::section))
    }

    /// The section of a name, where it is there.
    pub fn upstream(&self, name: &str) -> Option<UpstreamSection<'_>> {
        self.upstreams().find(|section| section.name == name)
    }

    /// Puts a folder of WSDLs in the place of the bundled ones.
    pub fn use_wsdls(&mut self, upstream: &str, folder: PathBuf) {
        let udb = self.udb.as_mut().map(|udb| ("udb", &mut udb.common));
        let dfdg = self.dfdg.as_mut().map(|dfdg| ("dfdg", &mut dfdg.common));
        for (_, common) in udb.into_iter().chain(dfdg).filter(|(name, _)| *name == upstream) {
            common.wsdl_dir = Some(folder.clone());
        }
    }

    /// `upstreams.udb.system_name`; empty where that section is not there, and nobody asks.
    pub fn system_name(&self) -> &str {
        self.udb.as_ref().map_or("", |udb| &udb.system_name)
    }

    /// `upstreams.dfdg.system_user_identifier`
    pub fn system_user_identifier(&self) -> Option<&str> {
        self.dfdg.as_ref()?.system_user_identifier.as_deref()
    }

    /// Whether STIL's test numbers are taken (`upstreams.udb.test_numbers`).
    pub fn takes_test_numbers(&self) -> bool {
        self.udb.as_ref().is_some_and(|udb| udb.test_numbers)
    }

    /// `None` only after a fault.
    fn read(root: &mut Section<'_>, known_routes: &[&str]) -> Option<Self> {
        let server = root.table("server", Server::read);
        let auth = root.table("auth", Auth::read);
        let docs = root.table("docs", Docs::read);
        let authorities = Authorities::read(root);
        let routes = root.table("routes", |section| Routes::read(section, known_routes));
        let (udb, dfdg) = root.table("upstreams", |upstreams| {
            let udb = upstreams.optional_table("udb", Udb::read);
            let dfdg = upstreams.optional_table("dfdg", Dfdg::read);
            (udb, dfdg)
        });
        if udb.is_none() && dfdg.is_none() {
            root.fault("upstreams", Reason::rule("must have the section of a service, udb or dfdg"));
        }
        let (udb, dfdg) = (udb.flatten(), dfdg.flatten());
        let cache = root.table("cache", Cache::read);
        let idempotency = root.table("idempotency", Idempotency::read);
        let rate_limit = root.table("rate_limit", RateLimit::read);
        let audit = root.table("audit", Audit::read);
        // Written last in a file, below `[telemetry]`, TOML takes the key for one of that table.
        let (telemetry, code_lists_file) = root.table("telemetry", |telemetry| {
            let lists = telemetry.optional("code_lists_file", value::file);
            (Telemetry::read(telemetry), lists)
        });
        let code_lists_file = root.optional("code_lists_file", value::file).or(code_lists_file);
        Some(Self {
            server,
            auth,
            docs,
            authorities,
            routes,
            udb,
            dfdg,
            cache,
            idempotency: idempotency?,
            rate_limit,
            audit: audit?,
            telemetry,
            code_lists_file,
        })
    }
}

#[cfg(test)]
mod tests;
