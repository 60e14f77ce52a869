//! A REST/JSON gateway in front of the SOAP services of Ungedatabasen and DFDG.

pub mod auth;
pub mod config;
pub mod shape;
pub mod soap;
pub mod transport;
pub mod types;
pub mod operation;
pub mod problem;
pub mod gateway;
pub mod http;
pub mod services;
