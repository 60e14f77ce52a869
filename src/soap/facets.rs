//! What a schema's simple type refuses of the values that a member may have.

use super::schema::{Primitive, SimpleType, Variety};
use crate::shape::Kind;

/// What the upstream would refuse of values that the gateway takes, if anything.
pub(super) fn narrower(simple: &SimpleType, kind: &Kind) -> Option<String> {
    if let Some(wanted) = other_type(simple, kind) {
        return Some(format!("is of another type upstream ({wanted}): values may be refused there"));
    }
    let facets = &simple.facets;
    match *kind {
        Kind::Text(limits) => {
            let longest = facets.max_length.or(facets.length);
            let shortest = facets.min_length.or(facets.length);
            match (longest, shortest) {
                (Some(max), _) if limits.pattern.is_none() && (limits.max as u64) > max => Some(format!(
                    "may have {max} characters upstream, {} here: longer values will be refused there",
                    limits.max
                )),
                (_, Some(min)) if limits.pattern.is_none() && (limits.min as u64) < min => Some(format!(
                    "must have {min} characters upstream, {} here: shorter values will be refused there",
                    limits.min
                )),
                _ => None,
            }
        }
        // Zero is a wildcard of searches; whether a list has it is the list's affair.
        Kind::Code { max, .. } => range(facets, 1, max),
        Kind::Integer { min, max } => range(facets, min, max),
        Kind::Guid
        | Kind::Boolean
        | Kind::Instant
        | Kind::Day
        | Kind::Object(_)
        | Kind::List { .. }
        | Kind::Described(_) => None,
    }
}

fn range(facets: &super::schema::Facets, min: i64, max: i64) -> Option<String> {
    let number =
        |bound: &Option<std::sync::Arc<str>>| bound.as_deref().and_then(|text| text.parse::<i64>().ok());
    let low = number(&facets.min_inclusive).filter(|low| *low > min);
    let high = number(&facets.max_inclusive).filter(|high| *high < max);
    match (low, high) {
        (None, None) => None,
        _ => Some("has a narrower range upstream: values outside it will be refused there".to_owned()),
    }
}

/// The type that the schema has, where no value of the member would be of it.
fn other_type(simple: &SimpleType, kind: &Kind) -> Option<String> {
    let Variety::Atomic(primitive) = simple.variety else {
        return None;
    };
    let fits = match kind {
        // A number written as digits is a legal text, and a text of digits a legal number.
        Kind::Text(_) | Kind::Guid => !matches!(
            primitive,
            Primitive::Boolean
                | Primitive::DateTime
                | Primitive::Date
                | Primitive::Time
                | Primitive::Duration
        ),
        Kind::Code { .. } | Kind::Integer { .. } => matches!(
            primitive,
            Primitive::Integer
                | Primitive::Decimal
                | Primitive::String
                | Primitive::Any
                | Primitive::Float
                | Primitive::Double
        ),
        Kind::Boolean => matches!(primitive, Primitive::Boolean | Primitive::String | Primitive::Any),
        Kind::Instant => matches!(primitive, Primitive::DateTime | Primitive::String | Primitive::Any),
        Kind::Day => matches!(primitive, Primitive::Date | Primitive::String | Primitive::Any),
        Kind::Object(_) | Kind::List { .. } | Kind::Described(_) => false,
    };
    (!fits).then(|| format!("{primitive:?}"))
}
