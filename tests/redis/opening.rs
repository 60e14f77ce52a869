//! Servers that must be refused at the start, and the ways to reach one.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use std::{fs, io};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tokio::time::sleep;
use ungebro::config::{Idempotency, Redis, Store as Kind};
use ungebro::idempotency::{OpenError, Store, Weakness, examine};

use crate::caller::{TIMING, replica, state};
use crate::server::{FIT, Server, free_port};

const PASSWORD: &str = "password-Wozniak";

fn redis(settings: &mut Idempotency) -> &mut Redis {
    match &mut settings.store {
        Kind::Redis(redis) => redis,
        Kind::Memory => unreachable!("every server's settings name it"),
    }
}

async fn refusal(settings: &Idempotency) -> OpenError {
    Store::open_with(settings, TIMING).await.expect_err("the store opened")
}

fn with<'a>(more: &[&'a str]) -> Vec<&'a str> {
    FIT.iter().chain(more).copied().collect()
}

#[tokio::test]
async fn only_the_right_password_opens() {
    let server = Server::with(&with(&["--requirepass", PASSWORD]));
    let mut settings = server.settings();
    assert!(matches!(refusal(&settings).await, OpenError::Password));

    redis(&mut settings).password_file = Some(server.file("password", "wrong-Wozniak\n"));
    let error = refusal(&settings).await;
    assert!(matches!(error, OpenError::Password));
    assert!(!format!("{error} {error:?}").contains("Wozniak"));

    redis(&mut settings).password_file = Some(server.file("password", &format!("{PASSWORD}\n")));
    assert_eq!(state(&replica(&settings).await).await, "fresh");
}

#[tokio::test]
async fn a_server_that_forgets_or_evicts_is_refused() {
    let forgets = Server::with(&["--appendonly", "no", "--maxmemory-policy", "noeviction"]);
    assert!(matches!(refusal(&forgets.settings()).await, OpenError::NotDurable));
    let evicts = Server::with(&["--appendonly", "yes", "--maxmemory-policy", "allkeys-lru"]);
    assert!(matches!(refusal(&evicts.settings()).await, OpenError::Evicts));
}

#[tokio::test]
async fn where_config_is_forbidden_info_is_read() {
    let hidden = ["--rename-command", "CONFIG", "HIDDEN"];
    let forgets = Server::with(&hidden);
    assert!(matches!(refusal(&forgets.settings()).await, OpenError::NotDurable));
    let evicts =
        Server::with(&[&hidden[..], &["--appendonly", "yes", "--maxmemory-policy", "allkeys-lru"]].concat());
    assert!(matches!(refusal(&evicts.settings()).await, OpenError::Evicts));
    let fit = Server::with(&with(&hidden));
    assert_eq!(state(&replica(&fit.settings()).await).await, "fresh");
}

#[tokio::test]
async fn settings_that_cannot_be_read_at_all_do_not_stop_the_start() {
    let server =
        Server::with(&["--rename-command", "CONFIG", "HIDDEN", "--rename-command", "INFO", "HIDDEN-TOO"]);
    assert_eq!(state(&replica(&server.settings()).await).await, "fresh");
}

/// The settings that a server does not tell.
fn untold(weaknesses: &[Weakness]) -> Vec<&str> {
    let setting = |weakness: &Weakness| match *weakness {
        Weakness::Untold { setting, .. } => setting,
        Weakness::SyncsLate => panic!("{weakness}"),
    };
    weaknesses.iter().map(setting).collect()
}

#[tokio::test]
async fn a_server_that_confirms_before_its_disk_has_it_is_warned_of() {
    for sync in ["everysec", "no"] {
        let late = Server::with(&with(&["--appendfsync", sync]));
        assert_eq!(examine(&late.settings()).await.unwrap(), [Weakness::SyncsLate]);
        let log = Log::default();
        let _logging = log.listen();
        assert_eq!(state(&replica(&late.settings()).await).await, "fresh");
        assert!(log.told().contains("Redis runs without appendfsync always"), "{}", log.told());
    }
}

#[tokio::test]
async fn a_server_as_it_should_be_is_not_warned_of() {
    let fit = Server::fit();
    assert_eq!(examine(&fit.settings()).await.unwrap(), []);
    let log = Log::default();
    let _logging = log.listen();
    assert_eq!(state(&replica(&fit.settings()).await).await, "fresh");
    assert_eq!(log.told(), "");
}

#[tokio::test]
async fn what_a_server_does_not_tell_is_named_as_unverified() {
    let hidden = ["--rename-command", "CONFIG", "HIDDEN"];
    let silent = [&hidden[..], &["--rename-command", "INFO", "HIDDEN-TOO"]].concat();
    let server = Server::with(&with(&hidden));
    let log = Log::default();
    let logging = log.listen();
    assert_eq!(state(&replica(&server.settings()).await).await, "fresh");
    assert!(log.told().contains("Redis does not tell its appendfsync: nobody verified that it is always"));
    drop(logging);
    assert_eq!(untold(&examine(&server.settings()).await.unwrap()), ["appendfsync"]);
    let server = Server::with(&with(&silent));
    let all = ["appendonly", "maxmemory-policy", "appendfsync"];
    assert_eq!(untold(&examine(&server.settings()).await.unwrap()), all);
}

#[tokio::test]
async fn an_examination_tells_what_is_wrong_and_leaves_nothing_behind() {
    let mut server = Server::fit();
    examine(&server.settings()).await.unwrap();
    let entries: u32 = ::redis::cmd("DBSIZE").query(&mut server.connection()).unwrap();
    assert_eq!(entries, 0);
    server.kill();
    assert!(matches!(examine(&server.settings()).await, Err(OpenError::Away { .. })));
    let forgets = Server::with(&["--appendonly", "no"]);
    assert!(matches!(examine(&forgets.settings()).await, Err(OpenError::NotDurable)));
    let memory = Idempotency { store: Kind::Memory, ..server.settings() };
    assert_eq!(examine(&memory).await.unwrap(), []);
}

/// What is logged on this thread, from level WARN.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn listen(&self) -> tracing::subscriber::DefaultGuard {
        let log = self.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::WARN)
            .with_ansi(false)
            .with_writer(move || log.clone())
            .finish();
        tracing::subscriber::set_default(subscriber)
    }

    fn told(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

impl io::Write for Log {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(octets);
        Ok(octets.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_server_that_comes_late_and_forgets_is_not_used() {
    let port = free_port();
    let mut settings = Server::at(port, &FIT).settings();
    // The first server is gone with its folder; the settings name the place where the second will stand.
    let key = tempfile::NamedTempFile::new().unwrap();
    fs::write(key.path(), crate::server::KEY).unwrap();
    redis(&mut settings).encryption_key_file = key.path().to_owned();
    let store = replica(&settings).await;
    let server = Server::at(port, &["--appendonly", "no"]);
    sleep(Duration::from_millis(1200)).await;
    assert_eq!(state(&store).await, "unavailable");
    let entries: u32 = ::redis::cmd("DBSIZE").query(&mut server.connection()).unwrap();
    assert_eq!(entries, 0);
}

#[tokio::test]
async fn files_and_addresses_of_no_use_are_named() {
    let server = Server::fit();
    let mut settings = server.settings();
    redis(&mut settings).encryption_key_file = "/nowhere/key".into();
    assert_eq!(refusal(&settings).await.to_string(), "cannot read the encryption key file /nowhere/key");

    let mut settings = server.settings();
    redis(&mut settings).password_file = Some("/nowhere/password".into());
    assert_eq!(refusal(&settings).await.to_string(), "cannot read redis_password_file /nowhere/password");

    let mut settings = server.settings_at("rediss://localhost:1");
    let file = server.file("ca", "no certificate");
    redis(&mut settings).ca_file = Some(file.clone());
    let told = format!("redis_ca_file {} holds no certificates in PEM form", file.display());
    assert_eq!(refusal(&settings).await.to_string(), told);

    let settings = server.settings_at("http://:Wozniak@localhost");
    let error = refusal(&settings).await;
    assert!(matches!(error, OpenError::Address));
    assert!(!format!("{error} {error:?}").contains("Wozniak"));
}

#[tokio::test]
async fn tls_is_spoken_with_a_server_of_the_named_authority_only() {
    let folder = tempfile::tempdir().unwrap();
    let authority = authority();
    certify(&authority, folder.path());
    let file = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let port = free_port();
    let server = Server::with(&with(&[
        "--tls-port",
        &port.to_string(),
        "--tls-cert-file",
        &file("certificate"),
        "--tls-key-file",
        &file("key"),
        "--tls-auth-clients",
        "no",
    ]));
    let mut settings = server.settings_at(&format!("rediss://localhost:{port}"));
    assert!(matches!(refusal(&settings).await, OpenError::Tls(_)), "the web knows no such authority");
    redis(&mut settings).ca_file = Some(server.file("other-ca", &self::authority().pem()));
    assert!(matches!(refusal(&settings).await, OpenError::Tls(_)));
    redis(&mut settings).ca_file = Some(server.file("ca", &authority.pem()));
    assert_eq!(state(&replica(&settings).await).await, "fresh");
}

fn authority() -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

fn certify(authority: &CertifiedIssuer<'static, KeyPair>, folder: &Path) {
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(["localhost".to_owned()]).unwrap();
    let certificate = params.signed_by(&key, authority).unwrap();
    fs::write(folder.join("certificate"), certificate.pem()).unwrap();
    fs::write(folder.join("key"), key.serialize_pem()).unwrap();
}
