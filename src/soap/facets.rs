//! What a schema's simple type refuses of the values that a member may have.

use std::sync::Arc;

use super::schema::{Facets, Primitive, SimpleType, Variety};
use crate::shape::{Kind, Text};

/// What the upstream would refuse of values that the gateway takes, if anything; follows `may be refused for …: `.
pub(super) fn narrower(simple: &SimpleType, kind: &Kind) -> Option<String> {
    if let Some(wanted) = other_type(simple, kind) {
        return Some(format!("the upstream wants a {wanted}"));
    }
    let facets = &simple.facets;
    if let (false, Kind::Text(_) | Kind::Integer { .. } | Kind::Boolean) =
        (facets.enumeration.is_empty(), kind)
    {
        return Some(format!("the upstream takes only {}", facets.enumeration.join(", ")));
    }
    match *kind {
        Kind::Text(limits) => length(facets, &limits).or_else(|| pattern(facets, &limits)),
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

/// A text with a pattern has its length from there.
fn length(facets: &Facets, limits: &Text) -> Option<String> {
    if limits.pattern.is_some() {
        return None;
    }
    let longest = facets.max_length.or(facets.length).filter(|longest| limits.max as u64 > *longest);
    let shortest = facets.min_length.or(facets.length).filter(|shortest| *shortest > limits.min as u64);
    match (longest, shortest) {
        (Some(most), _) => Some(format!("at most {most} characters upstream, {} here", limits.max)),
        (None, Some(least)) => Some(format!("at least {least} characters upstream, {} here", limits.min)),
        (None, None) => None,
    }
}

/// Another pattern than the gateway's: whether it is narrower nobody can tell.
fn pattern(facets: &Facets, limits: &Text) -> Option<String> {
    let own = limits.pattern?.text;
    let other = facets.patterns.iter().find(|pattern| &*pattern.source != own)?;
    Some(format!("its pattern upstream is {}, {own} here", other.source))
}

fn range(facets: &Facets, min: i64, max: i64) -> Option<String> {
    let number = |bound: &Option<Arc<str>>| bound.as_deref().and_then(|text| text.parse::<i64>().ok());
    let least = number(&facets.min_inclusive).max(number(&facets.min_exclusive).map(|bound| bound + 1));
    let below = number(&facets.max_exclusive).map(|bound| bound - 1);
    let digits = facets.total_digits.and_then(|digits| 10_i64.checked_pow(digits)).map(|bound| bound - 1);
    let most = [number(&facets.max_inclusive), below, digits].into_iter().flatten().min();
    let (least, most) = (least.filter(|least| *least > min), most.filter(|most| *most < max));
    match (least, most) {
        (None, None) => None,
        (Some(least), None) => Some(format!("at least {least} upstream, {min} here")),
        (None, Some(most)) => Some(format!("at most {most} upstream, {max} here")),
        (Some(least), Some(most)) => Some(format!("{least} to {most} upstream, {min} to {max} here")),
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
