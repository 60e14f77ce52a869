//! A gateway with its sandbox upstreams in this process, on a port of its own.

use std::io::Write;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex, PoisonError, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

use actix_web::web;
use jiff::Timestamp;
use tempfile::TempDir;
use tokio::sync::oneshot;
use ungebro::auth::{DevelopmentIssuer, DevelopmentToken};
use ungebro::config::Config;
use ungebro::demo;
use ungebro::gateway::Gateway;
use ungebro::http::server::{self, Options};
use ungebro::sandbox::{Sandbox, SandboxOptions};

use crate::raw::{Answer, request};

/// A young person of the sandbox with contact persons.
pub(crate) const YOUNG_PERSON: &str = "0506085001";
/// Stands in the message of the panic that `/panic` makes.
pub(crate) const SECRET: &str = "0101991234";

pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) admin: Option<SocketAddr>,
    folder: TempDir,
    issuer: DevelopmentIssuer,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Starts with the defaults.
    pub(crate) fn start() -> Self {
        Self::with(|_, _| {}, Options::default())
    }

    /// Starts with a changed configuration; the folder is the server's own.
    pub(crate) fn configured(change: impl FnOnce(&mut Config, &Path)) -> Self {
        Self::with(change, Options::default())
    }

    pub(crate) fn with(change: impl FnOnce(&mut Config, &Path), mut options: Options) -> Self {
        LazyLock::force(&LOGGING);
        let folder = tempfile::tempdir().unwrap();
        let issuer = DevelopmentIssuer::open(folder.path()).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let upstream = format!("http://{}", listener.local_addr().unwrap());
        let mut config = demo::configuration(&issuer, folder.path(), &upstream).unwrap();
        change(&mut config, folder.path());
        let sandbox = Arc::new(Sandbox::new(SandboxOptions::default())).configure();
        options.extra = Some(Arc::new(move |app: &mut web::ServiceConfig| {
            sandbox.clone()(app);
            app.route("/panic", web::get().to(panic));
        }));
        let (started, starting) = mpsc::channel();
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let gateway = Gateway::build(config, Timestamp::now).await.unwrap();
                let running = server::start(gateway, listener, options).unwrap();
                started.send((running.address, running.admin_address)).unwrap();
                running.run(async { _ = stopped.await }).await.unwrap();
            });
        });
        let (address, admin) = starting.recv().unwrap();
        Self { address, admin, folder, issuer, stop: Some(stop), thread: Some(thread) }
    }

    /// A token with every scope, for one subject.
    pub(crate) fn token(&self, subject: &str) -> String {
        let authorities = vec!["jobcenter:15101".parse().unwrap()];
        let token = demo::token(authorities, Duration::from_secs(600));
        let token = DevelopmentToken { subject: subject.to_owned(), ..token };
        format!("Bearer {}", self.issuer.issue(&token, Timestamp::now()).unwrap())
    }

    /// The audit trail's file.
    pub(crate) fn trail(&self) -> PathBuf {
        self.folder.path().join("audit.jsonl")
    }

    /// A request without a token.
    pub(crate) fn ask(&self, line: &str, headers: &[(&str, &str)]) -> Answer {
        request(self.address, line, headers, "")
    }

    /// Looks a young person up as a subject.
    pub(crate) fn look_up(&self, subject: &str) -> Answer {
        let path = format!("GET /youth/{YOUNG_PERSON}/contacts");
        self.ask(&path, &[("Authorization", &self.token(subject))])
    }

    /// Asks the server to stop; does not wait for it.
    pub(crate) fn stop(&mut self) {
        self.stop.take().map(|stop| stop.send(()));
    }

    /// Waits until the server has stopped.
    pub(crate) fn join(&mut self) {
        self.thread.take().unwrap().join().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
        if let Some(thread) = self.thread.take() {
            _ = thread.join();
        }
    }
}

async fn panic() -> String {
    panic!("the message names {SECRET}");
}

/// Everything that was logged in this process, at every level.
pub(crate) fn logged() -> String {
    String::from_utf8_lossy(&LOGGED.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
}

static LOGGED: Mutex<Vec<u8>> = Mutex::new(Vec::new());

static LOGGING: LazyLock<()> = LazyLock::new(|| {
    // A failing test still says why.
    let print = std::panic::take_hook();
    ungebro::telemetry::panics::tell_place_only();
    let log = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        log(panic);
        print(panic);
    }));
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_ansi(false)
        .with_writer(|| Log)
        .finish();
    tracing::subscriber::set_global_default(subscriber).unwrap();
});

struct Log;

impl Write for Log {
    fn write(&mut self, octets: &[u8]) -> std::io::Result<usize> {
        LOGGED.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(octets);
        Ok(octets.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
