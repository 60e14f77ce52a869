//! What Power Platform shows to makers: names in words, and what is hidden behind "advanced" (`x-ms-*`).

use serde_json::{Map, Value as Json, json};

/// Words that are not written as other words are.
const WORDS: [(&str, &str); 4] = [("cpr", "CPR"), ("cprs", "CPR"), ("id", "ID"), ("cv", "CV")];

/// A member's or parameter's name in words: `interviewTime` becomes `Interview Time`.
fn in_words(name: &str) -> String {
    let name = name.strip_prefix("X-").unwrap_or(name);
    let mut words: Vec<String> = Vec::new();
    let mut before = '-';
    for character in name.chars() {
        let begins = before == '-' || (character.is_uppercase() && !before.is_uppercase());
        match words.last_mut() {
            _ if character == '-' => {}
            Some(word) if !begins => word.push(character),
            _ => words.push(character.to_string()),
        }
        before = character;
    }
    let shown = words.iter().map(|word| {
        let known = WORDS.iter().find(|(plain, _)| word.eq_ignore_ascii_case(plain));
        known.map_or_else(|| capitalised(word), |(_, shown)| (*shown).to_owned())
    });
    shown.collect::<Vec<_>>().join(" ")
}

fn capitalised(word: &str) -> String {
    let mut characters = word.chars();
    characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default()
}

/// Deprecated operations are shown last.
pub(super) fn mark_operation(operation: &mut Map<String, Json>) {
    if operation.contains_key("deprecated") {
        operation.insert("x-ms-visibility".to_owned(), json!("advanced"));
    }
}

/// The parameters that a maker fills in come first; headers that have a default are advanced.
pub(super) fn mark_parameter(parameter: &mut Map<String, Json>) {
    let name = parameter.get("name").and_then(Json::as_str).map(in_words).unwrap_or_default();
    let important = parameter.get("in").is_some_and(|place| place != "header")
        || parameter.get("required").is_some_and(|required| required == true);
    parameter.insert("x-ms-summary".to_owned(), json!(name));
    parameter.insert("x-ms-visibility".to_owned(), json!(visibility(important)));
}

/// Marks the members of an object.
pub(super) fn mark_properties(schema: &mut Map<String, Json>) {
    let required: Vec<String> = schema
        .get("required")
        .and_then(Json::as_array)
        .map(|names| names.iter().filter_map(|name| name.as_str().map(str::to_owned)).collect())
        .unwrap_or_default();
    let Some(Json::Object(properties)) = schema.get_mut("properties") else { return };
    for (name, property) in properties {
        let Some(property) = property.as_object_mut() else { continue };
        // Nothing may stand beside a reference.
        if !property.contains_key("$ref") {
            property.insert("x-ms-summary".to_owned(), json!(in_words(name)));
            property.insert("x-ms-visibility".to_owned(), json!(visibility(required.contains(name))));
        }
    }
}

fn visibility(important: bool) -> &'static str {
    if important { "important" } else { "advanced" }
}

#[cfg(test)]
mod tests {
    use super::in_words;

    #[test]
    fn names_are_shown_in_words() {
        for (name, words) in [
            ("interviewTime", "Interview Time"),
            ("cpr", "CPR"),
            ("cvCustomerId", "CV Customer ID"),
            ("X-CivilRegistrationIdentifier", "Civil Registration Identifier"),
            ("Idempotency-Key", "Idempotency Key"),
            ("If-None-Match", "If None Match"),
            ("withMoreAuthorities", "With More Authorities"),
        ] {
            assert_eq!(in_words(name), words);
        }
    }
}
