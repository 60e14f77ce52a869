//! Tests of the trail as a whole, and what they share.

mod chain;
mod crash;
mod export;
mod failure;
mod files;
mod record;
mod writing;

use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use tempfile::TempDir;

use super::{CprHash, CprHasher, Expected, Outcome, Phase, Record, Report, Trail, verify};
use crate::config::{Audit, AuditOutput};
use crate::types::Cpr;

const NOON: Timestamp = Timestamp::constant(1_790_000_000, 0);

fn clock() -> Timestamp {
    NOON
}

/// A folder with a key, and the configuration of a trail in it.
struct Bench {
    folder: TempDir,
    config: Audit,
}

impl Bench {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("key"), "0123456789abcdef0123456789abcdef").unwrap();
        let output = AuditOutput::File(folder.path().join("audit.jsonl"));
        let config = Audit::new(output, folder.path().join("key"));
        Self { folder, config }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn file(&self) -> PathBuf {
        self.path("audit.jsonl")
    }

    fn open(&self) -> Trail {
        Trail::open(&self.config, clock).unwrap()
    }

    fn hasher(&self) -> CprHasher {
        CprHasher::load(&self.config).unwrap()
    }

    /// The files whose name begins with the trail's, without what a crash left.
    fn trail_files(&self) -> Vec<PathBuf> {
        let mut files: Vec<_> = self.beside("audit.jsonl").collect();
        files.retain(|file| !file.to_string_lossy().contains(".torn-"));
        files
    }

    fn beside(&self, prefix: &str) -> impl Iterator<Item = PathBuf> {
        let entries = fs::read_dir(self.folder.path()).unwrap().map(|entry| entry.unwrap());
        let prefix = prefix.to_owned();
        entries.filter(move |e| e.file_name().to_string_lossy().starts_with(&prefix)).map(|e| e.path())
    }

    fn verify(&self) -> Report {
        verify(&self.trail_files(), Expected::default()).unwrap()
    }

    /// Writes a trail of `count` reads and closes it.
    async fn write(&self, count: usize) {
        let trail = self.open();
        for number in 0..count {
            trail.append(&read(&format!("request-{number}"))).await.unwrap();
        }
        trail.close().await.unwrap();
    }
}

fn cpr(number: &str) -> Cpr {
    Cpr::parse(number).unwrap()
}

fn read(request_id: &str) -> Record<'_> {
    let (outcome, status) = (Some(Outcome::Answered), Some(200));
    Record { outcome, status, ..Record::new(NOON, Phase::Read, request_id, "getYouthContacts") }
}

/// A record with every member.
fn full<'a>(person: &'a CprHash, upstream_ids: &'a [String]) -> Record<'a> {
    Record {
        issuer: Some("https://idp.example.dk/"),
        subject: Some("caseworker-7"),
        client: Some("journal"),
        authority: Some("jobcenter:15101"),
        person: Some(person),
        cpr_sent: Some(false),
        resource: Some("4f7b9c2e-0000-4000-8000-000000000001"),
        purpose: Some("Opfølgning på ung uden job"),
        outcome: Some(Outcome::NotExecuted),
        status: Some(409),
        problem: Some("state-conflict"),
        cache: Some("miss"),
        upstream_ids,
        ..Record::new(NOON, Phase::End, "9d1f6a34-0000-4000-8000-000000000002", "createInterview")
    }
}

fn lines(file: &Path) -> Vec<String> {
    fs::read_to_string(file).unwrap().lines().map(str::to_owned).collect()
}

/// Writes lines as they stand, each with a line feed.
fn put(file: &Path, lines: &[String]) {
    fs::write(file, lines.iter().map(|line| format!("{line}\n")).collect::<String>()).unwrap();
}
