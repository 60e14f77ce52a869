//! `ungebro sandbox`: the simulated upstreams alone.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use actix_web::{App, HttpServer};
use clap::Args;
use jiff::Timestamp;

use super::signals::asked_to_end;
use super::{Failure, cannot_listen};
use crate::config::Telemetry;
use crate::sandbox::mtls::Certificates;
use crate::sandbox::{Sandbox, SandboxOptions, Signatures};
use crate::{services, telemetry};

#[derive(Debug, Args)]
pub(super) struct SandboxCommand {
    /// Where to listen.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8081")]
    listen: SocketAddr,
    /// Speaks TLS, and only with clients that show the certificate that it makes for them.
    #[arg(long)]
    mtls: bool,
    /// Demands WS-Security signatures where Integrationsplatformen does.
    #[arg(long)]
    signed: bool,
    /// Signs answers where Integrationsplatformen might.
    #[arg(long, requires = "signed")]
    sign_answers: bool,
    /// Where certificates and keys are kept.
    #[arg(long, value_name = "DIR", default_value = "sandbox-state")]
    state: PathBuf,
}

impl SandboxCommand {
    pub(super) async fn run(self) -> Result<(), Failure> {
        telemetry::start(&Telemetry { log_format: telemetry::logs::fitting_format(), ..Default::default() })?;
        let certificates = (self.mtls || self.signed).then(|| self.certificates()).transpose()?;
        let signatures = certificates.as_ref().filter(|_| self.signed);
        let signatures = signatures.map(|certificates| self.signatures(certificates)).transpose()?;
        let sandbox = Arc::new(Sandbox::new(SandboxOptions { signatures, ..SandboxOptions::default() }));
        let configure = sandbox.configure();
        let server = HttpServer::new(move || App::new().configure(configure.clone())).disable_signals();
        let server = match certificates.as_ref().filter(|_| self.mtls) {
            Some(certificates) => server.bind_rustls_0_23(self.listen, certificates.server_config()?),
            None => server.bind(self.listen),
        };
        let server = server.map_err(|error| cannot_listen(self.listen, &error))?;
        let scheme = if self.mtls { "https" } else { "http" };
        for address in server.addrs() {
            self.greet(&format!("{scheme}://{address}"), certificates.as_ref());
        }
        let server = server.run();
        let handle = server.handle();
        let ending = async {
            asked_to_end().await;
            handle.stop(true).await;
        };
        let (served, ()) = tokio::join!(server, ending);
        Ok(served?)
    }

    fn certificates(&self) -> Result<Certificates, Failure> {
        let mut hosts = ["localhost", "127.0.0.1", "::1", "sandbox"].map(str::to_owned).to_vec();
        hosts.push(self.listen.ip().to_string());
        hosts.dedup();
        let folder = std::path::absolute(&self.state)?;
        Ok(Certificates::prepare(&folder, &hosts, Timestamp::now())?)
    }

    fn signatures(&self, certificates: &Certificates) -> Result<Arc<Signatures>, Failure> {
        let answers = self.sign_answers.then(|| certificates.answers_identity()).transpose()?;
        let anchors = std::fs::read(&certificates.authority)?;
        Ok(Arc::new(Signatures::new(&anchors, answers.as_ref())?))
    }

    fn greet(&self, base: &str, certificates: Option<&Certificates>) {
        println!("Simulated upstreams at {base}:");
        for service in services::services() {
            println!("  {base}{}?wsdl", service.path);
        }
        if let Some(certificates) = certificates {
            println!("\nFor the gateway's configuration:\n\n{}", self.snippet(base, certificates));
        }
    }

    /// The part of a configuration that leads here.
    fn snippet(&self, base: &str, certificates: &Certificates) -> String {
        let text = |text: String| toml::Value::String(text).to_string();
        let file = |file: &PathBuf| text(file.display().to_string());
        let at = |path: &str| text(format!("{base}{path}"));
        let (client, authority) = (file(&certificates.client), file(&certificates.authority));
        let tls = |upstream: &str| match self.mtls {
            true => format!("\n[upstreams.{upstream}.tls]\nidentity = {client}\nca_file = {authority}\n"),
            false => String::new(),
        };
        let signing = match (self.signed, self.sign_answers) {
            (false, _) => String::new(),
            (true, false) => format!("\n[upstreams.udb.signing]\nidentity = {client}\n"),
            (true, true) => format!(
                "\n[upstreams.udb.signing]\nidentity = {client}\nverify = \"require\"\ntrust_anchors = {authority}\n"
            ),
        };
        format!(
            "[upstreams.udb]\nsystem_name = \"ungebro\"\nhent_institution_kontakt = {}\n\
             indberetning_kontakt_job_og_udd_oensker = {}\n{}{signing}\n[upstreams.dfdg]\nendpoint = {}\n{}",
            at(services::udb::HENT_INSTITUTION_KONTAKT.path),
            at(services::udb::INDBERETNING.path),
            tls("udb"),
            at(services::dfdg::SERVICE.path),
            tls("dfdg"),
        )
    }
}
