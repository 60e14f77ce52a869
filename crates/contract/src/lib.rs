//! A WSDL 1.1 and its XML Schema 1.0 documents as a model: it decides what goes on the wire.
//!
//! Text comes from [`load_dir`] or [`load_str`] (`source`, `locate`, `document`), declarations are collected
//! (`globals`) and read into the model (`read`), then the bindings (`wsdl`, `binding`).

mod binding;
mod builtin;
mod contract;
mod document;
mod error;
mod globals;
mod lexical;
mod locate;
mod model;
mod name;
mod pattern;
mod read;
mod simple;
mod source;
mod temporal;
mod validate;
mod wsdl;

pub use contract::{Contract, Message, Operation, SoapVersion};
pub use error::{Location, SchemaError};
pub use model::{
    Attribute, Child, ComplexType, Content, Element, ElementId, Particle, Schema, Term, Type, TypeId,
    Wildcard,
};
pub use name::QName;
pub use simple::{Facets, Pattern, Primitive, SimpleType, Variety, WhiteSpace};
pub use source::{load_dir, load_str};
pub use validate::Violation;
