//! `ungebro check`: everything wrong with a configuration, its certificates and its WSDLs.

use std::path::PathBuf;

use clap::Args;
use jiff::Timestamp;

use super::{Failure, route_ids};
use crate::check::{self, Report};
use crate::config::Config;

#[derive(Debug, Args)]
pub(super) struct Check {
    /// The configuration file (TOML).
    #[arg(long, value_name = "FILE")]
    config: PathBuf,
    /// Also connects to every service, and sends nothing.
    #[arg(long)]
    connect: bool,
    /// Saves the WSDLs that the services serve in folders for wsdl_dir, and compares them with the routes.
    #[arg(long, value_name = "DIR")]
    fetch_wsdl: Option<PathBuf>,
}

impl Check {
    pub(super) async fn run(self) -> Result<(), Failure> {
        let config = Config::load(&self.config, std::env::vars_os(), &route_ids())?;
        let now = Timestamp::now();
        let mut report = Report::default();
        check::configuration(&config, now, &mut report).await;
        if self.connect {
            check::connect(&config, now, &mut report).await;
        }
        if let Some(dir) = &self.fetch_wsdl {
            check::fetch(&config, dir, now, &mut report).await;
        }
        for finding in &report.findings {
            println!("{finding}");
        }
        if !report.is_usable() {
            return Err("the configuration cannot be used".into());
        }
        println!("the configuration can be used");
        Ok(())
    }
}
