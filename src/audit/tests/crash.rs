//! Processes of their own that are killed, run into a file size limit, or log.

use std::collections::HashSet;
use std::fs;
use std::io::{BufRead, BufReader, ErrorKind};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::super::digest::Digest;
use super::super::output::Stream;
use super::super::writer::Intervals;
use super::super::{AuditUnavailable, Trail};
use super::{Bench, clock, lines, read};
use crate::config::{Audit, AuditOutput};

const FOLDER: &str = "UNGEBRO_TEST_AUDIT_FOLDER";
const ROLE: &str = "UNGEBRO_TEST_AUDIT_ROLE";

/// What a child process does instead of testing.
fn command(program: &str, role: &str, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.env(ROLE, role).env(FOLDER, folder).stdout(Stdio::piped()).stderr(Stdio::null());
    command
}

fn own_program() -> String {
    std::env::current_exe().unwrap().to_str().unwrap().to_owned()
}

const AS_CHILD: [&str; 3] = ["--exact", "audit::tests::crash::a_child_process_plays_its_role", "--nocapture"];

#[test]
fn a_child_process_plays_its_role() {
    let Ok(role) = std::env::var(ROLE) else { return };
    let folder = std::env::var(FOLDER).unwrap();
    let file = AuditOutput::File(Path::new(&folder).join("audit.jsonl"));
    let config = Audit { rotate_bytes: None, ..Audit::new(file, "".into()) };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    match role.as_str() {
        "append until killed" => runtime.block_on(append_until_killed(config)),
        "append until the limit" => runtime.block_on(append_until_the_limit(config)),
        "log the head" => runtime.block_on(log_the_head()),
        other => panic!("unknown role {other}"),
    }
}

/// Says which lines were confirmed.
async fn append_until_killed(mut config: Audit) {
    config.rotate_bytes = std::num::NonZeroU64::new(50_000);
    let trail = Arc::new(Trail::open(&config, clock).unwrap());
    let run = std::process::id();
    for caller in 0..16 {
        let trail = Arc::clone(&trail);
        tokio::spawn(async move {
            for number in 0.. {
                let id = format!("{run}-{caller}-{number}");
                trail.append(&read(&id)).await.unwrap();
                println!("confirmed {id}");
            }
        });
    }
    tokio::time::sleep(Duration::from_secs(20)).await;
}

fn confirmed_until_killed(child: &mut Child, after: Duration) -> Vec<String> {
    let output = BufReader::new(child.stdout.take().unwrap());
    let mut confirmed = Vec::new();
    let mut started = None;
    for line in output.lines() {
        let Ok(line) = line else { break };
        let Some(id) = line.strip_prefix("confirmed ") else { continue };
        confirmed.push(id.to_owned());
        let started = *started.get_or_insert_with(Instant::now);
        if started.elapsed() >= after {
            // Again and again until the end of the output is read; a dead child minds no more.
            child.kill().ok();
        }
    }
    child.wait().unwrap();
    confirmed
}

#[test]
fn no_confirmed_line_is_missing_after_a_kill_and_the_chain_goes_on() {
    let bench = Bench::new();
    let mut confirmed = Vec::new();
    for round in 0..8 {
        let mut child = command(&own_program(), "append until killed", bench.folder.path())
            .args(AS_CHILD)
            .spawn()
            .unwrap();
        confirmed.extend(confirmed_until_killed(&mut child, Duration::from_millis(3 + 7 * round)));
    }
    // Opens once more, so that what the last kill left is settled.
    drop(bench.open());
    assert!(confirmed.len() > 8, "{}", confirmed.len());
    let report = bench.verify();
    assert!(report.is_intact(), "{:?}", report.faults);
    let written: HashSet<_> = report.files.iter().flat_map(|file| lines(file)).collect();
    let written: HashSet<_> = written.iter().map(|line| request_id(line)).collect();
    for id in confirmed {
        // The last line of the output may have been cut off by the kill.
        assert!(written.contains(id.as_str()), "{id}");
    }
}

fn request_id(line: &str) -> &str {
    let (_, rest) = line.split_once("\"requestId\":\"").unwrap();
    rest.split('"').next().unwrap()
}

/// A file size limit cuts a write in the middle of a line, as a full disk does.
async fn append_until_the_limit(config: Audit) {
    let file = match &config.output {
        AuditOutput::File(file) => file.clone(),
        AuditOutput::Stdout => unreachable!("the role has a file"),
    };
    let trail = Trail::open(&config, clock).unwrap();
    let mut confirmed = 0;
    let error = loop {
        match trail.append(&read("request")).await {
            Ok(()) => confirmed += 1,
            Err(error) => break error,
        }
    };
    assert_eq!(error, AuditUnavailable::Write(ErrorKind::FileTooLarge));
    assert!(!trail.writable());
    assert_eq!(lines(&file).len(), confirmed);
    assert!(fs::read(&file).unwrap().ends_with(b"\n"), "the half line was taken back");
    fs::rename(&file, file.with_extension("jsonl.1")).unwrap();
    trail.reopen().await.unwrap();
    assert!(trail.writable());
    trail.append(&read("request")).await.unwrap();
    trail.close().await.unwrap();
    println!("confirmed {}", confirmed + 1);
}

#[test]
fn a_write_that_is_cut_off_leaves_whole_lines_and_goes_on_in_another_file() {
    let bench = Bench::new();
    // 16 blocks of 512 or 1024 bytes, as the shell has it.
    let limited = "trap '' XFSZ; ulimit -f 16; exec \"$@\"";
    let mut command = command("sh", "append until the limit", bench.folder.path());
    let output = command.args(["-c", limited, "sh", &own_program()]).args(AS_CHILD).output().unwrap();
    let output_text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{output_text}");
    let confirmed = output_text.lines().find_map(|line| line.strip_prefix("confirmed ")).unwrap();
    let report = bench.verify();
    assert!(report.is_intact(), "{:?}", report.faults);
    assert_eq!(report.lines.to_string(), confirmed);
    assert_eq!(report.files.len(), 2);
}

async fn log_the_head() {
    tracing_subscriber::fmt().json().init();
    let intervals = Intervals { check: Duration::from_millis(5), head: Duration::from_millis(20) };
    let null = fs::File::options().append(true).open("/dev/null").unwrap();
    let trail = Trail::over(Box::new(Stream::new(null)), Digest::ZERO, intervals).unwrap();
    tokio::time::sleep(Duration::from_millis(200)).await;
    trail.append(&read("request")).await.unwrap();
    trail.close().await.unwrap();
}

#[test]
fn the_head_is_logged_at_intervals_and_when_the_trail_is_closed() {
    let bench = Bench::new();
    let output =
        command(&own_program(), "log the head", bench.folder.path()).args(AS_CHILD).output().unwrap();
    let output = String::from_utf8(output.stdout).unwrap();
    let heads: Vec<_> = output
        .lines()
        .filter(|line| line.contains("\"message\":\"audit trail head\""))
        .map(|line| line.split("\"head\":\"").nth(1).unwrap()[..64].to_owned())
        .collect();
    assert!(heads.len() >= 3, "{output}");
    assert_eq!(heads[0], Digest::ZERO.as_str());
    assert_ne!(heads.last(), heads.first());
}

#[test]
fn standard_output_holds_the_trail() {
    let bench = Bench::new();
    let (reader, writer) = std::io::pipe().unwrap();
    let intervals = Intervals { check: Duration::from_secs(1), head: Duration::from_secs(60) };
    let stream = Stream::new(fs::File::from(std::os::fd::OwnedFd::from(writer)));
    let trail = Trail::over(Box::new(stream), Digest::ZERO, intervals).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        trail.append(&read("one")).await.unwrap();
        trail.append(&read("two")).await.unwrap();
        trail.close().await.unwrap();
    });
    fs::write(bench.file(), std::io::read_to_string(reader).unwrap()).unwrap();
    assert_eq!((bench.verify().lines, bench.verify().is_intact()), (2, true));
}
