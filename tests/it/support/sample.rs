//! Requests and answers built from the contract: the JSON of a client and the elements that must stand for it.

use serde_json::{Map, Value, json};

use super::contract::{GUID, Leaf, Member, Route, Shape};
use super::xml::Element;

/// How much of a message is there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Extent {
    /// Every member.
    Full,
    /// Only what is required.
    Minimal,
}

impl Extent {
    pub(crate) const BOTH: [Self; 2] = [Self::Full, Self::Minimal];
}

/// Makes the values of a message; each value differs from all before, so that none can stand in another's place.
pub(crate) type Fill<'f> = &'f mut dyn FnMut(&Leaf) -> Value;

/// A message in both forms.
#[derive(Debug, Clone)]
pub(crate) struct Message {
    pub(crate) json: Value,
    /// The elements; texts are those of the JSON.
    pub(crate) root: Element,
}

/// A message of the members of a JSON object.
pub(crate) fn message(
    name: &str,
    members: &[Member],
    extent: Extent,
    choice: &[String],
    fill: Fill<'_>,
) -> Message {
    let mut root = Element::new(name);
    let json = object(members, extent, choice, fill, &mut root);
    Message { json: Value::Object(json), root }
}

fn object(
    members: &[Member],
    extent: Extent,
    choice: &[String],
    fill: Fill<'_>,
    element: &mut Element,
) -> Map<String, Value> {
    let mut json = Map::new();
    for member in members {
        let chosen = choice.first() == Some(&member.name);
        if extent == Extent::Full || member.required || chosen {
            let value = value(member, extent, fill, element);
            json.insert(member.name.clone(), value);
        }
    }
    json
}

fn value(member: &Member, extent: Extent, fill: Fill<'_>, element: &mut Element) -> Value {
    match &member.shape {
        Shape::Leaf(leaf) => {
            let value = fill(leaf);
            element.at(&member.wire).text = Some(text(&value));
            value
        }
        Shape::Object(members) => Value::Object(object(members, extent, &[], fill, element.at(&member.wire))),
        Shape::List(members) => (0..2)
            .map(|_| Value::Object(object(members, extent, &[], fill, element.another(&member.wire))))
            .collect(),
        Shape::Numbers => ["0101900001", "0202910002"]
            .map(|number| {
                element.another(&member.wire[..1]).children.push(Element::leaf("CPRNr", number));
                Value::from(number)
            })
            .to_vec()
            .into(),
    }
}

/// A value as text.
pub(crate) fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Valid values, all different.
pub(crate) fn distinct() -> impl FnMut(&Leaf) -> Value {
    let mut count = 0;
    move |leaf| {
        count += 1;
        distinct_value(leaf, count)
    }
}

fn distinct_value(leaf: &Leaf, count: usize) -> Value {
    match leaf {
        Leaf::Text { max, .. } => {
            let text = format!("Blåbærgrød nr. {count:03} & <så ]]> \"x\"");
            text.chars().take(*max).collect::<String>().into()
        }
        Leaf::Pattern(pattern) if pattern == GUID => guid(count).into(),
        Leaf::Pattern(pattern) if pattern.contains('@') => {
            format!("sagsbehandler{count}@kommune.example").into()
        }
        Leaf::Pattern(pattern) if pattern.starts_with("(\\+)?") => format!("+45701010{count:02}").into(),
        Leaf::Pattern(pattern) if pattern.starts_with("[-][1]") => format!("000{count:05}").into(),
        Leaf::Pattern(pattern) if pattern.starts_with("[1-9]") => format!("70101{count:03}").into(),
        Leaf::Pattern(pattern) => panic!("no sample of {pattern}"),
        Leaf::Code { .. } => json!(10 + count),
        Leaf::Integer { min, .. } => json!((*min).max(20_000) + count as i64),
        Leaf::Boolean => json!(count.is_multiple_of(2)),
        Leaf::Instant => format!("2026-01-15T08:{count:02}:07+01:00").into(),
        Leaf::Day => format!("2026-02-{count:02}").into(),
    }
}

/// An identifier; each count has its own.
pub(crate) fn guid(count: usize) -> String {
    format!("7d4a1c52-0b3e-4F6A-9c1d-{count:012x}")
}

/// The path of a route with values, and what its sent parameters put on the wire.
pub(crate) fn path(route: &Route, cpr: &str, root: &mut Element) -> String {
    let mut path = route.path.clone();
    for (index, parameter) in route.parameters.iter().enumerate() {
        let value = match parameter.name.as_str() {
            "cpr" => cpr.to_owned(),
            "cvCustomerId" => "00345678".to_owned(),
            _ => guid(900 + index),
        };
        path = path.replace(&format!("{{{}}}", parameter.name), &value);
        if let Some(wire) = &parameter.wire {
            root.at(wire).text = Some(value);
        }
    }
    path
}
