//! Every problem that the gateway answers, and what each upstream code becomes.
//!
//! Two files decide: `problems.toml` holds names and texts, `error-codes.csv` the upstream codes. Both are read once.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::outcome::Outcome;
use crate::types::Language;

const PROBLEMS: &str = include_str!("problems.toml");
const CODES: &str = include_str!("error-codes.csv");

/// One kind of problem: its name, texts, and what holds wherever the gateway itself makes it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The last segment of `type`.
    #[serde(skip)]
    pub name: String,
    /// The status where the gateway makes it.
    #[serde(default)]
    pub status: Option<u16>,
    /// What kind of problem it is.
    pub title: Texts,
    /// What happened.
    pub detail: Texts,
    /// What to do about it; shown on the problem's page.
    pub remedy: Texts,
    /// Whether the same request may succeed later with nobody changing anything.
    #[serde(default)]
    pub retryable: bool,
    /// Whether the answer carries `Retry-After`.
    #[serde(default)]
    pub retry_after: bool,
    /// What is known of a write, where the name decides it.
    #[serde(default)]
    pub outcome: Option<Outcome>,
}

/// A text in both languages.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Texts {
    /// English.
    pub en: String,
    /// Danish.
    pub da: String,
}

impl Texts {
    /// The text in a language.
    pub fn in_language(&self, language: Language) -> &str {
        match language {
            Language::English => &self.en,
            Language::Danish => &self.da,
        }
    }
}

/// The system that a code or a problem comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum System {
    /// Ungedatabasen.
    Udb,
    /// STAR's DFDG.
    Dfdg,
    /// Integrationsplatformen, in front of Ungedatabasen.
    Ipl,
    /// This gateway.
    Gateway,
}

impl System {
    /// The name in `system`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Udb => "udb",
            Self::Dfdg => "dfdg",
            Self::Ipl => "ipl",
            Self::Gateway => "gateway",
        }
    }
}

/// What an upstream code becomes: a row of `error-codes.csv`.
#[derive(Debug)]
pub struct Code {
    /// Who sends it.
    pub system: System,
    /// The code as text.
    pub code: String,
    /// The upstream's text, as an interface description has it; may be empty. IPL's are the gateway's own words: none is
    /// published.
    pub upstream_text: String,
    /// The status of the answer.
    pub status: u16,
    /// The problem; none for a code that is no problem (18).
    pub problem: Option<&'static Entry>,
    /// Whether a repeat may succeed.
    pub retryable: bool,
    /// What is known of a write.
    pub outcome: Outcome,
    /// `hard` or `soft`, where the upstream says so.
    pub severity: Option<String>,
    /// The operations that it is expected of; `any` for all.
    pub operations: Vec<String>,
    /// Those of them for which no interface description lists it; `any` for all.
    pub inferred_operations: Vec<String>,
    /// What the description adds.
    pub explanation: String,
}

impl Code {
    /// Whether the code is expected of the operation.
    pub fn is_expected_of(&self, operation: &str) -> bool {
        names(&self.operations, operation)
    }

    /// Whether it is expected of the operation though no interface description lists it there: the general codes, those
    /// of the platform, and some of operations whose description only speaks of them.
    pub fn is_inferred_for(&self, operation: &str) -> bool {
        self.is_expected_of(operation) && names(&self.inferred_operations, operation)
    }
}

fn names(list: &[String], operation: &str) -> bool {
    list.iter().any(|listed| listed == operation || listed == "any")
}

#[derive(Deserialize)]
struct Row {
    system: String,
    code: String,
    upstream_text: String,
    http_status: u16,
    problem: String,
    retryable: String,
    outcome: Outcome,
    severity: String,
    operations: String,
    inferred_operations: String,
    explanation: String,
}

struct Catalogue {
    entries: HashMap<&'static str, &'static Entry>,
    in_order: Vec<&'static Entry>,
    codes: Vec<Code>,
}

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| {
    // Both files are part of the program: the tests read them, so a fault in them cannot ship.
    let table: toml::Table = PROBLEMS.parse().expect("problems.toml is TOML");
    let mut catalogue = Catalogue { entries: HashMap::new(), in_order: Vec::new(), codes: Vec::new() };
    for (name, value) in table {
        let mut entry: Entry = value.try_into().expect("every problem has its texts");
        entry.name = name;
        let entry: &'static Entry = Box::leak(Box::new(entry));
        catalogue.entries.insert(&entry.name, entry);
        catalogue.in_order.push(entry);
    }
    let mut rows = csv::Reader::from_reader(CODES.as_bytes());
    for row in rows.deserialize::<Row>() {
        let row = row.expect("error-codes.csv has its columns");
        catalogue.codes.push(code_of(row, &catalogue.entries));
    }
    catalogue
});

fn code_of(row: Row, entries: &HashMap<&'static str, &'static Entry>) -> Code {
    let system = match row.system.as_str() {
        "udb" => System::Udb,
        "dfdg" => System::Dfdg,
        "ipl" => System::Ipl,
        other => panic!("error-codes.csv names no system {other}"),
    };
    let problem = (!row.problem.is_empty()).then(|| entries[row.problem.as_str()]);
    Code {
        system,
        code: row.code,
        upstream_text: row.upstream_text,
        status: row.http_status,
        problem,
        retryable: row.retryable == "yes",
        outcome: row.outcome,
        severity: (!row.severity.is_empty()).then_some(row.severity),
        operations: row.operations.split_whitespace().map(str::to_owned).collect(),
        inferred_operations: row.inferred_operations.split_whitespace().map(str::to_owned).collect(),
        explanation: row.explanation,
    }
}

/// The entry of a name. Names are constants of this program; an unknown one is a mistake in it.
///
/// # Panics
/// When no problem has the name.
pub fn entry(name: &str) -> &'static Entry {
    CATALOGUE.entries.get(name).unwrap_or_else(|| panic!("no problem is called {name}"))
}

/// The entry of a name that came from outside.
pub fn find(name: &str) -> Option<&'static Entry> {
    CATALOGUE.entries.get(name).copied()
}

/// Every kind of problem, in the order of the file.
pub fn entries() -> &'static [&'static Entry] {
    &CATALOGUE.in_order
}

/// Every upstream code.
pub fn codes() -> &'static [Code] {
    &CATALOGUE.codes
}

/// What a code of a system becomes, for whatever operation it comes; a row for the operation goes first.
pub fn code(system: System, code: &str, operation: &str) -> Option<&'static Code> {
    let mut rows = codes().iter().filter(|row| row.system == system && row.code == code);
    let first = rows.clone().next();
    rows.find(|row| row.is_expected_of(operation)).or(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_its_problem_and_every_problem_is_one_kind() {
        assert_eq!(codes().len(), 117);
        for code in codes() {
            assert_eq!(code.problem.is_none(), code.status == 200, "{}", code.code);
        }
    }

    #[test]
    fn a_code_that_two_rows_have_is_chosen_by_operation() {
        let read = code(System::Ipl, "IPL000001", "HentInstitutionKontakt").unwrap();
        let write = code(System::Ipl, "IPL000001", "IndberetningKontaktJobOgUddOensker").unwrap();
        assert!(read.retryable && !write.retryable);
        assert_eq!(write.outcome, Outcome::Unknown);
        assert!(code(System::Dfdg, "4721", "CreateContactGroup").is_some());
        assert!(code(System::Dfdg, "14", "CreateContactGroup").is_none());
    }

    /// A problem whose codes leave the outcome open, or come from several systems, must not say otherwise in its text.
    #[test]
    fn a_text_agrees_with_its_codes() {
        for code in codes() {
            let Some(entry) = code.problem else { continue };
            let text = format!("{} {}", entry.title.en, entry.detail.en);
            let sure = ["Nothing was changed", "Nothing was registered", "Nothing was reported"];
            let says_not_executed = sure.iter().any(|words| text.contains(words));
            assert!(code.outcome == Outcome::NotExecuted || !says_not_executed, "{}: {text}", code.code);
            assert!(code.system == System::Dfdg || !text.contains("DFDG"), "{}: {text}", code.code);
        }
    }

    #[test]
    fn what_may_be_repeated_was_not_executed() {
        for entry in entries().iter().filter(|entry| entry.retry_after) {
            assert_eq!(
                (entry.retryable, entry.outcome),
                (true, Some(Outcome::NotExecuted)),
                "{}",
                entry.name
            );
        }
    }
}
