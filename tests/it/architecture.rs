//! Who may use whom: the `crate::` paths of every module against a table, without exceptions.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use regex::Regex;

/// A module and the modules that it may use: each those above it in this list, and never one below. XML stays below
/// `upstream`, HTTP above `call`.
const ALLOWED: &[(&str, &[&str])] = &[
    ("types", &[]),
    ("config", &["types"]),
    ("shape", &["types"]),
    ("code_lists", &["shape"]),
    ("telemetry", &["config", "types"]),
    ("transport", &["config", "telemetry", "types"]),
    ("soap", &["config", "shape", "transport", "types"]),
    ("problem", &["shape", "types"]),
    ("operation", &["problem", "shape", "soap", "types"]),
    ("services", &["operation", "problem", "shape", "soap", "types"]),
    ("auth", &["config", "types"]),
    ("idempotency", &["config", "types"]),
    ("audit", &["config", "telemetry", "types"]),
    ("rate", &["auth", "config", "problem", "telemetry"]),
    ("known", &["config", "problem", "types"]),
    ("upstream", &["config", "operation", "problem", "shape", "soap", "telemetry", "transport", "types"]),
    ("route", &["config", "known", "operation", "services", "shape", "soap", "types", "upstream"]),
    (
        "gateway",
        &[
            "audit",
            "auth",
            "code_lists",
            "config",
            "idempotency",
            "known",
            "rate",
            "route",
            "services",
            "types",
            "upstream",
        ],
    ),
    (
        "call",
        &[
            "audit",
            "auth",
            "config",
            "gateway",
            "idempotency",
            "operation",
            "problem",
            "rate",
            "route",
            "shape",
            "soap",
            "telemetry",
            "transport",
            "types",
            "upstream",
        ],
    ),
    (
        "answers",
        &[
            "auth",
            "call",
            "gateway",
            "idempotency",
            "known",
            "operation",
            "problem",
            "route",
            "services",
            "shape",
            "soap",
            "telemetry",
            "transport",
            "types",
            "upstream",
        ],
    ),
    ("openapi", &["config", "operation", "problem", "services", "shape", "types"]),
    (
        "http",
        &[
            "answers",
            "auth",
            "call",
            "code_lists",
            "config",
            "gateway",
            "openapi",
            "operation",
            "problem",
            "rate",
            "route",
            "shape",
            "telemetry",
            "transport",
            "types",
        ],
    ),
    ("sandbox", &["config", "operation", "problem", "services", "shape", "soap", "transport", "types"]),
    ("demo", &["auth", "config", "services", "types"]),
    (
        "check",
        &[
            "audit",
            "auth",
            "code_lists",
            "config",
            "http",
            "idempotency",
            "operation",
            "route",
            "services",
            "soap",
            "transport",
        ],
    ),
    (
        "cli",
        &[
            "audit",
            "auth",
            "check",
            "code_lists",
            "config",
            "demo",
            "gateway",
            "http",
            "openapi",
            "operation",
            "route",
            "sandbox",
            "services",
            "telemetry",
            "types",
        ],
    ),
];

static NAMED: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\bcrate::(?:([a-z_]+)|\{([^}]*)\})").unwrap());

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Every source file below `src`, by its path from there, without tests.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut found = Vec::new();
    for path in entries {
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() && name != "tests" {
            found.extend(files(&path));
        } else if name.ends_with(".rs") && name != "tests.rs" {
            found.push(path.strip_prefix(source()).unwrap().to_owned());
        }
    }
    found
}

fn code_of(file: &Path) -> String {
    let text = std::fs::read_to_string(source().join(file)).unwrap();
    let (code, _) = text.split_once("#[cfg(test)]\nmod tests {").unwrap_or((&text, ""));
    code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The top-level module of a file.
fn module_of(file: &Path) -> String {
    let first = file.components().next().unwrap().as_os_str().to_str().unwrap();
    first.trim_end_matches(".rs").to_owned()
}

fn used_by(file: &Path) -> BTreeSet<String> {
    let code = code_of(file);
    let mut used = BTreeSet::new();
    for found in NAMED.captures_iter(&code) {
        let names = found.get(1).or(found.get(2)).unwrap().as_str();
        used.extend(names.split(',').map(|name| name.trim().split("::").next().unwrap().to_owned()));
    }
    // A macro of `shape`, which Rust exports at the root.
    if used.remove("pattern") {
        used.insert("shape".to_owned());
    }
    used.remove(&module_of(file));
    used
}

#[test]
fn modules_use_only_what_they_may() {
    let mut forbidden = Vec::new();
    for file in files(&source()) {
        let (module, place) = (module_of(&file), file.to_str().unwrap().to_owned());
        if ["lib", "main"].contains(&module.as_str()) {
            continue;
        }
        let (_, allowed) =
            ALLOWED.iter().find(|(known, _)| *known == module).unwrap_or_else(|| panic!("{module} is new"));
        for used in used_by(&file).into_iter().filter(|used| !allowed.contains(&used.as_str())) {
            forbidden.push(format!("{place} uses {used}"));
        }
    }
    assert!(forbidden.is_empty(), "{}", forbidden.join("\n"));
}

#[test]
fn nobody_uses_what_stands_below() {
    for (place, (module, allowed)) in ALLOWED.iter().enumerate() {
        let above: Vec<&str> = ALLOWED[..place].iter().map(|(module, _)| *module).collect();
        let below: Vec<_> = allowed.iter().filter(|used| !above.contains(used)).collect();
        assert!(below.is_empty(), "{module} uses {below:?}: folders in a circle");
    }
}

#[test]
fn no_system_knows_the_other() {
    for file in files(&source().join("services")) {
        let code = code_of(&file);
        let place = file.to_str().unwrap();
        assert!(!(place.starts_with("services/udb/") && code.contains("dfdg::")), "{place}");
        assert!(!(place.starts_with("services/dfdg/") && code.contains("udb::")), "{place}");
    }
}

#[test]
fn operations_hold_no_name_space() {
    for file in files(&source().join("services")) {
        assert!(!code_of(&file).contains("http://"), "{}: names come from the WSDL", file.display());
    }
}
