//! Tests of the sandbox through its messages, as a client of the real services would see it.

mod client;
mod documentation;
mod feed;
mod front;
mod gateway;
mod http;
mod operations;
mod random;
mod reached;
mod rules;
mod samples;
mod stateful;
mod triggers;
