//! An answer on its way to whoever called: what it says, and how it is delivered.

use std::time::Duration;

use super::rules::Rule;
use super::spoil::Delivery;

/// An HTTP answer.
pub(crate) struct Outgoing {
    pub(crate) status: u16,
    pub(crate) content_type: String,
    pub(crate) location: Option<&'static str>,
    pub(crate) body: Vec<u8>,
    pub(crate) delay: Duration,
    pub(crate) delivery: Delivery,
    /// Name of the operation, where the message could be read.
    pub(crate) operation: Option<String>,
    /// The rule by which it was refused.
    pub(crate) rule: Option<&'static Rule>,
}

impl Outgoing {
    pub(crate) fn new(status: u16, content_type: impl Into<String>, body: Vec<u8>) -> Self {
        let content_type = content_type.into();
        let (delay, delivery) = (Duration::ZERO, Delivery::Whole);
        Self { status, content_type, location: None, body, delay, delivery, operation: None, rule: None }
    }
}
