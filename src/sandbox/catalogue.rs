//! The codes of the upstreams and their texts, from the table of the gateway's problems.

use std::sync::LazyLock;

use crate::problem::catalogue;

/// Which upstream a code belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum System {
    /// Ungedatabasen, in `FejlKode`.
    Udb,
    /// Integrationsplatformen, in a SOAP 1.2 fault.
    Ipl,
    /// DFDG, in a SOAP 1.1 fault.
    Dfdg,
}

impl System {
    /// Its name in `system` of a problem.
    pub(crate) fn as_str(self) -> &'static str {
        catalogue::System::from(self).as_str()
    }
}

impl From<System> for catalogue::System {
    fn from(system: System) -> Self {
        match system {
            System::Udb => Self::Udb,
            System::Ipl => Self::Ipl,
            System::Dfdg => Self::Dfdg,
        }
    }
}

/// One code of an upstream.
#[derive(Debug)]
pub(crate) struct Code {
    pub(crate) system: System,
    /// As the upstream writes it: a number, or `IPL` and six digits.
    pub(crate) code: &'static str,
    /// The number in it.
    pub(crate) number: u32,
    /// The upstream's text; empty where none is published.
    pub(crate) text: &'static str,
    /// The operations that describe it; empty when any may answer it.
    pub(crate) operations: Vec<&'static str>,
}

static CODES: LazyLock<Vec<Code>> = LazyLock::new(|| {
    let mut codes: Vec<Code> = Vec::new();
    for code in catalogue::codes().iter().filter_map(Code::of_row) {
        // A code whose outcome depends on the operation has a row for each.
        match codes.iter_mut().find(|known| known.system == code.system && known.number == code.number) {
            Some(known) => known.operations.extend(code.operations),
            None => codes.push(code),
        }
    }
    codes
});

impl Code {
    fn of_row(row: &'static catalogue::Code) -> Option<Self> {
        let mut upstreams = [System::Udb, System::Ipl, System::Dfdg].into_iter();
        let system = upstreams.find(|system| catalogue::System::from(*system) == row.system)?;
        let number = row.code.trim_start_matches("IPL").parse().ok()?;
        let operations = row.operations.iter().map(String::as_str).filter(|name| *name != "any").collect();
        Some(Self { system, code: &row.code, number, text: &row.upstream_text, operations })
    }
}

/// Every code of every upstream, in the order of the table.
pub(crate) fn codes() -> &'static [Code] {
    &CODES
}

/// The code of this number.
pub(crate) fn find(system: System, number: u32) -> Option<&'static Code> {
    codes().iter().find(|code| code.system == system && code.number == number)
}

/// The upstream's text for a code; empty where none is published.
pub(crate) fn text(system: System, number: u32) -> &'static str {
    find(system, number).map_or("", |code| code.text)
}

impl Code {
    /// The upstream's text as an operation spells it.
    pub(crate) fn text_of(&self, operation: &str) -> &'static str {
        catalogue::code(self.system.into(), self.code, operation).map_or(self.text, |row| &row.upstream_text)
    }
}

/// Ungedatabasen's text for a code, as an operation spells it.
pub(crate) fn text_of(number: u32, operation: &str) -> &'static str {
    find(System::Udb, number).map_or("", |code| code.text_of(operation))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_table_is_a_code() {
        let mut rows: Vec<_> =
            catalogue::codes().iter().map(|row| (row.system.as_str(), &row.code)).collect();
        rows.sort();
        rows.dedup();
        assert_eq!(codes().len(), rows.len(), "a code for several operations has several rows");
        assert_eq!(text_of(14, "HentInstitutionKontakt"), "Den Unge findes ikke i Ungedatabasen");
        assert_eq!(text_of(14, "IndberetningKontaktJobOgUddOensker"), "Den unge findes ikke i Ungedatabasen");
        assert_eq!(text(System::Dfdg, 4404), "The person with specified cpr does not exist");
        assert_eq!(find(System::Ipl, 1).unwrap().operations.len(), 2);
    }
}
