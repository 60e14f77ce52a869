//! Values with rules: newtypes that can only be made by parsing.

pub mod authority;
pub mod cpr;
pub mod language;
pub mod text;
pub mod time;

pub use authority::{Authority, AuthorityError, AuthorityKind};
pub use cpr::Cpr;
pub use language::Language;
