//! Writes the values of a shape as JSON; what is absent is left out.

use super::value::Value;
use super::{Item, Kind, Member};

/// Appends one JSON object whose values stand in the order of the members.
pub fn object(members: &[Member], values: &[Value<'_>], out: &mut Vec<u8>) {
    out.push(b'{');
    let mut first = true;
    for (member, value) in members.iter().zip(values) {
        if value.is_absent() {
            continue;
        }
        if !first {
            out.push(b',');
        }
        first = false;
        string(member.name, out);
        out.push(b':');
        write(&member.kind, value, out);
    }
    out.push(b'}');
}

/// Appends a JSON string.
pub fn string(text: &str, out: &mut Vec<u8>) {
    serde_json::to_writer(out, text).expect("writing a string into memory does not fail");
}

fn write(kind: &Kind, value: &Value<'_>, out: &mut Vec<u8>) {
    match value {
        Value::Absent => out.extend_from_slice(b"null"),
        Value::Boolean(flag) => out.extend_from_slice(if *flag { b"true" } else { b"false" }),
        Value::Integer(number) => out.extend_from_slice(number.to_string().as_bytes()),
        Value::Text(text) => string(text, out),
        Value::Instant(instant) => string(&instant.to_string(), out),
        Value::Day(day) => string(&day.to_string(), out),
        Value::Object(values) => object(members_of(kind), values, out),
        Value::List(items) => {
            out.push(b'[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                write(kind, item, out);
            }
            out.push(b']');
        }
    }
}

fn members_of(kind: &Kind) -> &'static [Member] {
    match kind {
        Kind::Object(object) | Kind::List { of: Item::Object(object), .. } => object.members,
        _ => &[],
    }
}
