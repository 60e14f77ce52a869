//! A WSDL 1.1 and its XML Schema 1.0 documents as a model: it decides what goes on the wire.

mod error;
mod model;
mod name;
mod simple;

pub use error::{Location, SchemaError};
pub use model::{
    Attribute, Child, ComplexType, Content, Contract, Element, ElementId, Message, Operation,
    Particle, Schema, SoapVersion, Term, Type, TypeId, Wildcard,
};
pub use name::QName;
pub use simple::{Facets, Pattern, Primitive, SimpleType, Variety, WhiteSpace};
