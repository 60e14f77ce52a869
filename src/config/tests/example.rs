//! The example file at the root: it has every key, and the defaults it shows are the defaults.

use std::collections::BTreeSet;

use toml::{Table, Value};

use super::Folder;
use crate::config::node::Node;
use crate::config::section::{Report, Section};
use crate::config::{Config, Reason};

const EXAMPLE: &str = include_str!("../../../ungebro.example.toml");

/// The line's setting without the `#` before it. Prose has a space after its `#`.
fn setting(line: &str) -> &str {
    match line.strip_prefix('#') {
        Some(rest) if !rest.is_empty() && !rest.starts_with(' ') => rest,
        _ => line,
    }
}

fn is_example(line: &str) -> bool {
    line.ends_with("# example")
}

#[test]
fn the_example_has_every_key_and_no_other() {
    // Its first value is the default, beside which the Redis keys are a fault.
    let text = EXAMPLE.replace(r#"store = "memory""#, r#"store = "redis""#);
    let text: Vec<&str> = text.lines().map(setting).collect();
    let report = Report::default();
    let (root, syntax) = Node::parse(&text.join("\n"));
    assert_eq!(syntax, []);
    Section::read_root(root, &report, |root| Config::read(root, &["createInterview"]));

    let faults = report.faults.into_inner();
    let real = |reason: &Reason| !matches!(reason, Reason::Unreadable { .. } | Reason::WrongFile { .. });
    assert!(faults.iter().all(|fault| !real(&fault.reason)), "{faults:#?}");

    let mut shown = BTreeSet::from(["telemetry.code_lists_file".to_owned()]);
    let table: Table = text.join("\n").parse().unwrap();
    collect("", &Value::Table(table), &mut shown);
    let asked = report.asked.into_inner();
    let asked: BTreeSet<_> = asked.iter().map(|key| without_names(key)).collect();
    let missing: Vec<_> = asked.difference(&shown).collect();
    assert!(missing.is_empty(), "not in the example: {missing:?}");
}

#[test]
fn the_defaults_of_the_example_are_the_defaults() {
    let folder = Folder::new();
    let required = EXAMPLE
        .replace("/var/log/ungebro/audit.jsonl", "DIR/trail")
        .replace("/run/secrets/audit-key", "DIR/a");
    let mut in_example = false;
    let defaults: Vec<_> = required
        .lines()
        .filter(|line| {
            if setting(line).starts_with('[') {
                in_example = is_example(line);
            }
            !in_example && !is_example(line)
        })
        .map(setting)
        .collect();
    let with_defaults = folder.parse(&defaults.join("\n"), &[]).unwrap();
    assert_eq!(with_defaults, folder.parse(&required, &[]).unwrap());
}

/// The path of every key in a value.
fn collect(path: &str, value: &Value, into: &mut BTreeSet<String>) {
    match value {
        Value::Table(entries) => {
            for (name, value) in entries {
                let key = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                collect(&key, value, into);
                into.insert(without_names(&key));
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(path, item, into)),
        _ => {}
    }
}

/// The key without indices, and with `*` for the names of authorities.
fn without_names(key: &str) -> String {
    let key = key.replace('"', "").replace("[0]", "").replace("[1]", "").replace("[2]", "");
    let segments = key.split('.').map(|segment| match segment {
        segment if segment.contains(':') => "*",
        segment => segment,
    });
    segments.collect::<Vec<_>>().join(".")
}
