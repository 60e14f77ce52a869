//! What tests are made of.

pub(crate) mod app;
pub(crate) mod client;
pub(crate) mod contract;
mod document;
pub(crate) mod exchange;
pub(crate) mod fault;
pub(crate) mod near;
pub(crate) mod nobody;
pub(crate) mod program;
pub(crate) mod sample;
pub(crate) mod secured;
pub(crate) mod token;
pub(crate) mod upstream;
pub(crate) mod xml;
pub(crate) mod youth;
