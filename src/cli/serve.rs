//! `ungebro serve`: the gateway.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use jiff::Timestamp;

use super::cannot_listen;
use super::signals::{Hangups, asked_to_end, survive_file_size_limit};
use super::{Failure, route_ids};
use crate::config::Config;
use crate::gateway::Gateway;
use crate::http::server::{self, Options};
use crate::http::tls::Certificate;
use crate::telemetry;

#[derive(Debug, Args)]
pub(super) struct Serve {
    /// The configuration file (TOML).
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
}

impl Serve {
    pub(super) async fn run(self) -> Result<(), Failure> {
        // First: until somebody listens, each of these signals ends the process.
        let (hangups, end) = (Hangups::listen(), asked_to_end());
        survive_file_size_limit();
        let config = Config::load(&self.config, std::env::vars_os(), &route_ids())?;
        let telemetry = telemetry::start(&config.telemetry)?;
        let listener = std::net::TcpListener::bind(config.server.listen)
            .map_err(|error| cannot_listen(config.server.listen, &error))?;
        let gateway = Gateway::build(config, Timestamp::now).await?;
        gateway.watch();
        let reread = gateway.clone();
        let running = server::start(gateway, listener, Options::default())?;
        let certificate = running.certificate.clone();
        hangups.act(move || reread_files(reread.clone(), certificate.clone()));
        tracing::info!(address = %running.address, version = env!("CARGO_PKG_VERSION"), "listening");
        let served = running.run(end).await;
        telemetry.finish().await;
        Ok(served?)
    }
}

/// Picks up changed certificates without waiting for the next look at them.
async fn reread_files(gateway: Gateway, certificate: Option<Arc<Certificate>>) {
    tracing::info!("SIGHUP: looking at files again");
    if let Err(error) = gateway.audit.reopen().await {
        tracing::error!(%error, "the audit trail could not be opened again");
    }
    let reread = tokio::task::spawn_blocking(move || {
        gateway.ports.iter().for_each(|port| port.refresh());
        if let Some(certificate) = certificate {
            certificate.refresh();
        }
    });
    if reread.await.is_err() {
        tracing::error!("looking at files again failed");
    }
}
