//! `ungebro serve`: the gateway.

use std::path::PathBuf;

use clap::Args;
use jiff::Timestamp;

use super::signals::{asked_to_end, on_hangup};
use super::{Failure, route_ids};
use crate::config::Config;
use crate::gateway::Gateway;
use crate::http::server::{self, Options};
use crate::operation::Upstream;
use crate::telemetry;

#[derive(Debug, Args)]
pub(super) struct Serve {
    /// The configuration file (TOML).
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
}

impl Serve {
    pub(super) async fn run(self) -> Result<(), Failure> {
        let config = Config::load(&self.config, std::env::vars_os(), &route_ids())?;
        telemetry::logs::start(&config.telemetry);
        telemetry::panics::log();
        let listener = std::net::TcpListener::bind(config.server.listen)?;
        let gateway = Gateway::build(config, Timestamp::now).await?;
        gateway.watch();
        let reread = gateway.clone();
        on_hangup(move || reread_files(reread.clone()));
        let running = server::start(gateway, listener, Options::default())?;
        tracing::info!(address = %running.address, version = env!("CARGO_PKG_VERSION"), "listening");
        Ok(running.run(asked_to_end()).await?)
    }
}

/// Picks up changed certificates without waiting for the next look at them.
async fn reread_files(gateway: Gateway) {
    tracing::info!("SIGHUP: looking at files again");
    if let Err(error) = gateway.audit.reopen().await {
        tracing::error!(%error, "the audit trail could not be opened again");
    }
    let reread = tokio::task::spawn_blocking(move || {
        for upstream in [Upstream::Udb, Upstream::Dfdg] {
            gateway.transport(upstream).refresh((gateway.clock)());
        }
    });
    if reread.await.is_err() {
        tracing::error!("looking at files again failed");
    }
}
