//! A REST/JSON gateway in front of the SOAP services of Ungedatabasen and DFDG.

pub mod answers;
pub mod audit;
pub mod auth;
pub mod call;
pub mod check;
pub mod cli;
pub mod code_lists;
pub mod config;
pub mod demo;
pub mod gateway;
pub mod http;
pub mod idempotency;
pub mod known;
pub mod openapi;
pub mod operation;
pub mod problem;
pub mod rate;
pub mod route;
pub mod sandbox;
pub mod services;
pub mod shape;
pub mod soap;
pub mod telemetry;
pub mod transport;
pub mod types;
pub mod upstream;
