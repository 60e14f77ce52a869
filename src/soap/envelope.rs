//! SOAP envelopes of both versions: what is around a message, and the reader of answers.

use std::borrow::Cow;
use std::ops::Range;

use bytes::Bytes;
use quick_xml::Reader;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::attributes::Attribute;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::{Namespace, NamespaceResolver, ResolveResult};

use super::fault::Fault;
use super::schema::SoapVersion;
use crate::types::text::is_xml_text;

/// The namespace of SOAP 1.1 envelopes.
pub const SOAP_11: &str = "http://schemas.xmlsoap.org/soap/envelope/";
/// The namespace of SOAP 1.2 envelopes.
pub const SOAP_12: &str = "http://www.w3.org/2003/05/soap-envelope";
const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// The element in which STAR wraps the values of code lists (`CodeListBase`).
const CODE_WRAPPER: &str = "CodeListItemIdentifier";

/// How deep the elements of an answer may nest; the deepest that the contracts describe is under fifteen.
const MAX_DEPTH: u16 = 64;

/// Why an answer is not the SOAP message that was asked for. Names come from our own contract, never from the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// Nothing at all.
    #[error("the answer is empty")]
    Empty,
    /// Bytes that are not text of the stated encoding.
    #[error("the answer is not text of its encoding")]
    NotText,
    /// Not well-formed, or cut off.
    #[error("the answer is not well-formed XML")]
    NotXml,
    /// A document type declaration, which SOAP forbids (SOAP 1.1 section 3, SOAP 1.2 part 1 section 5).
    #[error("the answer has a document type declaration")]
    Dtd,
    /// XML whose root is no SOAP envelope.
    #[error("the answer is not a SOAP envelope")]
    NotSoap,
    /// Nested deeper than any contract describes.
    #[error("the answer nests too deep")]
    TooDeep,
    /// Larger than `response_limit_bytes`.
    #[error("the answer is too large")]
    TooLarge,
    /// A body without the element that answers the operation.
    #[error("the answer holds another message than the operation's")]
    UnexpectedRoot,
    /// A required element is missing.
    #[error("the answer lacks the element {0}")]
    MissingElement(&'static str),
    /// An element that stands once stands twice.
    #[error("the answer repeats the element {0}")]
    RepeatedElement(&'static str),
    /// Text that is not of its type.
    #[error("the element {0} of the answer is not of its type")]
    IllTyped(&'static str),
    /// Rows, counts or times that contradict each other.
    #[error("the answer contradicts itself: {0}")]
    Contradictory(&'static str),
    /// The signature is missing or does not hold.
    #[error("the signature of the answer is missing or does not hold")]
    Unverified,
}

/// What a body holds.
#[derive(Debug)]
pub enum Body<T> {
    /// The message that was asked for.
    Message(T),
    /// A fault.
    Fault(Fault),
}

/// An envelope that is ready to be sent, and where in it the body's child stands.
#[derive(Clone)]
pub struct Envelope {
    document: Bytes,
    headers: Range<usize>,
    message: Range<usize>,
}

impl Envelope {
    /// Writes an envelope into one buffer; `headers` and `message` append the header blocks and the body's child.
    pub fn write(
        version: SoapVersion,
        headers: impl FnOnce(&mut Vec<u8>),
        message: impl FnOnce(&mut Vec<u8>),
    ) -> Self {
        const HEADER: &[u8] = b"<s:Header>";
        let namespace = match version {
            SoapVersion::V11 => SOAP_11,
            SoapVersion::V12 => SOAP_12,
        };
        let mut out = Vec::with_capacity(8192);
        out.extend_from_slice(b"<?xml version=\"1.0\" encoding=\"utf-8\"?><s:Envelope xmlns:s=\"");
        out.extend_from_slice(namespace.as_bytes());
        out.extend_from_slice(b"\">");
        let before = out.len();
        out.extend_from_slice(HEADER);
        headers(&mut out);
        let blocks = before + HEADER.len()..out.len();
        if blocks.is_empty() {
            out.truncate(before);
        } else {
            out.extend_from_slice(b"</s:Header>");
        }
        out.extend_from_slice(b"<s:Body>");
        let start = out.len();
        message(&mut out);
        let message = start..out.len();
        out.extend_from_slice(b"</s:Body></s:Envelope>");
        Self { document: Bytes::from(out), headers: blocks, message }
    }

    /// The whole document.
    pub fn document(&self) -> Bytes {
        self.document.clone()
    }

    /// The header blocks alone.
    pub fn headers(&self) -> Bytes {
        if self.headers.is_empty() { Bytes::new() } else { self.document.slice(self.headers.clone()) }
    }

    /// The body's child alone.
    pub fn message(&self) -> Bytes {
        self.document.slice(self.message.clone())
    }
}

/// The text of an answer: by `charset` of the content type, else by byte order mark or XML declaration, else UTF-8.
pub fn text<'b>(bytes: &'b [u8], content_type: Option<&str>) -> Result<Cow<'b, str>, Malformed> {
    if bytes.is_empty() {
        return Err(Malformed::Empty);
    }
    let encoding = match encoding_rs::Encoding::for_bom(bytes) {
        Some((encoding, _)) => encoding,
        None => charset(content_type).or_else(|| declared(bytes)).unwrap_or(encoding_rs::UTF_8),
    };
    match encoding.decode(bytes) {
        (text, _, false) => Ok(text),
        (_, _, true) => Err(Malformed::NotText),
    }
}

/// By the grammar of RFC 9110 section 8.3.1: a quoted `action` may hold what looks like another parameter.
fn charset(content_type: Option<&str>) -> Option<&'static encoding_rs::Encoding> {
    let media_type: mime::Mime = content_type?.parse().ok()?;
    let label = media_type.get_param(mime::CHARSET)?;
    // Whoever says ASCII and sends more sends UTF-8, of which ASCII is a part; the label's own decoder would read it as
    // windows-1252 and garble it in silence.
    let is_ascii = ["us-ascii", "ascii"].iter().any(|ascii| label.as_str().eq_ignore_ascii_case(ascii));
    if is_ascii {
        Some(encoding_rs::UTF_8)
    } else {
        encoding_rs::Encoding::for_label(label.as_str().as_bytes())
    }
}

fn declared(bytes: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    let head = &bytes[..bytes.len().min(200)];
    let head = head.strip_prefix(b"<?xml")?;
    let end = head.iter().position(|byte| *byte == b'>')?;
    let declaration = std::str::from_utf8(&head[..end]).ok()?;
    let (_, after) = declaration.split_once("encoding")?;
    let quoted = after.trim_start().strip_prefix('=')?.trim_start();
    let quote = quoted.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    encoding_rs::Encoding::for_label(quoted[1..].split(quote).next()?.as_bytes())
}

/// Reads an envelope: `message` gets the reader just after the start of the body's child, whose local name must be `root`.
///
/// The whole text is read, so that what is cut off or followed by something else is refused.
pub fn read<T>(
    text: &str,
    root: &str,
    mut message: impl FnMut(&mut XmlReader<'_>) -> Result<T, Malformed>,
) -> Result<Body<T>, Malformed> {
    if !is_xml_text(text) {
        return Err(Malformed::NotXml);
    }
    let mut reader = XmlReader::new(text);
    reader.open_envelope()?;
    let mut body = None;
    loop {
        match reader.read()? {
            Event::Start(start) if reader.is_soap(&start, "Body") && body.is_none() => {
                let start = reader.first_child()?;
                body = Some(if reader.is_soap(&start, "Fault") {
                    Body::Fault(Fault::read(&mut reader)?)
                } else if start.local_name().as_ref() == root {
                    Body::Message(message(&mut reader)?)
                } else {
                    return Err(Malformed::UnexpectedRoot);
                });
                reader.skip()?;
            }
            Event::Start(_) => reader.skip()?,
            Event::End(_) => break,
            _ => {}
        }
    }
    reader.end_of_document()?;
    body.ok_or(Malformed::NotSoap)
}

/// A reader of untrusted XML: no document types, bounded depth, entities resolved, namespaces known.
pub struct XmlReader<'t> {
    reader: Reader<&'t [u8]>,
    namespaces: NamespaceResolver,
    depth: u16,
    /// Whether the element that was opened last says `xsi:nil`.
    nil: bool,
}

impl<'t> XmlReader<'t> {
    /// A reader at the start of a text.
    pub fn new(text: &'t str) -> Self {
        let mut reader = Reader::from_str(text);
        reader.config_mut().expand_empty_elements = true;
        reader.config_mut().check_end_names = true;
        Self { reader, namespaces: NamespaceResolver::default(), depth: 0, nil: false }
    }

    /// The next start, end, text, character data or reference; what SOAP forbids is an error.
    pub fn read(&mut self) -> Result<Event<'t>, Malformed> {
        loop {
            let event = self.reader.read_event().map_err(|_| Malformed::NotXml)?;
            match &event {
                Event::Start(start) => {
                    self.depth += 1;
                    if self.depth > MAX_DEPTH {
                        return Err(Malformed::TooDeep);
                    }
                    if self.namespaces.level() >= self.depth {
                        // Bound in elements that ended.
                        self.namespaces.set_level(self.depth - 1);
                    }
                    self.nil = !start.attributes_raw().is_empty() && self.read_attributes(start)?;
                }
                // Also where nobody reads it: an unknown entity is no XML anywhere.
                Event::GeneralRef(reference) => _ = resolve(reference)?,
                Event::End(_) => self.depth -= 1,
                Event::DocType(_) => return Err(Malformed::Dtd),
                Event::Eof if self.depth > 0 => return Err(Malformed::NotXml),
                Event::Decl(_) | Event::PI(_) | Event::Comment(_) => continue,
                _ => {}
            }
            return Ok(event);
        }
    }

    /// Reads to the end of the element that was opened last.
    pub fn skip(&mut self) -> Result<(), Malformed> {
        let outside = self.depth - 1;
        while self.depth > outside {
            if matches!(self.read()?, Event::Eof) {
                return Err(Malformed::NotXml);
            }
        }
        Ok(())
    }

    /// The text of the element that was opened last, up to its end; with `wrapped` also that of a child element:
    /// of [`CODE_WRAPPER`], or of the first that holds text, for another WSDL may call it otherwise.
    pub fn text(&mut self, wrapped: bool) -> Result<Cow<'t, str>, Malformed> {
        let mut text: Cow<'t, str> = Cow::Borrowed("");
        let (mut value, mut other) = (None, None);
        loop {
            match self.read()? {
                Event::Text(part) => append(&mut text, part.xml10_content()),
                Event::CData(part) => append(&mut text, part.xml10_content()),
                Event::GeneralRef(reference) => text.to_mut().push_str(&resolve(&reference)?),
                Event::Start(start) if wrapped && start.local_name().as_ref() == CODE_WRAPPER => {
                    let before = value.replace(self.text(false)?);
                    if before.is_some() {
                        return Err(Malformed::Contradictory("a value stands twice in one element"));
                    }
                }
                Event::Start(_) if wrapped && other.is_none() => {
                    other = Some(self.text(false)?).filter(|text| !is_blank(text));
                }
                Event::Start(_) => self.skip()?,
                Event::End(_) => break,
                _ => {}
            }
        }
        match (value, is_blank(&text), other) {
            (Some(value), true, _) => Ok(value),
            (Some(_), false, _) => Err(Malformed::Contradictory("a value stands beside an element")),
            (None, true, Some(other)) => Ok(other),
            (None, _, _) => Ok(text),
        }
    }

    /// Whether the element that was opened last says `xsi:nil`, under whatever prefix.
    pub fn is_nil(&self) -> bool {
        self.nil
    }

    /// Checks the attributes of an element and binds its prefixes; whether one of them says that it is nil.
    fn read_attributes(&mut self, start: &BytesStart<'_>) -> Result<bool, Malformed> {
        self.namespaces.set_level(self.depth);
        let mut others = false;
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|_| Malformed::NotXml)?;
            match attribute.key.as_namespace_binding() {
                Some(prefix) => {
                    self.namespaces
                        .add(prefix, Namespace(&attribute.value))
                        .map_err(|_| Malformed::NotXml)?;
                }
                None => others = true,
            }
        }
        // An element's own prefixes hold for all its attributes, whichever comes first.
        Ok(others && start.attributes().flatten().any(|attribute| self.says_nil(&attribute)))
    }

    fn says_nil(&self, attribute: &Attribute<'_>) -> bool {
        let (namespace, name) = self.namespaces.resolve_attribute(attribute.key);
        namespace == ResolveResult::Bound(Namespace(XSI))
            && name.as_ref() == "nil"
            && matches!(attribute.value.trim(), "true" | "1")
    }

    fn open_envelope(&mut self) -> Result<(), Malformed> {
        loop {
            match self.read()? {
                Event::Start(start) if self.is_soap(&start, "Envelope") => return Ok(()),
                Event::Start(_) => return Err(Malformed::NotSoap),
                Event::Text(text) if text.trim().is_empty() => {}
                Event::Eof => return Err(Malformed::NotXml),
                _ => return Err(Malformed::NotXml),
            }
        }
    }

    fn first_child(&mut self) -> Result<BytesStart<'t>, Malformed> {
        loop {
            match self.read()? {
                Event::Start(start) => return Ok(start),
                Event::End(_) | Event::Eof => return Err(Malformed::UnexpectedRoot),
                _ => {}
            }
        }
    }

    fn is_soap(&self, start: &BytesStart<'_>, local: &str) -> bool {
        let (namespace, name) = self.namespaces.resolve_element(start.name());
        let soap = [SOAP_11, SOAP_12].iter().any(|soap| namespace == ResolveResult::Bound(Namespace(soap)));
        soap && name.as_ref() == local
    }

    fn end_of_document(&mut self) -> Result<(), Malformed> {
        loop {
            match self.read()? {
                Event::Eof => return Ok(()),
                Event::Text(text) if text.trim().is_empty() => {}
                _ => return Err(Malformed::NotXml),
            }
        }
    }
}

fn append<'t>(text: &mut Cow<'t, str>, part: Cow<'t, str>) {
    if text.is_empty() { *text = part } else { text.to_mut().push_str(&part) }
}

fn is_blank(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'))
}

fn resolve(reference: &quick_xml::events::BytesRef<'_>) -> Result<String, Malformed> {
    if let Some(character) = reference.resolve_char_ref().map_err(|_| Malformed::NotXml)? {
        let character = character.to_string();
        return if is_xml_text(&character) { Ok(character) } else { Err(Malformed::NotXml) };
    }
    resolve_xml_entity(reference).map(str::to_owned).ok_or(Malformed::NotXml)
}
