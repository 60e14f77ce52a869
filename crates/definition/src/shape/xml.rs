//! XML as it comes in: elements with their namespaces, one after another, without document types.

use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesStart, Event};

use super::scalar::is_xml_text;

pub(super) const XML: &str = "http://www.w3.org/XML/1998/namespace";
pub(super) const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";
pub(super) const XSD: &str = "http://www.w3.org/2001/XMLSchema";

/// How deep elements may nest.
pub(super) const MAX_DEPTH: usize = 100;

/// Why an answer cannot be read. Names are of the contract, never of the answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// Not well-formed, or cut off.
    #[error("the answer is not well-formed XML")]
    NotXml,
    /// A document type declaration, which SOAP forbids.
    #[error("the answer has a document type declaration")]
    Dtd,
    /// Nested deeper than 100 levels.
    #[error("the answer nests too deep")]
    TooDeep,
    /// No SOAP envelope.
    #[error("the answer is not a SOAP envelope")]
    NotSoap,
    /// A body without the element that answers the operation.
    #[error("the answer holds another message than the operation's")]
    UnexpectedRoot,
    /// A SOAP fault.
    #[error("the answer is a fault")]
    Fault,
    /// A required element or attribute is missing.
    #[error("the answer lacks {0}")]
    Missing(String),
    /// An element that stands once stands twice.
    #[error("the answer repeats {0}")]
    Repeated(String),
    /// Text that is not of its type.
    #[error("{0} of the answer is not of its type")]
    IllTyped(String),
}

/// What comes next.
pub(super) enum Token {
    Open(Tag),
    Text(String),
    Close,
    End,
}

/// A start tag.
#[derive(Clone, Debug, Default)]
pub(super) struct Tag {
    pub(super) prefix: String,
    pub(super) local: String,
    pub(super) namespace: String,
    pub(super) attributes: Vec<Attribute>,
    /// The prefixes that it binds.
    pub(super) bound: Vec<(String, String)>,
}

#[derive(Clone, Debug)]
pub(super) struct Attribute {
    pub(super) prefix: String,
    pub(super) local: String,
    pub(super) namespace: String,
    pub(super) value: String,
}

impl Tag {
    pub(super) fn attribute(&self, namespace: &str, local: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|each| each.namespace == namespace && each.local == local);
        found.map(|each| each.value.as_str())
    }

    pub(super) fn is_nil(&self) -> bool {
        self.attribute(XSI, "nil").is_some_and(|nil| matches!(nil.trim(), "true" | "1"))
    }
}

/// Reads a document from its beginning.
pub struct Reader<'t> {
    inner: quick_xml::Reader<&'t [u8]>,
    bound: Vec<(String, String, usize)>,
    depth: usize,
    /// Refuses processing instructions and comments, as in XML that clients send.
    strict: bool,
}

impl std::fmt::Debug for Reader<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader").field("depth", &self.depth).finish_non_exhaustive()
    }
}

impl<'t> Reader<'t> {
    /// A reader at the beginning of `text`.
    pub fn new(text: &'t str) -> Self {
        let mut inner = quick_xml::Reader::from_str(text.strip_prefix('\u{feff}').unwrap_or(text));
        inner.config_mut().expand_empty_elements = true;
        Self { inner, bound: Vec::new(), depth: 0, strict: false }
    }

    pub(super) fn strict(text: &'t str) -> Self {
        Self { strict: true, ..Self::new(text) }
    }

    pub(super) fn next(&mut self) -> Result<Token, Malformed> {
        loop {
            let event = self.inner.read_event().map_err(|_| Malformed::NotXml)?;
            return Ok(match event {
                Event::Start(start) => Token::Open(self.open(&start)?),
                Event::End(_) => {
                    let depth = self.depth;
                    while self.bound.last().is_some_and(|(_, _, at)| *at >= depth) {
                        self.bound.pop();
                    }
                    self.depth -= 1;
                    Token::Close
                }
                Event::Text(text) => Token::Text(checked(text.xml10_content().into_owned())?),
                Event::CData(text) => Token::Text(checked(text.xml10_content().into_owned())?),
                Event::GeneralRef(reference) => {
                    let character = reference.resolve_char_ref().map_err(|_| Malformed::NotXml)?;
                    let text = match character {
                        Some(character) => character.to_string(),
                        None => resolve_xml_entity(&reference).map(str::to_owned).ok_or(Malformed::NotXml)?,
                    };
                    Token::Text(checked(text)?)
                }
                Event::DocType(_) => return Err(Malformed::Dtd),
                Event::Comment(_) | Event::PI(_) if self.strict => return Err(Malformed::NotXml),
                Event::Comment(_) | Event::PI(_) | Event::Decl(_) => continue,
                Event::Eof if self.depth > 0 => return Err(Malformed::NotXml),
                Event::Eof => Token::End,
                Event::Empty(_) => return Err(Malformed::NotXml),
            });
        }
    }

    fn open(&mut self, start: &BytesStart<'_>) -> Result<Tag, Malformed> {
        self.depth += 1;
        if self.depth > MAX_DEPTH + 4 {
            return Err(Malformed::TooDeep);
        }
        let mut tag = Tag::default();
        let mut attributes = Vec::new();
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|_| Malformed::NotXml)?;
            let value = attribute.normalized_value(quick_xml::XmlVersion::Explicit1_0);
            let value = checked(value.map_err(|_| Malformed::NotXml)?.into_owned())?;
            let key: &str = attribute.key.as_ref();
            match key.split_once(':') {
                None if key == "xmlns" => tag.bound.push((String::new(), value)),
                Some(("xmlns", _)) if value.is_empty() => return Err(Malformed::NotXml),
                Some(("xmlns", prefix)) => tag.bound.push((prefix.to_owned(), value)),
                Some((prefix, local)) => attributes.push((prefix.to_owned(), local.to_owned(), value)),
                None => attributes.push((String::new(), key.to_owned(), value)),
            }
        }
        let depth = self.depth;
        self.bound.extend(tag.bound.iter().map(|(prefix, uri)| (prefix.clone(), uri.clone(), depth)));
        for (prefix, local, value) in attributes {
            let namespace = if prefix.is_empty() { String::new() } else { self.namespace(&prefix)? };
            if tag.attribute(&namespace, &local).is_some() {
                return Err(Malformed::NotXml);
            }
            tag.attributes.push(Attribute { prefix, local, namespace, value });
        }
        let name = start.name();
        let name: &str = name.as_ref();
        let (prefix, local) = name.split_once(':').unwrap_or(("", name));
        if local.is_empty() || local.contains(':') {
            return Err(Malformed::NotXml);
        }
        tag.namespace = self.namespace(prefix)?;
        (tag.prefix, tag.local) = (prefix.to_owned(), local.to_owned());
        Ok(tag)
    }

    /// The namespace of a prefix in force; empty for none.
    pub(super) fn lookup(&self, prefix: &str) -> Option<&str> {
        if prefix == "xml" {
            return Some(XML);
        }
        let found = self.bound.iter().rev().find(|(known, _, _)| known == prefix);
        found.map(|(_, uri, _)| uri.as_str())
    }

    fn namespace(&self, prefix: &str) -> Result<String, Malformed> {
        match self.lookup(prefix) {
            Some(uri) => Ok(uri.to_owned()),
            None if prefix.is_empty() => Ok(String::new()),
            None => Err(Malformed::NotXml),
        }
    }

    /// All prefixes in force, innermost binding only.
    pub(super) fn in_force(&self) -> Vec<(String, String)> {
        let mut all: Vec<(String, String)> = Vec::new();
        for (prefix, uri, _) in self.bound.iter().rev() {
            if !all.iter().any(|(known, _)| known == prefix) {
                all.push((prefix.clone(), uri.clone()));
            }
        }
        all
    }

    /// Reads to the end of the element that was opened last.
    pub(super) fn skip(&mut self) -> Result<(), Malformed> {
        let outside = self.depth - 1;
        while self.depth > outside {
            self.next()?;
        }
        Ok(())
    }
}

fn checked(text: String) -> Result<String, Malformed> {
    if is_xml_text(&text) { Ok(text) } else { Err(Malformed::NotXml) }
}
