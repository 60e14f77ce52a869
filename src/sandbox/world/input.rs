//! Typed values of a request that the schema has already found valid.

use jiff::Timestamp;

use super::caller::Refusal;
use crate::sandbox::element::Element;
use crate::sandbox::rules::requests::SCHEMA;
use crate::types::time::Instant;

/// "Failed to validate message": what the schema allows and no clock or counter can hold, such as the year 20000, and
/// what the schema has ruled out already.
pub(crate) const UNREADABLE: Refusal = Refusal(&SCHEMA);

impl Element {
    /// The element at a path.
    pub(crate) fn part(&self, path: &str) -> Result<&Self, Refusal> {
        self.at(path).ok_or(UNREADABLE)
    }

    /// The text at a path; empty where there is none.
    pub(crate) fn required(&self, path: &str) -> Result<&str, Refusal> {
        self.value(path).ok_or(UNREADABLE)
    }

    /// A code or number.
    pub(crate) fn number(&self, path: &str) -> Result<i64, Refusal> {
        self.optional_number(path)?.ok_or(UNREADABLE)
    }

    /// A code or number that may be left out.
    pub(crate) fn optional_number(&self, path: &str) -> Result<Option<i64>, Refusal> {
        self.value(path).map(|text| text.trim().parse().map_err(|_| UNREADABLE)).transpose()
    }

    /// A boolean.
    pub(crate) fn flag(&self, path: &str) -> Result<bool, Refusal> {
        Ok(matches!(self.required(path)?.trim(), "true" | "1"))
    }

    /// A point in time.
    pub(crate) fn time(&self, path: &str) -> Result<Timestamp, Refusal> {
        self.optional_time(path)?.ok_or(UNREADABLE)
    }

    /// A point in time that may be left out.
    pub(crate) fn optional_time(&self, path: &str) -> Result<Option<Timestamp>, Refusal> {
        self.value(path)
            .map(|text| Instant::from_xsd(text).map(|it| it.timestamp()).map_err(|_| UNREADABLE))
            .transpose()
    }

    /// A GUID in lower case, for they compare without regard to case.
    pub(crate) fn guid(&self, path: &str) -> Result<String, Refusal> {
        self.required(path).map(|text| text.trim().to_ascii_lowercase())
    }

    /// A GUID that may be left out.
    pub(crate) fn optional_guid(&self, path: &str) -> Option<String> {
        self.value(path).map(|text| text.trim().to_ascii_lowercase())
    }
}
