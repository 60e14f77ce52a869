//! What a line holds, and how CPR numbers stand in it.

use std::fs;

use serde_json::Value;

use super::super::{CprHasher, KeyError};
use super::{Bench, cpr, full, lines, read};

const MEMBERS: [&str; 20] = [
    "time",
    "phase",
    "requestId",
    "issuer",
    "subject",
    "client",
    "authority",
    "operation",
    "cprHash",
    "cprKeyId",
    "cprSent",
    "resource",
    "purpose",
    "outcome",
    "status",
    "problem",
    "cache",
    "upstreamIds",
    "prev",
    "hash",
];

#[tokio::test]
async fn a_line_holds_the_members_of_the_contract_in_their_order() {
    let bench = Bench::new();
    let trail = bench.open();
    let person = bench.hasher().hash(&cpr("0101900000"));
    trail.append(&full(&person, &["call-1".to_owned()])).await.unwrap();

    let line: Value = serde_json::from_str(&lines(&bench.file())[0]).unwrap();
    assert_eq!(line.as_object().unwrap().keys().collect::<Vec<_>>(), MEMBERS);
    assert_eq!(line["time"], "2026-09-21T14:13:20.000000Z");
    assert_eq!(line["phase"], "end");
    assert_eq!(line["cprHash"], person.hash().as_str());
    assert_eq!(line["cprKeyId"], person.key_id());
    assert_eq!(line["cprSent"], false);
    assert_eq!(line["outcome"], "not-executed");
    assert_eq!(line["upstreamIds"][0], "call-1");
}

#[tokio::test]
async fn members_that_do_not_apply_are_left_out() {
    let bench = Bench::new();
    bench.write(1).await;

    let line: Value = serde_json::from_str(&lines(&bench.file())[0]).unwrap();
    let expected = ["time", "phase", "requestId", "operation", "outcome", "status", "prev", "hash"];
    assert_eq!(line.as_object().unwrap().keys().collect::<Vec<_>>(), expected);
}

#[tokio::test]
async fn text_of_the_caller_cannot_break_out_of_its_line() {
    let bench = Bench::new();
    let trail = bench.open();
    let subject = "x\"}\n{\"prev\":\"\u{2028}\r\0\",\"hash\":\"";
    let record = super::Record { subject: Some(subject), ..read("one") };
    trail.append(&record).await.unwrap();
    trail.append(&read("two")).await.unwrap();

    let lines = lines(&bench.file());
    assert_eq!(lines.len(), 2);
    let line: Value = serde_json::from_str(&lines[0]).unwrap();
    assert_eq!(line["subject"], subject);
    assert!(bench.verify().is_intact());
}

#[test]
fn debug_says_nothing_of_the_caller_or_the_person() {
    let bench = Bench::new();
    let hasher = bench.hasher();
    let person = hasher.hash(&cpr("0101900000"));
    let text = format!("{:?} {person:?} {hasher:?}", full(&person, &[]));
    for secret in ["caseworker-7", "Opfølgning", "0101900000", person.hash().as_str(), "0123456789abcdef"] {
        assert!(!text.contains(secret), "{text}");
    }
}

#[test]
fn the_hash_is_the_hmac_of_the_number_under_the_keys_bytes() {
    let bench = Bench::new();
    // python3 -c "import hmac;print(hmac.new(b'0123456789abcdef0123456789abcdef',b'0101900000','sha256').hexdigest())"
    let expected = "02bf9797f8b3a4234a0d11849a7726d43af97284fc03e24714e74bd9d6104044";
    assert_eq!(bench.hasher().hash(&cpr("0101900000")).hash().as_str(), expected);
}

#[test]
fn sixty_four_hexadecimal_digits_stand_for_their_bytes_and_white_space_around_them_for_nothing() {
    let bench = Bench::new();
    let digits: String = b"0123456789abcdef0123456789abcdef".iter().map(|b| format!("{b:02X}")).collect();
    let raw = bench.hasher().hash(&cpr("0101900000"));
    fs::write(bench.path("key"), format!("\n  {digits}\r\n")).unwrap();
    assert!(bench.hasher().hash(&cpr("0101900000")) == raw);
}

#[test]
fn a_short_or_missing_key_names_its_file_and_not_its_content() {
    let mut bench = Bench::new();
    fs::write(bench.path("key"), "  only-thirty-one-bytes-long-key!\n").unwrap();
    let error = CprHasher::load(&bench.config).unwrap_err();
    assert!(matches!(error, KeyError::TooShort { .. }));
    assert!(error.to_string().contains("key is shorter than 32 bytes"), "{error}");
    assert!(!error.to_string().contains("thirty"));

    bench.config.cpr_hash_key_file = bench.path("absent");
    assert!(CprHasher::load(&bench.config).unwrap_err().to_string().contains("absent"));
}

#[test]
fn every_key_has_its_own_name_and_hashes() {
    let mut bench = Bench::new();
    fs::write(bench.path("old"), "another key of at least thirty-two bytes").unwrap();
    bench.config.previous_cpr_hash_key_files = vec![bench.path("old")];
    let hasher = bench.hasher();
    let hashes: Vec<_> = hasher.every_hash(&cpr("0101900000")).collect();
    assert_eq!(hashes.len(), 2);
    assert!(hashes[0] == hasher.hash(&cpr("0101900000")));
    assert_ne!(hashes[0].hash(), hashes[1].hash());
    assert_ne!(hashes[0].key_id(), hashes[1].key_id());
    assert_eq!(hashes[0].key_id().len(), 16);
}
