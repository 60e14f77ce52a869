//! Code, page and docs/sandbox.md say the same. `UPDATE_DOCS=1 cargo test documentation` writes the tables anew.

use std::fmt::Write as _;
use std::path::Path;

use regex::Regex;

use super::client::{Client, now};
use crate::operation::ParameterKind;
use crate::sandbox::catalogue::{Code, codes};
use crate::sandbox::curl;
use crate::sandbox::rules::{self, Example, Step};
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

fn rule_table() -> String {
    let mut out =
        "| code | answered when | source | refused | allowed |\n| --- | --- | --- | --- | --- |\n".to_owned();
    for rule in rules::all() {
        let (refused, allowed) = match rule.example() {
            Example::Shown { refused, allowed } => (steps(refused), steps(allowed)),
            Example::Guarded((why, _)) => (format!("never: {why}"), String::new()),
        };
        let (code, about, source) = (rule.name(), rule.about().0, rule.source());
        let _ = writeln!(out, "| {code} | {about} | {source} | {refused} | {allowed} |");
    }
    out
}

/// Calls in few words: the route with its values, and what differs from its usual body.
fn steps(steps: &[Step]) -> String {
    let step = |step: &Step| {
        let change = if step.change.is_empty() { String::new() } else { format!(" `{}`", step.change) };
        let authority = step.authority.map_or_else(String::new, |authority| format!(" for `{authority}`"));
        format!("`{} {}`{change}{authority}", step.spec().method.as_str(), step.path())
    };
    steps.iter().map(step).collect::<Vec<_>>().join(", then ")
}

#[test]
fn the_documents_tables_are_those_of_the_code() {
    let mut text = std::fs::read_to_string(document()).unwrap();
    let before = text.clone();
    let tables = [
        ("cast", cast()),
        ("presets", presets()),
        ("codes", code_table()),
        ("troubles", trouble_table()),
        ("rules", rule_table()),
    ];
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
        assert!(rules::all().all(|rule| {
            let (english, danish) = rule.about();
            let about = if language == Language::English { english } else { danish };
            page.contains(&format!("<td>{}</td>", about.replace('\'', "&#39;")))
        }));
        assert!(CAST.iter().all(|person| page.contains(person.cpr)));
        assert!(
            triggers().iter().all(|trigger| page.contains(&format!("<code>{:04}</code>", trigger.number)))
        );
        let open = tags.captures_iter(&page).map(|tag| if tag[1].is_empty() { 1 } else { -1 }).sum::<i32>();
        assert_eq!(open, 0, "every element is closed");
    }
}
