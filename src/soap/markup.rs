//! Start and end tags in exclusive canonical form: each prefix declared where it is first used (RFC 3741).

use std::collections::HashMap;
use std::sync::Arc;

use super::schema::{Element, QName};

const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// The start and end of an element, with the namespace declarations that it needs.
#[derive(Debug)]
pub(super) struct Tags {
    pub(super) open: Box<[u8]>,
    pub(super) close: Box<[u8]>,
}

impl Tags {
    /// One element directly inside another.
    pub(super) fn around(self, inner: &Self) -> Self {
        Self {
            open: [&*self.open, &*inner.open].concat().into(),
            close: [&*inner.close, &*self.close].concat().into(),
        }
    }
}

/// The prefixes of one message.
#[derive(Default)]
pub(super) struct Prefixes {
    known: HashMap<Arc<str>, String>,
    /// Namespaces that the elements around the present one declare, the outermost first.
    declared: Vec<Arc<str>>,
}

impl Prefixes {
    /// How many declarations are in scope; to be given to [`Prefixes::leave`].
    pub(super) fn depth(&self) -> usize {
        self.declared.len()
    }

    /// Forgets the declarations of elements that have ended.
    pub(super) fn leave(&mut self, depth: usize) {
        self.declared.truncate(depth);
    }

    /// The tags of an element, which stays in scope until [`Prefixes::leave`]. `attributes` have no namespace.
    pub(super) fn tags(&mut self, element: &Element, attributes: &[(&str, &str)]) -> Tags {
        let (name, declaration) = self.name(&element.name);
        let mut attributes = attributes.to_vec();
        attributes.sort_unstable();
        let attributes: String =
            attributes.iter().map(|(name, value)| format!(" {name}=\"{}\"", escaped(value))).collect();
        tags(&name, &format!("{declaration}{attributes}"))
    }

    /// The whole of an element that says `xsi:nil`; nothing stays in scope.
    pub(super) fn nil(&mut self, element: &Element) -> Box<[u8]> {
        let depth = self.depth();
        let (name, declaration) = self.name(&element.name);
        self.leave(depth);
        let nil = tags(&name, &format!("{declaration} xmlns:xsi=\"{XSI}\" xsi:nil=\"true\""));
        [&*nil.open, &*nil.close].concat().into()
    }

    fn name(&mut self, QName { namespace, local }: &QName) -> (String, String) {
        let Some(namespace) = namespace else {
            return (local.to_string(), String::new());
        };
        let next = format!("n{}", self.known.len());
        let prefix = self.known.entry(Arc::clone(namespace)).or_insert(next);
        let name = format!("{prefix}:{local}");
        if self.declared.contains(namespace) {
            return (name, String::new());
        }
        let declaration = format!(" xmlns:{prefix}=\"{}\"", escaped(namespace));
        self.declared.push(Arc::clone(namespace));
        (name, declaration)
    }
}

fn tags(name: &str, rest: &str) -> Tags {
    Tags {
        open: format!("<{name}{rest}>").into_bytes().into(),
        close: format!("</{name}>").into_bytes().into(),
    }
}

/// Text of an attribute in canonical form (Canonical XML 1.0, section 2.3).
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '"' => out.push_str("&quot;"),
            '\t' => out.push_str("&#x9;"),
            '\n' => out.push_str("&#xA;"),
            '\r' => out.push_str("&#xD;"),
            other => out.push(other),
        }
    }
    out
}
