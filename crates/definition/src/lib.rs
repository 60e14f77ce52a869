//! A service as its clients see it: what its definition says, and the JSON of its messages.
//!
//! `name` turns names of the wire into names of JSON and of paths, `shape` derives, reads and writes the JSON of a
//! message, `file` reads the definition that an operator writes.

pub mod file;
pub mod name;
pub mod shape;
