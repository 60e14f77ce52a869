//! Simple types: a primitive, a list or a union, and the facets that narrow it.

use std::borrow::Cow;
use std::sync::Arc;

use regex::Regex;

use super::model::TypeId;
use super::name::QName;

/// A type whose values are text.
#[derive(Clone, Debug)]
pub struct SimpleType {
    /// Name; `None` for an anonymous type.
    pub name: Option<QName>,
    /// The type it restricts; `None` for a built-in primitive, a list or a union.
    pub base: Option<TypeId>,
    /// How a value is built.
    pub variety: Variety,
    /// What narrows it; those of the base types are included.
    pub facets: Facets,
    /// Text of its `xs:documentation`, untreated.
    pub doc: Option<Arc<str>>,
}

/// The three ways of building a simple value (XML Schema 1.0 part 2, 2.5.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Variety {
    /// One value.
    Atomic(Primitive),
    /// Values of the item type, separated by white space.
    List(TypeId),
    /// A value of one of the member types.
    Union(Vec<TypeId>),
}

/// What a single value is. Built-in types derived from these (`xs:token`, `xs:int`, …) are the
/// primitive with facets, as the specification defines them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Primitive {
    /// `xs:anySimpleType`: any text.
    Any,
    /// `xs:string` and all that is derived from it.
    String,
    /// `xs:boolean`: `true`, `false`, `1`, `0`.
    Boolean,
    /// `xs:decimal`, no exponent.
    Decimal,
    /// `xs:integer` and its family; their ranges are facets.
    Integer,
    /// `xs:float`.
    Float,
    /// `xs:double`.
    Double,
    /// `xs:duration`.
    Duration,
    /// `xs:dateTime`, zone optional.
    DateTime,
    /// `xs:time`, zone optional.
    Time,
    /// `xs:date`, zone optional.
    Date,
    /// `xs:gYearMonth`.
    GYearMonth,
    /// `xs:gYear`.
    GYear,
    /// `xs:gMonthDay`.
    GMonthDay,
    /// `xs:gDay`.
    GDay,
    /// `xs:gMonth`.
    GMonth,
    /// `xs:hexBinary`.
    HexBinary,
    /// `xs:base64Binary`.
    Base64Binary,
    /// `xs:anyURI`.
    AnyUri,
    /// `xs:QName`.
    QName,
    /// `xs:NOTATION`.
    Notation,
}

/// What happens to white space before a value is judged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum WhiteSpace {
    /// Kept.
    #[default]
    Preserve,
    /// Tab, line feed and carriage return each become a space.
    Replace,
    /// Replaced, then trimmed and runs of spaces made one.
    Collapse,
}

impl WhiteSpace {
    /// `text` after this treatment.
    pub fn apply(self, text: &str) -> Cow<'_, str> {
        match self {
            Self::Preserve => text.into(),
            Self::Replace => text.replace(['\t', '\n', '\r'], " ").into(),
            Self::Collapse => {
                let mut words = text.split(['\t', '\n', '\r', ' ']).filter(|word| !word.is_empty());
                let first = words.next().unwrap_or_default();
                match words.next() {
                    None => first.into(),
                    Some(second) => {
                        let rest = words.fold(format!("{first} {second}"), |text, word| text + " " + word);
                        rest.into()
                    }
                }
            }
        }
    }
}

/// Facets in force for a type, those of its bases included.
#[derive(Clone, Debug, Default)]
pub struct Facets {
    /// Least length: characters, octets of binary types, items of a list.
    pub min_length: Option<u64>,
    /// Greatest length, same unit.
    pub max_length: Option<u64>,
    /// Exact length, same unit.
    pub length: Option<u64>,
    /// Each must match; alternatives of one derivation step are one pattern.
    pub patterns: Vec<Pattern>,
    /// Least value.
    pub min_inclusive: Option<Arc<str>>,
    /// Greatest value.
    pub max_inclusive: Option<Arc<str>>,
    /// Value below the least.
    pub min_exclusive: Option<Arc<str>>,
    /// Value above the greatest.
    pub max_exclusive: Option<Arc<str>>,
    /// Most significant digits.
    pub total_digits: Option<u32>,
    /// Most digits after the decimal point.
    pub fraction_digits: Option<u32>,
    /// The only values allowed; empty when any is.
    pub enumeration: Vec<Arc<str>>,
    /// White space treatment.
    pub white_space: WhiteSpace,
}

/// A `pattern` facet, compiled when the schema is read.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// As written in the schema; alternatives of one step joined by `|`.
    pub source: Arc<str>,
    /// The same, anchored, in the syntax of the `regex` crate.
    pub regex: Regex,
}
