//! HTTP: routes, who may use them, what comes in, what goes out. XML stays below the gateway.

mod answer;
pub mod app;
mod body;
mod connection;
pub mod context;
mod cors;
mod edge;
mod ending;
pub mod forwarded;
mod headers;
mod health;
mod listener;
pub mod metrics;
pub mod pages;
mod respond;
pub mod server;
pub mod tls;

pub use respond::problem_response;
