//! `ungebro check`: everything wrong with a configuration, its certificates and its WSDLs.

use std::path::PathBuf;

use clap::Args;

use super::{Failure, route_ids};
use crate::config::Config;
use crate::gateway::{binding::Binding, differences};

#[derive(Debug, Args)]
pub(super) struct Check {
    /// The configuration file (TOML).
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
}

impl Check {
    pub(super) async fn run(self) -> Result<(), Failure> {
        let config = Config::load(&self.config, std::env::vars_os(), &route_ids())?;
        for line in differences::lines(&Binding::of(&config).differences) {
            println!("warning: {line}");
        }
        println!("ok");
        Ok(())
    }
}
