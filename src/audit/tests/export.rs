//! One person's look-ups, whatever key and file they stand in.

use std::fs;

use jiff::{SignedDuration, Timestamp};

use super::super::{Export, ExportFormat, Outcome, Person, Phase, Record, export, export_command};
use super::{Bench, NOON, cpr, lines, put};

const ANNA: &str = "0101900000";
const ANNA_BEFORE: &str = "0202910000";
const BENT: &str = "0303920000";

impl Bench {
    fn person(&self, content: &str) -> Person {
        fs::write(self.path("cpr"), content).unwrap();
        Person::read(&self.path("cpr")).unwrap()
    }

    fn export(&self, numbers: &str) -> Export {
        export(&self.trail_files(), &self.person(numbers), &self.hasher()).unwrap()
    }

    /// Writes records of the form minute, phase, request, CPR number, outcome.
    async fn record(&self, records: &[(i64, Phase, &str, &str, Option<Outcome>)]) {
        let trail = self.open();
        let hasher = self.hasher();
        for &(minute, phase, request, number, outcome) in records {
            let person = hasher.hash(&cpr(number));
            let operation = if phase == Phase::Read { "getYouthContacts" } else { "createInterview" };
            let record = Record {
                subject: Some("caseworker-7"),
                client: Some("journal"),
                authority: Some("jobcenter:15101"),
                person: Some(&person),
                purpose: Some("opfølgning"),
                outcome,
                ..Record::new(after(minute), phase, request, operation)
            };
            trail.append(&record).await.unwrap();
        }
        trail.close().await.unwrap();
    }
}

fn after(minutes: i64) -> Timestamp {
    NOON + SignedDuration::from_mins(minutes)
}

fn brief(export: &Export) -> Vec<(&str, &str)> {
    export.look_ups.iter().map(|l| (l.operation.as_str(), l.outcome.as_str())).collect()
}

#[tokio::test]
async fn a_persons_calls_are_listed_without_staff_and_nobody_elses() {
    let bench = Bench::new();
    bench
        .record(&[
            (0, Phase::Read, "r1", ANNA, Some(Outcome::Answered)),
            (1, Phase::Read, "r2", BENT, Some(Outcome::Answered)),
            (2, Phase::Refused, "r3", ANNA, Some(Outcome::Refused)),
        ])
        .await;
    fs::write(bench.path("cpr"), "010190-0000\n").unwrap();
    let finished =
        export_command(&bench.trail_files(), &bench.path("cpr"), &bench.config, ExportFormat::JsonLines);
    assert_eq!((finished.code, finished.errors.as_str()), (0, ""));
    assert_eq!(
        finished.output,
        "{\"time\":\"2026-09-21T14:13:20.000000Z\",\"authority\":\"jobcenter:15101\",\
         \"operation\":\"getYouthContacts\",\"purpose\":\"opfølgning\",\"outcome\":\"answered\"}\n\
         {\"time\":\"2026-09-21T14:15:20.000000Z\",\"authority\":\"jobcenter:15101\",\
         \"operation\":\"createInterview\",\"purpose\":\"opfølgning\",\"outcome\":\"refused\"}\n"
    );
}

#[tokio::test]
async fn the_two_lines_of_a_write_are_one_entry_with_its_outcome() {
    let bench = Bench::new();
    bench
        .record(&[
            (0, Phase::Begin, "r1", ANNA, None),
            (1, Phase::Begin, "r2", ANNA, None),
            (2, Phase::End, "r2", ANNA, Some(Outcome::Executed)),
            (3, Phase::Begin, "r3", BENT, None),
            (4, Phase::End, "r3", BENT, Some(Outcome::Executed)),
        ])
        .await;
    let export = bench.export(ANNA);
    assert_eq!(brief(&export), [("createInterview", "unknown"), ("createInterview", "executed")]);
    assert_eq!(export.look_ups[1].time, "2026-09-21T14:14:20.000000Z");
}

#[tokio::test]
async fn a_request_identifier_that_is_used_again_is_a_write_of_its_own() {
    let bench = Bench::new();
    bench
        .record(&[
            (0, Phase::Begin, "r1", ANNA, None),
            (1, Phase::End, "r1", ANNA, Some(Outcome::NotExecuted)),
            (2, Phase::Begin, "r1", ANNA, None),
            (3, Phase::End, "r1", ANNA, Some(Outcome::Executed)),
        ])
        .await;
    let outcomes = [("createInterview", "not-executed"), ("createInterview", "executed")];
    assert_eq!(brief(&bench.export(ANNA)), outcomes);
}

#[tokio::test]
async fn earlier_numbers_earlier_keys_and_rotated_files_are_searched() {
    let mut bench = Bench::new();
    bench.record(&[(0, Phase::Begin, "r1", ANNA_BEFORE, None)]).await;
    fs::rename(bench.file(), bench.path("audit.jsonl.1")).unwrap();
    let end = (1, Phase::End, "r1", ANNA_BEFORE, Some(Outcome::Executed));
    bench.record(&[end]).await;

    fs::rename(bench.path("key"), bench.path("old-key")).unwrap();
    fs::write(bench.path("key"), "the key that follows, of thirty-two bytes").unwrap();
    bench.record(&[(2, Phase::Read, "r2", ANNA, Some(Outcome::Failed))]).await;
    let numbers = format!("{ANNA}\n\n{ANNA_BEFORE}\r\n");
    assert_eq!(brief(&bench.export(&numbers)), [("getYouthContacts", "failed")]);

    bench.config.previous_cpr_hash_key_files = vec![bench.path("old-key")];
    let export = bench.export(&numbers);
    assert_eq!(brief(&export), [("createInterview", "executed"), ("getYouthContacts", "failed")]);
}

#[tokio::test]
async fn a_changed_line_is_left_out_and_named() {
    let bench = Bench::new();
    let read = |at, request| (at, Phase::Read, request, ANNA, Some(Outcome::Answered));
    bench.record(&[read(0, "r1"), read(1, "r2")]).await;
    let mut tampered = lines(&bench.file());
    tampered[0] = tampered[0].replace("opfølgning", "nysgerrighed");
    put(&bench.file(), &tampered);
    fs::write(bench.path("cpr"), ANNA).unwrap();
    let finished = export_command(&[bench.file()], &bench.path("cpr"), &bench.config, ExportFormat::Table);
    assert_eq!(finished.code, 1);
    assert_eq!(finished.errors, format!("{}:1: not an intact line, left out\n", bench.file().display()));
    assert_eq!(
        finished.output,
        "time                         authority        operation         outcome   purpose\n\
         2026-09-21T14:14:20.000000Z  jobcenter:15101  getYouthContacts  answered  opfølgning\n"
    );
}

#[test]
fn a_line_that_is_no_number_is_named_and_not_shown() {
    let bench = Bench::new();
    for bad in ["010190000", "01019000000", "0101-900000", "Anna Hansen", "010190 0000", "3902900000"] {
        fs::write(bench.path("cpr"), format!("{ANNA}\n{bad}\n")).unwrap();
        let error = Person::read(&bench.path("cpr")).unwrap_err().to_string();
        assert!(error.ends_with("cpr:2 is not a CPR number"), "{error}");
        assert!(!error.contains(bad));
    }
    fs::write(bench.path("cpr"), "\n").unwrap();
    assert!(Person::read(&bench.path("cpr")).is_err());
}
