//! The last calls received, as SOAP, so that one learns what goes over the wire.

use std::collections::VecDeque;

use jiff::Timestamp;
use serde::Serialize;

use super::outgoing::Outgoing;
use super::rules::Rule;
use super::service::Service;

/// How many calls are kept.
pub(crate) const KEPT: usize = 200;
/// How much of a message is kept, in bytes.
const SHOWN: usize = 16 << 10;

/// A call and its answer.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Call {
    pub(crate) time: String,
    pub(crate) path: &'static str,
    /// Missing where the message could not be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) operation: Option<String>,
    /// The rule by which it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) rule: Option<&'static Rule>,
    pub(crate) status: u16,
    pub(crate) request: String,
    pub(crate) answer: String,
}

/// A ring of calls.
#[derive(Default)]
pub(crate) struct Calls(VecDeque<Call>);

impl Calls {
    /// Keeps a call, and forgets the oldest where there are too many.
    pub(crate) fn record(&mut self, time: Timestamp, service: Service, request: &[u8], outgoing: &Outgoing) {
        if self.0.len() == KEPT {
            self.0.pop_front();
        }
        self.0.push_back(Call {
            time: time.to_string(),
            path: service.path(),
            operation: outgoing.operation.clone(),
            rule: outgoing.rule,
            status: outgoing.status,
            request: shown(request),
            answer: shown(&outgoing.body),
        });
    }

    /// The calls, newest first.
    pub(crate) fn newest_first(&self) -> Vec<Call> {
        self.0.iter().rev().cloned().collect()
    }

    /// Forgets all.
    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }
}

/// The beginning of a message as text.
fn shown(message: &[u8]) -> String {
    let text = String::from_utf8_lossy(&message[..message.len().min(SHOWN)]).into_owned();
    if message.len() > SHOWN { format!("{text} … ({} bytes)", message.len()) } else { text }
}
