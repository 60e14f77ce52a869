//! Document type declarations of WSDL and XSD files: internal entities are put in, everything else is skipped.
//!
//! The text that leaves here has no declaration any more, so that the parser behind it can go on refusing
//! them. Line numbers stay those of the file as long as entities hold no line breaks.

use std::borrow::Cow;
use std::collections::HashMap;

const MAX_ENTITIES: usize = 1_000;
const MAX_DEPTH: usize = 8;
const MAX_EXPANDED: usize = 1 << 20;

/// `text` with its internal general entities expanded; as it is when it has no declaration.
///
/// # Errors
/// More than 1,000 entities, deeper than 8, more than 1 MB in all, or a declaration that does not end.
pub(super) fn expand(text: &str) -> Result<Cow<'_, str>, String> {
    let Some(start) = declaration(text) else {
        return Ok(Cow::Borrowed(text));
    };
    let mut subset = Subset { rest: &text[start + "<!DOCTYPE".len()..], entities: HashMap::new() };
    subset.read()?;
    let end = text.len() - subset.rest.len();
    let mut out = String::with_capacity(text.len());
    out.push_str(&text[..start]);
    out.extend(text[start..end].matches('\n'));
    let mut left = MAX_EXPANDED;
    put_in(&text[end..], &subset.entities, &mut left, &mut out)?;
    Ok(Cow::Owned(out))
}

/// Where the declaration begins: in the prolog, after comments and processing instructions only.
fn declaration(text: &str) -> Option<usize> {
    let mut at = 0;
    loop {
        let rest = text[at..].trim_start();
        at = text.len() - rest.len();
        if rest.starts_with("<!DOCTYPE") {
            return Some(at);
        }
        let close = if rest.starts_with("<!--") {
            "-->"
        } else if rest.starts_with("<?") {
            "?>"
        } else {
            return None;
        };
        at += rest.find(close)? + close.len();
    }
}

struct Subset<'t> {
    rest: &'t str,
    entities: HashMap<&'t str, String>,
}

impl<'t> Subset<'t> {
    fn read(&mut self) -> Result<(), String> {
        const OPEN: &str = "the document type declaration does not end";
        let mut inside = false;
        loop {
            let at = self.rest.find(['[', ']', '>', '<', '"', '\'']).ok_or(OPEN)?;
            let found = self.rest.as_bytes()[at];
            let here = &self.rest[at..];
            match found {
                b'[' => inside = true,
                b']' => inside = false,
                b'>' if !inside => {
                    self.rest = &here[1..];
                    return Ok(());
                }
                b'<' if here.starts_with("<!--") => {
                    self.rest = &here[here.find("-->").ok_or(OPEN)? + 2..];
                    continue;
                }
                b'<' if here.starts_with("<?") => {
                    self.rest = &here[here.find("?>").ok_or(OPEN)? + 1..];
                    continue;
                }
                b'<' => {
                    let length = markup(here).ok_or(OPEN)?;
                    self.declare(&here[..length])?;
                    self.rest = &here[length..];
                    continue;
                }
                quote @ (b'"' | b'\'') => {
                    let end = here[1..].find(char::from(quote)).ok_or(OPEN)?;
                    self.rest = &here[end + 2..];
                    continue;
                }
                _ => {}
            }
            self.rest = &here[1..];
        }
    }

    /// Notes an internal general entity; the first declaration of a name counts.
    fn declare(&mut self, markup: &'t str) -> Result<(), String> {
        let Some(body) = markup.strip_prefix("<!ENTITY") else {
            return Ok(());
        };
        let body = body.trim_start();
        let Some((name, value)) = body.split_once(|c: char| c.is_ascii_whitespace()) else {
            return Ok(());
        };
        let value = value.trim_start();
        let Some(quote) = value.chars().next().filter(|c| matches!(c, '"' | '\'')) else {
            return Ok(());
        };
        let Some(end) = value[1..].find(quote) else {
            return Ok(());
        };
        if self.entities.len() == MAX_ENTITIES {
            return Err(format!("has more than {MAX_ENTITIES} entities"));
        }
        self.entities.entry(name).or_insert_with(|| references(&value[1..=end]));
        Ok(())
    }
}

/// Length of a markup declaration, whose quoted parts may hold `>`.
fn markup(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return Some(at + 1),
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    None
}

/// Character references of an entity's value, which count when it is declared (XML 1.0, 4.4.5).
fn references(value: &str) -> String {
    let mut out = String::new();
    let mut rest = value;
    while let Some(at) = rest.find("&#") {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let Some(end) = rest.find(';') else { break };
        let number = &rest[2..end];
        let code = match number.strip_prefix('x') {
            Some(hex) => u32::from_str_radix(hex, 16).ok(),
            None => number.parse().ok(),
        };
        match code.and_then(char::from_u32) {
            Some(c) => out.push(c),
            None => out.push_str(&rest[..=end]),
        }
        rest = &rest[end + 1..];
    }
    out.push_str(rest);
    out
}

/// Copies `text` with its references put in; comments, CDATA and instructions stay as they are.
fn put_in(
    text: &str,
    entities: &HashMap<&str, String>,
    left: &mut usize,
    out: &mut String,
) -> Result<(), String> {
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let close = [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>")];
        let kept = close.iter().find(|(open, _)| rest.starts_with(open));
        let taken = match kept {
            Some((_, close)) => rest.find(close).map_or(rest.len(), |end| end + close.len()),
            None if rest.starts_with('<') => 1,
            None => match rest.find(';').map(|end| (end, entities.get(&rest[1..end]))) {
                Some((end, Some(value))) => {
                    entity(value, entities, left, MAX_DEPTH, out)?;
                    rest = &rest[end + 1..];
                    continue;
                }
                Some((_, None)) | None => 1,
            },
        };
        out.push_str(&rest[..taken]);
        rest = &rest[taken..];
    }
    out.push_str(rest);
    Ok(())
}

fn entity(
    value: &str,
    entities: &HashMap<&str, String>,
    left: &mut usize,
    depth: usize,
    out: &mut String,
) -> Result<(), String> {
    if depth == 0 {
        return Err(format!("entities are nested deeper than {MAX_DEPTH}"));
    }
    // An empty entity costs something too, or a billion of them would be free.
    let cost = value.len().max(1);
    *left =
        left.checked_sub(cost).ok_or_else(|| format!("entities expand to more than {MAX_EXPANDED} bytes"))?;
    let mut rest = value;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        match rest.find(';').map(|end| (end, entities.get(&rest[1..end]))) {
            Some((end, Some(inner))) => {
                entity(inner, entities, left, depth - 1, out)?;
                rest = &rest[end + 1..];
            }
            Some((_, None)) | None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::expand;

    #[test]
    fn internal_entities_are_put_in_and_all_else_is_skipped() {
        let text = "<?xml version='1.0'?>\n<!-- c --><!DOCTYPE a PUBLIC \"p>\" 's' [\n<!ENTITY % p '<!ENTITY x \"no\">'>%p;\n\
            <!ELEMENT a ANY><!ATTLIST a b CDATA '>'><!ENTITY i 'in'><!ENTITY o \"[&i;&#38;lt;]\"><!ENTITY f SYSTEM '/etc/passwd'>]>\n\
            <a b='&i;'>&o;<![CDATA[&i;]]><!--&i;-->&amp;&f;</a>";
        let expanded = expand(text).expect("bounded");
        assert!(expanded.ends_with("<a b='in'>[in&lt;]<![CDATA[&i;]]><!--&i;-->&amp;&f;</a>"), "{expanded}");
        assert!(!expanded.contains("DOCTYPE") && expanded.lines().count() == text.lines().count());
        assert_eq!(expand("<a>&x;</a>").expect("none"), "<a>&x;</a>");
    }

    #[test]
    fn growth_is_bounded() {
        let laughs: String =
            (1..=7).map(|n| format!("<!ENTITY e{n} '{}'>", format!("&e{};", n - 1).repeat(20))).collect();
        let billion = format!("<!DOCTYPE a [<!ENTITY e0 ''>{laughs}]><a>&e7;</a>");
        assert!(expand(&billion).expect_err("too much").contains("expand to more"));
        let big = "x".repeat(100_000);
        let quadratic = format!("<!DOCTYPE a [<!ENTITY e '{big}'>]><a>{}</a>", "&e;".repeat(100_000));
        assert!(expand(&quadratic).expect_err("too much").contains("expand to more"));
        let circle = "<!DOCTYPE a [<!ENTITY a '&b;'><!ENTITY b '&a;'>]><a>&a;</a>";
        assert!(expand(circle).expect_err("a circle").contains("deeper"));
        let many: String = (0..1_001).map(|n| format!("<!ENTITY e{n} ''>")).collect();
        assert!(expand(&format!("<!DOCTYPE a [{many}]><a/>")).expect_err("many").contains("1000"));
        assert!(expand("<!DOCTYPE a [<!ENTITY").is_err());
    }
}
