//! Values with rules: newtypes that can only be made by parsing.

pub mod authority;

pub use authority::{Authority, AuthorityError, AuthorityKind};
