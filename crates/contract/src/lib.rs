//! A WSDL 1.1 and its XML Schema 1.0 documents as a model: it decides what goes on the wire.
//!
//! Text comes from [`load_dir`] or [`load_str`] (`source`, `locate`, `document`), declarations are collected
//! (`globals`) and read into the model (`read`), then the bindings (`wsdl`, `binding`).

mod archive;
mod binding;
mod builtin;
mod contract;
mod decode;
mod document;
mod entities;
mod error;
mod folder;
mod globals;
mod lexical;
mod locate;
mod model;
mod name;
mod pattern;
mod read;
mod relatives;
pub mod service;
mod simple;
mod source;
mod temporal;
mod validate;
mod wrapper;
mod wsdl;

pub use contract::{Contract, Message, Operation, SoapVersion};
pub use error::{Location, SchemaError};
pub use model::{
    Attribute, Child, ComplexType, Content, Derivation, Element, ElementId, Particle, Schema, Term, Type,
    TypeId, Wildcard,
};
pub use name::QName;
pub use service::{Body, HeaderPart, Port, Style, Wsdl};
pub use simple::{Facets, Pattern, Primitive, SimpleType, Variety, WhiteSpace};
pub use source::{Options, load_dir, load_str, read, read_texts};
pub use validate::Violation;
