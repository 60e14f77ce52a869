//! XML for tests: a tree that is compared and written without any of the gateway's own code.

use serde_json::Value;

/// An element with either text or children.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Element {
    pub(crate) name: String,
    pub(crate) text: Option<String>,
    pub(crate) children: Vec<Element>,
}

impl Element {
    pub(crate) fn new(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }

    pub(crate) fn leaf(name: &str, text: &str) -> Self {
        Self { name: name.to_owned(), text: Some(text.to_owned()), children: Vec::new() }
    }

    pub(crate) fn with(name: &str, children: Vec<Element>) -> Self {
        Self { name: name.to_owned(), text: None, children }
    }

    /// The element at a path below this one; made where it is not there.
    pub(crate) fn at(&mut self, path: &[String]) -> &mut Element {
        let Some((first, rest)) = path.split_first() else { return self };
        let index = self.children.iter().position(|child| child.name == *first).unwrap_or_else(|| {
            self.children.push(Element::new(first));
            self.children.len() - 1
        });
        self.children[index].at(rest)
    }

    /// Another element at a path, beside those of the same name.
    pub(crate) fn another(&mut self, path: &[String]) -> &mut Element {
        let (last, around) = path.split_last().unwrap();
        let parent = self.at(around);
        parent.children.push(Element::new(last));
        parent.children.last_mut().unwrap()
    }

    /// Puts children into the order of the contract's element.
    pub(crate) fn order(&mut self, contract: &Value) {
        let known = contract["children"].as_array().cloned().unwrap_or_default();
        let index = |child: &Element| known.iter().position(|known| known["name"] == *child.name);
        self.children.sort_by_key(index);
        for child in &mut self.children {
            if let Some(contract) = known.iter().find(|known| known["name"] == *child.name) {
                child.order(contract);
            }
        }
    }

    /// Every text with the names of the elements around it, in document order.
    pub(crate) fn leaves(&self) -> Vec<(String, String)> {
        let mut leaves = Vec::new();
        self.collect("", &mut leaves);
        leaves
    }

    fn collect(&self, around: &str, leaves: &mut Vec<(String, String)>) {
        let path = format!("{around}/{}", self.name);
        if self.children.is_empty() {
            leaves.push((path, self.text.clone().unwrap_or_default()));
        } else {
            self.children.iter().for_each(|child| child.collect(&path, leaves));
        }
    }

    /// The element as XML in a default namespace.
    pub(crate) fn xml(&self, namespace: &str) -> String {
        let name = &self.name;
        format!("<{name} xmlns=\"{namespace}\">{}</{name}>", self.content())
    }

    fn content(&self) -> String {
        let text = escaped(self.text.as_deref().unwrap_or(""));
        let children = self.children.iter().map(|child| {
            let name = &child.name;
            format!("<{name}>{}</{name}>", child.content())
        });
        text + &children.collect::<String>()
    }

    /// Reads an element with local names only.
    pub(crate) fn read(node: roxmltree::Node<'_, '_>) -> Self {
        let children: Vec<_> =
            node.children().filter(roxmltree::Node::is_element).map(Element::read).collect();
        let text =
            children.is_empty().then(|| node.children().filter_map(|child| child.text()).collect::<String>());
        Self { name: node.tag_name().name().to_owned(), text, children }
    }

    /// The first element of a name in this one, however deep.
    pub(crate) fn find(&self, name: &str) -> Option<&Element> {
        if self.name == name {
            return Some(self);
        }
        self.children.iter().find_map(|child| child.find(name))
    }

    /// The text of the first element of a name.
    pub(crate) fn text_of(&self, name: &str) -> Option<&str> {
        self.find(name)?.text.as_deref()
    }
}

/// Text as character data.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('\r', "&#13;")
}
