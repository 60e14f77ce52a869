//! Last step: what a call is answered with, free of HTTP machinery.

use bytes::Bytes;
use futures_util::stream::BoxStream;

use super::Reply;
use crate::rate::RateState;

/// The platform's id of an exchange.
pub const CORRELATION_ID: &str = "x-correlation-id";

/// What the cache did (RFC 9211).
pub const CACHE_STATUS: &str = "cache-status";

/// Says that an answer was given before.
const REPLAYED: &str = "idempotency-replayed";

/// Where what a request creates is found, as that request names the person.
pub struct Location {
    /// The path, in which `name` stands for what the upstream calls what was created.
    pub path: String,
    /// In braces.
    pub name: String,
}

impl Location {
    fn of(&self, created: &str) -> String {
        self.path.replace(&self.name, created)
    }
}

/// A successful answer.
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Headers; what cannot stand in one is left out.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub content: Content,
    /// What is left of the caller's limits, where the answer took from them.
    pub rate: Option<RateState>,
}

/// The body of an answer.
pub enum Content {
    /// None.
    Nothing,
    /// A JSON document.
    Json(Bytes),
    /// JSON documents, one a line, as they become known.
    Lines(BoxStream<'static, Bytes>),
}

impl Answer {
    /// A document with personal data: it says that nobody may keep it.
    pub fn unkept(status: u16, json: impl Into<Bytes>) -> Self {
        let headers = vec![("cache-control", "no-store".to_owned())];
        Self { status, headers, content: Content::Json(json.into()), rate: None }
    }

    /// The answer to a write, or the same again, to a request that would create something at `location`.
    pub fn of_reply(reply: Reply, location: Option<&Location>, replayed: bool) -> Self {
        let mut answer = Self::unkept(reply.status, reply.body);
        let created = location.zip(reply.created.as_deref());
        answer.add("location", created.map(|(location, created)| location.of(created)));
        answer.add(CORRELATION_ID, reply.correlation_id);
        answer.add(REPLAYED, replayed.then(|| "true".to_owned()));
        answer
    }

    /// Adds a header where it has a value.
    pub fn add(&mut self, name: &'static str, value: Option<String>) {
        self.headers.extend(value.map(|value| (name, value)));
    }
}
