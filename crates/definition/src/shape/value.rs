//! The values of a message, in the places of its shape.

use std::borrow::Cow;

use super::arena::ShapeId;

/// A value. Text is in its normal form: numbers are their digits, nothing is ever a float.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Value<'a> {
    /// Not there.
    Absent,
    /// `xsi:nil`, `null`.
    Nil,
    /// Text, number or boolean; the shape knows which.
    Text(Cow<'a, str>),
    /// An array, or the items of a list type.
    List(Vec<Value<'a>>),
    /// An object.
    Object(Box<ObjectValue<'a>>),
    /// An element as XML, where text is another thing.
    Xml(Cow<'a, str>),
    /// Attributes that nobody declared, by `{namespace}local`, ascending.
    Attributes(Vec<(Cow<'a, str>, Cow<'a, str>)>),
}

/// The values of an object in the order of its members.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct ObjectValue<'a> {
    pub(super) shape: ShapeId,
    /// Whether the element is nil and has nothing but attributes.
    pub(super) nil: bool,
    pub(super) values: Vec<Value<'a>>,
}

impl Value<'_> {
    pub(super) fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }
}

/// The values of one message. What they are is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Values<'a> {
    pub(super) body: Vec<Value<'a>>,
    pub(super) headers: Vec<Value<'a>>,
}

impl std::fmt::Debug for Values<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Values(…)")
    }
}
