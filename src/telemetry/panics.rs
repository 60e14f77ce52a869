//! Panics in the log: where, never what. The message of a panic may hold the value that caused it.

use std::panic::{Location, set_hook};

/// Logs panics from now on, instead of printing them.
pub fn log() {
    set_hook(Box::new(|panic| {
        let location = panic.location().map(Location::to_string);
        tracing::error!(location, "a fault in the gateway: panic");
    }));
}
