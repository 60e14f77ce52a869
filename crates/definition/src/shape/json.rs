//! JSON as it was written (RFC 8259): numbers keep their digits, a member that stands twice is refused.

use std::borrow::Cow;
use std::collections::HashSet;

/// A JSON value that borrows from the text where it can.
pub(super) enum Json<'a> {
    Null,
    Boolean(bool),
    Number(&'a str),
    Text(Cow<'a, str>),
    List(Vec<Json<'a>>),
    Object(Vec<(Cow<'a, str>, Json<'a>)>),
}

/// Where and why a text is not JSON; nothing of the text itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not JSON at line {line}, column {column}")]
pub struct NotJson {
    /// The line, from 1.
    pub line: usize,
    /// The column in bytes, from 1.
    pub column: usize,
    /// Whether a member stands twice in one object.
    pub duplicate: bool,
}

/// How deep arrays and objects may nest: a hundred levels of elements, each in an array and a repeated group.
const MAX_DEPTH: usize = 400;

pub(super) fn parse(text: &[u8]) -> Result<Json<'_>, NotJson> {
    let start = NotJson { line: 1, column: 1, duplicate: false };
    let text = std::str::from_utf8(text).map_err(|_| start)?;
    let mut parser = Parser { text, at: 0, depth: 0, duplicate: false };
    let parsed = parser.whole();
    parsed.ok_or_else(|| {
        let before = &text.as_bytes()[..parser.at.min(text.len())];
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        let column = before.iter().rev().take_while(|byte| **byte != b'\n').count() + 1;
        NotJson { line, column, duplicate: parser.duplicate }
    })
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    duplicate: bool,
}

impl<'a> Parser<'a> {
    fn whole(&mut self) -> Option<Json<'a>> {
        let json = self.value()?;
        self.space();
        (self.at == self.text.len()).then_some(json)
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn eat(&mut self, token: &str) -> Option<()> {
        self.text[self.at..].starts_with(token).then(|| self.at += token.len())
    }

    fn value(&mut self) -> Option<Json<'a>> {
        self.space();
        match self.peek()? {
            b'{' => self.nested(Self::object),
            b'[' => self.nested(Self::list),
            b'"' => self.string().map(Json::Text),
            b't' => self.eat("true").map(|()| Json::Boolean(true)),
            b'f' => self.eat("false").map(|()| Json::Boolean(false)),
            b'n' => self.eat("null").map(|()| Json::Null),
            _ => self.number(),
        }
    }

    fn nested(&mut self, inner: fn(&mut Self) -> Option<Json<'a>>) -> Option<Json<'a>> {
        self.depth += 1;
        let json = if self.depth > MAX_DEPTH { None } else { inner(self) };
        self.depth -= 1;
        json
    }

    fn list(&mut self) -> Option<Json<'a>> {
        self.at += 1;
        let mut items = Vec::new();
        self.space();
        if self.eat("]").is_some() {
            return Some(Json::List(items));
        }
        loop {
            items.push(self.value()?);
            self.space();
            if self.eat("]").is_some() {
                return Some(Json::List(items));
            }
            self.eat(",")?;
        }
    }

    fn object(&mut self) -> Option<Json<'a>> {
        self.at += 1;
        let mut members: Vec<(Cow<'a, str>, Json<'a>)> = Vec::new();
        let mut names = HashSet::new();
        self.space();
        if self.eat("}").is_some() {
            return Some(Json::Object(members));
        }
        loop {
            self.space();
            let before = self.at;
            let name = self.string()?;
            if !names.insert(name.clone()) {
                (self.at, self.duplicate) = (before, true);
                return None;
            }
            self.space();
            self.eat(":")?;
            members.push((name, self.value()?));
            self.space();
            if self.eat("}").is_some() {
                return Some(Json::Object(members));
            }
            self.eat(",")?;
        }
    }

    fn digits(&mut self) -> Option<()> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        (self.at > start).then_some(())
    }

    fn number(&mut self) -> Option<Json<'a>> {
        let start = self.at;
        let _ = self.eat("-");
        if self.eat("0").is_none() {
            self.digits()?;
        }
        if self.eat(".").is_some() {
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            let _ = self.eat("+").or_else(|| self.eat("-"));
            self.digits()?;
        }
        Some(Json::Number(&self.text[start..self.at]))
    }

    fn string(&mut self) -> Option<Cow<'a, str>> {
        self.eat("\"")?;
        let mut text = Cow::Borrowed("");
        loop {
            let start = self.at;
            while !matches!(self.peek()?, b'"' | b'\\' | 0..0x20) {
                self.at += 1;
            }
            let part = &self.text[start..self.at];
            if text.is_empty() {
                text = Cow::Borrowed(part)
            } else {
                text.to_mut().push_str(part)
            }
            if self.eat("\"").is_some() {
                return Some(text);
            }
            self.eat("\\")?;
            text.to_mut().push(self.escape()?);
        }
    }

    fn escape(&mut self) -> Option<char> {
        let letter = self.peek()?;
        self.at += 1;
        Some(match letter {
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let first = self.unit()?;
                if !(0xD800..0xDC00).contains(&first) {
                    return char::from_u32(first);
                }
                self.eat("\\u")?;
                let second = self.unit()?;
                let second = (0xDC00..0xE000).contains(&second).then_some(second)?;
                char::from_u32(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00))?
            }
            _ => {
                self.at -= 1;
                return None;
            }
        })
    }

    fn unit(&mut self) -> Option<u32> {
        let digits = self.text.get(self.at..self.at + 4)?;
        let all = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        self.at += 4;
        all.then(|| u32::from_str_radix(digits, 16).ok())?
    }
}

/// Writes a string with its quotes.
pub(super) fn write_string(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    let mut plain = 0;
    for (at, byte) in text.bytes().enumerate() {
        let escaped: &[u8] = match byte {
            b'"' => b"\\\"",
            b'\\' => b"\\\\",
            b'\n' => b"\\n",
            b'\r' => b"\\r",
            b'\t' => b"\\t",
            0..0x20 => b"",
            _ => continue,
        };
        out.extend_from_slice(&text.as_bytes()[plain..at]);
        out.extend_from_slice(escaped);
        if escaped.is_empty() {
            out.extend_from_slice(format!("\\u{byte:04x}").as_bytes());
        }
        plain = at + 1;
    }
    out.extend_from_slice(&text.as_bytes()[plain..]);
    out.push(b'"');
}
