//! Tests of the sandbox through its messages, as a client of the real services would see it.

mod client;
mod feed;
mod front;
mod operations;
mod rules;
mod triggers;
