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
        // Zeros at the end say nothing and are not kept.
        let kept = half.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
        assert!(bench.torn().contains(&half[..kept].to_vec()), "{half:?}");
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

/// After a power cut a file has as many zeros as it had grown by, which may be more than any line.
#[tokio::test]
async fn zeros_of_any_number_at_the_end_are_set_aside_and_the_chain_goes_on() {
    let bench = Bench::new();
    for (round, zeros) in [1, 131_072, 300_000, 3_000_000].into_iter().enumerate() {
        for half in [&b""[..], b"{\"time\":\"2026", b"{\"ti\0\0\0"] {
            bench.write(2).await;
            bench.append_raw(&[half, &vec![0; zeros]].concat());
            bench.write(1).await;
            let kept = bench.torn().into_iter().map(|torn| torn.len()).max();
            assert!(kept.is_some_and(|kept| kept < 100), "the zeros themselves are not kept: {kept:?}");
        }
        assert_eq!(
            (bench.verify().lines, bench.verify().is_intact()),
            (9 * (round as u64 + 1), true),
            "{zeros}"
        );
    }
    let new = Bench::new();
    fs::write(new.file(), vec![0; 300_000]).unwrap();
    new.write(1).await;
    assert!(new.verify().is_intact());
}

/// A path that names another file: it must not be emptied, whatever it is.
#[tokio::test]
async fn a_file_that_is_no_trail_keeps_its_content() {
    let bench = Bench::new();
    for content in [
        "0123456789abcdef",
        "{\"keys\":[]}",
        "-----BEGIN PRIVATE KEY-----",
        "{\"t",
        "x",
        "\u{feff}",
        "\0\0key",
    ] {
        fs::write(bench.file(), content).unwrap();
        let opened = Trail::open(&bench.config, clock);
        assert_eq!(opened.is_ok(), content == "{\"t", "{content}");
        drop(opened);
        let left = fs::read_to_string(bench.file()).unwrap();
        assert_eq!(left, if content == "{\"t" { "" } else { content });
    }
}

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(content).unwrap();
    packed.finish().unwrap()
}

/// What logrotate with `compress` leaves: the chain goes on after what is packed.
#[tokio::test]
async fn the_chain_goes_on_after_a_packed_file() {
    for lines_before in [1, 3, 2000] {
        let bench = Bench::new();
        bench.write(lines_before).await;
        let before = fs::read(bench.file()).unwrap();
        fs::remove_file(bench.file()).unwrap();
        fs::write(bench.path("audit.jsonl-1.gz"), gzip(&before)).unwrap();
        bench.write(1).await;
        let whole = [before, fs::read(bench.file()).unwrap()].concat();
        fs::remove_file(bench.path("audit.jsonl-1.gz")).unwrap();
        fs::write(bench.file(), whole).unwrap();
        assert!(bench.verify().is_intact(), "{lines_before}");
    }
}

/// What lies beside the trail and is no trail is passed over; what may hold the trail's end and cannot be read is not:
/// then a new chain begins, and the log says so.
#[tokio::test]
async fn what_else_lies_beside_the_trail_does_not_end_its_chain() {
    for (name, goes_on) in [
        ("audit.jsonl.bak", true),
        ("audit.jsonl-notes.txt", true),
        ("audit.jsonl.swp", true),
        ("audit.jsonl-2.xz", false),
        ("audit.jsonl-2.gz", false),
        ("audit.jsonl.2.zst", false),
    ] {
        let bench = Bench::new();
        bench.write(2).await;
        let first = bench.path("audit.jsonl.1");
        fs::rename(bench.file(), &first).unwrap();
        let earlier = std::time::UNIX_EPOCH;
        fs::File::options().append(true).open(&first).unwrap().set_modified(earlier).unwrap();
        fs::write(bench.path(name), "something else\n").unwrap();
        bench.write(1).await;
        let whole = [lines(&first), lines(&bench.file())].concat();
        fs::remove_file(first).unwrap();
        fs::remove_file(bench.path(name)).unwrap();
        put(&bench.file(), &whole);
        assert_eq!(bench.verify().is_intact(), goes_on, "{name}");
    }
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
