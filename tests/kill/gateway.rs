//! The built program as a child process, with files of its own.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, RwLock};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::token::{AUDIENCE, ISSUER, jwks};

const PROGRAM: &str = env!("CARGO_BIN_EXE_ungebro");
/// A debug build on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// One replica: killed and started again, it keeps its files.
pub(crate) struct Gateway {
    name: String,
    folder: PathBuf,
    upstream: u16,
    idempotency: String,
    process: Child,
    starts: usize,
    address: Arc<RwLock<String>>,
}

impl Gateway {
    /// Starts a replica whose `[idempotency]` holds these lines.
    pub(crate) fn start(folder: &Path, name: &str, upstream: u16, idempotency: &str) -> Self {
        let folder = folder.join(name);
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("jwks.json"), jwks()).unwrap();
        fs::write(folder.join("audit-key"), [7; 32]).unwrap();
        let (name, idempotency) = (name.to_owned(), idempotency.to_owned());
        let process = launch(&folder, &name, 0, upstream, &idempotency);
        let address = Arc::new(RwLock::new(address(&folder, 0)));
        Self { name, folder, upstream, idempotency, process, starts: 1, address }
    }

    /// Where it listens; another place after each start.
    pub(crate) fn address(&self) -> Arc<RwLock<String>> {
        Arc::clone(&self.address)
    }

    /// The audit trail.
    pub(crate) fn trail(&self) -> PathBuf {
        self.folder.join("audit.jsonl")
    }

    /// SIGKILL, and a new start.
    pub(crate) fn kill_and_start(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        self.start_again();
    }

    /// SIGTERM, a good end, and a new start.
    pub(crate) fn end_and_start(&mut self) {
        self.terminate();
        assert_eq!(self.wait().code(), Some(0));
        self.start_again();
    }

    fn start_again(&mut self) {
        self.process = launch(&self.folder, &self.name, self.starts, self.upstream, &self.idempotency);
        *self.address.write().unwrap() = address(&self.folder, self.starts);
        self.starts += 1;
    }

    /// SIGTERM.
    pub(crate) fn terminate(&self) {
        self.signal("-TERM");
    }

    /// Sends the process a signal.
    pub(crate) fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([name, &self.process.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    /// How the process ended.
    pub(crate) fn wait(&mut self) -> ExitStatus {
        self.process.wait().unwrap()
    }

    /// `audit verify` on the trail as it stands; half a line at its end is being written right now.
    pub(crate) fn verify(&self) {
        let mut trail = fs::read(self.trail()).unwrap();
        let whole = trail.iter().rposition(|octet| *octet == b'\n').map_or(0, |at| at + 1);
        trail.truncate(whole);
        let copy = self.folder.join("copy.jsonl");
        fs::write(&copy, trail).unwrap();
        let verified = Command::new(PROGRAM).args(["audit", "verify"]).arg(&copy).output().unwrap();
        assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stderr));
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn launch(folder: &Path, name: &str, start: usize, upstream: u16, idempotency: &str) -> Child {
    let (config, at) = (folder.join("ungebro.toml"), format!("http://127.0.0.1:{upstream}/{name}-{start}"));
    let text = format!(
        "[server]\nlisten = \"127.0.0.1:0\"\nshutdown_grace_seconds = 20\n\
         [[auth.issuers]]\nissuer = \"{ISSUER}\"\naudience = \"{AUDIENCE}\"\njwks_file = \"{folder}/jwks.json\"\n\
         [upstreams.udb]\nsystem_name = \"test\"\nhent_institution_kontakt = \"{at}/hent\"\n\
         indberetning_kontakt_job_og_udd_oensker = \"{at}/indberet\"\n\
         [upstreams.dfdg]\nendpoint = \"{at}/dfdg\"\n\
         [audit]\nfile = \"{folder}/audit.jsonl\"\ncpr_hash_key_file = \"{folder}/audit-key\"\n\
         [idempotency]\n{idempotency}\n",
        folder = folder.display(),
    );
    fs::write(&config, text).unwrap();
    let log = File::create(log_file(folder, start)).unwrap();
    Command::new(PROGRAM)
        .args(["serve", "--config"])
        .arg(&config)
        .stdout(Stdio::null())
        .stderr(log)
        .spawn()
        .unwrap()
}

fn log_file(folder: &Path, start: usize) -> PathBuf {
    folder.join(format!("{start}.log"))
}

/// Where it says that it listens.
fn address(folder: &Path, start: usize) -> String {
    let give_up = Instant::now() + PATIENCE;
    loop {
        let log = fs::read_to_string(log_file(folder, start)).unwrap();
        if let Some(line) = log.lines().find(|line| line.contains("listening")) {
            let at = line.find("127.0.0.1:").unwrap();
            let address = &line[at..];
            let end = address.find('"').unwrap();
            return format!("http://{}", &address[..end]);
        }
        assert!(Instant::now() < give_up, "it does not listen: {log}");
        sleep(Duration::from_millis(10));
    }
}
