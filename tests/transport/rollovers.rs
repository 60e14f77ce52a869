//! Certificates that change while the gateway runs.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use metrics_exporter_prometheus::PrometheusBuilder;
use rustls::version::TLS13;
use tokio::time::sleep;
use ungebro::config::Identity;
use ungebro::transport::rollover::{Rollover, days_left, watch};

use super::certificates::{ALWAYS, Authority, Certified, Days};
use super::handshakes::{Secured, trusting};
use super::request::{exchange, settings, transport};

const THIS_YEAR: Days = ((2026, 1, 1), (2027, 1, 1));
const NEXT_YEAR: Days = ((2026, 12, 1), (2028, 1, 1));

fn day(text: &str) -> Timestamp {
    format!("{text}T12:00:00Z").parse().unwrap()
}

struct Two {
    folder: tempfile::TempDir,
    first: Certified,
    next: Certified,
}

impl Two {
    fn new() -> Self {
        let authority = Authority::new("Everybody");
        Self {
            folder: tempfile::tempdir().unwrap(),
            first: authority.client("first", THIS_YEAR),
            next: authority.client("next", NEXT_YEAR),
        }
    }

    fn both(&self) -> Identity {
        let next = Some(self.next.files(self.folder.path(), "next.pem"));
        Identity { next, ..self.only_first() }
    }

    fn only_first(&self) -> Identity {
        self.first.identity(self.folder.path())
    }

    fn load(&self, files: &Identity, now: &str) -> Result<Rollover, String> {
        Rollover::load("test", "tls", files, day(now)).map_err(|error| error.to_string())
    }
}

/// What was logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn count(&self, message: &str) -> usize {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap().matches(message).count()
    }
}

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn used(rollover: &Rollover) -> Vec<u8> {
    rollover.current().chain[0].to_vec()
}

#[test]
fn the_next_identity_takes_over_on_the_last_day_of_the_first() {
    let two = Two::new();
    let rollover = two.load(&two.both(), "2026-11-01").unwrap();
    for (now, expected) in [
        ("2026-11-01", &two.first),
        ("2026-12-15", &two.first),
        ("2026-12-30", &two.first),
        ("2026-12-31", &two.next),
        ("2027-06-01", &two.next),
    ] {
        rollover.refresh(day(now));
        assert_eq!(used(&rollover), expected.der.to_vec(), "{now}");
    }
}

#[test]
fn an_expired_first_identity_is_no_error_once_the_next_is_valid() {
    let two = Two::new();
    let rollover = two.load(&two.both(), "2027-03-01").unwrap();
    assert_eq!(used(&rollover), two.next.der.to_vec());
}

#[test]
fn an_expired_or_early_certificate_stops_the_start_and_names_the_file() {
    let two = Two::new();
    let file = two.folder.path().join("identity.pem").display().to_string();
    let expired = two.load(&two.only_first(), "2027-02-01").err().unwrap();
    let expected = format!("{file}: its certificate expired on 2027-01-01T00:00:00Z");
    assert_eq!(expired, expected);
    let early = two.load(&two.only_first(), "2025-12-01").err().unwrap();
    let expected = format!("{file}: its certificate is not valid before 2026-01-01T00:00:00Z");
    assert_eq!(early, expected);
    let both = two.load(&two.both(), "2028-02-01").err().unwrap();
    assert!(both.contains("next.pem: its certificate expired"), "{both}");
}

#[test]
fn a_changed_file_is_picked_up_and_a_broken_one_leaves_the_old() {
    let two = Two::new();
    let files = two.only_first();
    let rollover = two.load(&files, "2026-12-15").unwrap();
    let before = rollover.current();
    for broken in ["", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
        std::fs::write(&files.current.path, broken).unwrap();
        rollover.refresh(day("2026-12-15"));
        assert!(Arc::ptr_eq(&before, &rollover.current()));
    }
    std::fs::remove_file(&files.current.path).unwrap();
    rollover.refresh(day("2026-12-15"));
    assert_eq!(used(&rollover), two.first.der.to_vec());
    std::fs::write(&files.current.path, two.next.pem()).unwrap();
    rollover.refresh(day("2026-12-15"));
    assert_eq!(used(&rollover), two.next.der.to_vec());
}

#[test]
fn a_changed_file_that_is_not_valid_yet_is_used_from_when_it_is() {
    let two = Two::new();
    let files = two.only_first();
    let rollover = two.load(&files, "2026-11-01").unwrap();
    std::fs::write(&files.current.path, two.next.pem()).unwrap();
    rollover.refresh(day("2026-11-01"));
    assert_eq!(used(&rollover), two.first.der.to_vec());
    rollover.refresh(day("2026-12-02"));
    assert_eq!(used(&rollover), two.next.der.to_vec());
}

#[test]
fn days_left_are_whole_and_go_below_zero() {
    let two = Two::new();
    let identity = two.load(&two.only_first(), "2026-06-01").unwrap().current();
    for (now, expected) in [("2026-12-01", 30), ("2026-12-31", 0), ("2027-01-01", -1)] {
        assert_eq!(days_left(&identity, day(now)), expected, "{now}");
    }
}

#[test]
fn the_days_left_are_a_metric_and_a_warning_at_90_30_and_7() {
    let two = Two::new();
    let recorder = PrometheusBuilder::new().build_recorder();
    let metrics = recorder.handle();
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt().with_writer(move || writer.clone()).finish();
    metrics::with_local_recorder(&recorder, || {
        tracing::subscriber::with_default(subscriber, || {
            let rollover = two.load(&two.only_first(), "2026-09-01").unwrap();
            for (now, warnings) in [
                ("2026-10-01", 0),
                ("2026-10-02", 1),
                ("2026-10-03", 1),
                ("2026-12-01", 2),
                ("2026-12-24", 3),
                ("2026-12-26", 3),
            ] {
                rollover.refresh(day(now));
                assert_eq!(log.count("certificate expires soon"), warnings, "{now}");
            }
        });
    });
    let line = "ungebro_certificate_days_left{upstream=\"test\",purpose=\"tls\"} 5\n";
    assert!(metrics.render().contains(line), "{}", metrics.render());
}

#[tokio::test(start_paused = true)]
async fn a_changed_file_is_noticed_within_fifteen_seconds() {
    let folder = tempfile::tempdir().unwrap();
    let authority = Authority::new("Everybody");
    let mut settings = settings();
    settings.tls.identity = Some(authority.client("old", ALWAYS).identity(folder.path()));
    let transport = transport(&settings);
    let watch = {
        let transport = transport.clone();
        tokio::spawn(watch("test", move || transport.refresh(Timestamp::now())))
    };
    let new = authority.client("new", ALWAYS);
    new.identity(folder.path());
    let noticed = async {
        while transport.identity().unwrap().chain[0] != new.der {
            sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(15), noticed).await.unwrap();
    watch.abort();
}

#[tokio::test]
async fn a_call_under_way_finishes_on_the_old_certificate_and_the_next_shows_the_new() {
    let folder = tempfile::tempdir().unwrap();
    let authority = Authority::new("Everybody");
    let old = authority.client("old", ALWAYS);
    let new = authority.client("new", ALWAYS);
    let config = authority.server_config("localhost", &TLS13, Some(&authority));
    let upstream = Secured::slow(config, Duration::from_millis(300)).await;
    let mut settings = trusting(&authority, folder.path());
    settings.tls.identity = Some(old.identity(folder.path()));
    let transport = transport(&settings);
    let request = exchange(&upstream.url());
    let under_way = transport.send(&request);
    let change = async {
        sleep(Duration::from_millis(150)).await;
        new.identity(folder.path());
        transport.refresh(Timestamp::now());
    };
    let (answer, ()) = tokio::join!(under_way, change);
    assert_eq!(answer.unwrap().status, 200);
    transport.send(&request).await.unwrap();
    assert_eq!(upstream.clients(), [old.der.clone(), new.der.clone()]);
    assert_eq!(transport.identity().unwrap().chain[0], new.der);
}

#[tokio::test]
async fn a_changed_authority_is_picked_up() {
    let folder = tempfile::tempdir().unwrap();
    let (right, wrong) = (Authority::new("Right"), Authority::new("Wrong"));
    let upstream = Secured::start(right.server_config("localhost", &TLS13, None)).await;
    let transport = transport(&trusting(&wrong, folder.path()));
    let request = exchange(&upstream.url());
    assert!(transport.send(&request).await.is_err());
    right.pem_file(folder.path());
    transport.refresh(Timestamp::now());
    assert_eq!(transport.send(&request).await.unwrap().status, 200);
    std::fs::write(folder.path().join("ca.pem"), "nothing").unwrap();
    transport.refresh(Timestamp::now());
    assert_eq!(transport.send(&request).await.unwrap().status, 200);
}
