//! Every trigger through the REST routes of a gateway, with the documentation's own curl lines.

use std::net::TcpListener;
use std::sync::{Arc, mpsc};
use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;
use tokio::sync::oneshot;

use super::super::catalogue::System;
use super::super::triggers::{Effect, triggers};
use super::super::{Sandbox, SandboxOptions, curl};
use crate::auth::{DevelopmentIssuer, DevelopmentToken};
use crate::config::{Audit, AuditOutput, Auth, AuthoritySettings, Breaker, Config, Dfdg, Udb};
use crate::gateway::Gateway;
use crate::http::server::{self, Options};
use crate::problem::catalogue;
use crate::services::{self, dfdg, udb};
use crate::types::AuthorityKind;

/// What the gateway may make of an answer that is no plain refusal.
const OF_TROUBLE: [&str; 8] = [
    "contract-mismatch",
    "upstream-malformed",
    "upstream-rejected",
    "upstream-unreachable",
    "upstream-timeout",
    "upstream-internal-error",
    "upstream-not-authorized",
    "feed-stalled",
];

/// A gateway before a sandbox; it stops when this is dropped.
struct Demo {
    base: String,
    token: String,
    _folder: tempfile::TempDir,
    _stop: oneshot::Sender<()>,
}

impl Demo {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let issuer = DevelopmentIssuer::open(folder.path()).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let config = config(&issuer, folder.path(), &base);
        let (started, starting) = mpsc::channel();
        let (stop, stopped) = oneshot::channel::<()>();
        std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let gateway = Gateway::build(config, Timestamp::now).await.unwrap();
                let sandbox = Arc::new(Sandbox::new(SandboxOptions::default())).configure();
                let extra = move |app: &mut actix_web::web::ServiceConfig| sandbox.clone()(app);
                let options = Options { extra: Some(Arc::new(extra)), ..Options::default() };
                let running = server::start(gateway, listener, options).unwrap();
                started.send(()).unwrap();
                running.run(async { _ = stopped.await }).await.unwrap();
            });
        });
        starting.recv().unwrap();
        Self { base, token: token(&issuer), _folder: folder, _stop: stop }
    }

    /// Does what a curl line of the documentation says.
    fn run(&self, client: &reqwest::blocking::Client, line: &str) -> (u16, Value) {
        let line = line.replace("$GATEWAY", &self.base).replace("$TOKEN", &self.token);
        let url = line.rsplit('"').nth(1).unwrap();
        let method = line.split(" -X ").nth(1).and_then(|rest| rest.split(' ').next()).unwrap_or("GET");
        let mut request = client.request(method.parse().unwrap(), url).bearer_auth(&self.token);
        if let Some((_, body)) = line.split_once(" -d '") {
            let body = body.rsplit_once("' \"").unwrap().0.replace("'\\''", "'");
            request = request.header("content-type", "application/json").body(body);
        }
        let answer = request.send().unwrap();
        let status = answer.status().as_u16();
        (status, serde_json::from_slice(&answer.bytes().unwrap()).unwrap())
    }
}

fn token(issuer: &DevelopmentIssuer) -> String {
    let scopes: Vec<_> = services::specs().flat_map(|spec| spec.scopes.names()).copied().collect();
    let token = DevelopmentToken {
        subject: "tester".to_owned(),
        name: "Test Er".to_owned(),
        scope: scopes.join(" "),
        authorities: vec!["jobcenter:15101".parse().unwrap(), "municipality:151".parse().unwrap()],
        lifetime: Duration::from_secs(600),
    };
    issuer.issue(&token, Timestamp::now()).unwrap()
}

fn config(issuer: &DevelopmentIssuer, folder: &std::path::Path, base: &str) -> Config {
    let key = folder.join("audit-key");
    std::fs::write(&key, [7; 32]).unwrap();
    let at = |path: &str| format!("{base}{path}");
    let mut config = Config {
        server: Default::default(),
        auth: Auth::new(vec![issuer.configuration()]),
        authorities: Default::default(),
        routes: Default::default(),
        udb: Udb::new(
            "ungebro".to_owned(),
            at(udb::HENT_INSTITUTION_KONTAKT.path),
            at(udb::INDBERETNING.path),
        ),
        dfdg: Dfdg::new(at(dfdg::SERVICE.path)),
        cache: Default::default(),
        idempotency: Default::default(),
        rate_limit: Default::default(),
        audit: Audit::new(AuditOutput::File(folder.join("audit.jsonl")), key),
        telemetry: Default::default(),
        code_lists_file: None,
    };
    config.server.shutdown_grace = Duration::ZERO;
    // One trouble after the other would open it; the slowest answer would keep the test for a minute.
    let breaker = Breaker { consecutive_failures: 100_000, minimum_calls: 100_000, ..Breaker::default() };
    for upstream in [&mut config.udb.common, &mut config.dfdg.common] {
        upstream.breaker = breaker;
        upstream.timeout = Duration::from_secs(8);
    }
    for kind in AuthorityKind::ALL {
        let settings = AuthoritySettings {
            star_institution_number: Some(1_234_567),
            kui_institution_number: Some(7_654_321),
        };
        config.authorities.by_kind.insert(kind, settings);
    }
    config
}

#[test]
fn every_trigger_is_reached_through_its_curl_line() {
    let demo = Demo::start();
    let client =
        reqwest::blocking::Client::builder().no_proxy().timeout(Duration::from_secs(60)).build().unwrap();
    let mut unlike = Vec::new();
    for trigger in triggers() {
        let line = curl::of_trigger(trigger, Timestamp::now());
        assert!(!line.is_empty(), "{} has no line", trigger.number);
        let (status, body) = demo.run(&client, &line);
        let like = match trigger.effect {
            Effect::Code(code) => {
                let system = match code.system {
                    System::Udb => catalogue::System::Udb,
                    System::Dfdg => catalogue::System::Dfdg,
                    System::Ipl => catalogue::System::Ipl,
                };
                let operation = curl::route(trigger).unwrap().operation;
                let becomes = catalogue::code(system, &code.code, operation).unwrap();
                let named = becomes.problem.is_none_or(|problem| {
                    body["code"] == *code.code
                        && body["system"] == *system.as_str()
                        && body["type"].as_str().unwrap().ends_with(&problem.name)
                });
                status == becomes.status && named
            }
            Effect::Trouble(_) => {
                let name = body["type"].as_str().unwrap_or("").rsplit('/').next().unwrap_or("").to_owned();
                status < 300 || (status >= 400 && OF_TROUBLE.contains(&name.as_str()))
            }
        };
        if !like {
            unlike.push(format!("{} {status} {} {}", trigger.number, body["type"], body["code"]));
        }
    }
    assert_eq!(unlike, [""; 0]);
}
