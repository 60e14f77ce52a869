//! What the audit trail costs a call: hashing the person, one line alone, and lines of many callers at once.

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use criterion::{Criterion, criterion_group, criterion_main};
use jiff::Timestamp;
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};
use tokio::task::LocalSet;
use ungebro::audit::{CprHash, CprHasher, Outcome, Phase, Record, Trail};
use ungebro::config::{Audit, AuditOutput};
use ungebro::types::Cpr;

struct Bench {
    _folder: TempDir,
    hasher: CprHasher,
    trail: Arc<Trail>,
    runtime: Runtime,
}

impl Bench {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let key = folder.path().join("key");
        std::fs::write(&key, "0123456789abcdef0123456789abcdef").expect("a key file");
        let config = Audit::new(AuditOutput::File(folder.path().join("audit.jsonl")), key);
        Self {
            hasher: CprHasher::load(&config).expect("the key was written"),
            trail: Arc::new(Trail::open(&config, Timestamp::now).expect("the folder is new")),
            runtime: Builder::new_current_thread().enable_all().build().expect("a runtime"),
            _folder: folder,
        }
    }
}

fn cpr() -> Cpr {
    Cpr::parse("0101900000").expect("the number follows the pattern")
}

fn look_up(person: &CprHash) -> Record<'_> {
    Record {
        issuer: Some("https://idp.example.dk/"),
        subject: Some("5b0d4a52-0000-4000-8000-000000000001"),
        client: Some("journal"),
        authority: Some("jobcenter:15101"),
        person: Some(person),
        cpr_sent: Some(true),
        purpose: Some("opfølgning"),
        outcome: Some(Outcome::Answered),
        status: Some(200),
        cache: Some("hit"),
        ..Record::new(
            Timestamp::constant(1_790_000_000, 0),
            Phase::Read,
            "9d1f6a34-0000-4000-8000-000000000002",
            "getYouthContacts",
        )
    }
}

fn hash_a_person(criterion: &mut Criterion) {
    let (bench, cpr) = (Bench::new(), cpr());
    criterion.bench_function("audit/hash a CPR number", |b| {
        b.iter(|| black_box(bench.hasher.hash(black_box(&cpr))));
    });
}

fn append(criterion: &mut Criterion) {
    let bench = Bench::new();
    let person = bench.hasher.hash(&cpr());
    for callers in [1, 8, 64, 512] {
        criterion.bench_function(&format!("audit/append, {callers} callers"), |b| {
            b.iter_custom(|lines| append_from(&bench, &person, callers, lines));
        });
    }
}

/// Time for so many lines when so many tasks of one thread, as of one actix worker, write one after the other.
fn append_from(bench: &Bench, person: &CprHash, callers: u64, lines: u64) -> Duration {
    let started = Instant::now();
    let tasks = LocalSet::new();
    for caller in 0..callers {
        let (trail, person) = (Arc::clone(&bench.trail), person.clone());
        let share = lines / callers + u64::from(caller < lines % callers);
        tasks.spawn_local(async move {
            for _ in 0..share {
                trail.append(&look_up(&person)).await.expect("the disk has room");
            }
        });
    }
    bench.runtime.block_on(tasks);
    started.elapsed()
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20).measurement_time(Duration::from_secs(3));
    targets = hash_a_person, append
}
criterion_main!(benches);
