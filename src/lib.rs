//! A REST/JSON gateway in front of the SOAP services of Ungedatabasen and DFDG.

pub mod audit;
pub mod config;
pub mod types;
