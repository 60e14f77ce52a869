//! What XML 1.0 can carry, and how text is written into it.

/// Whether XML 1.0 can hold the character (production `Char`, XML 1.0 section 2.2).
pub fn is_xml_char(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

/// Whether XML 1.0 can hold every character of the text.
pub fn is_xml_text(text: &str) -> bool {
    // Nearly all text is plain: only a control character or a byte that starts U+FFFE or U+FFFF needs the slow look.
    let suspicious = |byte: u8| byte < 0x20 || byte == 0xEF;
    !text.bytes().any(suspicious) || text.chars().all(is_xml_char)
}

/// Appends text as XML character data in the form of Canonical XML 1.0 section 2.3, so that it may be signed as it is.
pub fn write_escaped(text: &str, out: &mut Vec<u8>) {
    let bytes = text.as_bytes();
    let mut written = 0;
    for (index, byte) in bytes.iter().enumerate() {
        let escape: &[u8] = match byte {
            b'&' => b"&amp;",
            b'<' => b"&lt;",
            b'>' => b"&gt;",
            b'\r' => b"&#xD;",
            _ => continue,
        };
        out.extend_from_slice(&bytes[written..index]);
        out.extend_from_slice(escape);
        written = index + 1;
    }
    out.extend_from_slice(&bytes[written..]);
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
}
