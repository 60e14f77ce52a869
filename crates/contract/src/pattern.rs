//! Regular expressions of XML Schema (part 2, appendix F) in the syntax of the `regex` crate.

use std::fmt::Write;
use std::iter::Peekable;
use std::str::Chars;

use regex::{Regex, RegexBuilder};

use super::simple::Pattern;

/// Bound on the compiled size, against repetitions like `(a{1000}){1000}`.
const MAX_COMPILED_BYTES: usize = 1 << 20;
const MAX_CLASS_DEPTH: usize = 20;

// XML 1.0 fifth edition, productions 4 and 4a, as inner parts of a class.
const NAME_START: &str = r":A-Z_a-z\x{C0}-\x{D6}\x{D8}-\x{F6}\x{F8}-\x{2FF}\x{370}-\x{37D}\x{37F}-\x{1FFF}\x{200C}-\x{200D}\x{2070}-\x{218F}\x{2C00}-\x{2FEF}\x{3001}-\x{D7FF}\x{F900}-\x{FDCF}\x{FDF0}-\x{FFFD}\x{10000}-\x{EFFFF}";
const NAME_MORE: &str = r"\-.0-9\x{B7}\x{300}-\x{36F}\x{203F}-\x{2040}";

/// Blocks that a schema for European languages may name; `regex` knows no blocks.
const BLOCKS: [(&str, &str); 12] = [
    ("BasicLatin", r"\x{0}-\x{7F}"),
    ("Latin-1Supplement", r"\x{80}-\x{FF}"),
    ("LatinExtended-A", r"\x{100}-\x{17F}"),
    ("LatinExtended-B", r"\x{180}-\x{24F}"),
    ("IPAExtensions", r"\x{250}-\x{2AF}"),
    ("SpacingModifierLetters", r"\x{2B0}-\x{2FF}"),
    ("CombiningDiacriticalMarks", r"\x{300}-\x{36F}"),
    ("Greek", r"\x{370}-\x{3FF}"),
    ("Cyrillic", r"\x{400}-\x{4FF}"),
    ("LatinExtendedAdditional", r"\x{1E00}-\x{1EFF}"),
    ("GeneralPunctuation", r"\x{2000}-\x{206F}"),
    ("CurrencySymbols", r"\x{20A0}-\x{20CF}"),
];

/// Compiles the alternatives of one derivation step into one anchored pattern.
///
/// `^` and `$` are ordinary characters in XML Schema, except that a `^` at the very start and a `$` at the
/// very end are dropped: authors who test with .NET, whose validator takes them as anchors, write them so.
///
/// # Errors
/// What is wrong, or not supported, in one line.
pub(super) fn compile(alternatives: &[&str]) -> Result<Pattern, String> {
    let source: std::sync::Arc<str> = alternatives.join("|").into();
    translate(alternatives)
        .and_then(|translated| build(&translated))
        .or_else(|error| foreign(alternatives).ok_or(error))
        .map(|regex| Pattern { source, regex })
}

/// The pattern read as one of ECMA 262, .NET or Java, whose authors write `(?:`, `\b` and `[\w-.]` in schemas
/// too. What even those engines could not anchor here, such as a look-ahead, is not one.
fn foreign(alternatives: &[&str]) -> Option<Regex> {
    build(&format!(r"\A(?:(?:{}))\z", alternatives.join(")|(?:"))).ok()
}

fn build(translated: &str) -> Result<Regex, String> {
    let built = RegexBuilder::new(translated).size_limit(MAX_COMPILED_BYTES).build();
    built.map_err(|error| error.to_string().lines().last().unwrap_or_default().trim().to_owned())
}

fn translate(alternatives: &[&str]) -> Result<String, String> {
    let mut translated = String::from(r"\A(?:");
    for (index, alternative) in alternatives.iter().enumerate() {
        if index > 0 {
            translated.push('|');
        }
        translated.push_str("(?:");
        Translation { rest: unanchored(alternative).chars().peekable(), out: &mut translated }
            .expression()?;
        translated.push(')');
    }
    translated.push_str(r")\z");
    Ok(translated)
}

fn unanchored(source: &str) -> &str {
    let source = source.strip_prefix('^').unwrap_or(source);
    match source.strip_suffix('$') {
        Some(rest) if !rest.ends_with('\\') => rest,
        Some(_) | None => source,
    }
}

struct Translation<'s, 'o> {
    rest: Peekable<Chars<'s>>,
    out: &'o mut String,
}

impl Translation<'_, '_> {
    fn expression(&mut self) -> Result<(), String> {
        while let Some(next) = self.rest.next() {
            match next {
                '\\' => self.escape()?,
                '[' => self.class(MAX_CLASS_DEPTH)?,
                '.' => self.out.push_str(r"[^\n\r]"),
                '^' | '$' | ']' | '}' if next != '}' || !self.closes_quantifier() => self.literal(next),
                '(' | ')' | '|' | '?' | '*' | '+' | '{' | '}' => self.out.push(next),
                other => self.literal(other),
            }
        }
        Ok(())
    }

    /// Whether what was written so far has an open `{`.
    fn closes_quantifier(&self) -> bool {
        let open = self.out.rfind(|c: char| !c.is_ascii_digit() && c != ',');
        open.is_some_and(|at| self.out[at..].starts_with('{'))
    }

    /// A literal character, spelled so that it means nothing else in or outside a class.
    fn literal(&mut self, c: char) {
        if c.is_ascii_alphanumeric() || c == ',' {
            self.out.push(c);
        } else {
            // Writing to a String cannot fail.
            let _ = write!(self.out, r"\x{{{:X}}}", u32::from(c));
        }
    }

    fn escape(&mut self) -> Result<(), String> {
        let escaped = self.rest.next().ok_or("ends with a backslash")?;
        if let Some(class) = named_class(escaped) {
            self.out.push_str(&class);
        } else if matches!(escaped, 'p' | 'P') {
            self.property(escaped)?;
        } else {
            self.literal(single(escaped)?);
        }
        Ok(())
    }

    fn property(&mut self, letter: char) -> Result<(), String> {
        if self.rest.next() != Some('{') {
            return Err(format!(r"\{letter} without a category"));
        }
        let name: String = self.rest.by_ref().take_while(|c| *c != '}').collect();
        let Some(block) = name.strip_prefix("Is") else {
            let known = (1..=2).contains(&name.len()) && name.chars().all(|c| c.is_ascii_alphabetic());
            if !known {
                return Err(format!("unknown category {name:?}"));
            }
            let _ = write!(self.out, r"\{letter}{{{name}}}");
            return Ok(());
        };
        let range = BLOCKS.iter().find(|(known, _)| *known == block);
        let (_, range) = range.ok_or_else(|| format!("block {name} is not supported"))?;
        let negation = if letter == 'P' { "^" } else { "" };
        let _ = write!(self.out, "[{negation}{range}]");
        Ok(())
    }

    /// A class, its `[` already read. Nested classes are subtractions (`[a-z-[aeiou]]`).
    fn class(&mut self, depth: usize) -> Result<(), String> {
        if depth == 0 {
            return Err("classes nested too deeply".into());
        }
        self.out.push('[');
        if self.rest.next_if_eq(&'^').is_some() {
            self.out.push('^');
        }
        // The minuend is a class of its own, since `regex` negates after subtracting and XML Schema before.
        let negated = self.out.ends_with('^');
        if negated {
            self.out.insert(self.out.len() - 1, '[');
        }
        let mut empty = true;
        loop {
            let next = self.rest.next().ok_or("a class is not closed")?;
            match next {
                ']' if !empty => break,
                '-' if !empty && self.rest.next_if_eq(&'[').is_some() => {
                    if negated {
                        self.out.push(']');
                    }
                    self.out.push_str("--");
                    self.class(depth - 1)?;
                    return match self.rest.next() {
                        Some(']') => {
                            self.out.push(']');
                            Ok(())
                        }
                        Some(_) | None => Err("a subtraction must end its class".into()),
                    };
                }
                first => self.class_item(first)?,
            }
            empty = false;
        }
        self.out.push_str(if negated { "]]" } else { "]" });
        Ok(())
    }

    fn class_item(&mut self, first: char) -> Result<(), String> {
        let low = if first == '\\' {
            match self.rest.peek() {
                Some(letter) if named_class(*letter).is_some() || matches!(letter, 'p' | 'P') => {
                    return self.escape();
                }
                _ => single(self.rest.next().ok_or("ends with a backslash")?)?,
            }
        } else {
            first
        };
        self.literal(low);
        let mut ahead = self.rest.clone();
        let is_range = ahead.next() == Some('-') && !matches!(ahead.next(), None | Some(']' | '['));
        // A hyphen that cannot make a range stands for itself, as in `[a-z-_]`.
        if !is_range || first == '-' {
            return Ok(());
        }
        self.rest.next();
        let mut high = self.rest.next().ok_or("a class is not closed")?;
        if high == '\\' {
            high = match self.rest.next() {
                Some(letter) if named_class(letter).is_some() => {
                    return Err("a range must end with a character".into());
                }
                Some(letter) => single(letter)?,
                None => return Err("ends with a backslash".into()),
            };
        }
        self.out.push('-');
        self.literal(high);
        Ok(())
    }
}

/// The multi-character escapes; each is a class that may stand inside another.
fn named_class(letter: char) -> Option<String> {
    Some(match letter {
        's' => r"[\x20\t\n\r]".into(),
        'S' => r"[^\x20\t\n\r]".into(),
        'i' => format!("[{NAME_START}]"),
        'I' => format!("[^{NAME_START}]"),
        'c' => format!("[{NAME_START}{NAME_MORE}]"),
        'C' => format!("[^{NAME_START}{NAME_MORE}]"),
        'd' => r"\p{Nd}".into(),
        'D' => r"\P{Nd}".into(),
        'w' => r"[^\p{P}\p{Z}\p{C}]".into(),
        'W' => r"[\p{P}\p{Z}\p{C}]".into(),
        _ => return None,
    })
}

/// The character that a single-character escape stands for.
fn single(letter: char) -> Result<char, String> {
    match letter {
        'n' => Ok('\n'),
        'r' => Ok('\r'),
        't' => Ok('\t'),
        // The specification allows fewer; other punctuation is harmless and seen in the wild (`\/`, `\@`).
        other if !other.is_alphanumeric() => Ok(other),
        other => Err(format!(r"unknown escape \{other}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(source: &str, text: &str) -> bool {
        compile(&[source]).expect("a valid pattern").regex.is_match(text)
    }

    #[test]
    fn a_pattern_must_match_the_whole_value() {
        assert!(matches("[0-9]{8}", "12345678"));
        assert!(!matches("[0-9]{8}", "123456789"));
        assert!(!matches("a|b", "ab"));
        assert!(!matches("[0-9]{8}", "12345678\n"));
    }

    #[test]
    fn anchors_are_ordinary_characters_except_around_the_whole() {
        assert!(matches("a^b$c", "a^b$c"));
        assert!(matches("^[0-9]+$", "7"));
        assert!(matches(r"a\$", "a$"));
    }

    #[test]
    fn escapes_mean_what_xml_schema_says() {
        assert!(matches(r"\i\c*", "xs:name-1.2"));
        assert!(!matches(r"\i\c*", "-name"));
        assert!(matches(r"\s", "\t") && !matches(r"\s", "\u{a0}"));
        assert!(matches(r"\d", "٣") && matches(r"\w", "æ") && !matches(r"\w", "!"));
        assert!(matches(".", "ø") && !matches(".", "\n"));
        assert!(matches(r"\p{Lu}\P{Lu}", "Ål") && matches(r"\p{IsBasicLatin}", "a"));
        assert!(!matches(r"\p{IsBasicLatin}", "å") && matches(r"[\P{IsBasicLatin}a]", "å"));
    }

    #[test]
    fn classes_hold_what_other_dialects_would_read_differently() {
        assert!(matches("[-][1]|[0-9]{1,8}", "-1"));
        assert!(matches("[a-z-_]{3}", "a-_"));
        assert!(matches("[&&~~]+", "&~"));
        assert!(matches("[a-z-[aeiou]]", "b") && !matches("[a-z-[aeiou]]", "e"));
        assert!(matches("[^a-z-[0-9]]", "A") && !matches("[^a-z-[0-9]]", "5"));
        assert!(!matches("[^a-z-[0-9]]", "b"));
        assert!(matches(r"[^>\(\)\[\]\\,;:@\s]{0,191}@x", "a.b@x"));
        assert!(matches(r"(\+)?[0-9]{3,20}", "+4570112233"));
        assert!(matches("[+--]{3}", "+,-"));
    }

    #[test]
    fn alternatives_of_one_step_are_alternatives() {
        let both = compile(&["a|b", "c"]).expect("valid");
        assert!(both.regex.is_match("b") && both.regex.is_match("c") && !both.regex.is_match("bc"));
        assert_eq!(&*both.source, "a|b|c");
    }

    #[test]
    fn what_cannot_be_compiled_is_an_error() {
        for source in
            ["[a", "(", r"\q", r"a\", r"\p{IsKlingon}", "(a{1000}){1000}", "[z-a]", "a{2,1}", "(?=a)", "[]"]
        {
            assert!(compile(&[source]).is_err(), "{source}");
        }
        assert!(compile(&[&"[a-".repeat(10_000)]).is_err());
        assert!(compile(&[&"(".repeat(10_000)]).is_err());
    }
}
