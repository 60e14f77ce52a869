//! SOAP: what is written to and read from the wire, without HTTP.

pub mod bind;
pub mod decode;
pub mod difference;
pub mod envelope;
mod facets;
pub mod fault;
mod markup;

pub mod security;
pub mod template;

pub use ungebro_contract as schema;
