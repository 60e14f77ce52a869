//! Values near the limits of a member: those that just break it and those that just keep it.

use regex::Regex;
use serde_json::Value;

use super::contract::{GUID, Leaf, Member, Shape};

/// JSON texts for a member, each with whether it is taken.
pub(crate) fn values(member: &Member) -> Vec<(String, bool)> {
    let mut values = wrong_types(member);
    values.push(("null".to_owned(), !member.required));
    match &member.shape {
        Shape::Leaf(leaf) => values.extend(of_leaf(leaf)),
        Shape::Object(_) => {}
        Shape::List(_) => values.extend(["[]", "{\"0\":{}}"].map(|text| (text.to_owned(), false))),
        Shape::Numbers => values.extend(numbers()),
    }
    values
}

fn wrong_types(member: &Member) -> Vec<(String, bool)> {
    let samples =
        [("\"x\"", "text"), ("7.5", "number"), ("true", "boolean"), ("{}", "object"), ("[]", "list")];
    let own = match &member.shape {
        Shape::Leaf(Leaf::Boolean) => "boolean",
        Shape::Leaf(Leaf::Code { .. } | Leaf::Integer { .. }) => "integer",
        Shape::Leaf(_) => "text",
        Shape::Object(_) => "object",
        Shape::List(_) | Shape::Numbers => "list",
    };
    samples.iter().filter(|(_, kind)| *kind != own).map(|(text, _)| ((*text).to_owned(), false)).collect()
}

fn of_leaf(leaf: &Leaf) -> Vec<(String, bool)> {
    let text = |text: &str, taken| (Value::from(text).to_string(), taken);
    match leaf {
        Leaf::Text { min, max } => {
            let mut values = vec![
                text("", *min == 0),
                text(&"æ".repeat(*max), true),
                text(&"😀".repeat(*max), true),
                text(&"æ".repeat(max + 1), false),
                text(&"😀".repeat(max + 1), false),
                text(" ", true),
                text("\u{FFFD}\u{85}\u{2028}", *max >= 3),
            ];
            values.extend(NOT_XML.map(|bad| (format!("\"a{bad}\""), false)));
            values
        }
        Leaf::Pattern(pattern) => {
            let whole = Regex::new(&format!("^(?:{pattern})$")).unwrap();
            let mut values: Vec<_> = candidates(pattern)
                .iter()
                .map(|candidate| text(candidate, whole.is_match(candidate)))
                .collect();
            values.extend(NOT_XML.map(|bad| (format!("\"7{bad}\""), false)));
            values
        }
        Leaf::Code { max } => integers(0, *max),
        Leaf::Integer { min, max } => integers(*min, *max),
        Leaf::Boolean => [("true", true), ("false", true), ("\"true\"", false), ("1", false), ("0", false)]
            .map(|(text, taken)| (text.to_owned(), taken))
            .to_vec(),
        Leaf::Instant => INSTANTS.iter().map(|(value, taken)| text(value, *taken)).collect(),
        Leaf::Day => DAYS.iter().map(|(value, taken)| text(value, *taken)).collect(),
    }
}

/// What XML 1.0 cannot hold, as JSON escapes.
const NOT_XML: [&str; 5] = ["\\u0000", "\\u0001", "\\u001f", "\\ufffe", "\\uffff"];

const INSTANTS: &[(&str, bool)] = &[
    ("2026-01-15T08:00:00Z", true),
    ("2026-01-15T08:00:00.123456789-11:30", true),
    ("2026-01-15T08:00:00", false),
    ("2026-01-15T08:00Z", false),
    ("2026-01-15", false),
    ("2026-02-30T08:00:00Z", false),
    ("2026-01-15T24:00:00Z", false),
    ("2026-01-15T08:00:60Z", false),
    ("2026-01-15T08:00:00.1234567890Z", false),
    ("2026-01-15 08:00:00Z", false),
    ("2026-01-15T08:00:00+0100", false),
    ("2026-01-15T08:00:00+24:00", false),
    (" 2026-01-15T08:00:00Z", false),
    ("0000-01-15T08:00:00Z", false),
    ("12026-01-15T08:00:00Z", false),
    ("", false),
    ("yesterday", false),
];

const DAYS: &[(&str, bool)] = &[
    ("2024-02-29", true),
    ("2026-02-29", false),
    ("2026-1-1", false),
    ("20260101", false),
    ("2026-01-01Z", false),
    ("2026-01-01T00:00:00Z", false),
    ("", false),
];

/// Texts near every pattern of the contract; a regular expression of the test's own decides which match.
fn candidates(pattern: &str) -> Vec<String> {
    let id = "7d4a1c52-0b3e-4f6a-9c1d-2e5f8a9b0c3d";
    let near: &[&str] = if pattern == GUID {
        &[
            id,
            &id[1..],
            "7d4a1c52-0b3e-4f6a-9c1d-2e5f8a9b0c3g",
            "{7d4a1c52-0b3e-4f6a-9c1d-2e5f8a9b0c3d}",
            "7d4a1c520b3e4f6a9c1d2e5f8a9b0c3d",
            "7D4A1C52-0B3E-4F6A-9C1D-2E5F8A9B0C3D",
        ]
    } else if pattern.contains('@') {
        &["a@b", "@b", "a@", "a@b@c", "a b@c", "a,b@c", "æ@ø.dk", "a>b@c", "a(b@c", "\u{e000}@x"]
    } else {
        &[
            "-1",
            "-2",
            "-",
            "0",
            "00000000",
            "000000001",
            "12345678",
            "123456789",
            "12",
            "123",
            "+123",
            "+12",
            "++123",
            "1a3",
            "70101010",
            "0701010101",
            "7010101010",
            "70101010101",
            "١٢٣",
        ]
    };
    let mut texts: Vec<_> = near.iter().map(|text| (*text).to_owned()).collect();
    texts.extend(["", " ", "x"].map(str::to_owned));
    texts.extend(
        near.iter().take(1).flat_map(|text| [format!("{text}\n"), format!(" {text}"), format!("{text} ")]),
    );
    texts.extend([format!("+{}", "1".repeat(20)), format!("+{}", "1".repeat(21))]);
    texts.extend([191, 192].map(|length| format!("{}@{}", "a".repeat(length), "b".repeat(64))));
    texts.push(format!("a@{}", "b".repeat(65)));
    texts
}

fn integers(min: i64, max: i64) -> Vec<(String, bool)> {
    let mut values = vec![(min, true), (max, true), (min - 1, false), (max + 1, false)];
    values.push((i64::MAX, false));
    let mut values: Vec<_> = values.into_iter().map(|(number, taken)| (number.to_string(), taken)).collect();
    let forms = ["20000.0", "2e4", "\"20000\"", "99999999999999999999", "-0.0"];
    values.extend(forms.map(|text| (text.to_owned(), false)));
    values
}

fn numbers() -> Vec<(String, bool)> {
    let many = |count: usize| Value::from(vec!["0101900001"; count]).to_string();
    vec![(many(1), true), (many(1000), true), (many(1001), false), ("[]".to_owned(), false)]
}
