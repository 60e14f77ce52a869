//! Writes the values of a shape as JSON; what is absent is left out.

use super::value::Value;
use super::{Item, Kind, Member};
use crate::types::text::{write_integer, write_json_string};

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
        // Our own names need no escapes.
        out.push(b'"');
        out.extend_from_slice(member.name.as_bytes());
        out.extend_from_slice(b"\":");
        write(&member.kind, value, out);
    }
    out.push(b'}');
}

fn write(kind: &Kind, value: &Value<'_>, out: &mut Vec<u8>) {
    match value {
        Value::Absent => out.extend_from_slice(b"null"),
        Value::Boolean(flag) => out.extend_from_slice(if *flag { b"true" } else { b"false" }),
        Value::Integer(number) => write_integer(*number, out),
        Value::Text(text) => write_json_string(text, out),
        Value::Instant(instant) => quoted(out, |out| instant.write_rfc3339(out)),
        Value::Day(day) => quoted(out, |out| day.write_iso(out)),
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

fn quoted(out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) {
    out.push(b'"');
    write(out);
    out.push(b'"');
}

fn members_of(kind: &Kind) -> &'static [Member] {
    match kind {
        Kind::Object(object) | Kind::List { of: Item::Object(object), .. } => object.members,
        _ => &[],
    }
}
