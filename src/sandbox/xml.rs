//! XML that is about to be written: names with namespaces, in the order of the schema.

use std::sync::Arc;

use super::element::Element;
use crate::soap::schema::{ElementId, QName, Schema, Type};

/// An element to be written.
#[derive(Clone, Debug)]
pub(crate) struct Xml {
    pub(crate) name: QName,
    /// `xsi:nil="true"`.
    pub(crate) nil: bool,
    /// Attributes without prefix, and `xml:lang`.
    pub(crate) attributes: Vec<(&'static str, String)>,
    pub(crate) content: Content,
}

/// What is between the tags.
#[derive(Clone, Debug)]
pub(crate) enum Content {
    /// Text.
    Text(String),
    /// A name in the namespace of the envelope, as `faultcode` has it.
    EnvelopeName(&'static str),
    /// Elements.
    Children(Vec<Xml>),
}

impl Xml {
    /// An element with children.
    pub(crate) fn of(namespace: Option<&str>, local: &str, children: Vec<Self>) -> Self {
        Self::new(QName::new(namespace, local), Content::Children(children))
    }

    /// An element with text.
    pub(crate) fn text(namespace: Option<&str>, local: &str, text: impl Into<String>) -> Self {
        Self::new(QName::new(namespace, local), Content::Text(text.into()))
    }

    /// An element with content.
    pub(crate) fn new(name: QName, content: Content) -> Self {
        Self { name, nil: false, attributes: Vec::new(), content }
    }

    /// The child elements.
    pub(crate) fn children_mut(&mut self) -> Option<&mut Vec<Self>> {
        match &mut self.content {
            Content::Children(children) => Some(children),
            Content::Text(_) | Content::EnvelopeName(_) => None,
        }
    }

    /// Calls `change` on this element and on all below it, children first.
    pub(crate) fn each(&mut self, change: &mut impl FnMut(&mut Self)) {
        if let Some(children) = self.children_mut() {
            children.iter_mut().for_each(|child| child.each(change));
        }
        change(self);
    }

    /// All namespaces in use, in order of appearance.
    pub(crate) fn namespaces(&self, seen: &mut Vec<Arc<str>>) {
        if let Some(namespace) = &self.name.namespace
            && !seen.contains(namespace)
        {
            seen.push(namespace.clone());
        }
        if let Content::Children(children) = &self.content {
            children.iter().for_each(|child| child.namespaces(seen));
        }
    }
}

/// Gives an element the names, order and wrapping that the schema has for it.
///
/// What the schema does not know is left out; what it requires and the element lacks is missing then, which the tests
/// of every operation would show.
pub(crate) fn shape(schema: &Schema, id: ElementId, element: &Element) -> Xml {
    let declared = schema.element(id);
    let children = schema.children(declared.type_id);
    let content = match (schema.element_type(id), children.as_slice()) {
        (Type::Simple(_), _) => Content::Text(element.text.clone()),
        // A value that the schema wraps in an element of its own, as those of code lists.
        (Type::Complex(_), [only]) if element.children.is_empty() => {
            let inner = Element { name: "".into(), text: element.text.clone(), children: Vec::new() };
            Content::Children(vec![shape(schema, only.element, &inner)])
        }
        (Type::Complex(_), children) => {
            let mut shaped = Vec::new();
            for child in children {
                let name = &*schema.element(child.element).name.local;
                let same = element.children.iter().filter(|it| it.name == name);
                shaped.extend(same.map(|it| shape(schema, child.element, it)));
            }
            Content::Children(shaped)
        }
    };
    Xml::new(declared.name.clone(), content)
}
