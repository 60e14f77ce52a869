//! The gateway as a whole, in this process, on a port of its own.

use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::sync::mpsc;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;
use tokio::sync::oneshot;
use ungebro::config::{
    Audit, AuditOutput, Auth, AuthoritySettings, Config, Dfdg, Issuer, JwksSource, Telemetry, Udb,
};
use ungebro::gateway::Gateway;
use ungebro::http::server;
use ungebro::services::{dfdg, udb};
use ungebro::types::AuthorityKind;

use super::client::Call;
use super::contract::Route;
use super::token::{AUDIENCE, ISSUER, NARROW_ISSUER, Token, jwks};
use super::upstream::{Upstream, until};

pub(crate) const STAR_NUMBER: u64 = 1_234_567;
pub(crate) const KUI_NUMBER: u64 = 7_654_321;
pub(crate) const SYSTEM_NAME: &str = "ungebro-test";
/// What unemployment funds are here; no number is published.
pub(crate) const FUND_TYPE: u32 = 12;

/// A gateway in front of a scripted upstream, until it is dropped.
pub(crate) struct App {
    pub(crate) upstream: Upstream,
    pub(crate) url: String,
    gateway: Gateway,
    client: reqwest::Client,
    stop: Option<oneshot::Sender<()>>,
    state: tempfile::TempDir,
}

impl App {
    /// Starts a gateway with ordinary settings.
    pub(crate) async fn start() -> Self {
        Self::with(|_| {}).await
    }

    /// Starts a gateway whose settings differ.
    pub(crate) async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let upstream = Upstream::start().await;
        let state = tempfile::tempdir().unwrap();
        let mut config = config(&upstream.url, state.path());
        change(&mut config);
        let base_path = config.server.base_path.clone();
        let (started, address) = mpsc::channel();
        let (stop, stopped) = oneshot::channel();
        // A thread with a runtime of its own: a gateway does not end with the test's runtime half-way.
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async move {
                let listener = TcpListener::bind("127.0.0.1:0").unwrap();
                let gateway = Gateway::build(config, Timestamp::now).await.unwrap();
                let options = server::Options::default();
                let running = server::start(gateway.clone(), listener, options).unwrap();
                started.send((running.address, gateway)).unwrap();
                let stopped = async { _ = stopped.await };
                running.run(stopped).await.unwrap();
            });
        });
        let (address, gateway) = tokio::task::spawn_blocking(move || address.recv().unwrap()).await.unwrap();
        let url = format!("http://{address}{base_path}");
        let client = Self::client();
        Self { upstream, url, gateway, client, stop: Some(stop), state }
    }

    /// Waits until so many look-ups of one person wait for an answer.
    pub(crate) async fn waits_for(&self, lookups: usize) {
        until("look-ups wait", || self.gateway.contacts.size().1 == lookups).await;
    }

    /// How many answers are remembered.
    pub(crate) fn remembered(&self) -> u64 {
        self.gateway.contacts.size().0
    }

    /// Waits until nothing is under way: no look-up, no call of the upstream.
    pub(crate) async fn is_idle(&self) {
        let load = || self.gateway.ports.of("udb").unwrap().transport().load();
        until("all calls end", || {
            self.gateway.contacts.size().1 == 0 && (load().running, load().waiting) == (0, 0)
        })
        .await;
    }

    /// The lines of the audit trail.
    pub(crate) fn audit(&self) -> Vec<Value> {
        let trail = std::fs::read_to_string(self.state.path().join("audit.jsonl")).unwrap();
        trail.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// A client that does what it is told and nothing more.
    pub(crate) fn client() -> reqwest::Client {
        let builder = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
        builder.build().unwrap()
    }

    /// A call without a token.
    pub(crate) fn call(&self, method: &str, path: &str) -> Call {
        Call::new(&self.client, method, &self.url, path)
    }

    /// A call of a route by somebody who may.
    pub(crate) fn call_of(&self, route: &Route, path: &str) -> Call {
        self.call(&route.method, path).token(&token_for(route))
    }
}

/// A caseworker's token for exactly one route.
pub(crate) fn token_for(route: &Route) -> Token {
    Token::caseworker(&route.scopes.join(" "), &route.fitting_authority())
}

impl Drop for App {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
    }
}

pub(crate) fn config(upstream: &str, state: &std::path::Path) -> Config {
    let key = state.join("audit-key");
    std::fs::write(&key, [7; 32]).unwrap();
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o600)).unwrap();
    let at = |path: &str| format!("{upstream}{path}");
    let issuer =
        |name: &str| Issuer::new(name.to_owned(), vec![AUDIENCE.to_owned()], JwksSource::Memory(jwks()));
    let mut narrow = issuer(NARROW_ISSUER);
    narrow.authorities = vec!["municipality:151".parse().unwrap()];
    let mut config = Config {
        server: Default::default(),
        auth: Auth::new(vec![issuer(ISSUER), narrow]),
        docs: Default::default(),
        authorities: Default::default(),
        routes: Default::default(),
        udb: Some(Udb::new(
            SYSTEM_NAME.to_owned(),
            at(udb::HENT_INSTITUTION_KONTAKT.path),
            at(udb::INDBERETNING.path),
        )),
        dfdg: Some(Dfdg::new(at(dfdg::SERVICE.path))),
        cache: Default::default(),
        idempotency: Default::default(),
        rate_limit: Default::default(),
        audit: Audit::new(AuditOutput::File(state.join("audit.jsonl")), key),
        telemetry: Telemetry::default(),
        code_lists_file: None,
    };
    config.server.shutdown_grace = Duration::from_secs(1);
    for common in [&mut config.udb.as_mut().unwrap().common, &mut config.dfdg.as_mut().unwrap().common] {
        // The breaker has tests of its own; here an upstream may fail as often as a table has rows.
        common.breaker.consecutive_failures = u32::MAX;
        common.breaker.minimum_calls = u32::MAX;
    }
    for ttl in [&mut config.cache.contacts_ttl, &mut config.cache.empty_ttl, &mut config.cache.not_found_ttl]
    {
        *ttl = Duration::ZERO;
    }
    config.authorities.organisation_types.insert(AuthorityKind::UnemploymentFund, FUND_TYPE);
    let numbers = AuthoritySettings {
        star_institution_number: Some(STAR_NUMBER),
        kui_institution_number: Some(KUI_NUMBER),
    };
    for kind in AuthorityKind::ALL {
        config.authorities.by_kind.insert(kind, numbers);
    }
    config
}
