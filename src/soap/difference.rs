//! What the WSDL in force says differently from what a route needs, and what follows from it.

use std::fmt;

/// One difference; `Display` is the rest of a sentence that begins with the route:
/// `cannot send bookingIdentifier: no element BookingIdentifier`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Difference {
    /// Which of the two messages it is about.
    pub direction: Direction,
    /// The JSON members that it concerns, or an element's path where none is concerned.
    pub subject: String,
    /// What is different.
    pub what: What,
    /// Whether the route cannot work at all.
    pub fatal: bool,
}

/// Which way a message goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// To the upstream.
    Request,
    /// From the upstream.
    Answer,
}

/// What a schema can say differently.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum What {
    /// There is no element for the value; the path that was looked for.
    NoElement(String),
    /// The element holds other elements where a value is sent.
    NoValue,
    /// The element stands once where a list is sent.
    Single,
    /// The element may not be used itself.
    Abstract,
    /// The element needs an attribute that nobody fills.
    NeedsAttribute(String),
    /// The element repeats less often than a list may have items.
    AtMost(u32),
    /// The upstream requires what the route leaves to the client.
    Required,
    /// The upstream takes fewer values; which.
    Narrower(String),
    /// The upstream requires an element that the route knows nothing of.
    Unfilled,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let subject = &self.subject;
        let cannot = match (self.direction, self.fatal) {
            (Direction::Request, _) => "cannot send",
            (Direction::Answer, true) => "cannot answer",
            (Direction::Answer, false) => "will never answer",
        };
        match &self.what {
            What::NoElement(path) => write!(f, "{cannot} {subject}: no element {path}"),
            What::NoValue => write!(f, "{cannot} {subject}: its element holds elements, not a value"),
            What::Single => write!(f, "{cannot} {subject}: its element does not repeat"),
            What::Abstract => write!(f, "{cannot} {subject}: its element is abstract"),
            What::NeedsAttribute(name) => {
                write!(f, "{cannot} {subject}: its element needs the attribute {name}")
            }
            What::AtMost(most) => {
                write!(f, "may be refused for {subject}: the upstream takes at most {most} of them")
            }
            What::Required => write!(f, "will be refused without {subject}: the upstream requires it"),
            What::Narrower(reason) => write!(f, "may be refused for {subject}: {reason}"),
            What::Unfilled => {
                write!(f, "cannot fill {subject}: the upstream requires it, and the route has nothing for it")
            }
        }
    }
}

impl Difference {
    /// The same seen from an answer, which is read by name: only what is not there at all matters.
    pub fn in_answer(self) -> Option<Self> {
        let matters = matches!(self.what, What::NoElement(_) | What::NoValue);
        matters.then_some(Self { direction: Direction::Answer, ..self })
    }
}
