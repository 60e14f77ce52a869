//! `ungebro openapi`: prints the published document without starting a server.

use std::io::Write as _;

use clap::{Args, ValueEnum};

use super::Failure;
use crate::openapi::{self, Format, Options, Version};

#[derive(Debug, Args)]
pub(super) struct Openapi {
    /// The version of the specification.
    #[arg(long, value_enum, default_value = "3.1")]
    spec: SpecVersion,
    /// The format.
    #[arg(long, value_enum, default_value = "json")]
    format: TextFormat,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum SpecVersion {
    #[value(name = "3.1")]
    V31,
    #[value(name = "3.0")]
    V30,
    #[value(name = "2.0")]
    V20,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum TextFormat {
    Json,
    Yaml,
}

impl Openapi {
    pub(super) fn run(self) -> Result<(), Failure> {
        let version = match self.spec {
            SpecVersion::V31 => Version::V31,
            SpecVersion::V30 => Version::V30,
            SpecVersion::V20 => Version::V20,
        };
        let format = match self.format {
            TextFormat::Json => Format::Json,
            TextFormat::Yaml => Format::Yaml,
        };
        let text = openapi::text(&Options::default(), version, format);
        Ok(std::io::stdout().lock().write_all(text.as_bytes())?)
    }
}
