//! Text against a simple type and its facets.

use std::cmp::Ordering;

use super::super::lexical;
use super::super::model::{Schema, Type, TypeId};
use super::super::simple::{Facets, Primitive, SimpleType, Variety, WhiteSpace};

/// The reason why `text` is no value of `simple`; it never holds the text.
pub(super) fn check(schema: &Schema, simple: &SimpleType, text: &str) -> Result<(), String> {
    let facets = &simple.facets;
    match &simple.variety {
        Variety::Atomic(primitive) => {
            let text = facets.white_space.apply(text);
            lexical::check(*primitive, &text)?;
            spelling(facets, &text, |allowed| equal(*primitive, allowed, &text))?;
            lengths(facets, lexical::length(*primitive, &text), "characters")?;
            bounds(facets, *primitive, &text)?;
            digits(facets, *primitive, &text)
        }
        Variety::List(item) => {
            let text = WhiteSpace::Collapse.apply(text);
            spelling(facets, &text, |allowed| *allowed == *text)?;
            let mut items = text.split(' ').filter(|item| !item.is_empty());
            lengths(facets, items.clone().count() as u64, "items")?;
            items.try_for_each(|text| member(schema, *item, text))
        }
        Variety::Union(members) => {
            if !members.iter().any(|id| member(schema, *id, text).is_ok()) {
                return Err("is of none of the types allowed".into());
            }
            spelling(facets, text, |allowed| *allowed == *WhiteSpace::Collapse.apply(text))
        }
    }
}

fn member(schema: &Schema, id: TypeId, text: &str) -> Result<(), String> {
    match schema.type_of(id) {
        Type::Simple(simple) => check(schema, simple, text),
        // The reader lets only simple types be items and members.
        Type::Complex(_) => Err("is not of a simple type".into()),
    }
}

fn spelling(facets: &Facets, text: &str, is_value: impl Fn(&str) -> bool) -> Result<(), String> {
    if !facets.patterns.iter().all(|pattern| pattern.regex.is_match(text)) {
        return Err("does not match the pattern".into());
    }
    if !facets.enumeration.is_empty() && !facets.enumeration.iter().any(|allowed| is_value(allowed)) {
        return Err("is not one of the values allowed".into());
    }
    Ok(())
}

/// Equal as values, so that `01` is `1` for a number.
fn equal(primitive: Primitive, left: &str, right: &str) -> bool {
    left == right || lexical::compare(primitive, left, right) == Some(Ordering::Equal)
}

fn lengths(facets: &Facets, length: u64, unit: &str) -> Result<(), String> {
    match facets {
        Facets { length: Some(exact), .. } if length != *exact => {
            Err(format!("does not have {exact} {unit}"))
        }
        Facets { min_length: Some(min), .. } if length < *min => Err(format!("has fewer than {min} {unit}")),
        Facets { max_length: Some(max), .. } if length > *max => Err(format!("has more than {max} {unit}")),
        _ => Ok(()),
    }
}

fn bounds(facets: &Facets, primitive: Primitive, text: &str) -> Result<(), String> {
    let is = |bound: &str, wanted: &[Ordering]| {
        match lexical::compare(primitive, text, bound) {
            Some(found) => wanted.contains(&found),
            // NaN is outside every range; of durations the order is partial and left unjudged.
            None => !matches!(primitive, Primitive::Float | Primitive::Double),
        }
    };
    use Ordering::{Equal, Greater, Less};
    match facets {
        Facets { min_inclusive: Some(min), .. } if !is(min, &[Greater, Equal]) => {
            Err(format!("is less than {min}"))
        }
        Facets { max_inclusive: Some(max), .. } if !is(max, &[Less, Equal]) => {
            Err(format!("is more than {max}"))
        }
        Facets { min_exclusive: Some(min), .. } if !is(min, &[Greater]) => {
            Err(format!("is not more than {min}"))
        }
        Facets { max_exclusive: Some(max), .. } if !is(max, &[Less]) => {
            Err(format!("is not less than {max}"))
        }
        _ => Ok(()),
    }
}

fn digits(facets: &Facets, primitive: Primitive, text: &str) -> Result<(), String> {
    let (Primitive::Decimal | Primitive::Integer) = primitive else {
        return Ok(());
    };
    let Some((total, fraction)) = lexical::digits(text) else {
        return Ok(());
    };
    match facets {
        Facets { total_digits: Some(max), .. } if total > *max => Err(format!("has more than {max} digits")),
        Facets { fraction_digits: Some(max), .. } if fraction > *max => {
            Err(format!("has more than {max} digits after the point"))
        }
        _ => Ok(()),
    }
}
