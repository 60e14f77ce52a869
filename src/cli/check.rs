//! `ungebro check`: everything wrong with a configuration, its certificates and its WSDLs.

use std::path::PathBuf;

use clap::Args;

use super::{Failure, route_ids};
use crate::config::Config;
use crate::gateway::build;

#[derive(Debug, Args)]
pub(super) struct Check {
    /// The configuration file (TOML).
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
}

impl Check {
    pub(super) async fn run(self) -> Result<(), Failure> {
        let config = Config::load(&self.config, std::env::vars_os(), &route_ids())?;
        for (route, difference) in build::bind(&config)?.differences {
            println!("warning: {route}: {} {}", difference.subject, difference.consequence);
        }
        println!("ok");
        Ok(())
    }
}
