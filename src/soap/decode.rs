//! Reads the elements of an answer into the values of a shape, by local name and in one pass.
//!
//! Prefixes and namespaces play no part, order neither; elements that nobody described are skipped. A required element
//! that is missing, one that stands twice, and text that is not of its type are errors, never an invented value.

use std::borrow::Cow;

use quick_xml::events::Event;

use super::bind::Spellings;
use super::envelope::{Malformed, XmlReader};
use crate::shape::value::Value;
use crate::shape::{GUID, Item, Kind, Member};
use crate::types::time::{Day, Instant};

/// Where the values of a shape are found below one element.
#[derive(Debug)]
pub struct Pattern {
    members: Vec<&'static Member>,
    roots: Vec<Step>,
}

/// An element on the way to a value, or the one that holds it.
#[derive(Debug)]
struct Step {
    name: String,
    /// All known spellings of the name, where there are several.
    spellings: Vec<&'static str>,
    holds: Option<(usize, Holds)>,
    below: Vec<Step>,
}

#[derive(Debug)]
enum Holds {
    Scalar(Kind),
    Object(Pattern),
    Items(Pattern),
}

impl Pattern {
    /// The pattern of the members of several objects below one element, each object with the elements around it.
    pub fn new(parts: &[(&str, &'static [Member])], spellings: Spellings) -> Self {
        let mut pattern = Self { members: Vec::new(), roots: Vec::new() };
        for (prefix, members) in parts {
            for member in *members {
                let names: Vec<&str> = prefix.split('/').chain(member.wire.split('/')).collect();
                let names = if prefix.is_empty() { &names[1..] } else { &names[..] };
                insert(&mut pattern.roots, names, pattern.members.len(), &member.kind, spellings);
                pattern.members.push(member);
            }
        }
        pattern
    }

    /// Reads the content of the element that was just opened, up to its end.
    pub fn read(&self, reader: &mut XmlReader<'_>) -> Result<Vec<Value<'static>>, Malformed> {
        let mut values = Vec::with_capacity(self.members.len());
        values.resize_with(self.members.len(), || Value::Absent);
        self.read_below(&self.roots, reader, &mut values)?;
        for (member, value) in self.members.iter().zip(&values) {
            if member.required && value.is_absent() {
                return Err(Malformed::MissingElement(member.wire));
            }
        }
        Ok(values)
    }

    fn read_below(
        &self,
        steps: &[Step],
        reader: &mut XmlReader<'_>,
        values: &mut Vec<Value<'static>>,
    ) -> Result<(), Malformed> {
        let mut expected = 0;
        loop {
            match reader.read()? {
                Event::Start(start) => match find(steps, expected, start.local_name().as_ref()) {
                    Some(found) => {
                        expected = found;
                        self.read_step(&steps[found], reader, values)?;
                    }
                    None => reader.skip()?,
                },
                Event::End(_) => return Ok(()),
                _ => {}
            }
        }
    }

    fn read_step(
        &self,
        step: &Step,
        reader: &mut XmlReader<'_>,
        values: &mut Vec<Value<'static>>,
    ) -> Result<(), Malformed> {
        let Some((index, holds)) = &step.holds else {
            return self.read_below(&step.below, reader, values);
        };
        if reader.is_nil() {
            return reader.skip();
        }
        let slot = &mut values[*index];
        let twice = !slot.is_absent() && !matches!(holds, Holds::Items(_));
        if twice {
            return Err(Malformed::RepeatedElement(self.members[*index].wire));
        }
        match holds {
            Holds::Scalar(kind) => *slot = self.scalar(self.members[*index], kind, reader)?,
            Holds::Object(pattern) => *slot = Value::Object(pattern.read(reader)?),
            Holds::Items(pattern) => {
                let item = Value::Object(pattern.read(reader)?);
                match slot {
                    Value::List(items) => items.push(item),
                    _ => *slot = Value::List(vec![item]),
                }
            }
        }
        Ok(())
    }

    fn scalar(
        &self,
        member: &'static Member,
        kind: &Kind,
        reader: &mut XmlReader<'_>,
    ) -> Result<Value<'static>, Malformed> {
        // A code-list value stands in an element of its own or not: both are read, whatever the WSDL says.
        let text = reader.text(matches!(kind, Kind::Code { .. }))?;
        parse(kind, text).ok_or(Malformed::IllTyped(member.wire))
    }
}

/// Which step an element is. Any order will do, but most answers keep to that of the members: the search begins where
/// the last one ended.
fn find(steps: &[Step], expected: usize, name: &str) -> Option<usize> {
    let is = |step: &Step| step.name == name || step.spellings.contains(&name);
    let (before, after) = steps.split_at(expected);
    after.iter().position(is).map(|found| expected + found).or_else(|| before.iter().position(is))
}

fn insert(steps: &mut Vec<Step>, names: &[&str], index: usize, kind: &Kind, spellings: Spellings) {
    let Some((first, rest)) = names.split_first() else { return };
    let position = steps.iter().position(|step| step.name == *first).unwrap_or_else(|| {
        let known = spellings.iter().filter(|known| known.contains(first)).copied().flatten();
        let spellings = known.copied().collect();
        steps.push(Step { name: (*first).to_owned(), spellings, holds: None, below: Vec::new() });
        steps.len() - 1
    });
    let step = &mut steps[position];
    if !rest.is_empty() {
        return insert(&mut step.below, rest, index, kind, spellings);
    }
    step.holds = Some((
        index,
        match kind {
            Kind::Object(object) => Holds::Object(Pattern::new(&[("", object.members)], spellings)),
            Kind::List { of: Item::Object(object), .. } => {
                Holds::Items(Pattern::new(&[("", object.members)], spellings))
            }
            scalar => Holds::Scalar(*scalar),
        },
    ));
}

fn parse(kind: &Kind, text: Cow<'_, str>) -> Option<Value<'static>> {
    let trimmed = text.trim_matches([' ', '\t', '\n', '\r']);
    match kind {
        Kind::Text(_) => Some(Value::Text(Cow::Owned(text.into_owned()))),
        Kind::Guid => GUID.matches(trimmed).then(|| Value::Text(Cow::Owned(trimmed.to_owned()))),
        Kind::Code { .. } | Kind::Integer { .. } => integer(trimmed).map(Value::Integer),
        Kind::Boolean => match trimmed {
            "true" | "1" => Some(Value::Boolean(true)),
            "false" | "0" => Some(Value::Boolean(false)),
            _ => None,
        },
        Kind::Instant => Instant::from_xsd(trimmed).ok().map(Value::Instant),
        Kind::Day => Day::from_xsd(trimmed).ok().map(Value::Day),
        Kind::Object(_) | Kind::List { .. } | Kind::Described(_) => None,
    }
}

/// `xs:integer`: an optional sign and digits, leading zeros allowed.
fn integer(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}
