//! `ungebro audit verify` and `ungebro audit export`, as texts and an exit code.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::cpr_hash::CprHasher;
use super::digest::Digest;
use super::export::{Export, LookUp, Person, export};
use super::verify::{Expected, Report, verify};
use crate::config;

/// What a command prints and how it ends: 0 all is well, 1 the trail is not intact, 2 it could not be read.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Finished {
    /// The exit code.
    pub code: u8,
    /// For standard output.
    pub output: String,
    /// For standard error.
    pub errors: String,
}

impl Finished {
    fn unusable(error: impl std::fmt::Display) -> Self {
        Self { code: 2, output: String::new(), errors: format!("{error}\n") }
    }
}

/// How the look-ups of one person are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ExportFormat {
    /// One JSON object a line.
    #[default]
    JsonLines,
    /// Columns for people.
    Table,
}

/// `ungebro audit verify FILE… [--head HASH] [--after HASH]`
pub fn verify_command(files: &[PathBuf], head: Option<&str>, after: Option<&str>) -> Finished {
    let parse = |name: &str, text: Option<&str>| match text.map(|text| Digest::parse(text.as_bytes())) {
        Some(None) => Err(format!("--{name} is not a hash: 64 lower-case hexadecimal digits")),
        Some(digest) => Ok(digest),
        None => Ok(None),
    };
    let expected = parse("head", head).and_then(|head| Ok(Expected { head, after: parse("after", after)? }));
    let expected = match expected {
        Ok(expected) => expected,
        Err(error) => return Finished::unusable(error),
    };
    match verify(files, expected) {
        Ok(report) => describe(&report),
        Err(error) => Finished::unusable(error),
    }
}

fn describe(report: &Report) -> Finished {
    let mut text = String::new();
    for (place, fault) in &report.faults {
        writeln!(text, "{place}: {fault}").expect("a String takes everything");
    }
    if report.more_faults > 0 {
        writeln!(text, "… and {} more", report.more_faults).expect("a String takes everything");
    }
    let (lines, files) = (report.lines, report.files.len());
    let head = report.head.unwrap_or(Digest::ZERO);
    if report.is_intact() {
        let output = format!("intact: {lines} lines in {files} files, head {head}\n");
        return Finished { output, ..Finished::default() };
    }
    let faults = report.faults.len() as u64 + report.more_faults;
    let output = format!("NOT intact: {faults} faults in {lines} lines in {files} files, head {head}\n");
    Finished { code: 1, output, errors: text }
}

/// `ungebro audit export FILE… --cpr-file F --config C`; `config` says where the hash keys are.
pub fn export_command(
    files: &[PathBuf],
    cpr_file: &Path,
    config: &config::Audit,
    format: ExportFormat,
) -> Finished {
    let hasher = match CprHasher::load(config) {
        Ok(hasher) => hasher,
        Err(error) => return Finished::unusable(error),
    };
    let person = match Person::read(cpr_file) {
        Ok(person) => person,
        Err(error) => return Finished::unusable(error),
    };
    match export(files, &person, &hasher) {
        Ok(export) => print(&export, format),
        Err(error) => Finished::unusable(error),
    }
}

fn print(export: &Export, format: ExportFormat) -> Finished {
    let output = match format {
        ExportFormat::JsonLines => export.look_ups.iter().map(json_line).collect(),
        ExportFormat::Table => table(&export.look_ups),
    };
    let unreadable = export.unreadable.iter();
    let errors = unreadable.map(|place| format!("{place}: not an intact line, left out\n")).collect();
    Finished { code: u8::from(!export.unreadable.is_empty()), output, errors }
}

fn json_line(look_up: &LookUp) -> String {
    let mut line = serde_json::to_string(look_up).expect("text is always JSON");
    line.push('\n');
    line
}

fn table(look_ups: &[LookUp]) -> String {
    const COLUMNS: [&str; 5] = ["time", "authority", "operation", "outcome", "purpose"];
    let or_dash = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
    let mut rows = vec![COLUMNS.map(str::to_owned)];
    rows.extend(look_ups.iter().map(|look_up| {
        let LookUp { time, authority, operation, purpose, outcome } = look_up;
        // A purpose is the client's text, which must not steer a terminal.
        let purpose = or_dash(purpose).chars().filter(|c| !c.is_control()).collect();
        [time.clone(), or_dash(authority), operation.clone(), outcome.clone(), purpose]
    }));
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: [usize; 5] = std::array::from_fn(width);
    let mut text = String::new();
    for row in &rows {
        let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}"));
        text.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
        text.push('\n');
    }
    text
}
