//! SOAP: what is written to and read from the wire, without HTTP.

pub mod schema;
