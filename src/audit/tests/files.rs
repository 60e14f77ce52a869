//! Opening, rotating and reopening the trail's file.

use std::fs;
use std::io::Write;
use std::num::NonZeroU64;

use super::super::{AuditError, Fault, Trail};
use super::{Bench, clock, lines, put, read};

impl Bench {
    fn open_error(&self) -> AuditError {
        Trail::open(&self.config, clock).err().expect("the trail opens")
    }

    fn append_raw(&self, bytes: &[u8]) {
        fs::File::options().append(true).open(self.file()).unwrap().write_all(bytes).unwrap();
    }

    fn torn(&self) -> Vec<Vec<u8>> {
        self.beside("audit.jsonl.torn-").map(|file| fs::read(file).unwrap()).collect()
    }
}

#[tokio::test]
async fn the_chain_of_an_existing_file_goes_on() {
    let bench = Bench::new();
    bench.write(3).await;
    bench.write(3).await;
    let report = bench.verify();
    assert!(report.is_intact());
    assert_eq!(report.lines, 6);
}

#[tokio::test]
async fn half_a_line_that_a_crash_left_is_set_aside_and_the_chain_goes_on() {
    let bench = Bench::new();
    for half in [&b"{\"time\":\"2026-0"[..], b"{", &[b' '; 4096], b"\0\0\0\0\n\0\0\n", b"{\"time\0\0\n\0"] {
        bench.write(2).await;
        bench.append_raw(half);
        bench.write(2).await;
        assert!(bench.torn().contains(&half.to_vec()), "{half:?}");
    }
    assert!(bench.verify().is_intact());
    assert_eq!((bench.verify().lines, bench.torn().len()), (20, 5));
}

#[tokio::test]
async fn a_line_that_lacks_nothing_but_its_line_feed_was_not_confirmed_and_is_set_aside() {
    let bench = Bench::new();
    bench.write(2).await;
    let whole = fs::read(bench.file()).unwrap();
    fs::write(bench.file(), &whole[..whole.len() - 1]).unwrap();
    bench.write(1).await;
    assert_eq!((bench.verify().lines, bench.verify().is_intact()), (2, true));
    assert_eq!(bench.torn().len(), 1);
}

#[tokio::test]
async fn a_file_of_nothing_but_half_a_line_begins_anew() {
    let bench = Bench::new();
    fs::write(bench.file(), "{\"ti").unwrap();
    bench.write(1).await;
    assert!(bench.verify().is_intact());
}

#[tokio::test]
async fn a_changed_last_line_or_another_kind_of_file_is_not_continued() {
    let bench = Bench::new();
    bench.write(2).await;
    let mut tampered = lines(&bench.file());
    tampered[1] = tampered[1].replace("request-1", "request-x");
    put(&bench.file(), &tampered);
    assert!(matches!(bench.open_error(), AuditError::Broken { .. }));

    put(&bench.file(), &["some other log".to_owned()]);
    assert!(matches!(bench.open_error(), AuditError::Broken { .. }));
    fs::write(bench.file(), [b'x'; 400_000]).unwrap();
    assert!(matches!(bench.open_error(), AuditError::Broken { .. }));
    assert!(bench.torn().is_empty());
}

#[tokio::test]
async fn a_second_writer_of_the_same_file_is_refused() {
    let bench = Bench::new();
    let trail = bench.open();
    assert!(matches!(bench.open_error(), AuditError::InUse { .. }));
    trail.close().await.unwrap();
    bench.open();
}

#[tokio::test]
async fn a_missing_folder_is_an_error_that_names_the_file() {
    let mut bench = Bench::new();
    bench.config.output = crate::config::AuditOutput::File(bench.path("absent/audit.jsonl"));
    assert!(bench.open_error().to_string().contains("absent/audit.jsonl cannot be opened"));
}

#[tokio::test]
async fn rotation_keeps_the_chain_and_the_size() {
    let mut bench = Bench::new();
    bench.config.rotate_bytes = NonZeroU64::new(1000);
    bench.write(20).await;
    bench.write(20).await;

    let files = bench.trail_files();
    assert!(files.len() > 10, "{}", files.len());
    for file in &files {
        assert!(fs::metadata(file).unwrap().len() <= 1000);
        assert_ne!(lines(file), [""; 0], "{}", file.display());
    }
    assert!(bench.path("audit.jsonl.20260921T141320.000000Z").exists());
    let report = bench.verify();
    assert!(report.is_intact(), "{:?}", report.faults);
    assert_eq!(report.lines, 40);
    assert_eq!(report.files.last(), Some(&bench.file()));
}

#[tokio::test]
async fn lines_that_are_queued_together_are_rotated_apart() {
    let mut bench = Bench::new();
    bench.config.rotate_bytes = NonZeroU64::new(1000);
    let trail = bench.open();
    let appends = (0..100).map(|number| {
        let request = format!("request-{number}");
        trail.append(&read(&request))
    });
    futures_util::future::join_all(appends).await.into_iter().for_each(|done| done.unwrap());
    assert!(bench.trail_files().iter().all(|file| fs::metadata(file).unwrap().len() <= 1000));
    assert_eq!((bench.verify().lines, bench.verify().is_intact()), (100, true));
}

#[tokio::test]
async fn a_cut_in_a_rotated_file_is_found_at_the_start_of_the_next() {
    let mut bench = Bench::new();
    bench.config.rotate_bytes = NonZeroU64::new(1000);
    bench.write(12).await;
    let files = bench.verify().files;
    let mut cut = lines(&files[1]);
    cut.pop();
    put(&files[1], &cut);
    let report = bench.verify();
    assert_eq!(report.faults.len(), 1, "{:?}", report.faults);
    assert_eq!((report.faults[0].0.file.clone(), report.faults[0].0.line), (files[2].clone(), 1));
    assert_eq!(report.faults[0].1, Fault::Missing);
}

#[tokio::test]
async fn a_start_between_rotation_and_the_first_line_continues_the_rotated_file() {
    for rotated in ["audit.jsonl.1", "audit.jsonl-20260921", "audit.jsonl.20260921T141320.000000Z"] {
        let bench = Bench::new();
        bench.write(3).await;
        fs::rename(bench.file(), bench.path(rotated)).unwrap();
        bench.write(3).await;
        assert_eq!((bench.verify().lines, bench.verify().is_intact()), (6, true), "{rotated}");
    }
}

#[tokio::test]
async fn reopening_after_a_move_continues_the_chain_in_a_new_file() {
    let bench = Bench::new();
    let trail = bench.open();
    trail.append(&read("one")).await.unwrap();
    fs::rename(bench.file(), bench.path("audit.jsonl.1")).unwrap();
    trail.append(&read("two")).await.unwrap();
    trail.reopen().await.unwrap();
    trail.append(&read("three")).await.unwrap();

    assert_eq!(lines(&bench.path("audit.jsonl.1")).len(), 2);
    assert_eq!(lines(&bench.file()).len(), 1);
    assert!(bench.verify().is_intact());
}

#[tokio::test]
async fn reopening_a_file_that_was_not_moved_changes_nothing() {
    let bench = Bench::new();
    let trail = bench.open();
    trail.append(&read("one")).await.unwrap();
    trail.reopen().await.unwrap();
    trail.append(&read("two")).await.unwrap();
    assert!(bench.verify().is_intact());
    assert!(matches!(bench.open_error(), AuditError::InUse { .. }), "the lock is still held");
}

#[tokio::test]
async fn a_foreign_file_in_the_place_of_the_trail_is_not_continued() {
    let bench = Bench::new();
    bench.write(2).await;
    let older = lines(&bench.file());
    let trail = bench.open();
    trail.append(&read("one")).await.unwrap();
    fs::rename(bench.file(), bench.path("audit.jsonl.1")).unwrap();
    put(&bench.file(), &older);
    assert!(matches!(trail.reopen().await, Err(AuditError::Foreign { .. })));
    fs::remove_file(bench.file()).unwrap();
    trail.reopen().await.unwrap();
    trail.append(&read("two")).await.unwrap();
    assert!(bench.verify().is_intact());
}
