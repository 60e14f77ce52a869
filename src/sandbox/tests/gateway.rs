//! A gateway before a sandbox, driven with the curl lines of the documentation.

use std::net::TcpListener;
use std::sync::{Arc, mpsc};
use std::time::Duration;

use jiff::Timestamp;
use reqwest::blocking::Client;
use serde_json::Value;
use tokio::sync::oneshot;

use crate::auth::DevelopmentIssuer;
use crate::config::{Breaker, Config};
use crate::demo;
use crate::gateway::Gateway;
use crate::http::server::{self, Options};
use crate::sandbox::moment::Moments;
use crate::sandbox::rules::Step;
use crate::sandbox::{AUTHORITIES_OF_ALL, Sandbox, SandboxOptions, curl};

/// A gateway before a sandbox; it stops when this is dropped.
pub(super) struct Demo {
    pub(super) base: String,
    /// What the lines call `TOKEN` and `TOKEN_OF_ALL`.
    tokens: [String; 2],
    client: Client,
    start: Timestamp,
    _folder: tempfile::TempDir,
    _stop: oneshot::Sender<()>,
}

impl Demo {
    pub(super) fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let issuer = DevelopmentIssuer::open(folder.path()).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let config = impatient(demo::configuration(&issuer, folder.path(), &base).unwrap());
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
        let tokens = [&["jobcenter:15101", "municipality:151"][..], &AUTHORITIES_OF_ALL].map(|authorities| {
            let authorities = authorities.iter().map(|authority| authority.parse().unwrap()).collect();
            issuer.issue(&demo::token(authorities, Duration::from_secs(600)), Timestamp::now()).unwrap()
        });
        let client = Client::builder().no_proxy().timeout(Duration::from_secs(60)).build().unwrap();
        Self { base, tokens, client, start: Timestamp::now(), _folder: folder, _stop: stop }
    }

    /// Does what a curl line of the documentation says.
    pub(super) fn run(&self, line: &str) -> (u16, Value) {
        let [token, of_all] = &self.tokens;
        let line =
            line.replace("$GATEWAY", &self.base).replace("$TOKEN_OF_ALL", of_all).replace("$TOKEN", token);
        let method = line.split(" -X ").nth(1).and_then(|rest| rest.split(' ').next()).unwrap_or("GET");
        let mut request = self.client.request(method.parse().unwrap(), line.rsplit('"').nth(1).unwrap());
        for header in line.split(" -H ").skip(1) {
            let quote = &header[..1];
            let (name, value) = header[1..].split(quote).next().unwrap().split_once(": ").unwrap();
            request = request.header(name, value);
        }
        if let Some((_, body)) = line.split_once(" -d '") {
            request = request.body(body.rsplit_once("' \"").unwrap().0.replace("'\\''", "'"));
        }
        let answer = request.send().unwrap();
        let status = answer.status().as_u16();
        (status, serde_json::from_slice(&answer.bytes().unwrap()).unwrap())
    }

    /// Makes the calls of an example in a fresh world; the answer to the last.
    pub(super) fn play(&self, steps: &[Step]) -> (u16, Value) {
        self.reset();
        let mut last = (0, Value::Null);
        for step in steps {
            assert!(last.0 < 400, "{last:?} before {}", step.route);
            last = self.step(step);
        }
        last
    }

    /// Makes one call of an example.
    pub(super) fn step(&self, step: &Step) -> (u16, Value) {
        let moments = Moments { now: Timestamp::now(), start: self.start };
        self.run(&curl::of_step(step, &moments))
    }

    pub(super) fn reset(&self) {
        let reset = self.client.post(format!("{}/sandbox/reset", self.base)).send().unwrap();
        assert_eq!(reset.status(), 204);
    }

    /// The rule by which the last call was refused.
    pub(super) fn last_rule(&self) -> Option<String> {
        let calls = self.client.get(format!("{}/sandbox/calls", self.base)).send().unwrap();
        let calls: Value = serde_json::from_slice(&calls.bytes().unwrap()).unwrap();
        calls[0]["rule"].as_str().map(str::to_owned)
    }
}

/// One trouble after the other would open the breaker; the slowest answer would keep a test for a minute.
fn impatient(mut config: Config) -> Config {
    config.server.shutdown_grace = Duration::ZERO;
    let breaker = Breaker { consecutive_failures: 100_000, minimum_calls: 100_000, ..Breaker::default() };
    for upstream in [&mut config.udb.as_mut().unwrap().common, &mut config.dfdg.as_mut().unwrap().common] {
        upstream.breaker = breaker;
        upstream.timeout = Duration::from_secs(8);
    }
    config
}
