//! `ungebro serve`: the gateway.

use std::path::PathBuf;

use clap::Args;
use jiff::Timestamp;

use super::{Failure, asked_to_end, route_ids};
use crate::config::Config;
use crate::gateway::Gateway;
use crate::http::server;
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
        let telemetry = telemetry::start(&config.telemetry)?;
        let listener = std::net::TcpListener::bind(config.server.listen)?;
        let gateway = Gateway::build(config, Timestamp::now).await?;
        gateway.watch();
        let running = server::start(gateway, listener, None)?;
        tracing::info!(address = %running.address, version = env!("CARGO_PKG_VERSION"), "listening");
        let served = running.run(asked_to_end()).await;
        telemetry.finish().await;
        Ok(served?)
    }
}
