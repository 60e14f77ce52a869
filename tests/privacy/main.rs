//! What leaves the process besides answers: nothing of a person, no secret, and only what the documentation lists.

mod answers;
mod collector;
mod documents;
mod faults;
mod metrics;
mod planted;
mod printed;
mod proof;
mod refusals;
mod sinks;
mod traces;

#[path = "../it/support/mod.rs"]
#[expect(dead_code, reason = "shared with the tests of all routes, which need more of it")]
mod support;
