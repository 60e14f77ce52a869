//! A trail that cannot be written refuses calls, keeps its chain whole, and recovers.

use std::fs;
use std::io::ErrorKind;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::super::digest::Digest;
use super::super::file::{Keeping, TrailFile};
use super::super::output::Output;
use super::super::writer::Intervals;
use super::super::{AuditError, AuditUnavailable, Trail};
use super::{Bench, clock, lines, put, read};
use crate::config::AuditOutput;

const FULL: AuditUnavailable = AuditUnavailable::Write(ErrorKind::StorageFull);

/// A disk that is full while it is told so.
#[derive(Clone, Default)]
struct Disk {
    full: Arc<Mutex<bool>>,
    content: Arc<Mutex<Vec<u8>>>,
}

impl Disk {
    fn fill(&self, full: bool) {
        *self.full.lock().unwrap() = full;
    }
}

impl Output for Disk {
    fn together(&self, _gathered: u64, _more: u64) -> bool {
        true
    }

    fn append(&mut self, lines: &[u8]) -> Result<(), AuditUnavailable> {
        self.probe()?;
        self.content.lock().unwrap().extend_from_slice(lines);
        Ok(())
    }

    fn check(&mut self, _now: Instant) -> Result<(), AuditUnavailable> {
        Ok(())
    }

    fn probe(&mut self) -> Result<(), AuditUnavailable> {
        if *self.full.lock().unwrap() { Err(FULL) } else { Ok(()) }
    }

    fn reopen(&mut self, _head: Digest) -> Result<(), AuditError> {
        Ok(())
    }

    fn sync(&mut self) -> Result<(), AuditUnavailable> {
        Ok(())
    }
}

fn trail_on(disk: &Disk) -> Trail {
    let intervals = Intervals { check: Duration::from_millis(5), head: Duration::from_secs(60) };
    Trail::over(Box::new(disk.clone()), Digest::ZERO, intervals).unwrap()
}

async fn until(condition: impl Fn() -> bool) {
    let wait = async {
        while !condition() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), wait).await.expect("it never happened");
}

#[tokio::test]
async fn a_full_disk_refuses_every_waiter_and_leaves_no_gap_in_the_chain() {
    let (bench, disk) = (Bench::new(), Disk::default());
    let trail = trail_on(&disk);
    trail.append(&read("before")).await.unwrap();
    disk.fill(true);
    let refused = (0..50).map(|_| trail.append(&read("refused")));
    for result in futures_util::future::join_all(refused).await {
        assert_eq!(result, Err(FULL));
    }
    assert!(!trail.writable());
    disk.fill(false);
    trail.append(&read("after")).await.unwrap();
    assert!(trail.writable());

    fs::write(bench.file(), &*disk.content.lock().unwrap()).unwrap();
    assert_eq!((bench.verify().lines, bench.verify().is_intact()), (2, true));
}

#[tokio::test]
async fn a_trail_that_can_be_written_again_is_ready_again_without_a_call() {
    let disk = Disk::default();
    let trail = trail_on(&disk);
    disk.fill(true);
    assert_eq!(trail.append(&read("refused")).await, Err(FULL));
    tokio::time::sleep(Duration::from_millis(30)).await;
    assert!(!trail.writable());
    disk.fill(false);
    until(|| trail.writable()).await;
}

#[tokio::test]
async fn a_device_that_is_full_refuses_calls() {
    let mut bench = Bench::new();
    bench.config.output = AuditOutput::File("/dev/full".into());
    let trail = bench.open();
    assert_eq!(trail.append(&read("one")).await, Err(FULL));
    assert!(!trail.writable());
}

#[tokio::test]
async fn a_deleted_file_refuses_calls_until_it_is_reopened() {
    let bench = Bench::new();
    let trail = bench.open();
    trail.append(&read("one")).await.unwrap();
    fs::copy(bench.file(), bench.path("copy")).unwrap();
    fs::remove_file(bench.file()).unwrap();
    for _ in 0..2 {
        assert_eq!(trail.append(&read("refused")).await, Err(AuditUnavailable::Lost));
        assert!(!trail.writable());
    }
    trail.reopen().await.unwrap();
    assert!(trail.writable());
    trail.append(&read("two")).await.unwrap();
    fs::rename(bench.path("copy"), bench.path("audit.jsonl.1")).unwrap();
    assert_eq!((bench.verify().lines, bench.verify().is_intact()), (2, true));
}

#[tokio::test]
async fn an_idle_gateway_notices_a_deleted_file() {
    let bench = Bench::new();
    let trail = bench.open();
    fs::remove_file(bench.file()).unwrap();
    until(|| !trail.writable()).await;
}

#[test]
fn a_file_that_was_moved_away_is_lost_unless_it_is_reopened_or_comes_back() {
    let bench = Bench::new();
    let keeping = Keeping { fsync: true, rotate_bytes: None, clock: Box::new(clock) };
    let (mut file, _) = TrailFile::open(&bench.file(), keeping).unwrap();
    let start = Instant::now();
    fs::rename(bench.file(), bench.path("elsewhere")).unwrap();
    assert_eq!(file.check(start), Ok(()));
    assert_eq!(file.append(b"x\n"), Ok(()), "log rotation moves the file before it asks for a reopening");
    assert_eq!(file.check(start + Duration::from_secs(2)), Err(AuditUnavailable::Lost));
    assert_eq!(file.append(b"x\n"), Err(AuditUnavailable::Lost));
    fs::rename(bench.path("elsewhere"), bench.file()).unwrap();
    assert_eq!(file.check(start + Duration::from_secs(3)), Ok(()));
    assert_eq!(file.append(b"x\n"), Ok(()));
}

#[tokio::test]
async fn a_file_that_somebody_else_changed_refuses_calls() {
    let bench = Bench::new();
    let trail = bench.open();
    for request in ["one", "two", "three"] {
        trail.append(&read(request)).await.unwrap();
    }
    let whole = lines(&bench.file());
    put(&bench.file(), &whole[..1]);
    assert_eq!(trail.append(&read("refused")).await, Err(AuditUnavailable::Changed));
    assert_eq!(lines(&bench.file()), whole[..1], "nothing was added to what is left as evidence");
    assert!(matches!(trail.reopen().await, Err(AuditError::Foreign { .. })));
    assert_eq!(trail.append(&read("refused")).await, Err(AuditUnavailable::Changed));

    put(&bench.file(), &whole);
    trail.reopen().await.unwrap();
    trail.append(&read("four")).await.unwrap();
    assert_eq!((bench.verify().lines, bench.verify().is_intact()), (4, true));
}

#[tokio::test]
async fn an_endless_record_is_refused_alone() {
    let bench = Bench::new();
    let trail = bench.open();
    let endless = "x".repeat(200_000);
    assert_eq!(trail.append(&read(&endless)).await, Err(AuditUnavailable::TooLong));
    assert!(trail.writable());
    trail.append(&read("one")).await.unwrap();
}

#[tokio::test]
async fn a_closed_trail_refuses_calls() {
    let bench = Bench::new();
    let trail = bench.open();
    trail.close().await.unwrap();
    assert_eq!(trail.append(&read("late")).await, Err(AuditUnavailable::Closed));
    assert!(matches!(trail.reopen().await, Err(AuditError::NoWriter)));
    assert_eq!(trail.close().await, Err(AuditUnavailable::Closed));
    assert!(!trail.writable());
}
