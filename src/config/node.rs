//! The configuration as read, before its keys have types: values that know where they come from.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::fault::{Fault, Origin, Reason};

/// A value and where it was set.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) origin: Option<Origin>,
    pub(super) value: Value,
}

/// A value of the file, or the text of an environment variable, which has no type yet.
#[derive(Clone, Debug)]
pub(super) enum Value {
    Table(BTreeMap<String, Node>),
    Array(Vec<Node>),
    String(String),
    Integer(i64),
    Float(f64),
    Boolean(bool),
    /// A date, or a number that is too large: no key has such a value.
    Unusable,
    Variable(String),
}

impl Node {
    /// The whole file, and what of it is not TOML.
    pub(super) fn parse(text: &str) -> (Self, Vec<Fault>) {
        let (document, errors) = DeTable::parse_recoverable(text);
        let line_of = |span: Range<usize>| Some(Origin::Line(line_at(text, span.start)));
        let faults = errors
            .iter()
            .map(|error| Fault {
                key: String::new(),
                origin: error.span().and_then(line_of),
                reason: Reason::Syntax(error.message().to_owned()),
            })
            .collect();
        let root = Self { origin: None, value: table(document.into_inner(), &line_of) };
        (root, faults)
    }

    pub(super) fn as_text(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) | Value::Variable(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn as_integer(&self) -> Option<i64> {
        match &self.value {
            Value::Integer(number) => Some(*number),
            Value::Variable(text) => text.parse().ok(),
            _ => None,
        }
    }

    pub(super) fn as_float(&self) -> Option<f64> {
        match &self.value {
            #[expect(
                clippy::cast_precision_loss,
                reason = "bounds are far below 2^53, and beyond it the number is refused anyway"
            )]
            Value::Integer(number) => Some(*number as f64),
            Value::Float(number) => Some(*number),
            Value::Variable(text) => text.parse().ok(),
            _ => None,
        }
    }

    pub(super) fn as_boolean(&self) -> Option<bool> {
        match &self.value {
            Value::Boolean(value) => Some(*value),
            Value::Variable(text) => text.parse().ok(),
            _ => None,
        }
    }

    pub(super) fn into_table(self) -> Option<BTreeMap<String, Self>> {
        match self.value {
            Value::Table(entries) => Some(entries),
            Value::Variable(text) => Self::parse_inline(&text, self.origin)?.into_table(),
            _ => None,
        }
    }

    /// An array; of a variable also its text split at commas.
    pub(super) fn into_array(self) -> Option<Vec<Self>> {
        match self.value {
            Value::Array(items) => Some(items),
            Value::Variable(text) if text.trim_start().starts_with('[') => {
                Self::parse_inline(&text, self.origin)?.into_array()
            }
            Value::Variable(text) if text.trim().is_empty() => Some(Vec::new()),
            Value::Variable(text) => Some(
                text.split(',')
                    .map(|item| Self {
                        origin: self.origin.clone(),
                        value: Value::Variable(item.trim().to_owned()),
                    })
                    .collect(),
            ),
            _ => None,
        }
    }

    /// TOML text in a variable; everything in it comes from that variable.
    fn parse_inline(text: &str, origin: Option<Origin>) -> Option<Self> {
        let value = DeValue::parse(text.trim()).ok()?;
        Some(node(value, &|_| origin.clone()))
    }
}

type Locate<'a> = dyn Fn(Range<usize>) -> Option<Origin> + 'a;

fn node(spanned: Spanned<DeValue<'_>>, locate: &Locate<'_>) -> Node {
    let origin = locate(spanned.span());
    let value = match spanned.into_inner() {
        DeValue::Table(entries) => table(entries, locate),
        DeValue::Array(items) => Value::Array(items.into_iter().map(|item| node(item, locate)).collect()),
        DeValue::String(text) => Value::String(text.into_owned()),
        DeValue::Boolean(value) => Value::Boolean(value),
        DeValue::Integer(number) => {
            i64::from_str_radix(number.as_str(), number.radix()).map_or(Value::Unusable, Value::Integer)
        }
        DeValue::Float(number) => number.as_str().parse().map_or(Value::Unusable, Value::Float),
        DeValue::Datetime(_) => Value::Unusable,
    };
    Node { origin, value }
}

fn table(entries: DeTable<'_>, locate: &Locate<'_>) -> Value {
    let named = |(key, value): (Spanned<_>, _)| {
        let name: std::borrow::Cow<'_, str> = key.into_inner();
        (name.into_owned(), node(value, locate))
    };
    Value::Table(entries.into_iter().map(named).collect())
}

fn line_at(text: &str, offset: usize) -> usize {
    let before = &text.as_bytes()[..offset.min(text.len())];
    1 + before.iter().filter(|byte| **byte == b'\n').count()
}
