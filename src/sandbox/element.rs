//! Messages as plain trees of local names: what the world reads and what it answers.

use std::borrow::Cow;
use std::fmt;

/// An element without prefix and namespace; the schema adds those when it is written.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Element {
    pub(crate) name: Cow<'static, str>,
    pub(crate) text: String,
    pub(crate) children: Vec<Element>,
}

/// Values may be those of people, so only names are shown.
impl fmt::Debug for Element {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple(&self.name).field(&self.children).finish()
    }
}

impl Element {
    /// An element that holds text.
    pub(crate) fn text(name: &'static str, text: impl Into<String>) -> Self {
        Self { name: Cow::Borrowed(name), text: text.into(), children: Vec::new() }
    }

    /// An element that holds elements.
    pub(crate) fn of(name: &'static str, children: Vec<Self>) -> Self {
        Self { name: Cow::Borrowed(name), text: String::new(), children }
    }

    /// The same without prefixes, namespaces, attributes, comments and the white space between elements.
    pub(crate) fn read(node: roxmltree::Node<'_, '_>) -> Self {
        let children: Vec<Self> =
            node.children().filter(|child| child.is_element()).map(Self::read).collect();
        let text = if children.is_empty() {
            node.children().filter(|child| child.is_text()).filter_map(|child| child.text()).collect()
        } else {
            String::new()
        };
        Self { name: Cow::Owned(node.tag_name().name().to_owned()), text, children }
    }

    /// The first child of this name.
    pub(crate) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The first child of this name.
    pub(crate) fn child_mut(&mut self, name: &str) -> Option<&mut Self> {
        self.children.iter_mut().find(|child| child.name == name)
    }

    /// The first element at a path of names separated by `/`.
    pub(crate) fn at(&self, path: &str) -> Option<&Self> {
        path.split('/').try_fold(self, |element, name| element.child(name))
    }

    /// The text at a path; that of an only child where the value is wrapped, as code-list values are.
    pub(crate) fn value(&self, path: &str) -> Option<&str> {
        let element = self.at(path)?;
        match element.children.as_slice() {
            [] => Some(&element.text),
            [only] if only.children.is_empty() => Some(&only.text),
            _ => None,
        }
    }

    /// Whether any element at or below this one holds exactly this text.
    #[cfg(test)]
    pub(crate) fn holds(&self, text: &str) -> bool {
        self.text == text || self.children.iter().any(|child| child.holds(text))
    }
}
