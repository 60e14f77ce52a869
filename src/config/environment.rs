//! The environment over the file: `UNGEBRO__SECTION__KEY=value`.

use std::collections::BTreeMap;
use std::ffi::OsString;

use super::fault::{Fault, Origin, Reason};
use super::node::{Node, Value};

const PREFIX: &str = "UNGEBRO__";

/// Tables whose keys are names of the operator's own, which a variable cannot spell.
const FILE_ONLY: [&str; 3] = ["authorities", "authority_kinds", "routes"];

/// Puts every variable with our prefix in its place; what is wrong with the others.
///
/// Variables that name no key are put in place too, where the reader finds them unknown.
pub(super) fn overlay(
    root: &mut Node,
    variables: impl IntoIterator<Item = (OsString, OsString)>,
) -> Vec<Fault> {
    let mut ours: Vec<_> = variables.into_iter().filter_map(Variable::ours).collect();
    // Short segments first puts index 2 before index 10, and a prefix before what it begins.
    ours.sort_by_cached_key(|variable| {
        let order = |segment: &String| (segment.len(), segment.clone());
        variable.path.iter().map(order).collect::<Vec<_>>()
    });
    ours.into_iter()
        .filter_map(|variable| {
            let (key, name) = (variable.path.join("."), variable.name.clone());
            let reason = variable.place(root).err()?;
            Some(Fault { key, origin: Some(Origin::Variable(name)), reason })
        })
        .collect()
}

struct Variable {
    name: String,
    path: Vec<String>,
    value: OsString,
}

impl Variable {
    fn ours((name, value): (OsString, OsString)) -> Option<Self> {
        let name = name.to_string_lossy().into_owned();
        let prefix = name.get(..PREFIX.len())?;
        if !prefix.eq_ignore_ascii_case(PREFIX) {
            return None;
        }
        let path = name[PREFIX.len()..].to_ascii_lowercase();
        let path = path.split("__").map(str::to_owned).collect();
        Some(Self { name, path, value })
    }

    fn place(self, root: &mut Node) -> Result<(), Reason> {
        if FILE_ONLY.contains(&self.path[0].as_str()) {
            return Err(Reason::rule("is read from the file only"));
        }
        let Ok(text) = self.value.into_string() else {
            return Err(Reason::rule("is not UTF-8"));
        };
        let target = descend(root, &self.path)?;
        if let Some(Origin::Variable(_)) = target.origin {
            return Err(Reason::rule("is set by two variables"));
        }
        *target = Node { origin: Some(Origin::Variable(self.name)), value: Value::Variable(text) };
        Ok(())
    }
}

/// The place that a path names, made where it is not there.
fn descend<'a>(node: &'a mut Node, path: &[String]) -> Result<&'a mut Node, Reason> {
    let Some((segment, rest)) = path.split_first() else {
        return Ok(node);
    };
    let next = match &mut node.value {
        Value::Table(entries) => entries.entry(segment.clone()).or_insert_with(|| empty(rest)),
        Value::Array(items) => {
            let count = items.len();
            let index: usize = segment
                .parse()
                .ok()
                .filter(|index| *index <= count)
                .ok_or(Reason::rule("must number its items from 0 without a gap"))?;
            if index == count {
                items.push(empty(rest));
            }
            &mut items[index]
        }
        _ => return Err(Reason::rule("names a part of a key that has no parts")),
    };
    descend(next, rest)
}

/// What a path needs where there is nothing yet: an array before a number, else a table.
fn empty(rest: &[String]) -> Node {
    let numbered = rest.first().is_some_and(|segment| segment.parse::<usize>().is_ok());
    let value = if numbered { Value::Array(Vec::new()) } else { Value::Table(BTreeMap::new()) };
    Node { origin: None, value }
}
