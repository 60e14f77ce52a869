//! `ungebro sandbox`: the simulated upstreams alone.

use std::net::SocketAddr;

use clap::Args;

use super::Failure;

#[derive(Debug, Args)]
pub(super) struct SandboxCommand {
    /// Where to listen.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8081")]
    listen: SocketAddr,
}

impl SandboxCommand {
    pub(super) async fn run(self) -> Result<(), Failure> {
        let _ = self.listen;
        Ok(())
    }
}
