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

/// Ten digits, or six and four with spaces and hyphens between; digits around do not hide them.
static CPR_LIKE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[0-9]{10,}|[0-9]{6}[-\s\u{2010}-\u{2015}\u{2212}]{1,8}[0-9]{4}")
        .expect("the pattern is constant")
});

/// What a cut may have left of such a number at the end of a text.
static BEGUN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[0-9][-0-9\s\u{2010}-\u{2015}\u{2212}]*$").expect("the pattern is constant")
});

/// The most characters that are kept of a text (behaviour section 5).
const MOST_OF_TEXT: usize = 2000;
/// The most characters that are kept of an identifier or a code: more than any that was seen, and than a line holds well.
const MOST_OF_IDENTIFIER: usize = 128;

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

    /// The text without them, at most 2,000 characters of it. Values of one or two characters go only where they stand
    /// alone, or no word would be left.
    ///
    /// A message may hold thousands of values and an answer a text for each of a thousand persons: what is beyond the limit
    /// is cut before anything is looked for, and no pattern is compiled.
    pub fn redact(&self, text: &str) -> String {
        self.redact_to(MOST_OF_TEXT, text)
    }

    /// An identifier or a code of the upstream. A GUID as it is: its digits can look like a CPR number, and support asks for
    /// every one of them. What is not made as identifiers are is somebody's text and not kept at all.
    pub fn identifier(&self, id: &str) -> String {
        let usual = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:/{}#+=".contains(&byte);
        if uuid::Uuid::try_parse(id).is_ok() {
            id.to_owned()
        } else if id.bytes().all(usual) {
            self.redact_to(MOST_OF_IDENTIFIER, id)
        } else {
            MARK.to_owned()
        }
    }

    fn redact_to(&self, most: usize, text: &str) -> String {
        let end = text.char_indices().nth(most).map(|(end, _)| end);
        let kept = &text[..end.unwrap_or(text.len())];
        let text = CPR_LIKE.replace_all(kept, MARK);
        let text = if end.is_some() { BEGUN.replace(&text, "") } else { text.as_ref().into() };
        let searched = folded(&text);
        let mut hidden = vec![false; searched.len()];
        for secret in self.texts() {
            for start in 0..searched.len() {
                if stands_at(&searched, start, secret) {
                    hidden[start..start + secret.len()].fill(true);
                } else if end.is_some() && secret.starts_with(&searched[start..]) {
                    // The cut went through it.
                    hidden[start..].fill(true);
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
        if end.is_some() && !shown.ends_with(MARK) {
            shown.push_str(MARK);
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

    /// What is beyond the limit goes, and nothing personal stays of what the cut went through.
    #[test]
    fn long_texts_are_cut_and_no_half_value_stays() {
        let body = "<a><b>Mette Blå Hansen</b><c>0101900000</c></a>";
        let secrets = Secrets::of_message(Bytes::from(body));
        for (end, stays) in [
            ("Mette Blå Hansen", ""),
            ("070885-0001", "070885"),
            ("0708850001", "0708850001"),
            ("070885 - 0001", "0708"),
            ("æøå", "æøå"),
        ] {
            for cut in 1..end.chars().count() {
                let text = format!("{} {end}{}", "x".repeat(MOST_OF_TEXT - 1 - cut), "y".repeat(1_000_000));
                let shown = secrets.redact(&text);
                assert!(shown.chars().count() <= MOST_OF_TEXT + 1 && shown.ends_with('…'), "{end} {cut}");
                let digits = shown.chars().filter(char::is_ascii_digit).count();
                assert_eq!(digits, 0, "{end} {cut}: {stays}");
                assert!(!shown.contains("Me"), "{end} {cut}");
            }
        }
    }

    #[test]
    fn numbers_are_taken_out_however_they_are_written() {
        let secrets = Secrets::default();
        for written in [
            "0708850001",
            "070885-0001",
            "070885 0001",
            "070885 - 0001",
            "070885 –\u{a0}0001",
            "070885\t0001",
        ] {
            assert_eq!(secrets.redact(&format!("a {written} b")), "a … b", "{written}");
        }
        for other in ["070885", "0001", "12345-678", "070885, 0001"] {
            assert_eq!(secrets.redact(other), other);
        }
    }

    #[test]
    fn identifiers_are_bounded_and_made_of_what_identifiers_are_made_of() {
        let body = "<a><b>Mette</b></a>";
        let secrets = Secrets::of_message(Bytes::from(body));
        for (id, kept) in [
            ("c0ffee00-1111-4222-8333-44445555beef", "c0ffee00-1111-4222-8333-44445555beef"),
            ("IPL000001", "IPL000001"),
            ("urn:x/1.2{a}", "urn:x/1.2{a}"),
            ("for-0708850001", "for-…"),
            ("for-mette", "for-…"),
            ("Karen Holm", "…"),
            ("Åse", "…"),
            ("a\nb", "…"),
        ] {
            assert_eq!(secrets.identifier(id), kept, "{id}");
        }
        assert_eq!(secrets.identifier(&"a".repeat(200_000)).chars().count(), MOST_OF_IDENTIFIER + 1);
    }

    #[test]
    fn values_that_overlap_go_together_and_long_ones_whatever_their_length() {
        let long = "æ".repeat(60_000);
        let body = format!("<a><b>Mette Hansen</b><c>Aase Mette</c><d>{long}</d></a>");
        let secrets = Secrets::of_message(Bytes::from(body));
        assert_eq!(secrets.redact("Om aase mette hansen."), "Om ….");
        assert_eq!(secrets.redact(&format!("({})", long.to_uppercase())), "(…", "what follows is cut");
    }
}
