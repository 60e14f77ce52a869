//! The built program as a process, behind a configuration file.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::token::{AUDIENCE, ISSUER, jwks};

/// The built program behind a configuration file, until it is dropped.
pub(crate) struct Program {
    child: Child,
    pub(crate) url: String,
    log: std::thread::JoinHandle<String>,
    state: tempfile::TempDir,
}

impl Program {
    /// Runs it; whatever it can log is logged.
    pub(crate) fn start(upstream: &str) -> Self {
        let state = tempfile::tempdir().unwrap();
        let config = Self::configuration(&state, upstream);
        let file = state.path().join("config.toml");
        std::fs::write(&file, config).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_ungebro"));
        command.args(["serve", "--config"]).arg(file);
        Self::spawn(state, &mut command).listening()
    }

    /// What it is told, with the files that this names in the folder.
    pub(crate) fn configuration(state: &tempfile::TempDir, upstream: &str) -> String {
        let at = |name: &str| state.path().join(name).display().to_string();
        std::fs::write(at("jwks.json"), jwks()).unwrap();
        std::fs::write(at("audit-key"), [7; 32]).unwrap();
        format!(
            "[server]\nlisten = \"127.0.0.1:0\"\n\
             [[auth.issuers]]\nissuer = \"{ISSUER}\"\naudience = \"{AUDIENCE}\"\njwks_file = \"{jwks}\"\n\
             [authority_kinds]\nunemployment-fund = 12\n\
             [authorities.\"jobcenter:*\"]\nstar_institution_number = 1234567\n\
             [authorities.\"municipality:*\"]\nkui_institution_number = 7654321\n\
             [upstreams.udb]\nsystem_name = \"ungebro\"\nhent_institution_kontakt = \"{upstream}/hent\"\n\
             indberetning_kontakt_job_og_udd_oensker = \"{upstream}/indberetning\"\n\
             [upstreams.udb.breaker]\nconsecutive_failures = 1000000\nminimum_calls = 1000000\n\
             [upstreams.dfdg]\nendpoint = \"{upstream}/dfdg\"\n\
             [upstreams.dfdg.breaker]\nconsecutive_failures = 1000000\nminimum_calls = 1000000\n\
             [audit]\nfile = \"{audit}\"\ncpr_hash_key_file = \"{key}\"\n\
             [telemetry]\nlog_level = \"trace\"\n",
            jwks = at("jwks.json"),
            audit = at("audit.jsonl"),
            key = at("audit-key"),
        )
    }

    /// A program that is starting.
    pub(crate) fn spawn(state: tempfile::TempDir, command: &mut Command) -> Starting {
        let child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        Starting { child, state }
    }

    /// Its process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends the program; its whole log, and its audit trail.
    pub(crate) fn end(mut self) -> (String, String) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        let trail = std::fs::read_to_string(self.state.path().join("audit.jsonl")).unwrap();
        (self.log.join().unwrap(), trail)
    }
}

/// A program that has not said yet that it listens.
pub(crate) struct Starting {
    child: Child,
    state: tempfile::TempDir,
}

impl Starting {
    /// Its process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// The folder of its files.
    pub(crate) fn folder(&self) -> &Path {
        self.state.path()
    }

    /// The program once it listens.
    pub(crate) fn listening(mut self) -> Program {
        let stderr = BufReader::new(self.child.stderr.take().unwrap());
        let (found, address) = std::sync::mpsc::channel();
        let log = std::thread::spawn(move || {
            let mut log = String::new();
            for line in stderr.lines().map(Result::unwrap) {
                if line.contains("listening") {
                    let (_, rest) = line.split_once("127.0.0.1:").unwrap();
                    let _ = found.send(rest.split('"').next().unwrap().to_owned());
                }
                log.push_str(&line);
                log.push('\n');
            }
            log
        });
        let Ok(port) = address.recv_timeout(Duration::from_secs(30)) else {
            let _ = self.child.kill();
            panic!("it does not listen: {}", log.join().unwrap());
        };
        Program { child: self.child, url: format!("http://127.0.0.1:{port}"), log, state: self.state }
    }
}
