//! `ungebro demo`: gateway, sandbox and token issuer in one process, without a configuration file.

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;

use clap::Args;
use jiff::Timestamp;

use super::Failure;
use super::signals::asked_to_end;
use super::token::{LIFETIME, folder, issuer};
use crate::auth::{DevelopmentIssuer, DevelopmentToken};
use crate::config::{Audit, AuditOutput, Auth, AuthoritySettings, Config, Dfdg, LogFormat, Telemetry, Udb};
use crate::gateway::Gateway;
use crate::http::server::{self, Options};
use crate::sandbox::{Sandbox, SandboxOptions};
use crate::services::{self, dfdg, udb};
use crate::telemetry;
use crate::types::AuthorityKind;
use crate::types::time::Instant;

#[derive(Debug, Args)]
pub(super) struct Demo {
    /// Where to listen.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Where the simulated upstreams answer; by default in this process.
    #[arg(long, value_name = "URL", hide = true)]
    upstream: Option<String>,
}

impl Demo {
    pub(super) async fn run(self) -> Result<(), Failure> {
        let listener = TcpListener::bind(self.listen)?;
        let address = listener.local_addr()?;
        let issuer = issuer()?;
        let upstream = self.upstream.clone().unwrap_or_else(|| format!("http://{address}"));
        let config = config(&issuer, &folder()?, &upstream, address)?;
        telemetry::logs::start(&config.telemetry);
        telemetry::panics::log();
        let gateway = Gateway::build(config, Timestamp::now).await?;
        let sandbox = Arc::new(Sandbox::new(SandboxOptions::default())).configure();
        let options = Options {
            extra: Some(Arc::new(move |app| sandbox.clone()(app))),
            localhost_origins: true,
            ..Options::default()
        };
        let running = server::start(gateway, listener, options)?;
        greet(&issuer, address)?;
        Ok(running.run(asked_to_end()).await?)
    }
}

fn config(
    issuer: &DevelopmentIssuer,
    state: &Path,
    upstream: &str,
    listen: SocketAddr,
) -> Result<Config, Failure> {
    let key = state.join("audit-key");
    if !key.exists() {
        let mut bytes = [0; 32];
        aws_lc_rs::rand::fill(&mut bytes)?;
        std::fs::write(&key, bytes)?;
    }
    let at = |path: &str| format!("{upstream}{path}");
    let udb =
        Udb::new("ungebro".to_owned(), at(udb::HENT_INSTITUTION_KONTAKT.path), at(udb::INDBERETNING.path));
    let mut config = Config {
        server: Default::default(),
        auth: Auth::new(vec![issuer.configuration()]),
        authorities: Default::default(),
        routes: Default::default(),
        udb,
        dfdg: Dfdg::new(at(dfdg::SERVICE.path)),
        cache: Default::default(),
        idempotency: Default::default(),
        rate_limit: Default::default(),
        audit: Audit::new(AuditOutput::File(state.join("audit.jsonl")), key),
        telemetry: Telemetry { log_format: LogFormat::Pretty, ..Default::default() },
        code_lists_file: None,
    };
    config.server.listen = listen;
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

/// Members of the sandbox's cast (docs/sandbox.md).
const YOUNG_PERSON: &str = "0506085001";
const JOB_SEEKER: &str = "0708850001";
const DEAD_PERSON: &str = "0708850004";

fn greet(issuer: &DevelopmentIssuer, address: SocketAddr) -> Result<(), Failure> {
    let mut scopes: Vec<&str> = services::specs().flat_map(|spec| spec.scopes.names()).copied().collect();
    scopes.sort_unstable();
    scopes.dedup();
    let token = DevelopmentToken {
        subject: "developer".to_owned(),
        name: "Dev Eloper".to_owned(),
        scope: scopes.join(" "),
        authorities: vec!["jobcenter:15101".parse()?, "municipality:151".parse()?],
        lifetime: LIFETIME,
    };
    let token = issuer.issue(&token, Timestamp::now())?;
    let base = format!("http://{address}");
    println!(
        r#"ungebro demo: the gateway and its simulated upstreams at {base}

  Documentation   {base}/docs
  Sandbox         {base}/sandbox

A token for this demo, valid for twelve hours (another: ungebro token --help):

export TOKEN={token}

Look up a young person's contact persons:

curl -s -H "Authorization: Bearer $TOKEN" {base}/youth/{YOUNG_PERSON}/contacts

Register an interview:

curl -s -i -X POST -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" \
  {base}/persons/{JOB_SEEKER}/interviews -d '{interview}'

See what a refusal looks like (a person who has died):

curl -s -X PUT -H "Authorization: Bearer $TOKEN" -H "Content-Type: application/json" \
  {base}/persons/{DEAD_PERSON}/jobcenter -d '{{"jobcenterIdentifier":15101}}'
"#,
        interview = interview(Timestamp::now()),
    );
    Ok(())
}

/// An interview of an hour ago, as JSON.
fn interview(now: Timestamp) -> String {
    let held = Instant::utc(now - jiff::SignedDuration::from_hours(1));
    serde_json::json!({
        "interviewType": 7,
        "responsibleAuthority": {
            "authority": { "code": "15101", "name": "Jobcenter Eksempel", "organisationType": 8 },
            "caseWorker": { "givenName": "Mette", "surname": "Sørensen", "identifier": "mbs" },
        },
        "interviewTime": held.to_string(),
        "contactType": 1,
        "withMoreAuthorities": false,
        "agreementDescription": "Two applications a week.",
    })
    .to_string()
}
