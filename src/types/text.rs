//! What XML 1.0 can carry, and how text and numbers are written into it and into JSON.

use std::io::Write as _;

/// The content of a text file without the byte order mark that editors of Windows begin it with (RFC 3629 section 6): it
/// is no part of a password, a key or a number.
pub fn without_mark(content: &[u8]) -> &[u8] {
    content.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(content)
}

/// Whether XML 1.0 can hold the character (production `Char`, XML 1.0 section 2.2).
pub fn is_xml_char(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

/// Whether XML 1.0 can hold every character of the text.
pub fn is_xml_text(text: &str) -> bool {
    // Nearly all text is plain: only a control character or a byte that starts U+FFFE or U+FFFF needs the slow look.
    let suspicious = |byte: &u8| (*byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r')) || *byte == 0xEF;
    !any(text.as_bytes(), suspicious) || text.chars().all(is_xml_char)
}

/// Appends text as XML character data in the form of Canonical XML 1.0 section 2.3, so that it may be signed as it is.
pub fn write_escaped(text: &str, out: &mut Vec<u8>) {
    let bytes = text.as_bytes();
    if !any(bytes, |byte| matches!(byte, b'&' | b'<' | b'>' | b'\r')) {
        return out.extend_from_slice(bytes);
    }
    for byte in bytes {
        match byte {
            b'&' => out.extend_from_slice(b"&amp;"),
            b'<' => out.extend_from_slice(b"&lt;"),
            b'>' => out.extend_from_slice(b"&gt;"),
            b'\r' => out.extend_from_slice(b"&#xD;"),
            plain => out.push(*plain),
        }
    }
}

/// Appends text as a JSON string (RFC 8259 section 7).
pub fn write_json_string(text: &str, out: &mut Vec<u8>) {
    if any(text.as_bytes(), |byte| *byte < 0x20 || matches!(byte, b'"' | b'\\')) {
        serde_json::to_writer(out, text).expect("writing a string into memory does not fail");
    } else {
        out.push(b'"');
        out.extend_from_slice(text.as_bytes());
        out.push(b'"');
    }
}

/// Appends an integer in decimal digits.
pub fn write_integer(number: i64, out: &mut Vec<u8>) {
    write!(out, "{number}").expect("writing a number into memory does not fail");
}

/// Whether a byte is one of those looked for. A piece is looked at as a whole: the compiler makes a few vector
/// instructions of it.
fn any(bytes: &[u8], looked_for: impl Fn(&u8) -> bool) -> bool {
    bytes.chunks(32).any(|piece| piece.iter().fold(false, |found, byte| found | looked_for(byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_and_noncharacters_are_not_xml() {
        for bad in ["\u{0}", "a\u{1}", "\u{B}", "\u{1F}", "\u{FFFE}", "x\u{FFFF}"] {
            assert!(!is_xml_text(bad), "{bad:?}");
        }
        for good in ["", "a\t\n\r", "æøå", "\u{FEFF}", "\u{FFFD}", "😀", "\u{7F}", "\u{85}"] {
            assert!(is_xml_text(good), "{good:?}");
        }
    }

    #[test]
    fn markup_is_escaped_canonically() {
        let mut out = Vec::new();
        write_escaped("a<b>&c\r\n]]>\"'", &mut out);
        assert_eq!(out, b"a&lt;b&gt;&amp;c&#xD;\n]]&gt;\"'");
    }

    #[test]
    fn a_json_string_is_what_serde_json_writes() {
        for text in ["", "plain", "æøå 😀 \u{7F}\u{2028}", "a\"b", "a\\b", "\n\u{0}\u{1F}", &"x".repeat(100)]
        {
            for text in [text.to_owned(), format!("{}{text}", "long ".repeat(20))] {
                let mut out = Vec::new();
                write_json_string(&text, &mut out);
                assert_eq!(out, serde_json::to_vec(&text).unwrap(), "{text:?}");
            }
        }
    }
}
