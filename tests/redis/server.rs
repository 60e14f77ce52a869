//! A Redis or Valkey server of the test's own, in a folder that goes with it.
//!
//! The program is `redis-server`, or what `UNGEBRO_REDIS_SERVER` names.

use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};
use std::{env, fs};

use tempfile::TempDir;
use ungebro::config::{Idempotency, Redis, Store};

/// What the gateway asks of a server, and that it loses nothing when it is killed: under `everysec` it confirms what it
/// has not written yet while its disk is slow.
pub(crate) const FIT: [&str; 6] =
    ["--appendonly", "yes", "--maxmemory-policy", "noeviction", "--appendfsync", "always"];
pub(crate) const KEY: &str = "an encryption key of some 40 characters.";

pub(crate) struct Server {
    process: Child,
    options: Vec<String>,
    pub(crate) port: u16,
    pub(crate) folder: TempDir,
}

impl Server {
    /// A server as it should be.
    pub(crate) fn fit() -> Self {
        Self::with(&FIT)
    }

    pub(crate) fn with(options: &[&str]) -> Self {
        Self::at(free_port(), options)
    }

    pub(crate) fn at(port: u16, options: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("key"), KEY).unwrap();
        let mut all =
            vec!["--port".to_owned(), port.to_string(), "--bind".to_owned(), "127.0.0.1".to_owned()];
        all.extend(["--save", "", "--dir", folder.path().to_str().unwrap()].map(str::to_owned));
        all.extend(options.iter().map(|&option| option.to_owned()));
        let process = launch(&all, port);
        Self { process, options: all, port, folder }
    }

    /// Dies at once, as on SIGKILL.
    pub(crate) fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Comes back with what it had written.
    pub(crate) fn start_again(&mut self) {
        self.process = launch(&self.options, self.port);
    }

    /// Stands still, connections open, until [`Server::thaw`].
    pub(crate) fn freeze(&self) {
        self.signal("-STOP");
    }

    pub(crate) fn thaw(&self) {
        self.signal("-CONT");
    }

    fn signal(&self, signal: &str) {
        let status = Command::new("kill").args([signal, &self.process.id().to_string()]).status().unwrap();
        assert!(status.success());
    }

    pub(crate) fn file(&self, name: &str, content: &str) -> PathBuf {
        let file = self.folder.path().join(name);
        fs::write(&file, content).unwrap();
        file
    }

    /// A connection beside the store's.
    pub(crate) fn connection(&self) -> redis::Connection {
        redis::Client::open(format!("redis://127.0.0.1:{}", self.port)).unwrap().get_connection().unwrap()
    }

    pub(crate) fn run(&self, command: &[&str]) {
        let mut order = redis::cmd(command[0]);
        order.arg(&command[1..]);
        order.exec(&mut self.connection()).unwrap();
    }

    /// The only entry there is.
    pub(crate) fn entry(&self) -> String {
        let keys: Vec<String> = redis::cmd("KEYS").arg("*").query(&mut self.connection()).unwrap();
        let [key] = keys.as_slice() else { panic!("{} entries", keys.len()) };
        key.clone()
    }

    pub(crate) fn settings(&self) -> Idempotency {
        self.settings_at(&format!("redis://127.0.0.1:{}", self.port))
    }

    pub(crate) fn settings_at(&self, url: &str) -> Idempotency {
        let redis = Redis {
            url: url.to_owned(),
            password_file: None,
            ca_file: None,
            encryption_key_file: self.folder.path().join("key"),
        };
        Idempotency { ttl: Duration::from_secs(3600), max_entries: 0, store: Store::Redis(redis) }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A port below those that the system hands out by itself, so that none of a test's many connections takes it
/// before the server has it, or while the server is away.
pub(crate) fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let start = u16::try_from(std::process::id() % 500).unwrap() * 20;
    loop {
        let port = 20_000 + (start + NEXT.fetch_add(1, Ordering::Relaxed)) % 12_000;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

fn launch(options: &[String], port: u16) -> Child {
    let program = env::var("UNGEBRO_REDIS_SERVER").unwrap_or_else(|_| "redis-server".to_owned());
    let child = Command::new(&program)
        .args(options)
        .stdout(Stdio::null())
        .spawn()
        .unwrap_or_else(|error| panic!("cannot start {program}: {error}"));
    let give_up = Instant::now() + Duration::from_secs(20);
    // A server that is reading its file accepts before it answers, which is for the store to cope with.
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(Instant::now() < give_up, "{program} does not listen");
        sleep(Duration::from_millis(20));
    }
    child
}
