//! What an attacker tries with a token of his own, or with somebody else's answer in hand.
//!
//! The listener's own attack list (smuggling, paths, line breaks, limits) is tests/edge; forged tokens and rights are in
//! tests/it.

#[expect(dead_code, reason = "tests/it needs more of it")]
#[path = "../it/support/mod.rs"]
mod support;

mod injection;
mod malformed;
mod strangers;
mod trail;
