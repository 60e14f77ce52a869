//! Logs a panic by its place: its message may quote anything that was at hand.

use std::panic;

/// From now on a panic is one line in the log, without its message.
pub fn tell_place_only() {
    panic::set_hook(Box::new(|panicked| {
        let place = panicked.location().map(ToString::to_string);
        tracing::error!(place, "panicked");
    }));
}
