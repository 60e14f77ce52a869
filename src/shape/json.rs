//! JSON as it was written: nothing merged, nothing rounded, duplicate members refused (RFC 8259 section 4).

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// A JSON value that borrows its strings from the text where it can.
pub enum Json<'a> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A number without fraction or exponent that fits 64 bits.
    Integer(i64),
    /// Any other number.
    OtherNumber,
    /// A string.
    Text(Cow<'a, str>),
    /// An array.
    List(Vec<Json<'a>>),
    /// An object; every name stands there once.
    Object(Vec<(Cow<'a, str>, Json<'a>)>),
}

impl fmt::Debug for Json<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Json(…)")
    }
}

/// Where and why a text is not JSON; nothing of the text itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not JSON at line {line}, column {column}")]
pub struct NotJson {
    /// The line, from 1.
    pub line: usize,
    /// The column in bytes, from 1.
    pub column: usize,
    /// Whether a member stands twice in one object.
    pub duplicate: bool,
}

const DUPLICATE: &str = "duplicate member";

/// Reads a whole text as one JSON value. Nesting is bounded by the parser (128 levels).
pub fn parse(text: &[u8]) -> Result<Json<'_>, NotJson> {
    serde_json::from_slice(text).map_err(|error| NotJson {
        line: error.line(),
        column: error.column(),
        duplicate: error.is_data() && error.to_string().starts_with(DUPLICATE),
    })
}

impl<'de> Deserialize<'de> for Json<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(JsonVisitor)
    }
}

struct JsonVisitor;

impl<'de> Visitor<'de> for JsonVisitor {
    type Value = Json<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<Self::Value, E> {
        Ok(Json::Boolean(flag))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Json::Integer(number))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
        Ok(i64::try_from(number).map_or(Json::OtherNumber, Json::Integer))
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Self::Value, E> {
        Ok(Json::OtherNumber)
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Json::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Json::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = sequence.next_element()? {
            items.push(item);
        }
        Ok(Json::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members: Vec<(Cow<'de, str>, Json<'de>)> = Vec::new();
        let mut names = std::collections::HashSet::new();
        while let Some(Name(name)) = map.next_key()? {
            // Few members: a look back is cheaper than hashing. Many: a set, or an attacker buys quadratic time.
            let twice = match members.len() {
                0..32 => members.iter().any(|(known, _)| *known == name),
                32 => {
                    names.extend(members.iter().map(|(known, _)| known.clone()));
                    names.contains(&name)
                }
                _ => names.contains(&name),
            };
            if twice {
                return Err(A::Error::custom(DUPLICATE));
            }
            if members.len() >= 32 {
                names.insert(name.clone());
            }
            members.push((name, map.next_value()?));
        }
        Ok(Json::Object(members))
    }
}

/// A member's name, borrowed where it holds no escape.
struct Name<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NameVisitor;
        impl<'de> Visitor<'de> for NameVisitor {
            type Value = Name<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a member name")
            }

            fn visit_borrowed_str<E: Error>(self, name: &'de str) -> Result<Self::Value, E> {
                Ok(Name(Cow::Borrowed(name)))
            }

            fn visit_str<E: Error>(self, name: &str) -> Result<Self::Value, E> {
                Ok(Name(Cow::Owned(name.to_owned())))
            }
        }
        deserializer.deserialize_str(NameVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_that_stands_twice_is_refused() {
        for text in [r#"{"a":1,"a":1}"#, r#"{"x":{"a":1,"b":2,"\u0061":3}}"#, r#"[{"":0,"":0}]"#] {
            assert!(parse(text.as_bytes()).unwrap_err().duplicate, "{text}");
        }
        let many: Vec<String> = (0..100).chain([50]).map(|number| format!("\"m{number}\":0")).collect();
        assert!(parse(format!("{{{}}}", many.join(",")).as_bytes()).unwrap_err().duplicate);
        assert!(parse(format!("{{{}}}", many[..100].join(",")).as_bytes()).is_ok());
    }

    #[test]
    fn integers_have_no_fraction_or_exponent() {
        for text in ["1.0", "1e2", "1E0", "99999999999999999999", "0.5", "-0.0"] {
            assert!(matches!(parse(text.as_bytes()), Ok(Json::OtherNumber)), "{text}");
        }
        assert!(matches!(parse(b"-12"), Ok(Json::Integer(-12))));
    }

    #[test]
    fn what_is_not_json_says_where_and_nothing_else() {
        for text in ["", "{", "{\"secret\":", "[1,]", "nul", "{} x", "\u{feff}{}", "\"\\ud800\"", "01", "'a'"]
        {
            let error = parse(text.as_bytes()).unwrap_err();
            assert!(!error.duplicate && !error.to_string().contains("secret"), "{text}");
        }
        assert!(parse(&[b'"', 0xFF, b'"']).is_err());
        assert!(parse("[".repeat(100_000).as_bytes()).is_err());
    }
}
