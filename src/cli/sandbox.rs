//! `ungebro sandbox`: the simulated upstreams alone.

use std::net::SocketAddr;
use std::sync::Arc;

use actix_web::{App, HttpServer};
use clap::Args;

use super::Failure;
use super::signals::asked_to_end;
use crate::config::{LogFormat, Telemetry};
use crate::sandbox::{Sandbox, SandboxOptions};
use crate::{services, telemetry};

#[derive(Debug, Args)]
pub(super) struct SandboxCommand {
    /// Where to listen.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8081")]
    listen: SocketAddr,
}

impl SandboxCommand {
    pub(super) async fn run(self) -> Result<(), Failure> {
        telemetry::logs::start(&Telemetry { log_format: LogFormat::Pretty, ..Default::default() });
        let sandbox = Arc::new(Sandbox::new(SandboxOptions::default()));
        let configure = sandbox.configure();
        let server = HttpServer::new(move || App::new().configure(configure.clone())).disable_signals();
        let server = server.bind(self.listen)?;
        for address in server.addrs() {
            println!("Simulated upstreams at http://{address}:");
            for service in services::services() {
                println!("  http://{address}{}?wsdl", service.path);
            }
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
}
