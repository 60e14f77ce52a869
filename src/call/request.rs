//! A request as the road sees it: texts, whatever brought them.

use std::cell::RefCell;

use uuid::Uuid;

use crate::rate::RateState;
use crate::types::Language;

/// The request's id and language.
#[derive(Debug, Clone, Copy)]
pub struct RequestContext {
    /// `X-Request-Id` of the answer: the client's where it is a UUID.
    pub id: Uuid,
    /// The language of problem texts.
    pub language: Language,
}

/// The headers of a request.
pub trait Headers {
    /// The first value of a header, and whether there is another.
    fn first(&self, name: &str) -> Option<(&[u8], bool)>;
}

/// A request for a route; its body is read later, by those who may.
pub struct Request<'r> {
    /// Its id and language.
    pub context: RequestContext,
    /// Its headers.
    pub headers: &'r dyn Headers,
    /// The values of the path, by name.
    pub path: Vec<(&'static str, &'r str)>,
    /// The query, as it stands in the address.
    pub query: &'r str,
    /// What is left of the caller's limits, for the answer to tell; whatever the answer is.
    pub rate: RefCell<Option<RateState>>,
}

impl<'r> Request<'r> {
    /// A value of the path; empty where the route has no such parameter.
    pub(super) fn in_path(&self, name: &str) -> Option<&'r str> {
        self.path.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
    }

    /// The first value of a header that is text.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        let (value, _) = self.headers.first(name)?;
        visible(value)
    }

    /// A header that may be sent once; an error when it is sent twice or is not text.
    pub(super) fn single(&self, name: &str) -> Result<Option<&str>, ()> {
        match self.headers.first(name) {
            None => Ok(None),
            Some((value, false)) => visible(value).map(Some).ok_or(()),
            Some((_, true)) => Err(()),
        }
    }
}

/// Header values that are text are visible ASCII, blanks and tabs (RFC 9110 section 5.5).
fn visible(value: &[u8]) -> Option<&str> {
    let plain = |byte: &u8| matches!(byte, b'\t' | 0x20..=0x7e);
    value.iter().all(plain).then(|| std::str::from_utf8(value).ok()).flatten()
}
