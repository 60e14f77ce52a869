//! A message as the WSDL in force wants it: fixed markup between the places where values go.
//!
//! Everything is decided at start; writing a message is one walk over the template into one buffer. What is written is
//! its own exclusive canonical form (each prefix declared where it is first used, no empty-element tags), so that the
//! bytes can be signed as they are.

use super::markup::Tags;
use crate::shape::value::Value;
use crate::types::text::{write_escaped, write_integer};
use crate::types::time::WireFormat;

/// The markup of one message and where its values go.
#[derive(Debug)]
pub struct Template {
    nodes: Vec<Node>,
    format: WireFormat,
}

/// Where a value is taken from, seen from the object that is being written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Get {
    /// The member at this place.
    Member(usize),
    /// The value itself: the item of a list.
    Itself,
}

#[derive(Debug)]
pub(super) enum Node {
    /// An element that holds others and stands for no JSON value; written when it is required or something in it is.
    Container { tags: Tags, required: bool, children: Vec<Node> },
    /// An element that stands for a JSON object; `nil` stands there instead where there is none.
    Object { tags: Tags, get: Get, nil: Option<Box<[u8]>>, children: Vec<Node> },
    /// An element that holds one value, or `nil`.
    Scalar { tags: Tags, get: Get, nil: Option<Box<[u8]>> },
    /// Elements that are repeated for each item of a list.
    Repeat { get: usize, item: Box<Node> },
}

impl Template {
    pub(super) fn new(nodes: Vec<Node>, format: WireFormat) -> Self {
        Self { nodes, format }
    }

    /// Appends the message with the values of its root object.
    pub fn write(&self, root: &Value<'_>, out: &mut Vec<u8>) {
        let mut writer = Writer { out, format: self.format };
        self.nodes.iter().for_each(|node| writer.node(node, root));
    }
}

impl Get {
    fn from<'v, 'a>(self, value: &'v Value<'a>) -> &'v Value<'a> {
        match self {
            Self::Itself => value,
            Self::Member(index) => value.members().get(index).unwrap_or(&Value::Absent),
        }
    }
}

struct Writer<'o> {
    out: &'o mut Vec<u8>,
    format: WireFormat,
}

impl Writer<'_> {
    fn node(&mut self, node: &Node, value: &Value<'_>) {
        match node {
            Node::Container { tags, required, children } => {
                if *required || children.iter().any(|child| is_present(child, value)) {
                    self.element(tags, children, value);
                }
            }
            Node::Object { tags, get, nil, children } => match get.from(value) {
                Value::Absent => self.out.extend_from_slice(nil.as_deref().unwrap_or_default()),
                object => self.element(tags, children, object),
            },
            Node::Scalar { tags, get, nil } => match get.from(value) {
                Value::Absent => self.out.extend_from_slice(nil.as_deref().unwrap_or_default()),
                value => self.scalar(tags, value),
            },
            Node::Repeat { get, item } => {
                Get::Member(*get).from(value).items().iter().for_each(|value| self.node(item, value));
            }
        }
    }

    fn element(&mut self, tags: &Tags, children: &[Node], value: &Value<'_>) {
        self.out.extend_from_slice(&tags.open);
        children.iter().for_each(|child| self.node(child, value));
        self.out.extend_from_slice(&tags.close);
    }

    fn scalar(&mut self, tags: &Tags, value: &Value<'_>) {
        self.out.extend_from_slice(&tags.open);
        match value {
            Value::Text(text) => write_escaped(text, self.out),
            Value::Boolean(flag) => self.out.extend_from_slice(if *flag { b"true" } else { b"false" }),
            Value::Integer(number) => write_integer(*number, self.out),
            Value::Day(day) => day.write_iso(self.out),
            Value::Instant(instant) => instant.write_wire(self.format, self.out),
            Value::Absent | Value::Object(_) | Value::List(_) => {}
        }
        self.out.extend_from_slice(&tags.close);
    }
}

/// Whether there is a value in it: an element that is only required inside another does not bring the other about.
fn is_present(node: &Node, value: &Value<'_>) -> bool {
    match node {
        Node::Container { children, .. } => children.iter().any(|child| is_present(child, value)),
        Node::Object { get, .. } | Node::Scalar { get, .. } => !get.from(value).is_absent(),
        Node::Repeat { get, .. } => !Get::Member(*get).from(value).is_absent(),
    }
}
