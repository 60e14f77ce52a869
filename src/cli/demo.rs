//! `ungebro demo`: gateway, sandbox and token issuer in one process, without a configuration file.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use actix_web::web;
use clap::Args;
use jiff::Timestamp;

use super::signals::asked_to_end;
use super::token::{LIFETIME, folder, issuer};
use super::{Failure, cannot_listen};
use crate::auth::DevelopmentIssuer;
use crate::code_lists::CodeLists;
use crate::config::AuditOutput;
use crate::demo;
use crate::gateway::Gateway;
use crate::http::pages::Demo;
use crate::http::server::{self, Options};
use crate::openapi;
use crate::sandbox::{self, Sandbox, SandboxOptions};
use crate::services;
use crate::telemetry;
use crate::types::time::{Instant, danish_day};

/// That of the address by default.
const DEFAULT_PORT: u16 = 8080;

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
        let listener = TcpListener::bind(self.listen).map_err(|error| cannot_listen(self.listen, &error))?;
        let address = listener.local_addr()?;
        let issuer = issuer()?;
        let upstream = self.upstream.clone().unwrap_or_else(|| format!("http://{address}"));
        let mut config = demo::configuration(&issuer, &folder()?, &upstream)?;
        config.server.listen = address;
        // A trail has one writer; demos side by side differ in their ports.
        if address.port() != DEFAULT_PORT {
            config.audit.output =
                AuditOutput::File(folder()?.join(format!("audit-{}.jsonl", address.port())));
        }
        config.telemetry.log_format = telemetry::logs::fitting_format();
        config.telemetry.otlp_endpoint = self.otlp_endpoint;
        let telemetry = telemetry::start(&config.telemetry)?;
        let gateway = Gateway::build(config, Timestamp::now).await?;
        let token_of_all = token(&issuer, &sandbox::AUTHORITIES_OF_ALL)?;
        let token = token(&issuer, &["jobcenter:15101", "municipality:151"])?;
        let options =
            SandboxOptions { system_name: Some(demo::SYSTEM_NAME.to_owned()), ..Default::default() };
        let sandbox = Arc::new(Sandbox::new(options));
        let keys = gateway.idempotency.clone();
        sandbox.on_reset(move || keys.forget_settled());
        let base_url = format!("http://{address}");
        sandbox.stand_behind(sandbox::Gateway {
            base_url,
            token: Some(token.clone()),
            token_of_all: Some(token_of_all),
        });
        let sandbox = sandbox.configure();
        let pages = web::Data::new(pages(token.clone())?);
        let extra = move |app: &mut web::ServiceConfig| {
            app.app_data(pages.clone());
            sandbox.clone()(app);
        };
        let options = Options { extra: Some(Arc::new(extra)), localhost_origins: true };
        let end = asked_to_end();
        let running = server::start(gateway, listener, options)?;
        greet(&token, address);
        let served = running.run(end).await;
        telemetry.finish().await;
        Ok(served?)
    }
}

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

/// A token with every scope for these authorities.
fn token(issuer: &DevelopmentIssuer, authorities: &[&str]) -> Result<String, Failure> {
    let authorities = authorities.iter().map(|authority| authority.parse()).collect::<Result<_, _>>()?;
    Ok(issuer.issue(&demo::token(authorities, LIFETIME), Timestamp::now())?)
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
