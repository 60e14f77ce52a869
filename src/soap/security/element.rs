//! One element of a parsed message, read strictly.

use std::ptr;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bergshamra::xml::{Document, NodeId};

use super::error::VerifyError;

/// An element of a document.
#[derive(Clone, Copy)]
pub(super) struct Element<'d> {
    document: &'d Document<'d>,
    node: NodeId,
}

/// The same element of the same document.
impl PartialEq for Element<'_> {
    fn eq(&self, other: &Self) -> bool {
        ptr::eq(self.document, other.document) && self.node == other.node
    }
}

impl<'d> Element<'d> {
    /// The root element.
    pub(super) fn root(document: &'d Document<'d>) -> Option<Self> {
        document.document_element().map(|node| Self { document, node })
    }

    pub(super) fn document(self) -> &'d Document<'d> {
        self.document
    }

    pub(super) fn node(self) -> NodeId {
        self.node
    }

    /// The element itself and every element below it.
    pub(super) fn tree(self) -> impl Iterator<Item = Self> {
        std::iter::once(self.node)
            .chain(self.document.descendants(self.node))
            .filter_map(move |node| self.element_at(node))
    }

    fn element_at(self, node: NodeId) -> Option<Self> {
        let document = self.document;
        document.element(node).map(|_| Self { document, node })
    }

    pub(super) fn children(self) -> impl Iterator<Item = Self> {
        self.document.children_iter(self.node).filter_map(move |node| self.element_at(node))
    }

    pub(super) fn is_child_of(self, parent: Self) -> bool {
        self.document.parent(self.node) == Some(parent.node)
    }

    pub(super) fn is(self, namespace: &str, name: &str) -> bool {
        self.document.element(self.node).is_some_and(|element| element.matches_name_ns(namespace, name))
    }

    pub(super) fn namespace(self) -> Option<&'d str> {
        self.document.element(self.node)?.name.namespace_uri.as_deref()
    }

    /// Every attribute: namespace, local name and value.
    pub(super) fn attributes(self) -> impl Iterator<Item = (Option<&'d str>, &'d str, &'d str)> {
        self.document.element(self.node).into_iter().flat_map(|element| {
            element.attributes.iter().map(|attribute| {
                let name = &attribute.name;
                (name.namespace_uri.as_deref(), name.local_name.as_ref(), attribute.value.as_ref())
            })
        })
    }

    /// An attribute without namespace.
    pub(super) fn attribute(self, wanted: &str) -> Option<&'d str> {
        self.attributes()
            .find(|(namespace, name, _)| namespace.is_none() && *name == wanted)
            .map(|(_, _, value)| value)
    }

    /// The one child of that name.
    pub(super) fn only(self, namespace: &str, name: &'static str) -> Result<Self, VerifyError> {
        let mut found = self.children().filter(|child| child.is(namespace, name));
        match (found.next(), found.next()) {
            (Some(child), None) => Ok(child),
            _ => Err(VerifyError::Malformed(name)),
        }
    }

    /// Exactly these children, in this order.
    pub(super) fn exactly<const N: usize>(
        self,
        namespace: &str,
        names: [&'static str; N],
    ) -> Result<[Self; N], VerifyError> {
        let children: Vec<_> = self.children().collect();
        let children: [Self; N] = children.try_into().map_err(|_| VerifyError::Malformed(names[0]))?;
        match children.iter().zip(names).find(|(child, name)| !child.is(namespace, name)) {
            Some((_, name)) => Err(VerifyError::Malformed(name)),
            None => Ok(children),
        }
    }

    /// All text of an element that holds nothing else; comments do not cut it short.
    pub(super) fn text(self) -> Option<String> {
        self.children().next().is_none().then(|| self.document.text_content_deep(self.node))
    }

    /// The text as base64, which may be broken over lines.
    pub(super) fn base64(self) -> Option<Vec<u8>> {
        let mut text = self.text()?;
        text.retain(|character| !character.is_ascii_whitespace());
        BASE64_STANDARD.decode(text).ok()
    }
}
