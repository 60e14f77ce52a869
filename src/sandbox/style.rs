//! The same answer in other words: all the ways of writing XML that mean the same.

use std::fmt::Write as _;
use std::sync::Arc;

use super::xml::{Content, Xml};
use crate::soap::schema::QName;

const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// How elements get their namespaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Names {
    /// A prefix for the envelope, default namespaces below it.
    Usual,
    /// A prefix of its own for every namespace, all declared at the root.
    Prefixed,
    /// Default namespaces only.
    Default,
}

/// How text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Text {
    /// With the escapes that are needed.
    Escaped,
    /// In CDATA sections.
    Cdata,
    /// Every character as a reference.
    References,
    /// Interrupted by a comment and a processing instruction.
    Interrupted,
}

/// The bytes of the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    Utf8,
    Utf8WithMark,
    Latin1,
    Utf16,
}

/// A way of writing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style {
    pub(crate) names: Names,
    pub(crate) text: Text,
    pub(crate) encoding: Encoding,
}

/// How the sandbox writes unless asked otherwise.
pub(crate) const USUAL: Style = Style { names: Names::Usual, text: Text::Escaped, encoding: Encoding::Utf8 };

impl Style {
    /// Name of the encoding, for the XML declaration and the content type.
    pub(crate) fn charset(&self) -> &'static str {
        match self.encoding {
            Encoding::Utf8 | Encoding::Utf8WithMark => "utf-8",
            Encoding::Latin1 => "ISO-8859-1",
            Encoding::Utf16 => "utf-16",
        }
    }

    /// The whole document.
    pub(crate) fn write(&self, root: &Xml) -> Vec<u8> {
        let mut writer = Writer { style: *self, out: String::with_capacity(1024), prefixes: Vec::new() };
        let _ = write!(writer.out, "<?xml version=\"1.0\" encoding=\"{}\"?>", self.charset());
        writer.prefixes = writer.prefixes_of(root);
        writer.element(root, None, true);
        self.encode(&writer.out)
    }

    fn encode(&self, text: &str) -> Vec<u8> {
        match self.encoding {
            Encoding::Utf8 => text.as_bytes().to_vec(),
            Encoding::Utf8WithMark => ["\u{FEFF}", text].concat().into_bytes(),
            // What is not in the character set has been written as a reference.
            Encoding::Latin1 => {
                text.chars().map(|character| u8::try_from(u32::from(character)).unwrap_or(b'?')).collect()
            }
            Encoding::Utf16 => {
                ["\u{FEFF}", text].concat().encode_utf16().flat_map(u16::to_le_bytes).collect()
            }
        }
    }
}

struct Writer {
    style: Style,
    out: String,
    /// Namespaces that have a prefix, the envelope's first.
    prefixes: Vec<(Arc<str>, String)>,
}

impl Writer {
    fn prefixes_of(&self, root: &Xml) -> Vec<(Arc<str>, String)> {
        let mut namespaces = Vec::new();
        root.namespaces(&mut namespaces);
        let prefix = |index: usize| match self.style.names {
            Names::Prefixed => format!("_{}-q.{index}", ["Z", "ns", "æ"][index % 3]),
            Names::Usual | Names::Default => "s".to_owned(),
        };
        let all = if self.style.names == Names::Prefixed { namespaces.len() } else { 1 };
        namespaces.into_iter().take(all).enumerate().map(|(index, ns)| (ns, prefix(index))).collect()
    }

    fn element(&mut self, xml: &Xml, default: Option<&Arc<str>>, root: bool) {
        let prefix = self.prefix_of(&xml.name).map(str::to_owned);
        let name = match &prefix {
            Some(prefix) => format!("{prefix}:{}", xml.name.local),
            None => xml.name.local.to_string(),
        };
        let _ = write!(self.out, "<{name}");
        if root {
            for (namespace, prefix) in self.prefixes.clone() {
                self.attribute(&format!("xmlns:{prefix}"), &namespace);
            }
        }
        let mut inner = default;
        if prefix.is_none() && xml.name.namespace.as_ref() != default {
            self.attribute("xmlns", xml.name.namespace.as_deref().unwrap_or(""));
            inner = xml.name.namespace.as_ref();
        }
        for (name, value) in &xml.attributes {
            self.attribute(name, value);
        }
        if xml.nil {
            self.attribute("xmlns:i", XSI);
            self.attribute("i:nil", "true");
        }
        self.out.push('>');
        self.content(xml, inner);
        let _ = write!(self.out, "</{name}>");
    }

    /// The prefix of a name; `None` where a default namespace does.
    fn prefix_of(&self, name: &QName) -> Option<&str> {
        let namespace = name.namespace.as_ref()?;
        let known = self.prefixes.iter().find(|(known, _)| known == namespace);
        known.filter(|_| self.style.names != Names::Default).map(|(_, prefix)| &**prefix)
    }

    fn content(&mut self, xml: &Xml, default: Option<&Arc<str>>) {
        match &xml.content {
            Content::Text(text) => self.text(text),
            Content::EnvelopeName(name) => {
                let prefix = self.prefixes.first().map_or("", |(_, prefix)| prefix);
                let _ = write!(self.out, "{prefix}:{name}");
            }
            Content::Children(children) => {
                for child in children {
                    if self.style.text == Text::Interrupted {
                        self.out.push_str("\n<!-- <Elev> & --><?sandbox note?>\t");
                    }
                    self.element(child, default, false);
                }
            }
        }
    }

    fn text(&mut self, text: &str) {
        match self.style.text {
            Text::Escaped => self.escaped(text),
            Text::Cdata => {
                let _ = write!(self.out, "<![CDATA[{}]]>", text.replace("]]>", "]]]]><![CDATA[>"));
            }
            Text::References => {
                for character in text.chars() {
                    let _ = write!(self.out, "&#x{:X};", u32::from(character));
                }
            }
            Text::Interrupted => {
                let middle = text.char_indices().nth(text.chars().count() / 2).map_or(0, |(index, _)| index);
                self.escaped(&text[..middle]);
                self.out.push_str("<!-- interrupted --><?sandbox note?>");
                self.escaped(&text[middle..]);
            }
        }
    }

    fn escaped(&mut self, text: &str) {
        for character in text.chars() {
            let too_wide = self.style.encoding == Encoding::Latin1 && u32::from(character) > 0xFF;
            match character {
                '&' => self.out.push_str("&amp;"),
                '<' => self.out.push_str("&lt;"),
                '>' => self.out.push_str("&gt;"),
                '\r' => self.out.push_str("&#xD;"),
                other if too_wide => {
                    let _ = write!(self.out, "&#{};", u32::from(other));
                }
                other => self.out.push(other),
            }
        }
    }

    fn attribute(&mut self, name: &str, value: &str) {
        let _ = write!(self.out, " {name}=\"");
        self.escaped(&value.replace('"', "'"));
        self.out.push('"');
    }
}
