//! In which form the values of a simple type stand in JSON.

use ungebro_contract::{Primitive, Schema, SimpleType, TypeId, Variety};

use super::arena::{Form, Simple};

/// How values of a simple type stand in JSON.
pub(super) fn simple(schema: &Schema, id: TypeId, as_text: bool) -> Simple {
    within(schema, id, as_text, 8)
}

fn within(schema: &Schema, id: TypeId, as_text: bool, depth: u8) -> Simple {
    let form = match schema.text_type(id) {
        _ if depth == 0 => Form::Text,
        None => Form::Text,
        Some(SimpleType { variety: Variety::List(item), .. }) => {
            Form::List(Box::new(within(schema, *item, as_text, depth - 1)))
        }
        Some(SimpleType { variety: Variety::Union(members), .. }) => {
            Form::Union(members.iter().map(|id| within(schema, *id, true, depth - 1)).collect())
        }
        Some(SimpleType { variety: Variety::Atomic(primitive), .. }) => form(*primitive),
    };
    Simple { type_id: id, form, as_text }
}

fn form(primitive: Primitive) -> Form {
    match primitive {
        Primitive::Boolean => Form::Boolean,
        Primitive::Decimal => Form::Decimal,
        Primitive::Integer => Form::Integer,
        Primitive::Float | Primitive::Double => Form::Float,
        Primitive::DateTime => Form::DateTime,
        Primitive::Date => Form::Date,
        Primitive::HexBinary => Form::Hex,
        Primitive::Base64Binary => Form::Base64,
        Primitive::QName | Primitive::Notation => Form::QName,
        Primitive::Any
        | Primitive::String
        | Primitive::Duration
        | Primitive::Time
        | Primitive::GYearMonth
        | Primitive::GYear
        | Primitive::GMonthDay
        | Primitive::GDay
        | Primitive::GMonth
        | Primitive::AnyUri => Form::Text,
    }
}
