//! Problems (RFC 9457): what went wrong, whose doing it is, and whether a write may have been executed.

pub mod catalogue;
pub mod kept;
pub mod names;
pub mod outcome;
pub mod redact;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

pub use catalogue::System;
pub use outcome::Outcome;

use crate::shape::read::Fault;
use crate::shape::reason::Reason;
use crate::types::Language;
use catalogue::{Code, Entry};

/// One problem on its way to the client; boxed, since nearly every result carries the possibility of one.
#[derive(Debug, Clone)]
pub struct Problem(Box<Members>);

impl std::ops::Deref for Problem {
    type Target = Members;

    fn deref(&self) -> &Members {
        &self.0
    }
}

impl std::ops::DerefMut for Problem {
    fn deref_mut(&mut self) -> &mut Members {
        &mut self.0
    }
}

/// What a problem says.
#[derive(Debug, Clone)]
pub struct Members {
    entry: &'static Entry,
    status: u16,
    retryable: bool,
    /// Whose problem it is.
    pub system: System,
    /// What is known of the write; `None` on reads.
    pub outcome: Option<Outcome>,
    /// The upstream's code.
    pub code: Option<String>,
    /// The code of the system behind the platform.
    pub source_code: Option<String>,
    /// `hard` or `soft`.
    pub severity: Option<String>,
    /// The platform's id of the exchange.
    pub correlation_id: Option<String>,
    /// The upstream's text, already without values of the request.
    pub upstream_text: Option<String>,
    /// What is wrong in the request, each at its place.
    pub errors: Vec<At>,
    /// Seconds after which a repeat makes sense.
    pub retry_after: Option<u64>,
    /// More to say than the catalogue does, without any value of the request.
    pub addendum: Option<Addendum>,
    /// Why a token was refused.
    pub reason: Option<&'static str>,
    /// `WWW-Authenticate` of a 401 or 403 (RFC 6750 section 3).
    pub challenge: Option<String>,
    /// `Allow` of a 405.
    pub allow: Option<String>,
    /// Whether the upstream refused the message as it is (a Sender or Client fault).
    pub senders_fault: bool,
    /// Whether it was answered before, under the same idempotency key.
    pub replayed: bool,
    /// `Cache-Status` of a look-up.
    pub cache_status: Option<String>,
}

/// One refused part of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct At {
    /// Which part.
    pub place: Place,
    /// Why.
    pub reason: Reason,
}

/// Where in a request a fault is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// In the body: a JSON pointer (RFC 6901).
    Pointer(String),
    /// A path or query parameter.
    Parameter(&'static str),
    /// A header.
    Header(&'static str),
}

/// A sentence that is added to the catalogue's detail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Addendum {
    /// English.
    pub en: String,
    /// Danish.
    pub da: String,
}

impl Problem {
    /// A problem that the gateway itself makes; the name is one of [`names`].
    pub fn own(name: &'static str) -> Self {
        let entry = catalogue::entry(name);
        let mut problem = Self::of(entry, entry.status.unwrap_or(500), entry.retryable);
        problem.outcome = entry.outcome;
        problem.retry_after = entry.retry_after.then_some(1);
        problem
    }

    /// What a known code of an upstream becomes; `None` for a code that is no problem.
    pub fn of_code(code: &'static Code) -> Option<Self> {
        let mut problem = Self::of(code.problem?, code.status, code.retryable);
        problem.system = code.system;
        problem.outcome = Some(code.outcome);
        problem.code = Some(code.code.clone());
        problem.severity = code.severity.clone();
        Some(problem)
    }

    fn of(entry: &'static Entry, status: u16, retryable: bool) -> Self {
        Self(Box::new(Members {
            entry,
            status,
            retryable,
            system: System::Gateway,
            outcome: None,
            code: None,
            source_code: None,
            severity: None,
            correlation_id: None,
            upstream_text: None,
            errors: Vec::new(),
            retry_after: None,
            addendum: None,
            reason: None,
            challenge: None,
            allow: None,
            senders_fault: false,
            replayed: false,
            cache_status: None,
        }))
    }

    /// The name that ends `type`.
    pub fn name(&self) -> &'static str {
        &self.entry.name
    }

    /// The status of the answer.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// Whether the same request may succeed later with nobody changing anything; on a write only what was not executed.
    pub fn is_retryable(&self) -> bool {
        self.retryable && !matches!(self.outcome, Some(Outcome::Unknown | Outcome::Executed))
    }

    /// Whether the cause may pass by itself, whatever is known of the write.
    pub fn may_pass(&self) -> bool {
        self.retryable
    }

    /// Says that the cause may pass by itself.
    pub fn passing(mut self) -> Self {
        self.retryable = true;
        self
    }

    /// Names a refused part of the request.
    pub fn at(mut self, place: Place, reason: Reason) -> Self {
        self.errors.push(At { place, reason });
        self
    }

    /// Names the faults of a body.
    pub fn with_faults(mut self, faults: Vec<Fault>) -> Self {
        self.errors.extend(
            faults.into_iter().map(|fault| At { place: Place::Pointer(fault.pointer), reason: fault.reason }),
        );
        self
    }

    /// Says whose problem it is.
    pub fn of_system(mut self, system: System) -> Self {
        self.system = system;
        self
    }

    /// Says what is known of the write.
    pub fn with_outcome(mut self, outcome: Outcome) -> Self {
        self.outcome = Some(outcome);
        self
    }

    /// Adds a sentence without values of the request.
    pub fn saying(mut self, en: impl Into<String>, da: impl Into<String>) -> Self {
        self.addendum = Some(Addendum { en: en.into(), da: da.into() });
        self
    }

    /// Names the exchange that told it, where it does not name one itself.
    pub fn in_exchange(mut self, correlation_id: Option<String>) -> Self {
        self.correlation_id = self.correlation_id.take().or(correlation_id);
        self
    }

    /// Asks the client to wait for so many seconds, at least one.
    pub fn after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds.max(1));
        self
    }

    /// With the outcome on writes, where one that says nothing else was not executed; without it on reads.
    pub fn of_call(self, writes: bool) -> Self {
        if writes { self.for_write() } else { self.for_read() }
    }

    /// With what is known of the write: that it was not executed, where nothing else is said.
    fn for_write(mut self) -> Self {
        self.outcome.get_or_insert(Outcome::NotExecuted);
        self
    }

    /// Takes away what only writes carry.
    pub fn for_read(mut self) -> Self {
        self.outcome = None;
        self
    }

    /// The document (RFC 9457 section 3), with the members of behaviour section 5.
    pub fn document(&self, base_path: &str, instance: Option<Uuid>, language: Language) -> Json {
        let mut document = Map::new();
        let mut put = |name: &str, value: Json| _ = document.insert(name.to_owned(), value);
        put("type", json!(format!("{base_path}/problems/{}", self.entry.name)));
        put("name", json!(self.entry.name));
        put("title", json!(self.entry.title.in_language(language)));
        put("status", json!(self.status));
        put("detail", json!(self.detail(language)));
        if let Some(instance) = instance {
            put("instance", json!(format!("urn:uuid:{instance}")));
        }
        put("system", json!(self.system.as_str()));
        if let Some(reason) = self.reason {
            put("reason", json!(reason));
        }
        let texts = [
            ("code", &self.code),
            ("sourceCode", &self.source_code),
            ("severity", &self.severity),
            ("correlationId", &self.correlation_id),
            ("upstreamText", &self.upstream_text),
        ];
        for (name, text) in texts {
            if let Some(text) = text {
                put(name, json!(text));
            }
        }
        put("retryable", json!(self.is_retryable()));
        if let Some(outcome) = self.outcome {
            put("outcome", json!(outcome));
        }
        if !self.errors.is_empty() {
            put("errors", self.errors.iter().map(|at| at.document(language)).collect());
        }
        Json::Object(document)
    }

    fn detail(&self, language: Language) -> String {
        let detail = self.entry.detail.in_language(language);
        match (&self.addendum, language) {
            (None, _) => detail.to_owned(),
            (Some(addendum), Language::English) => format!("{detail} {}", addendum.en),
            (Some(addendum), Language::Danish) => format!("{detail} {}", addendum.da),
        }
    }
}

impl At {
    fn document(&self, language: Language) -> Json {
        let (name, place) = match &self.place {
            Place::Pointer(pointer) => ("pointer", pointer.as_str()),
            Place::Parameter(parameter) => ("parameter", *parameter),
            Place::Header(header) => ("header", *header),
        };
        json!({ name: place, "detail": self.reason.text(language) })
    }
}
