//! Code, page and docs/sandbox.md say the same. `UPDATE_DOCS=1 cargo test documentation` writes the tables anew.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use regex::Regex;

use super::client::{Client, now};
use crate::operation::ParameterKind;
use crate::sandbox::catalogue::{Code, codes};
use crate::sandbox::curl;
use crate::sandbox::triggers::{Effect, Scope, triggers};
use crate::sandbox::world::cast::CAST;
use crate::sandbox::world::presets::PRESETS;
use crate::types::Language;

fn document() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/sandbox.md")
}

fn section(name: &str, text: &str) -> Option<(usize, usize)> {
    let start = format!("<!-- {name} -->\n");
    let from = text.find(&start)? + start.len();
    Some((from, from + text[from..].find(&format!("<!-- /{name} -->"))?))
}

fn cast() -> String {
    let mut out = "| CPR number | name | age | is there because |\n| --- | --- | --- | --- |\n".to_owned();
    for person in CAST {
        let _ = writeln!(out, "| `{}` | {} | {} | {} |", person.cpr, person.name, person.age, person.part.0);
    }
    out
}

fn presets() -> String {
    let mut out = "| identifier | whose | what |\n| --- | --- | --- |\n".to_owned();
    for preset in PRESETS {
        let whose = if preset.cpr.is_empty() { "–".to_owned() } else { format!("`{}`", preset.cpr) };
        let _ = writeln!(out, "| `{}` | {whose} | {} |", preset.id, preset.about.0);
    }
    out
}

fn code_table() -> String {
    let mut out = "| digits | code | text | shown by |\n| --- | --- | --- | --- |\n".to_owned();
    for trigger in triggers() {
        let Effect::Code(Code { code, text, .. }) = trigger.effect else { continue };
        let route = curl::route(trigger).unwrap();
        let _ = writeln!(
            out,
            "| `{:04}` | {code} | {text} | {} `{}` |",
            trigger.number,
            route.method.as_str(),
            route.path
        );
    }
    out
}

fn trouble_table() -> String {
    let mut out = "| digits | works on | what happens |\n| --- | --- | --- |\n".to_owned();
    for trigger in triggers().iter().filter(|trigger| matches!(trigger.effect, Effect::Trouble(_))) {
        let scope = match trigger.scope {
            Scope::All => "everything",
            Scope::Udb => "both services of Ungedatabasen",
            Scope::Numbers => "look-ups by CPR number",
            Scope::Changes => "changes since a time",
            Scope::Reports => "reports",
            Scope::Dfdg => "DFDG",
        };
        let _ = writeln!(out, "| `{:04}` | {scope} | {} |", trigger.number, trigger.about.0);
    }
    out
}

#[test]
fn the_documents_tables_are_those_of_the_code() {
    let mut text = std::fs::read_to_string(document()).unwrap();
    let before = text.clone();
    let tables =
        [("cast", cast()), ("presets", presets()), ("codes", code_table()), ("troubles", trouble_table())];
    for (name, table) in tables {
        let (from, to) = section(name, &text).unwrap_or_else(|| panic!("no section {name}"));
        text.replace_range(from..to, &table);
    }
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(document(), &text).unwrap();
    }
    assert!(
        text == before,
        "docs/sandbox.md is not what the code says: run UPDATE_DOCS=1 cargo test documentation"
    );
}

#[test]
fn every_documented_rule_has_a_test_and_every_tested_code_a_rule() {
    let text = std::fs::read_to_string(document()).unwrap();
    let (from, to) = section("rules", &text).unwrap();
    let known: BTreeSet<&str> = codes().iter().map(|code| code.code.as_str()).collect();
    let find = |pattern: &str, text: &'static str| {
        let pattern = Regex::new(pattern).unwrap();
        let found: BTreeSet<String> = pattern.captures_iter(text).map(|found| found[1].to_owned()).collect();
        found.into_iter().filter(|code| known.contains(code.as_str())).collect::<BTreeSet<_>>()
    };
    let documented = find(r"(?m)^\| (\d+) \|", String::leak(text[from..to].to_owned()));
    let tested = find(
        r#""(\d{2,4})""#,
        concat!(
            include_str!("front.rs"),
            include_str!("rules/groups.rs"),
            include_str!("rules/interviews.rs"),
            include_str!("rules/people.rs"),
            include_str!("rules/plans.rs"),
            include_str!("rules/youth.rs"),
        ),
    );
    assert_eq!(documented, tested);
}

#[test]
fn every_code_of_the_table_has_a_trigger_and_every_trigger_a_line() {
    for code in codes() {
        let same = |effect: &Effect| matches!(effect, Effect::Code(it) if it.code == code.code);
        assert!(triggers().iter().any(|trigger| same(&trigger.effect)), "{}", code.code);
    }
    for trigger in triggers() {
        let line = curl::of_trigger(trigger, now());
        let digits = format!("{:04}", trigger.number);
        assert!(line.starts_with("curl -s ") && line.contains(&digits), "{line}");
        let route = curl::route(trigger).unwrap();
        let named = route
            .parameters
            .iter()
            .any(|parameter| parameter.kind != ParameterKind::Guid || !route.sends_cpr());
        assert!(named && !line.contains("null"), "{line}");
    }
}

#[test]
fn the_page_holds_all_of_it_in_both_languages_and_escapes_what_was_received() {
    let client = Client::new();
    let tags = Regex::new("<(/?)(h2|table|tr|details|pre|ul|form|main|html)[ >]").unwrap();
    for (language, title) in [(Language::English, "Sandbox"), (Language::Danish, "Sandkasse")] {
        let page = client.sandbox.page(language).html();
        assert!(page.contains(&format!("<h1>{title}</h1>")));
        assert!(CAST.iter().all(|person| page.contains(person.cpr)));
        assert!(
            triggers().iter().all(|trigger| page.contains(&format!("<code>{:04}</code>", trigger.number)))
        );
        let open = tags.captures_iter(&page).map(|tag| if tag[1].is_empty() { 1 } else { -1 }).sum::<i32>();
        assert_eq!(open, 0, "every element is closed");
    }
}
