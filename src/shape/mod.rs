//! The shape of a message: every JSON member, where it goes on the wire, and what its values may be.
//!
//! One definition serves four readers: [`read`] checks a JSON body against it, [`write`] writes an answer,
//! [`schema`] publishes it, and `soap` binds it to the elements of the WSDL in force.

pub mod json;
pub mod read;
pub mod reason;
pub mod schema;
pub mod value;
pub mod write;

use std::sync::LazyLock;

use regex::Regex;

/// A JSON object whose members stand for elements of one SOAP message.
#[derive(Debug)]
pub struct Object {
    /// The name of its schema in the published documents.
    pub name: &'static str,
    /// What it stands for.
    pub doc: &'static str,
    /// Its members, in the order in which they are published.
    pub members: &'static [Member],
}

/// One member of a JSON object.
#[derive(Debug)]
pub struct Member {
    /// The JSON name, in lower camel case.
    pub name: &'static str,
    /// The elements below the object's element, separated by `/`, spelled as the interface description does.
    pub wire: &'static str,
    /// Whether it must be there.
    pub required: bool,
    /// What its values may be.
    pub kind: Kind,
    /// What it means to a caseworker's program.
    pub doc: &'static str,
    /// A value that the published documents show, as JSON text without quotes around strings.
    pub example: &'static str,
}

/// What the values of a member may be.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// A string.
    Text(Text),
    /// An identifier of 8-4-4-4-12 hexadecimal digits, in either case.
    Guid,
    /// A value of a code list: an integer from 0 to `max`; wrapped in an element of its own where the WSDL says so.
    Code {
        /// The largest number.
        max: i64,
        /// The published list of known values (`/code-lists/{name}`).
        list: &'static str,
    },
    /// An integer.
    Integer {
        /// The smallest.
        min: i64,
        /// The largest.
        max: i64,
    },
    /// `true` or `false`.
    Boolean,
    /// A date and time.
    Instant,
    /// A calendar day.
    Day,
    /// A nested object.
    Object(&'static Object),
    /// An object that another part of the published document describes; in answers only.
    Described(&'static str),
    /// An array; the wire repeats an element for each item.
    List {
        /// What each item is.
        of: Item,
        /// The most items that are taken; there is at least one.
        max: usize,
    },
}

/// What the items of a list are.
#[derive(Debug, Clone, Copy)]
pub enum Item {
    /// Objects.
    Object(&'static Object),
    /// CPR numbers; which of them are taken is the route's to say.
    Cpr,
}

/// The limits of a string. Lengths count characters, patterns match the whole value.
#[derive(Debug, Clone, Copy)]
pub struct Text {
    /// The fewest characters.
    pub min: usize,
    /// The most characters.
    pub max: usize,
    /// The pattern, where there is one.
    pub pattern: Option<&'static Pattern>,
}

/// A pattern and its compiled form.
pub struct Pattern {
    /// The text of the interface description; it matches the whole value.
    pub text: &'static str,
    compiled: LazyLock<Regex>,
}

impl std::fmt::Debug for Pattern {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.text)
    }
}

impl Pattern {
    /// Whether the whole value matches.
    pub fn matches(&self, value: &str) -> bool {
        self.compiled.is_match(value)
    }
}

/// Declares a [`Pattern`]; a macro because a closure of a `static` cannot capture the text.
#[macro_export]
macro_rules! pattern {
    ($text:expr) => {
        $crate::shape::Pattern::new($text, || $crate::shape::whole($text))
    };
}

impl Pattern {
    #[doc(hidden)]
    pub const fn new(text: &'static str, compile: fn() -> Regex) -> Self {
        Self { text, compiled: LazyLock::new(compile) }
    }
}

/// Compiles a pattern so that it matches whole values only.
#[doc(hidden)]
pub fn whole(text: &str) -> Regex {
    Regex::new(&format!("^(?:{text})$")).expect("patterns of shapes are constant and tested")
}

/// The pattern of the upstreams' identifiers (`guid` in `http://microsoft.com/wsdl/types/`).
pub static GUID: Pattern =
    pattern!("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");

/// The largest value of a code list, where the contract does not say less (`CodeListItemIdentifierSimpleType`).
pub const MAX_CODE: i64 = 100_000_000;

/// A member that must be there.
pub const fn required(name: &'static str, wire: &'static str, kind: Kind) -> Member {
    Member { name, wire, required: true, kind, doc: "", example: "" }
}

/// A member that may be left out, or be `null`.
pub const fn optional(name: &'static str, wire: &'static str, kind: Kind) -> Member {
    Member { name, wire, required: false, kind, doc: "", example: "" }
}

impl Member {
    /// Says what the member means.
    pub const fn doc(self, doc: &'static str) -> Self {
        Self { doc, ..self }
    }

    /// Shows a value.
    pub const fn example(self, example: &'static str) -> Self {
        Self { example, ..self }
    }
}

/// Strings of `min` to `max` characters.
pub const fn text(min: usize, max: usize) -> Kind {
    Kind::Text(Text { min, max, pattern: None })
}

/// Strings that match a pattern.
pub const fn matching(pattern: &'static Pattern) -> Kind {
    Kind::Text(Text { min: 0, max: usize::MAX, pattern: Some(pattern) })
}

/// A value of the named code list.
pub const fn code(list: &'static str) -> Kind {
    Kind::Code { max: MAX_CODE, list }
}
