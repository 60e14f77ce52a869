//! Takes what the request said, and whatever looks like a CPR number, out of an upstream's text.

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
    sent: [Bytes; 2],
    texts: OnceLock<Vec<String>>,
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Secrets(…)")
    }
}

impl Secrets {
    /// The texts of all elements of a message: its header blocks and its body's child, as they were written.
    pub fn of_message(headers: Bytes, body: Bytes) -> Self {
        Self { sent: [headers, body], texts: OnceLock::new() }
    }

    /// The longest first, so that none is cut by a shorter one inside it.
    fn texts(&self) -> &[String] {
        self.texts.get_or_init(|| {
            let mut texts: Vec<String> = self.sent.iter().flat_map(|xml| texts_of(xml)).collect();
            texts.sort_by(|left, right| right.len().cmp(&left.len()).then_with(|| left.cmp(right)));
            texts.dedup();
            texts
        })
    }

    /// The text without them. Values of one or two characters go only where they stand alone, or no word would be left.
    pub fn redact(&self, text: &str) -> String {
        let mut text = CPR_LIKE.replace_all(text, MARK).into_owned();
        for secret in self.texts() {
            let alone = if secret.chars().count() < 3 { (r"\b", r"\b") } else { ("", "") };
            let pattern = format!("(?i){}{}{}", alone.0, regex::escape(secret), alone.1);
            if let Ok(pattern) = Regex::new(&pattern) {
                text = pattern.replace_all(&text, MARK).into_owned();
            }
        }
        text
    }
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
        let secrets = Secrets::of_message(Bytes::new(), Bytes::from(body));
        assert_eq!(secrets.redact("a < b"), "…");
        assert_eq!(
            secrets.redact("SØREN (0101900000, 010190-0001, 12345678901) has 7 of 17 codes"),
            "… (…, …, …) has … of 17 codes"
        );
    }
}
