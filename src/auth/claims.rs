//! A compact JWS (RFC 7515) with a JSON claim set (RFC 7519), taken apart but not yet believed.

use std::collections::BTreeSet;
use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::{Error as _, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::token::TokenError;
use crate::config::Algorithm;

/// Larger than any header line that the listener takes by default.
const MAX_OCTETS: usize = 16 * 1024;

/// A token in its parts. Nothing in it may be believed before the signature is checked.
pub(super) struct Unverified<'a> {
    pub(super) header: Header,
    pub(super) claims: Claims,
    /// What the signature covers.
    pub(super) message: &'a str,
    /// base64url, as sent.
    pub(super) signature: &'a str,
}

impl<'a> Unverified<'a> {
    pub(super) fn read(token: &'a str) -> Result<Self, TokenError> {
        if token.len() > MAX_OCTETS {
            return Err(TokenError::Malformed);
        }
        let (message, signature) = token.rsplit_once('.').ok_or(TokenError::Malformed)?;
        let (header, payload) = message.split_once('.').ok_or(TokenError::Malformed)?;
        Ok(Self { header: part(header)?, claims: part(payload)?, message, signature })
    }
}

fn part<T: serde::de::DeserializeOwned>(encoded: &str) -> Result<T, TokenError> {
    // A second dot would be in here, and is no base64url: five-part tokens (JWE) end here too.
    let json = URL_SAFE_NO_PAD.decode(encoded).map_err(|_| TokenError::Malformed)?;
    serde_json::from_slice(&json).map_err(|_| TokenError::Malformed)
}

/// The members of the JOSE header that are looked at. Keys that a token brings along (`jwk`,
/// `jku`, `x5c`, `x5u`) are not among them. Members repeated are refused.
#[derive(Deserialize)]
pub(super) struct Header {
    alg: String,
    pub(super) kid: Option<String>,
    typ: Option<String>,
    crit: Option<IgnoredAny>,
}

impl Header {
    /// The algorithm, if it is one that could be allowed at all.
    pub(super) fn algorithm(&self) -> Result<Algorithm, TokenError> {
        Algorithm::ALL
            .into_iter()
            .find(|algorithm| algorithm.as_str() == self.alg)
            .ok_or(TokenError::AlgorithmNotAllowed)
    }

    /// Refuses tokens made for something else (RFC 8725, section 3.11), such as logout tokens,
    /// and extensions that must be understood (RFC 7515, section 4.1.11): none is.
    pub(super) fn check_purpose(&self) -> Result<(), TokenError> {
        if self.crit.is_some() {
            return Err(TokenError::Malformed);
        }
        let Some(media_type) = self.typ.as_deref() else {
            return Ok(());
        };
        let name = media_type.to_ascii_lowercase();
        match name.strip_prefix("application/").unwrap_or(&name) {
            "jwt" | "at+jwt" => Ok(()),
            _ => Err(TokenError::WrongType),
        }
    }
}

/// The claim set. Claims repeated are refused: two readers could see two different tokens.
pub(super) struct Claims(Map<String, Value>);

impl<'de> Deserialize<'de> for Claims {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ClaimsVisitor).map(Self)
    }
}

struct ClaimsVisitor;

impl<'de> Visitor<'de> for ClaimsVisitor {
    type Value = Map<String, Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a claim set")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        let mut claims = Map::new();
        while let Some((name, value)) = members.next_entry::<String, Value>()? {
            if claims.insert(name, value).is_some() {
                return Err(A::Error::custom("repeated claim"));
            }
        }
        Ok(claims)
    }
}

impl Claims {
    /// The claim as it is; `null` counts as left out.
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// The claim that has this name, or that lies at this path of names with dots between (`realm_access.roles`).
    pub(super) fn at(&self, path: &str) -> Option<&Value> {
        find(&self.0, path)
    }

    /// The same, where it is a text with something in it.
    pub(super) fn text_at(&self, path: &str) -> Option<&str> {
        self.at(path)?.as_str().filter(|text| !text.is_empty())
    }

    /// The entries of the claim at this path; anything but an array is one entry.
    pub(super) fn entries(&self, path: &str) -> &[Value] {
        match self.at(path) {
            None => &[],
            Some(Value::Array(entries)) => entries,
            Some(entry) => std::slice::from_ref(entry),
        }
    }

    /// A claim that is a text with something in it.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        let text = self.get(name)?.as_str()?;
        (!text.is_empty()).then_some(text)
    }

    /// A NumericDate (RFC 7519, section 2) in whole seconds; a fraction is cut off.
    pub(super) fn seconds(&self, name: &str) -> Option<i64> {
        let number = self.get(name)?.as_number()?;
        // `as` saturates, which is right for a date beyond all dates.
        number.as_i64().or_else(|| number.as_f64().map(|seconds| seconds.floor() as i64))
    }

    /// Whether the claim is this text, or an array with one of these texts in it.
    pub(super) fn names_one_of(&self, name: &str, wanted: &[String]) -> bool {
        let is_wanted =
            |value: &Value| value.as_str().is_some_and(|text| wanted.iter().any(|one| one == text));
        match self.get(name) {
            Some(Value::Array(values)) => values.iter().any(is_wanted),
            Some(value) => is_wanted(value),
            None => false,
        }
    }

    /// The words of all these claims: separated by spaces in a text, or one each in an array.
    /// Anything else in them says nothing.
    pub(super) fn words(&self, names: &[String]) -> BTreeSet<String> {
        let mut words = BTreeSet::new();
        for claim in names.iter().filter_map(|name| self.at(name)) {
            match claim {
                Value::String(text) => {
                    words.extend(text.split_ascii_whitespace().map(str::to_owned));
                }
                Value::Array(values) => {
                    words.extend(values.iter().filter_map(Value::as_str).map(str::to_owned));
                }
                _ => {}
            }
        }
        words
    }
}

/// A name that holds dots itself (`https://example.dk/roles`, Keycloak's `resource_access."a.b".roles`) comes before a
/// path: the longest name first, at every level.
fn find<'v>(object: &'v Map<String, Value>, path: &str) -> Option<&'v Value> {
    if let Some(value) = object.get(path) {
        return Some(value).filter(|value| !value.is_null());
    }
    path.rmatch_indices('.')
        .find_map(|(dot, _)| find(object.get(&path[..dot])?.as_object()?, &path[dot + 1..]))
}
