//! Takes what the request said, and whatever looks like a CPR number, out of an upstream's text.

use std::collections::BTreeSet;
use std::sync::{LazyLock, OnceLock};

use bytes::Bytes;
use quick_xml::Reader;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::Event;
use regex::Regex;

/// What stands in the place of what was taken out.
const MARK: &str = "…";

/// Ten digits, or six and four with something between; digits around do not hide them.
static CPR_LIKE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[0-9]{10,}|[0-9]{6}[- \u{2010}-\u{2015}][0-9]{4}").expect("the pattern is constant")
});

/// Every value of a request, to be taken out of texts that quote it. Cheap to make: the values are looked for in the
/// message that was sent, and only when there is a text.
#[derive(Clone, Default)]
pub struct Secrets {
    sent: Bytes,
    texts: OnceLock<BTreeSet<Vec<char>>>,
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Secrets(…)")
    }
}

impl Secrets {
    /// The texts of all elements of a message, as it was written.
    pub fn of_message(sent: Bytes) -> Self {
        Self { sent, texts: OnceLock::new() }
    }

    fn texts(&self) -> &BTreeSet<Vec<char>> {
        self.texts.get_or_init(|| texts_of(&self.sent).iter().map(|text| folded(text)).collect())
    }

    /// The text without them. Values of one or two characters go only where they stand alone, or no word would be left.
    ///
    /// A message may hold thousands of values and an answer a text for each of a hundred persons: no pattern is compiled.
    pub fn redact(&self, text: &str) -> String {
        let text = CPR_LIKE.replace_all(text, MARK);
        let searched = folded(&text);
        let mut hidden = vec![false; searched.len()];
        for secret in self.texts() {
            for start in 0..searched.len() {
                if stands_at(&searched, start, secret) {
                    hidden[start..start + secret.len()].fill(true);
                }
            }
        }
        let mut shown = String::with_capacity(text.len());
        for (index, character) in text.chars().enumerate() {
            match (hidden[index], index > 0 && hidden[index - 1]) {
                (false, _) => shown.push(character),
                (true, false) => shown.push_str(MARK),
                (true, true) => {}
            }
        }
        shown
    }
}

/// One character for each, so that places stay: capital and small letters are the same, and so is the long s.
fn folded(text: &str) -> Vec<char> {
    let fold = |character: char| match character {
        'ſ' => 's',
        other => other.to_lowercase().next().unwrap_or(other),
    };
    text.chars().map(fold).collect()
}

fn stands_at(text: &[char], start: usize, secret: &[char]) -> bool {
    let in_word =
        |character: Option<&char>| character.is_some_and(|one| one.is_alphanumeric() || *one == '_');
    text[start..].starts_with(secret)
        && (secret.len() > 2
            || !in_word(start.checked_sub(1).and_then(|before| text.get(before)))
                && !in_word(text.get(start + secret.len())))
}

/// The text of each element that holds no others.
fn texts_of(xml: &[u8]) -> Vec<String> {
    let mut reader = Reader::from_reader(xml);
    let (mut texts, mut text) = (Vec::new(), String::new());
    loop {
        match reader.read_event() {
            Ok(Event::Start(_)) => text.clear(),
            Ok(Event::Text(part)) => text.push_str(&part),
            Ok(Event::GeneralRef(reference)) => match reference.resolve_char_ref() {
                Ok(Some(character)) => text.push(character),
                _ => text.push_str(resolve_xml_entity(&reference).unwrap_or("")),
            },
            Ok(Event::End(_)) => {
                if !text.trim().is_empty() {
                    texts.push(std::mem::take(&mut text));
                }
            }
            // The message is our own: what cannot be read of it is its end.
            Ok(Event::Eof) | Err(_) => return texts,
            Ok(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_and_numbers_are_taken_out() {
        let body = "<a><b>Søren</b><c><d>0101900000</d><e>7</e><f>A &lt; B</f></c></a>";
        let secrets = Secrets::of_message(Bytes::from(body));
        assert_eq!(secrets.redact("a < b"), "…");
        assert_eq!(
            secrets.redact("SØREN (0101900000, 010190-0001, 12345678901) has 7 of 17 codes"),
            "… (…, …, …) has … of 17 codes"
        );
    }

    #[test]
    fn values_that_overlap_go_together_and_long_ones_whatever_their_length() {
        let long = "æ".repeat(60_000);
        let body = format!("<a><b>Mette Hansen</b><c>Aase Mette</c><d>{long}</d></a>");
        let secrets = Secrets::of_message(Bytes::from(body));
        assert_eq!(secrets.redact("Om aase mette hansen."), "Om ….");
        assert_eq!(secrets.redact(&format!("({})", long.to_uppercase())), "(…)");
    }
}
