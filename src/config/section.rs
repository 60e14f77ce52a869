//! Reads one table key by key and reports what is wrong with it, without stopping.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::fault::{Fault, Origin, Reason};
use super::node::{Node, Value};

/// Where the faults of all sections come together.
#[derive(Debug, Default)]
pub(super) struct Report {
    pub(super) faults: RefCell<Vec<Fault>>,
    /// Every key that was asked for, for the test that compares them with the example file.
    #[cfg(test)]
    pub(super) asked: RefCell<std::collections::BTreeSet<String>>,
}

/// One table. What is left in it when it has been read is unknown.
pub(super) struct Section<'a> {
    path: String,
    origin: Option<Origin>,
    entries: BTreeMap<String, Node>,
    known: BTreeMap<String, Option<Origin>>,
    report: &'a Report,
}

impl<'a> Section<'a> {
    /// Reads a whole tree, from its root.
    pub(super) fn read_root<T>(
        root: Node,
        report: &'a Report,
        read: impl FnOnce(&mut Section<'a>) -> T,
    ) -> T {
        Section::open(String::new(), root, report).close_after(read)
    }

    fn open(path: String, node: Node, report: &'a Report) -> Self {
        let origin = node.origin.clone();
        let mut section = Self { path, origin, entries: BTreeMap::new(), known: BTreeMap::new(), report };
        match node.into_table() {
            Some(entries) => section.entries = entries,
            None => section.fault_at(section.path.clone(), section.origin.clone(), Reason::Type("a table")),
        }
        section
    }

    fn close_after<T>(mut self, read: impl FnOnce(&mut Section<'a>) -> T) -> T {
        let value = read(&mut self);
        for (name, node) in std::mem::take(&mut self.entries) {
            let nearest = nearest(&name, self.known.keys());
            for (key, origin) in places(self.key(&name), node) {
                let nearest = nearest.clone();
                self.fault_at(key, origin, Reason::Unknown { nearest });
            }
        }
        value
    }

    /// A key that may be left out.
    pub(super) fn optional<T>(
        &mut self,
        name: &str,
        parse: impl FnOnce(&Node) -> Result<T, Reason>,
    ) -> Option<T> {
        let node = self.take(name)?;
        parse(&node).map_err(|reason| self.fault(name, reason)).ok()
    }

    /// A key with a default.
    pub(super) fn or<T>(
        &mut self,
        name: &str,
        default: T,
        parse: impl FnOnce(&Node) -> Result<T, Reason>,
    ) -> T {
        self.optional(name, parse).unwrap_or(default)
    }

    /// A key that must be there. `None` only after a fault.
    pub(super) fn required<T>(
        &mut self,
        name: &str,
        parse: impl FnOnce(&Node) -> Result<T, Reason>,
    ) -> Option<T> {
        self.expect(name);
        self.optional(name, parse)
    }

    /// An array; every item that is refused is named.
    pub(super) fn list<T>(
        &mut self,
        name: &str,
        default: Vec<T>,
        parse: impl Fn(&Node) -> Result<T, Reason>,
    ) -> Vec<T> {
        let Some(node) = self.take(name) else {
            return default;
        };
        let Some(items) = node.into_array() else {
            self.fault(name, Reason::Type("an array"));
            return default;
        };
        let parse_at = |(index, item): (usize, Node)| {
            parse(&item)
                .map_err(|reason| {
                    self.fault_at(format!("{}[{index}]", self.key(name)), item.origin, reason);
                })
                .ok()
        };
        items.into_iter().enumerate().filter_map(parse_at).collect()
    }

    /// An array that must not be empty where it is set.
    pub(super) fn filled_list<T>(
        &mut self,
        name: &str,
        default: Vec<T>,
        parse: impl Fn(&Node) -> Result<T, Reason>,
    ) -> Vec<T> {
        let faults_before = self.report.faults.borrow().len();
        let items = self.list(name, default, parse);
        let faultless = self.report.faults.borrow().len() == faults_before;
        if items.is_empty() && faultless && self.has_set(name) {
            self.fault(name, Reason::rule("must not be empty"));
        }
        items
    }

    /// An array or, for one item, the item itself.
    pub(super) fn one_or_more<T>(
        &mut self,
        name: &str,
        parse: impl Fn(&Node) -> Result<T, Reason>,
    ) -> Vec<T> {
        if let Some(node) = self.entries.get_mut(name)
            && let Value::String(_) = node.value
        {
            let item = node.clone();
            node.value = Value::Array(vec![item]);
        }
        self.filled_list(name, Vec::new(), parse)
    }

    /// A table; one that is not there is read as an empty one.
    pub(super) fn table<T>(&mut self, name: &str, read: impl FnOnce(&mut Section<'a>) -> T) -> T {
        let node = self
            .take(name)
            .unwrap_or_else(|| Node { origin: self.origin.clone(), value: Value::Table(BTreeMap::new()) });
        Section::open(self.key(name), node, self.report).close_after(read)
    }

    /// A table that may be left out.
    pub(super) fn optional_table<T>(
        &mut self,
        name: &str,
        read: impl FnOnce(&mut Section<'a>) -> T,
    ) -> Option<T> {
        let node = self.take(name)?;
        Some(Section::open(self.key(name), node, self.report).close_after(read))
    }

    /// An array of tables, with at least one.
    pub(super) fn tables<T>(&mut self, name: &str, read: impl Fn(&mut Section<'a>) -> Option<T>) -> Vec<T> {
        self.expect(name);
        let Some(node) = self.take(name) else {
            return Vec::new();
        };
        let items = node.into_array().unwrap_or_default();
        if items.is_empty() {
            self.fault(name, Reason::Type("an array of at least one table"));
        }
        let read_at = |(index, item): (usize, Node)| {
            let path = format!("{}[{index}]", self.key(name));
            Section::open(path, item, self.report).close_after(&read)
        };
        items.into_iter().enumerate().filter_map(read_at).collect()
    }

    /// The names of what has not been read yet, in a table whose keys are the operator's own.
    pub(super) fn names(&self) -> Vec<String> {
        self.entries.keys().cloned().collect()
    }

    /// Reports a key as missing unless it is set.
    pub(super) fn expect(&mut self, name: &str) {
        if !self.entries.contains_key(name) && !self.has_set(name) {
            self.fault_at(self.key(name), self.origin.clone(), Reason::Missing);
        }
    }

    /// Whether a key that was read had been set, rightly or wrongly.
    pub(super) fn has_set(&self, name: &str) -> bool {
        self.known.get(name).is_some_and(Option::is_some)
    }

    /// Reports a key that was read.
    pub(super) fn fault(&self, name: &str, reason: Reason) {
        let origin = self.known.get(name).cloned().flatten();
        self.fault_at(self.key(name), origin, reason);
    }

    fn fault_at(&self, key: String, origin: Option<Origin>, reason: Reason) {
        self.report.faults.borrow_mut().push(Fault { key, origin, reason });
    }

    fn take(&mut self, name: &str) -> Option<Node> {
        #[cfg(test)]
        self.report.asked.borrow_mut().insert(self.key(name));
        let node = self.entries.remove(name);
        let origin = node.as_ref().and_then(|node| node.origin.clone());
        self.known.insert(name.to_owned(), origin);
        node
    }

    fn key(&self, name: &str) -> String {
        let bare = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
        let name = if name.bytes().all(bare) { name.to_owned() } else { format!("{name:?}") };
        if self.path.is_empty() { name } else { format!("{}.{name}", self.path) }
    }
}

/// Where an unknown key was set. What only variables made has no place of its own; there each
/// variable is named.
fn places(key: String, node: Node) -> Vec<(String, Option<Origin>)> {
    match (node.origin, node.value) {
        (None, Value::Table(entries)) => {
            entries.into_iter().flat_map(|(name, inner)| places(format!("{key}.{name}"), inner)).collect()
        }
        (None, Value::Array(items)) => items
            .into_iter()
            .enumerate()
            .flat_map(|(index, inner)| places(format!("{key}[{index}]"), inner))
            .collect(),
        (origin, _) => vec![(key, origin)],
    }
}

/// The key that was probably meant: at most a third of its characters differ.
fn nearest<'k>(name: &str, known: impl Iterator<Item = &'k String>) -> Option<String> {
    known
        .map(|key| (strsim::damerau_levenshtein(name, key), key))
        .filter(|(distance, key)| *distance * 3 <= key.chars().count())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, key)| key.clone())
}
