//! Values as JSON.

use super::arena::{ElementIx, Form, Kind, Object, Shapes, Simple, Slot};
use super::json::write_string;
use super::value::{ObjectValue, Value};

pub(super) struct JsonWriter<'s, 'o> {
    pub(super) shapes: &'s Shapes,
    pub(super) out: &'o mut Vec<u8>,
}

impl JsonWriter<'_, '_> {
    /// One element.
    pub(super) fn element(&mut self, ix: ElementIx, value: &Value<'_>, as_text: bool) {
        let shapes = self.shapes;
        match (shapes.kind(shapes.element(ix).shape), value) {
            (Kind::Simple(simple), Value::Text(_) | Value::List(_)) => self.simple(simple, value, as_text),
            (Kind::Object(declared), Value::Object(object)) => self.object(object, declared.is_tagged()),
            (_, value) => self.other(value),
        }
    }

    fn other(&mut self, value: &Value<'_>) {
        match value {
            Value::Absent | Value::Nil => self.raw("null"),
            Value::Text(text) => write_string(text, self.out),
            Value::Xml(xml) => {
                self.raw("{\"xml\":");
                write_string(xml, self.out);
                self.raw("}");
            }
            Value::Object(object) => self.object(object, false),
            Value::List(items) => self.list(items, |writer, item| writer.other(item)),
            Value::Attributes(attributes) => {
                self.raw("{");
                for (index, (name, value)) in attributes.iter().enumerate() {
                    self.raw(if index > 0 { "," } else { "" });
                    write_string(name, self.out);
                    self.raw(":");
                    write_string(value, self.out);
                }
                self.raw("}");
            }
        }
    }

    fn raw(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }

    fn list<'v, 'a: 'v>(&mut self, items: &'v [Value<'a>], mut each: impl FnMut(&mut Self, &'v Value<'a>)) {
        self.raw("[");
        for (index, item) in items.iter().enumerate() {
            self.raw(if index > 0 { "," } else { "" });
            each(self, item);
        }
        self.raw("]");
    }

    pub(super) fn simple(&mut self, simple: &Simple, value: &Value<'_>, as_text: bool) {
        match (value, &simple.form) {
            (Value::List(items), Form::List(item)) => {
                self.list(items, |writer, value| writer.simple(item, value, as_text));
            }
            (Value::Text(text), Form::Boolean) => self.raw(text),
            (Value::Text(text), Form::Integer | Form::Decimal | Form::Float)
                if !simple.as_text && !as_text && !matches!(&**text, "INF" | "-INF" | "NaN") =>
            {
                self.raw(text);
            }
            (value, _) => self.other(value),
        }
    }

    pub(super) fn object(&mut self, value: &ObjectValue<'_>, tagged: bool) {
        self.raw("{");
        self.members(value, tagged);
        self.raw("}");
    }

    /// The members of an object without its braces.
    pub(super) fn members(&mut self, value: &ObjectValue<'_>, tagged: bool) {
        let shapes = self.shapes;
        let Some(object) = shapes.object(value.shape) else { return };
        let mut first = true;
        if tagged {
            self.raw("\"@type\":");
            write_string(&object.tag, self.out);
            first = false;
        }
        if value.nil {
            self.raw(if first { "\"@nil\":true" } else { ",\"@nil\":true" });
            first = false;
        }
        for (member, value) in object.members.iter().zip(&value.values) {
            if value.is_absent() || member.hint.hidden {
                continue;
            }
            self.raw(if first { "" } else { "," });
            first = false;
            write_string(&member.name, self.out);
            self.raw(":");
            self.member(object, member, value);
        }
    }

    fn member(&mut self, _: &Object, member: &super::arena::Member, value: &Value<'_>) {
        let as_text = member.hint.numbers_as_text;
        match (&member.slot, value) {
            (Slot::Element(ix), Value::List(items)) if member.list => {
                self.list(items, |writer, item| writer.element(*ix, item, as_text));
            }
            (Slot::Element(ix), value) => self.element(*ix, value, as_text),
            (Slot::Attribute { simple, .. } | Slot::Value(simple), value) => {
                self.simple(simple, value, as_text)
            }
            (_, value) => self.other(value),
        }
    }
}
