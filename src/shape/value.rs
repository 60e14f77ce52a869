//! The values of one message, in the order of its shape's members.

use std::borrow::Cow;
use std::fmt;

use crate::types::time::{Day, Instant};

/// A checked value. `Debug` prints its kind only: nearly every value here is personal.
#[derive(Clone, PartialEq)]
pub enum Value<'a> {
    /// Left out.
    Absent,
    /// `true` or `false`.
    Boolean(bool),
    /// An integer or a code.
    Integer(i64),
    /// A string or an identifier.
    Text(Cow<'a, str>),
    /// A date and time.
    Instant(Instant),
    /// A calendar day.
    Day(Day),
    /// An object: one value for each member of its shape, in that order.
    Object(Vec<Value<'a>>),
    /// The items of an array.
    List(Vec<Value<'a>>),
}

impl<'a> Value<'a> {
    /// Whether the member was left out.
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// The text of a string.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The number of an integer or code.
    pub fn as_integer(&self) -> Option<i64> {
        match self {
            Self::Integer(number) => Some(*number),
            _ => None,
        }
    }

    /// The members of an object, in the order of its shape.
    pub fn members(&self) -> &[Value<'a>] {
        match self {
            Self::Object(members) => members,
            _ => &[],
        }
    }

    /// The items of a list.
    pub fn items(&self) -> &[Value<'a>] {
        match self {
            Self::List(items) => items,
            _ => &[],
        }
    }

    /// Takes the text out.
    pub fn into_text(self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text.into_owned()),
            _ => None,
        }
    }

    /// The same value without borrowing from the text it was read from.
    pub fn into_owned(self) -> Value<'static> {
        match self {
            Self::Absent => Value::Absent,
            Self::Boolean(flag) => Value::Boolean(flag),
            Self::Integer(number) => Value::Integer(number),
            Self::Text(text) => Value::Text(Cow::Owned(text.into_owned())),
            Self::Instant(instant) => Value::Instant(instant),
            Self::Day(day) => Value::Day(day),
            Self::Object(members) => Value::Object(members.into_iter().map(Value::into_owned).collect()),
            Self::List(items) => Value::List(items.into_iter().map(Value::into_owned).collect()),
        }
    }
}

impl fmt::Debug for Value<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Absent => "Absent",
            Self::Boolean(_) => "Boolean(…)",
            Self::Integer(_) => "Integer(…)",
            Self::Text(_) => "Text(…)",
            Self::Instant(_) => "Instant(…)",
            Self::Day(_) => "Day(…)",
            Self::Object(_) => "Object(…)",
            Self::List(_) => "List(…)",
        })
    }
}
