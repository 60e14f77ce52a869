//! The codes of the upstreams and their texts, read from the same table as the gateway's problems.

use std::sync::LazyLock;

const TABLE: &str = include_str!("../problem/error-codes.csv");

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

/// One code of an upstream.
#[derive(Debug)]
pub(crate) struct Code {
    pub(crate) system: System,
    /// As the upstream writes it: a number, or `IPL` and six digits.
    pub(crate) code: String,
    /// The number in it.
    pub(crate) number: u32,
    /// The upstream's text; empty where none is published.
    pub(crate) text: String,
    /// The operations that describe it; empty when any may answer it.
    pub(crate) operations: Vec<String>,
}

static CODES: LazyLock<Vec<Code>> = LazyLock::new(|| {
    let mut codes: Vec<Code> = Vec::new();
    let mut reader = csv::Reader::from_reader(TABLE.as_bytes());
    for record in reader.records() {
        let record = record.expect("the table is part of the program");
        let code = Code::from_record(&record);
        // A code whose outcome depends on the operation has a row for each.
        match codes.iter_mut().find(|known| known.system == code.system && known.number == code.number) {
            Some(known) => known.operations.extend(code.operations),
            None => codes.push(code),
        }
    }
    codes
});

impl Code {
    fn from_record(record: &csv::StringRecord) -> Self {
        let system = match &record[0] {
            "udb" => System::Udb,
            "ipl" => System::Ipl,
            _ => System::Dfdg,
        };
        let number = record[1].trim_start_matches("IPL").parse().expect("every code holds a number");
        let operations =
            record[8].split_whitespace().filter(|name| *name != "any").map(str::to_owned).collect();
        Self { system, code: record[1].to_owned(), number, text: record[2].to_owned(), operations }
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
    find(system, number).map_or("", |code| &code.text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_table_is_a_code() {
        let rows = TABLE.lines().count() - 1;
        assert_eq!(codes().len() + 1, rows, "IPL000001 has two rows, all others one");
        assert_eq!(text(System::Dfdg, 4404), "The person with specified cpr does not exist");
        assert_eq!(find(System::Ipl, 1).unwrap().operations.len(), 2);
    }
}
