//! `ungebro audit`: checks the trail, or lists one person's look-ups.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::route_ids;
use crate::audit::{ExportFormat, Finished, export_command, verify_command};
use crate::config::Config;

#[derive(Debug, Args)]
pub(super) struct Audit {
    #[command(subcommand)]
    command: AuditCommand,
}

#[derive(Debug, Subcommand)]
enum AuditCommand {
    /// Finds any line that was changed, removed, reordered or, with --head, cut off.
    Verify {
        /// The trail's files, oldest first.
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// The hash that the last line must have.
        #[arg(long)]
        head: Option<String>,
        /// The hash that the line before the first must have had.
        #[arg(long)]
        after: Option<String>,
    },
    /// Lists the look-ups of one person, as the right of access asks.
    Export {
        /// The trail's files, oldest first.
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// A file with the person's CPR numbers, one a line.
        #[arg(long)]
        cpr_file: PathBuf,
        /// The configuration, for the keys.
        #[arg(long)]
        config: PathBuf,
        /// A table for a person instead of JSON lines.
        #[arg(long)]
        table: bool,
    },
}

impl Audit {
    pub(super) fn run(self) -> ExitCode {
        let finished = match self.command {
            AuditCommand::Verify { files, head, after } => {
                verify_command(&files, head.as_deref(), after.as_deref())
            }
            AuditCommand::Export { files, cpr_file, config, table } => {
                let format = if table { ExportFormat::Table } else { ExportFormat::JsonLines };
                match Config::load(&config, std::env::vars_os(), &route_ids()) {
                    Ok(config) => export_command(&files, &cpr_file, &config.audit, format),
                    Err(faults) => Finished { code: 2, output: String::new(), errors: format!("{faults}\n") },
                }
            }
        };
        print!("{}", finished.output);
        eprint!("{}", finished.errors);
        ExitCode::from(finished.code)
    }
}
