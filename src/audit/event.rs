//! One line of the trail, before it is chained.

use std::fmt;

use jiff::Timestamp;
use serde::{Serialize, Serializer};

use super::cpr_hash::CprHash;

/// What a line stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// A write is about to be sent; flushed before its first byte leaves.
    Begin,
    /// What became of the write with the same `requestId`.
    End,
    /// A look-up of one person; flushed before its answer leaves.
    Read,
    /// A call that was refused with 403 or a later check.
    Refused,
}

/// How it ended, for a reader of the trail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// A read was answered with what the upstream or the cache knows, which may be nothing.
    Answered,
    /// A read disclosed nothing: the upstream could not be asked or gave no usable answer.
    Failed,
    /// A write took effect.
    Executed,
    /// A write took no effect.
    NotExecuted,
    /// Whether a write took effect is not known.
    Unknown,
    /// The gateway refused the call.
    Refused,
}

/// One line, members in the order of the contract; those which do not apply are left out. `prev` and `hash` come
/// from the chain.
///
/// Nothing here is checked: the caller passes no CPR number, name or free text but a validated `purpose`.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Record<'a> {
    /// When it happened; written in UTC with microseconds.
    #[serde(serialize_with = "rfc3339")]
    pub time: Timestamp,
    /// What the line stands for.
    pub phase: Phase,
    /// `X-Request-Id` of the call.
    pub request_id: &'a str,
    /// `iss` of the token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer: Option<&'a str>,
    /// `sub` of the token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<&'a str>,
    /// `client_id` or `azp` of the token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client: Option<&'a str>,
    /// For whom the call was made, `kind:code`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authority: Option<&'a str>,
    /// The operation id of the route.
    pub operation: &'a str,
    /// Whom it concerns: the members `cprHash` and `cprKeyId`.
    #[serde(flatten)]
    pub person: Option<&'a CprHash>,
    /// Whether the upstream was told the CPR number. `false`: only the client says whom it concerns.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cpr_sent: Option<bool>,
    /// The message identifier, where the operation carries no CPR number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource: Option<&'a str>,
    /// `X-Purpose`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purpose: Option<&'a str>,
    /// How it ended; a `begin` has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// HTTP status of the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Name of the problem type, for example `authority-missing`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<&'a str>,
    /// Where a look-up was answered from: `hit`, `miss`, `collapsed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cache: Option<&'a str>,
    /// What the upstream calls of this request are called there.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    pub upstream_ids: &'a [String],
}

impl<'a> Record<'a> {
    /// A line with what every line has; the rest by struct update.
    pub fn new(time: Timestamp, phase: Phase, request_id: &'a str, operation: &'a str) -> Self {
        Self {
            time,
            phase,
            request_id,
            issuer: None,
            subject: None,
            client: None,
            authority: None,
            operation,
            person: None,
            cpr_sent: None,
            resource: None,
            purpose: None,
            outcome: None,
            status: None,
            problem: None,
            cache: None,
            upstream_ids: &[],
        }
    }

    /// The line up to its `prev`: a JSON object whose closing brace is still missing.
    pub(super) fn draft(&self) -> Vec<u8> {
        // Room for the chain's members too, so that the usual line is allocated once.
        let mut draft = Vec::with_capacity(1024);
        serde_json::to_writer(&mut draft, self).expect("text and numbers are always JSON");
        draft.pop();
        draft
    }
}

/// Says nothing of the caller or the person.
impl fmt::Debug for Record<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Record")
            .field("phase", &self.phase)
            .field("request_id", &self.request_id)
            .field("operation", &self.operation)
            .finish_non_exhaustive()
    }
}

fn rfc3339<S: Serializer>(time: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&format_args!("{time:.6}"))
}
