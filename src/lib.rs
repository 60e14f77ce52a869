//! A REST/JSON gateway in front of Danish SOAP services.
#![forbid(unsafe_code)]

pub mod transport;
