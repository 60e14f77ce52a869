//! The JSON of a message, derived from a contract: owned, both ways.
//!
//! [`Shapes::derive`] looks at every type once; a [`Message`] reads the JSON of clients, writes it as XML, reads XML of
//! answers and writes that as JSON. `decode(encode(j))` is `normal(j)`, and `encode(normal(j))` is `encode(j)`.

#[expect(dead_code, reason = "documentation and defaults are read when schemas are published")]
mod arena;
mod assemble;
#[expect(dead_code, reason = "leaves know their element for samples")]
mod content;
mod decode;
mod derive;
mod encode;
mod flatten;
mod foreign;
mod form;
mod json;
mod judge;
mod message;
mod overrides;
mod part;
mod read;
mod scalar;
mod value;
mod write;
mod xml;

pub use arena::{Hint, Shapes};
pub use json::NotJson;
pub use message::{Message, Refused};
pub use overrides::Overrides;
pub use read::Fault;
pub use value::Values;
pub use xml::{Malformed, Reader};
