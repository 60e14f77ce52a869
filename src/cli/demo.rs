//! `ungebro demo`: gateway, sandbox and token issuer in one process, without a configuration file.

use std::fs::OpenOptions;
use std::io::Write;
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Arc;

use actix_web::web;
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use clap::Args;
use jiff::Timestamp;

use super::Failure;
use super::signals::asked_to_end;
use super::token::{LIFETIME, folder, issuer};
use crate::auth::{DevelopmentIssuer, DevelopmentToken};
use crate::code_lists::CodeLists;
use crate::config::{Audit, AuditOutput, Auth, AuthoritySettings, Config, Dfdg, Telemetry, Udb};
use crate::gateway::Gateway;
use crate::http::pages::Demo;
use crate::http::server::{self, Options};
use crate::openapi;
use crate::sandbox::{self, Sandbox, SandboxOptions};
use crate::services::{self, dfdg, udb};
use crate::telemetry;
use crate::types::AuthorityKind;
use crate::types::time::{Instant, danish_day};

#[derive(Debug, Args)]
pub(super) struct DemoCommand {
    /// Where to listen.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Where the simulated upstreams answer; by default in this process.
    #[arg(long, value_name = "URL", hide = true)]
    upstream: Option<String>,
    /// A collector that takes traces as OTLP over HTTP, for example http://127.0.0.1:4318.
    #[arg(long, value_name = "URL")]
    otlp_endpoint: Option<String>,
}

impl DemoCommand {
    pub(super) async fn run(self) -> Result<(), Failure> {
        let listener = TcpListener::bind(self.listen)?;
        let address = listener.local_addr()?;
        let issuer = issuer()?;
        let upstream = self.upstream.clone().unwrap_or_else(|| format!("http://{address}"));
        let mut config = config(&issuer, &folder()?, &upstream, address)?;
        config.telemetry.otlp_endpoint = self.otlp_endpoint;
        let telemetry = telemetry::start(&config.telemetry)?;
        let gateway = Gateway::build(config, Timestamp::now).await?;
        let token = token(&issuer)?;
        let options = SandboxOptions { system_name: Some(SYSTEM_NAME.to_owned()), ..Default::default() };
        let sandbox = Arc::new(Sandbox::new(options));
        let base_url = format!("http://{address}");
        sandbox.stand_behind(sandbox::Gateway { base_url, token: Some(token.clone()) });
        let sandbox = sandbox.configure();
        let pages = web::Data::new(pages(token.clone())?);
        let extra = move |app: &mut web::ServiceConfig| {
            app.app_data(pages.clone());
            sandbox.clone()(app);
        };
        let options = Options { extra: Some(Arc::new(extra)), localhost_origins: true };
        let running = server::start(gateway, listener, options)?;
        greet(&token, address);
        let served = running.run(asked_to_end()).await;
        telemetry.finish().await;
        Ok(served?)
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
        make_key(&key)?;
    }
    let at = |path: &str| format!("{upstream}{path}");
    let udb =
        Udb::new(SYSTEM_NAME.to_owned(), at(udb::HENT_INSTITUTION_KONTAKT.path), at(udb::INDBERETNING.path));
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
        telemetry: Telemetry { log_format: telemetry::logs::fitting_format(), ..Default::default() },
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

/// A key as text: of random octets, some would be taken for white space around it.
fn make_key(file: &Path) -> Result<(), Failure> {
    let mut bytes = [0; 32];
    aws_lc_rs::rand::fill(&mut bytes)?;
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file)?;
    Ok(file.write_all(BASE64.encode(bytes).as_bytes())?)
}

/// The name under which the demo calls Ungedatabasen.
const SYSTEM_NAME: &str = "ungebro";

/// Members of the sandbox's cast (docs/sandbox.md).
const YOUNG_PERSON: &str = "0506085001";
const JOB_SEEKER: &str = "0708850001";
const DEAD_PERSON: &str = "0708850004";

/// What the demo adds to the pages: its token, all code lists, and examples whose times its upstreams take.
fn pages(token: String) -> Result<Demo, Failure> {
    let yesterday = danish_day(Timestamp::now()).yesterday()?;
    let days_later = i64::from((yesterday - openapi::DAY_OF_EXAMPLES).get_days());
    Ok(Demo { token, code_lists: CodeLists::parse(services::CODE_LISTS)?, days_later })
}

/// A token with every scope.
fn token(issuer: &DevelopmentIssuer) -> Result<String, Failure> {
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
    Ok(issuer.issue(&token, Timestamp::now())?)
}

fn greet(token: &str, address: SocketAddr) {
    let base = format!("http://{address}");
    println!(
        r#"ungebro demo: the gateway and its simulated upstreams at {base}

  Documentation   {base}/docs
  Sandbox         {base}/sandbox
  Metrics         {base}/metrics

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
