//! Whatever is done to a trail, `verify` finds it and says where.

use std::fs;

use super::super::{Digest, Expected, Fault, Place, Report, verify, verify_command};
use super::{Bench, cpr, full, lines, put, read};

impl Bench {
    /// Six lines, the third with every member.
    async fn with_six_lines() -> Self {
        let bench = Self::new();
        let trail = bench.open();
        let person = bench.hasher().hash(&cpr("0101900000"));
        for number in 0..6 {
            if number == 2 {
                trail.append(&full(&person, &["call-1".to_owned()])).await.unwrap();
            } else {
                trail.append(&read(&format!("request-{number}"))).await.unwrap();
            }
        }
        trail.close().await.unwrap();
        bench
    }

    fn verify_lines(&self, lines: &[String]) -> Vec<(u64, Fault)> {
        put(&self.file(), lines);
        faults(self.verify())
    }

    fn place(&self, line: u64) -> Place {
        Place { file: self.file(), line }
    }
}

fn faults(report: Report) -> Vec<(u64, Fault)> {
    report.faults.into_iter().map(|(place, fault)| (place.line, fault)).collect()
}

fn head_of(lines: &[String]) -> Option<Digest> {
    let value: serde_json::Value = serde_json::from_str(lines.last().unwrap()).unwrap();
    Digest::parse(value["hash"].as_str().unwrap().as_bytes())
}

#[tokio::test]
async fn an_untouched_trail_is_intact() {
    let bench = Bench::with_six_lines().await;
    let report = bench.verify();
    assert!(report.is_intact());
    assert_eq!((report.lines, report.head), (6, head_of(&lines(&bench.file()))));
}

#[tokio::test]
async fn the_hash_can_be_checked_without_this_program() {
    let bench = Bench::with_six_lines().await;
    let line = &lines(&bench.file())[2];
    let (body, hash) = line.split_once(",\"hash\":\"").unwrap();
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, format!("{body}}}").as_bytes());
    assert_eq!(Digest::of_bytes(digest.as_ref()).as_str(), hash.trim_end_matches("\"}"));
}

#[tokio::test]
async fn a_change_of_any_member_is_found_in_its_line() {
    let bench = Bench::with_six_lines().await;
    let whole = lines(&bench.file());
    let members: serde_json::Map<_, _> = serde_json::from_str(&whole[2]).unwrap();
    assert_eq!(members.len(), 20);
    for (name, value) in &members {
        let written = format!("\"{name}\":{value}");
        let changed = match value {
            serde_json::Value::String(text) if name == "prev" || name == "hash" => {
                let first = if text.starts_with('0') { '1' } else { '0' };
                format!("\"{name}\":\"{first}{}\"", &text[1..])
            }
            serde_json::Value::String(text) => format!("\"{name}\":\"{text}.\""),
            serde_json::Value::Bool(yes) => format!("\"{name}\":{}", !yes),
            serde_json::Value::Number(number) => format!("\"{name}\":{number}0"),
            _ => format!("\"{name}\":[]"),
        };
        for (what, replacement) in [("changed", changed), ("renamed", written.replacen('"', "\"x", 1))] {
            let mut tampered = whole.clone();
            tampered[2] = whole[2].replacen(&written, &replacement, 1);
            assert_ne!(tampered[2], whole[2], "{name}");
            let found = bench.verify_lines(&tampered);
            assert_eq!(found.len(), 1, "{name} {what}: {found:?}");
            assert!(matches!(found[0], (3, Fault::Changed | Fault::NotALine)), "{name} {what}: {found:?}");
        }
    }
}

#[tokio::test]
async fn a_change_of_any_byte_is_found() {
    let bench = Bench::with_six_lines().await;
    let whole = fs::read(bench.file()).unwrap();
    for at in 0..whole.len() {
        for change in [0x01, 0x20] {
            let mut tampered = whole.clone();
            tampered[at] ^= change;
            fs::write(bench.file(), &tampered).unwrap();
            assert!(!bench.verify().is_intact(), "byte {at} changed by {change:#x}");
        }
    }
}

#[tokio::test]
async fn a_line_changed_together_with_its_hash_is_found_at_the_next_line() {
    let bench = Bench::with_six_lines().await;
    let mut tampered = lines(&bench.file());
    let (body, _) = tampered[3].split_once(",\"hash\":\"").unwrap();
    let body = format!("{}}}", body.replace("request-3", "request-x"));
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, body.as_bytes());
    let hash = Digest::of_bytes(digest.as_ref());
    tampered[3] = format!("{},\"hash\":\"{hash}\"}}", body.trim_end_matches('}'));
    assert_eq!(bench.verify_lines(&tampered), [(5, Fault::Missing)]);
}

#[tokio::test]
async fn a_removed_line_is_found_where_it_was() {
    let bench = Bench::with_six_lines().await;
    let whole = lines(&bench.file());
    for removed in 0..5 {
        let mut tampered = whole.clone();
        tampered.remove(removed);
        let expected = if removed == 0 { Fault::NotTheBeginning } else { Fault::Missing };
        assert_eq!(bench.verify_lines(&tampered), [(removed as u64 + 1, expected)]);
    }
}

#[tokio::test]
async fn swapped_lines_are_found_with_where_they_belong() {
    let bench = Bench::with_six_lines().await;
    let mut tampered = lines(&bench.file());
    tampered.swap(2, 3);
    let out_of_order = |line| Fault::OutOfOrder(bench.place(line));
    let expected = [(3, out_of_order(4)), (4, out_of_order(2)), (5, out_of_order(3))];
    assert_eq!(bench.verify_lines(&tampered), expected);
}

#[tokio::test]
async fn a_repeated_line_is_found() {
    let bench = Bench::with_six_lines().await;
    let mut tampered = lines(&bench.file());
    tampered.insert(3, tampered[2].clone());
    assert_eq!(bench.verify_lines(&tampered), [(4, Fault::OutOfOrder(bench.place(2)))]);
}

#[tokio::test]
async fn foreign_blank_and_endless_lines_are_found() {
    let bench = Bench::with_six_lines().await;
    let whole = lines(&bench.file());
    for foreign in [String::new(), "{}".to_owned(), "x".repeat(300_000), format!("{}\r", whole[2])] {
        let mut tampered = whole.clone();
        tampered.insert(3, foreign);
        assert_eq!(bench.verify_lines(&tampered)[0], (4, Fault::NotALine));
    }
}

#[tokio::test]
async fn a_trail_cut_off_at_a_line_is_found_with_the_logged_head() {
    let bench = Bench::with_six_lines().await;
    let whole = lines(&bench.file());
    let expected = Expected { head: head_of(&whole), after: None };
    put(&bench.file(), &whole[..4]);
    let report = verify(&[bench.file()], expected).unwrap();
    assert_eq!(report.faults, [(bench.place(4), Fault::HeadMissing)]);
    assert!(bench.verify().is_intact(), "without the head nothing can be said");

    put(&bench.file(), &[]);
    let report = verify(&[bench.file()], expected).unwrap();
    assert_eq!(report.faults, [(bench.place(0), Fault::HeadMissing)]);
}

#[tokio::test]
async fn a_head_that_was_logged_earlier_is_found_in_its_line() {
    let bench = Bench::with_six_lines().await;
    let whole = lines(&bench.file());
    let report = verify(&[bench.file()], Expected { head: head_of(&whole[..4]), after: None }).unwrap();
    assert!(report.is_intact());
    assert_eq!(report.expected_head, Some(bench.place(4)));
}

#[tokio::test]
async fn a_trail_cut_off_within_a_line_is_found_without_a_head() {
    let bench = Bench::with_six_lines().await;
    let whole = fs::read(bench.file()).unwrap();
    fs::write(bench.file(), &whole[..whole.len() - 1]).unwrap();
    assert_eq!(faults(bench.verify()), [(6, Fault::Unfinished)]);
}

#[tokio::test]
async fn files_that_were_deleted_on_purpose_are_named_by_their_last_hash() {
    let bench = Bench::with_six_lines().await;
    let whole = lines(&bench.file());
    put(&bench.file(), &whole[2..]);
    assert_eq!(faults(bench.verify()), [(1, Fault::NotTheBeginning)]);
    let after = Expected { after: head_of(&whole[..2]), head: None };
    assert!(verify(&[bench.file()], after).unwrap().is_intact());
}

#[tokio::test]
async fn files_are_read_oldest_first_in_whatever_order_they_are_given() {
    let bench = Bench::with_six_lines().await;
    let whole = lines(&bench.file());
    let files = ["c", "a", "b"].map(|name| bench.path(name));
    for (file, part) in files.iter().zip(whole.chunks(2)) {
        put(file, part);
    }
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let given = order.map(|at| files[at].clone());
        let report = verify(&given, Expected::default()).unwrap();
        assert!(report.is_intact(), "{order:?}");
        assert_eq!(report.files, files);
    }
}

#[tokio::test]
async fn a_missing_middle_file_is_found_at_the_first_line_after_it() {
    let bench = Bench::with_six_lines().await;
    let whole = lines(&bench.file());
    let files = ["c", "a"].map(|name| bench.path(name));
    put(&files[0], &whole[..2]);
    put(&files[1], &whole[4..]);
    let report = verify(&files, Expected::default()).unwrap();
    assert_eq!(report.faults, [(Place { file: files[1].clone(), line: 1 }, Fault::Missing)]);
}

#[tokio::test]
async fn a_second_chain_is_not_taken_for_the_first_ones_continuation() {
    let bench = Bench::with_six_lines().await;
    let mut twice = lines(&bench.file());
    twice.extend(twice.clone());
    assert_eq!(bench.verify_lines(&twice), [(7, Fault::NewChain)]);
}

#[tokio::test]
async fn a_thousand_faults_are_kept_and_the_rest_counted() {
    let bench = Bench::with_six_lines().await;
    put(&bench.file(), &vec!["?".to_owned(); 1500]);
    let report = bench.verify();
    assert_eq!((report.faults.len(), report.more_faults), (1000, 500));
}

#[tokio::test]
async fn the_command_says_what_is_wrong_where_and_ends_with_1() {
    let bench = Bench::with_six_lines().await;
    let mut whole = lines(&bench.file());
    let head = head_of(&whole).unwrap();
    let finished = verify_command(&[bench.file()], Some(head.as_str()), None);
    assert_eq!((finished.code, finished.errors.as_str()), (0, ""));
    assert_eq!(finished.output, format!("intact: 6 lines in 1 files, head {head}\n"));

    whole.remove(3);
    put(&bench.file(), &whole);
    let finished = verify_command(&[bench.file()], None, None);
    assert_eq!(finished.code, 1);
    let place = format!("{}:4: lines before this one are missing", bench.file().display());
    assert!(finished.errors.starts_with(&place), "{}", finished.errors);

    assert_eq!(verify_command(&[bench.path("absent")], None, None).code, 2);
    assert_eq!(verify_command(&[bench.file()], Some("abc"), None).code, 2);
}
