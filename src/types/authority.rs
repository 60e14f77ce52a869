//! An authority on whose behalf a call is made, written `kind:code`.

use std::fmt;
use std::str::FromStr;

/// The kinds of authority that a token may claim and that a route may ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AuthorityKind {
    /// `jobcenter`
    Jobcenter,
    /// `municipality`
    Municipality,
    /// `unemployment-fund`
    UnemploymentFund,
    /// `external-operator`
    ExternalOperator,
    /// `star`, the agency itself
    Star,
}

impl AuthorityKind {
    /// Every kind, in the order of the documentation.
    pub const ALL: [Self; 5] =
        [Self::Jobcenter, Self::Municipality, Self::UnemploymentFund, Self::ExternalOperator, Self::Star];

    /// The name in tokens and configuration.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Jobcenter => "jobcenter",
            Self::Municipality => "municipality",
            Self::UnemploymentFund => "unemployment-fund",
            Self::ExternalOperator => "external-operator",
            Self::Star => "star",
        }
    }
}

impl fmt::Display for AuthorityKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for AuthorityKind {
    type Err = AuthorityError;

    fn from_str(text: &str) -> Result<Self, AuthorityError> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or(AuthorityError::UnknownKind)
    }
}

/// One authority: its kind and its code of one to eight digits.
///
/// The code is kept as written; `municipality:151` and `municipality:0151` are two authorities.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Authority {
    kind: AuthorityKind,
    code: String,
}

impl Authority {
    /// The kind before the colon.
    pub const fn kind(&self) -> AuthorityKind {
        self.kind
    }

    /// The digits after the colon.
    pub fn code(&self) -> &str {
        &self.code
    }
}

impl fmt::Display for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind, self.code)
    }
}

impl FromStr for Authority {
    type Err = AuthorityError;

    fn from_str(text: &str) -> Result<Self, AuthorityError> {
        let (kind, code) = text.split_once(':').ok_or(AuthorityError::Form)?;
        let kind = kind.parse()?;
        let digits_only = code.bytes().all(|byte| byte.is_ascii_digit());
        if !digits_only || !(1..=8).contains(&code.len()) {
            return Err(AuthorityError::Code);
        }
        Ok(Self { kind, code: code.to_owned() })
    }
}

/// Why a text is not an authority. The text itself is never part of the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AuthorityError {
    /// There is no colon.
    #[error("an authority is written kind:code")]
    Form,
    /// The part before the colon is none of [`AuthorityKind::ALL`].
    #[error(
        "the kind of an authority is jobcenter, municipality, unemployment-fund, external-operator or star"
    )]
    UnknownKind,
    /// The part after the colon is not one to eight digits.
    #[error("the code of an authority has one to eight digits")]
    Code,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_authority_is_shown_as_it_was_written() {
        for text in [
            "jobcenter:15101",
            "municipality:0151",
            "unemployment-fund:1",
            "external-operator:12345678",
            "star:0",
        ] {
            assert_eq!(text.parse::<Authority>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn anything_else_is_refused_with_its_reason() {
        for (text, reason) in [
            ("", AuthorityError::Form),
            ("jobcenter", AuthorityError::Form),
            ("Jobcenter:1", AuthorityError::UnknownKind),
            (":1", AuthorityError::UnknownKind),
            (" jobcenter:1", AuthorityError::UnknownKind),
            ("jobcenter:", AuthorityError::Code),
            ("jobcenter:*", AuthorityError::Code),
            ("jobcenter:123456789", AuthorityError::Code),
            ("jobcenter:1 ", AuthorityError::Code),
            ("jobcenter:1:2", AuthorityError::Code),
            ("jobcenter:١", AuthorityError::Code),
        ] {
            assert_eq!(text.parse::<Authority>(), Err(reason), "{text:?}");
        }
    }
}
