//! The idempotency store on a real Redis or Valkey: several replicas, deaths, outages.
//!
//! Run with `cargo test --features foreign-tests --test redis`.

mod caller;
mod checking;
mod claims;
mod opening;
mod outages;
mod relay;
mod server;
mod storms;
