//! Checks a JSON value against a shape and names every fault at once, each with its pointer (RFC 6901).

use std::borrow::Cow;

use super::json::Json;
use super::reason::Reason;
use super::value::Value;
use super::{GUID, Item, Kind, Member, Text};
use crate::types::Cpr;
use crate::types::text::is_xml_text;
use crate::types::time::{Day, Instant, TimeFault};

/// One refused value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where it stands, as a JSON pointer.
    pub pointer: String,
    /// Why it was refused.
    pub reason: Reason,
}

/// Checks a whole body whose members come from several objects (`segments`) that share one JSON object.
///
/// The values come back in the order of the segments' members, nothing where there was a fault; and all faults.
pub fn body<'a>(segments: &[&'static [Member]], json: Json<'a>) -> (Vec<Value<'a>>, Vec<Fault>) {
    let mut reader = Reader::default();
    let values = reader.object(segments, json);
    (values, reader.faults)
}

/// Checks one text against the limits of a string.
pub fn check_text(limits: &Text, text: &str) -> Result<(), Reason> {
    if !is_xml_text(text) {
        return Err(Reason::NotXmlText);
    }
    // A text of n bytes has at most n characters: most need no counting.
    let length = if text.len() <= limits.max && text.is_ascii() { text.len() } else { text.chars().count() };
    if length < limits.min {
        return Err(Reason::TooShort(limits.min));
    }
    if length > limits.max {
        return Err(Reason::TooLong(limits.max));
    }
    match limits.pattern {
        Some(pattern) if !pattern.matches(text) => Err(Reason::Pattern(pattern.text)),
        _ => Ok(()),
    }
}

/// No limit but those of XML.
const ANY: Text = Text { min: 0, max: usize::MAX, pattern: None };

#[derive(Default)]
struct Reader<'n> {
    path: Vec<Step<'n>>,
    faults: Vec<Fault>,
}

enum Step<'n> {
    Member(Cow<'n, str>),
    Item(usize),
}

impl<'a> Reader<'a> {
    fn object(&mut self, segments: &[&'static [Member]], json: Json<'a>) -> Vec<Value<'a>> {
        let count = segments.iter().map(|members| members.len()).sum();
        let mut values = Vec::with_capacity(count);
        values.resize_with(count, || Value::Absent);
        let before = self.faults.len();
        let Json::Object(entries) = json else {
            self.refuse(Reason::NotObject);
            return values;
        };
        for (name, json) in entries {
            match find(segments, &name) {
                Some((index, member)) => values[index] = self.member(member, json),
                None => self.unknown(name),
            }
        }
        for (value, member) in values.iter().zip(segments.iter().flat_map(|members| members.iter())) {
            if member.required && value.is_absent() && !self.already_refused(before, member.name) {
                self.refuse_at(member.name, Reason::Missing);
            }
        }
        values
    }

    fn member(&mut self, member: &'static Member, json: Json<'a>) -> Value<'a> {
        if matches!(json, Json::Null) && !member.required {
            return Value::Absent;
        }
        self.path.push(Step::Member(Cow::Borrowed(member.name)));
        let value = self.value(&member.kind, json);
        self.path.pop();
        value
    }

    fn value(&mut self, kind: &Kind, json: Json<'a>) -> Value<'a> {
        let read = match (kind, json) {
            (Kind::Object(object), json) => return Value::Object(self.object(&[object.members], json)),
            (Kind::List { of, max }, Json::List(items)) => return self.list(of, *max, items),
            (Kind::List { .. }, _) => Err(Reason::NotList),
            (Kind::Text(limits), Json::Text(text)) => check_text(limits, &text).map(|()| Value::Text(text)),
            (Kind::Guid, Json::Text(text)) if GUID.matches(&text) => Ok(Value::Text(text)),
            (Kind::Guid, Json::Text(_)) => Err(Reason::NotGuid),
            (Kind::Instant, Json::Text(text)) => instant(&text),
            (Kind::Day, Json::Text(text)) => Day::from_iso(&text).map(Value::Day).map_err(|_| Reason::NotDay),
            (Kind::Text(_) | Kind::Guid | Kind::Instant | Kind::Day, _) => Err(Reason::NotText),
            (Kind::Code { max, .. }, json) => integer(json, 0, *max),
            (Kind::Integer { min, max }, json) => integer(json, *min, *max),
            (Kind::Boolean, Json::Boolean(flag)) => Ok(Value::Boolean(flag)),
            (Kind::Boolean, _) => Err(Reason::NotBoolean),
            (Kind::Described(_), _) => Err(Reason::Unknown),
        };
        read.unwrap_or_else(|reason| {
            self.refuse(reason);
            Value::Absent
        })
    }

    fn list(&mut self, of: &Item, max: usize, items: Vec<Json<'a>>) -> Value<'a> {
        if items.is_empty() || items.len() > max {
            self.refuse(Reason::Items(1, max));
            return Value::Absent;
        }
        let mut values = Vec::with_capacity(items.len());
        for (index, json) in items.into_iter().enumerate() {
            self.path.push(Step::Item(index));
            values.push(match of {
                Item::Object(object) => Value::Object(self.object(&[object.members], json)),
                Item::Cpr => self.number(json),
            });
            self.path.pop();
        }
        Value::List(values)
    }

    /// Whether test numbers are taken is for the configuration to say: what nobody takes is refused here.
    fn number(&mut self, json: Json<'a>) -> Value<'a> {
        match self.value(&Kind::Text(ANY), json) {
            Value::Text(text) if Cpr::parse_with_test_numbers(&text).is_none() => {
                self.refuse(Reason::NotCpr);
                Value::Absent
            }
            value => value,
        }
    }

    fn refuse(&mut self, reason: Reason) {
        let pointer = self.pointer();
        self.faults.push(Fault { pointer, reason });
    }

    fn refuse_at(&mut self, name: &'static str, reason: Reason) {
        self.path.push(Step::Member(Cow::Borrowed(name)));
        self.refuse(reason);
        self.path.pop();
    }

    /// An unknown name is the client's own text: it is quoted only where it cannot be a number or a sentence about somebody.
    fn unknown(&mut self, name: Cow<'a, str>) {
        let quotable = name.len() <= 64
            && name.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_' || byte == b'-');
        if quotable {
            self.path.push(Step::Member(name));
        }
        self.refuse(Reason::Unknown);
        if quotable {
            self.path.pop();
        }
    }

    /// Looks only at the faults of the object itself: a list of empty objects would buy quadratic time otherwise.
    fn already_refused(&self, before: usize, name: &str) -> bool {
        let own = &self.faults[before..];
        if own.is_empty() {
            return false;
        }
        let pointer = format!("{}/{name}", self.pointer());
        own.iter().any(|fault| {
            fault.pointer.strip_prefix(&pointer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    }

    fn pointer(&self) -> String {
        let mut pointer = String::new();
        for step in &self.path {
            pointer.push('/');
            match step {
                Step::Member(name) => pointer.push_str(&name.replace('~', "~0").replace('/', "~1")),
                Step::Item(index) => pointer.push_str(&index.to_string()),
            }
        }
        pointer
    }
}

fn find(segments: &[&'static [Member]], name: &str) -> Option<(usize, &'static Member)> {
    segments.iter().flat_map(|members| members.iter()).enumerate().find(|(_, member)| member.name == name)
}

fn integer(json: Json<'_>, min: i64, max: i64) -> Result<Value<'static>, Reason> {
    match json {
        Json::Integer(number) if (min..=max).contains(&number) => Ok(Value::Integer(number)),
        Json::Integer(_) => Err(Reason::Range(min, max)),
        _ => Err(Reason::NotInteger),
    }
}

/// Reads a time of a request.
pub fn instant(text: &str) -> Result<Value<'static>, Reason> {
    Instant::from_rfc3339(text).map(Value::Instant).map_err(|fault| match fault {
        TimeFault::NoOffset => Reason::NoOffset,
        TimeFault::OutOfRange => Reason::InstantRange,
        TimeFault::Malformed | TimeFault::InGap => Reason::NotInstant,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shape::{Object, code, json, matching, optional, required, text};

    static PERSON: Object = Object {
        name: "Person",
        doc: "",
        members: &[required("name", "Name", text(1, 3)), optional("id", "Id", Kind::Guid)],
    };
    static ALL: Object = Object {
        name: "All",
        doc: "",
        members: &[
            required("person", "Person", Kind::Object(&PERSON)),
            optional("people", "People/Person", Kind::List { of: Item::Object(&PERSON), max: 2 }),
            optional("code", "Code", code("x")),
            optional("at", "At", Kind::Instant),
            optional("day", "Day", Kind::Day),
            optional("flag", "Flag", Kind::Boolean),
            optional("digits", "Digits", matching(&DIGITS)),
        ],
    };
    static DIGITS: super::super::Pattern = crate::pattern!("[0-9]+|x");

    fn faults(text: &str) -> Vec<(String, Reason)> {
        body(&[ALL.members], json::parse(text.as_bytes()).unwrap())
            .1
            .into_iter()
            .map(|fault| (fault.pointer, fault.reason))
            .collect()
    }

    #[test]
    fn every_fault_of_a_body_is_named_with_its_pointer() {
        let found = faults(
            r#"{"person":{"name":"","id":"x","extra":1},"people":[{"name":"abcd"},{}],"code":-1,"at":"2026-01-01T00:00:00","day":"x","flag":"true","digits":"1a"}"#,
        );
        let expected = [
            ("/person/name", Reason::TooShort(1)),
            ("/person/id", Reason::NotGuid),
            ("/person/extra", Reason::Unknown),
            ("/people/0/name", Reason::TooLong(3)),
            ("/people/1/name", Reason::Missing),
            ("/code", Reason::Range(0, 100_000_000)),
            ("/at", Reason::NoOffset),
            ("/day", Reason::NotDay),
            ("/flag", Reason::NotBoolean),
            ("/digits", Reason::Pattern("[0-9]+|x")),
        ];
        assert_eq!(found, expected.map(|(pointer, reason)| (pointer.to_owned(), reason)));
    }

    /// Were the time to grow with the square of the number, this would take minutes.
    #[test]
    fn many_faults_are_all_named() {
        let people = vec!["{}"; 20_000].join(",");
        static MANY: [Member; 1] =
            [required("people", "", Kind::List { of: Item::Object(&PERSON), max: usize::MAX })];
        let text = format!(r#"{{"people":[{people}]}}"#);
        let (_, faults) = body(&[&MANY], json::parse(text.as_bytes()).unwrap());
        assert_eq!(faults.len(), 20_000);
    }

    #[test]
    fn null_is_left_out_only_where_a_member_is_optional() {
        assert_eq!(faults(r#"{"person":{"name":"æøå","id":null},"people":null}"#), []);
        assert_eq!(faults(r#"{"person":{"name":null}}"#), [("/person/name".to_owned(), Reason::NotText)]);
        assert_eq!(faults(r#"{"person":null}"#), [("/person".to_owned(), Reason::NotObject)]);
    }

    #[test]
    fn lists_have_at_least_one_item_and_no_more_than_allowed() {
        let person = r#"{"name":"a"}"#;
        for people in ["[]".to_owned(), format!("[{person},{person},{person}]")] {
            let found = faults(&format!(r#"{{"person":{person},"people":{people}}}"#));
            assert_eq!(found, [("/people".to_owned(), Reason::Items(1, 2))]);
        }
    }

    #[test]
    fn a_name_that_may_be_personal_is_not_quoted() {
        let found = faults(r#"{"person":{"name":"a","0101900000":1}}"#);
        assert_eq!(found, [("/person".to_owned(), Reason::Unknown)]);
    }

    #[test]
    fn text_that_xml_cannot_hold_is_refused() {
        let found = faults(r#"{"person":{"name":"a\u0001"}}"#);
        assert_eq!(found, [("/person/name".to_owned(), Reason::NotXmlText)]);
    }
}
