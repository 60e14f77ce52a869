//! Child elements put into the members that they are: by name, and in repeated groups by their order, greedily.

use std::collections::HashMap;

use ungebro_contract::QName;

use super::arena::{Object, ShapeId, Shapes, Slot, admits};
use super::content::{Node, Term};
use super::value::{ObjectValue, Value};

/// A child as it came: a declared element, or one that only a wildcard admits.
pub(super) struct Item<'a> {
    pub(super) key: Key,
    pub(super) value: Value<'a>,
}

#[derive(Clone)]
pub(super) enum Key {
    Declared(QName),
    Other(String),
}

/// The values of an object from its children; what has no place left is dropped.
pub(super) fn assemble<'a>(shapes: &Shapes, object: &Object, items: Vec<Item<'a>>) -> Vec<Value<'a>> {
    let Some(model) = &object.model else { return absent(object) };
    if is_ambiguous(shapes, object) {
        // A try with the names alone shows whether the order is that of the schema.
        let names =
            items.iter().map(|item| Some(Item { key: item.key.clone(), value: Value::Nil })).collect();
        let mut rehearsal = Taker { shapes, items: names, at: 0 };
        rehearsal.node(object, model, &mut absent(object));
        if rehearsal.at == rehearsal.items.len() {
            let mut taker = Taker { shapes, items: items.into_iter().map(Some).collect(), at: 0 };
            let mut values = absent(object);
            taker.node(object, model, &mut values);
            return values;
        }
    }
    by_name(shapes, object, items)
}

fn absent<'a>(object: &Object) -> Vec<Value<'a>> {
    object.members.iter().map(|_| Value::Absent).collect()
}

/// Whether a name alone does not say where a child belongs.
fn is_ambiguous(shapes: &Shapes, object: &Object) -> bool {
    let wildcards = object.members.iter().filter(|member| match member.slot {
        Slot::Any(_) => true,
        Slot::Group(shape) => shapes.object(shape).is_some_and(|group| has_wildcard(shapes, group)),
        _ => false,
    });
    wildcards.count() > 1
        || object.children.values().any(|place| usize::from(place.member.is_some()) + place.groups.len() > 1)
}

fn has_wildcard(shapes: &Shapes, object: &Object) -> bool {
    object.members.iter().any(|member| match member.slot {
        Slot::Any(_) => true,
        Slot::Group(shape) => shapes.object(shape).is_some_and(|group| has_wildcard(shapes, group)),
        _ => false,
    })
}

fn by_name<'a>(shapes: &Shapes, object: &Object, items: Vec<Item<'a>>) -> Vec<Value<'a>> {
    let mut values = absent(object);
    let mut grouped: HashMap<usize, Vec<Item<'a>>> = HashMap::new();
    for item in items {
        let (member, groups) = match &item.key {
            Key::Declared(name) => match object.children.get(name) {
                Some(place) => (place.member, place.groups.clone()),
                None => continue,
            },
            Key::Other(namespace) => (wild(object, namespace), groups_of(shapes, object, namespace)),
        };
        let free = member.filter(|member| object.members[*member].list || values[*member].is_absent());
        match (free, groups.first()) {
            (Some(member), _) => place(object, member, item.value, &mut values),
            (None, Some(group)) => grouped.entry(*group).or_default().push(item),
            (None, None) => {}
        }
    }
    for (member, items) in grouped {
        let Slot::Group(shape) = object.members[member].slot else { continue };
        let repetitions = repetitions(shapes, shape, items);
        values[member] = Value::List(repetitions);
    }
    values
}

fn wild(object: &Object, namespace: &str) -> Option<usize> {
    let namespace = (!namespace.is_empty()).then_some(namespace);
    object.members.iter().position(|member| matches!(&member.slot, Slot::Any(any) if admits(any, namespace)))
}

fn groups_of(shapes: &Shapes, object: &Object, namespace: &str) -> Vec<usize> {
    let admits =
        |shape: ShapeId| shapes.object(shape).is_some_and(|group| takes_other(shapes, group, namespace));
    let groups = object.members.iter().enumerate();
    let groups = groups.filter(|(_, member)| matches!(member.slot, Slot::Group(shape) if admits(shape)));
    groups.map(|(index, _)| index).collect()
}

/// Whether a wildcard of the object or of its repeated groups admits a namespace.
pub(super) fn takes_other(shapes: &Shapes, object: &Object, namespace: &str) -> bool {
    wild(object, namespace).is_some() || !groups_of(shapes, object, namespace).is_empty()
}

/// Children of a repeated group as its repetitions, each as long as it can be.
fn repetitions<'a>(shapes: &Shapes, shape: ShapeId, items: Vec<Item<'a>>) -> Vec<Value<'a>> {
    let Some(group) = shapes.object(shape) else { return Vec::new() };
    let mut taker = Taker { shapes, items: items.into_iter().map(Some).collect(), at: 0 };
    let mut found = Vec::new();
    while taker.at < taker.items.len() {
        let before = taker.at;
        let mut values = absent(group);
        if let Some(model) = &group.model {
            taker.node(group, model, &mut values);
        }
        if taker.at == before {
            // Out of its order: a repetition of its own loses nothing.
            let item = taker.items[taker.at].take();
            taker.at += 1;
            values = by_name(shapes, group, item.into_iter().collect());
        }
        found.push(Value::Object(Box::new(ObjectValue { shape, nil: false, values })));
    }
    found
}

fn place<'a>(object: &Object, member: usize, value: Value<'a>, values: &mut [Value<'a>]) {
    match (&mut values[member], object.members[member].list) {
        (Value::List(items), true) => items.push(value),
        (slot, true) => *slot = Value::List(vec![value]),
        (slot, false) => *slot = value,
    }
}

struct Taker<'s, 'a> {
    shapes: &'s Shapes,
    items: Vec<Option<Item<'a>>>,
    at: usize,
}

impl<'a> Taker<'_, 'a> {
    fn node(&mut self, object: &Object, node: &Node, values: &mut Vec<Value<'a>>) {
        let mut count = 0u64;
        let most = match node.term {
            Term::Leaf { high, .. } => node.max.zip(high).map(|(max, high)| u64::from(max) * u64::from(high)),
            _ => node.max.map(u64::from),
        };
        while most.is_none_or(|most| count < most) && self.starts(object, node) {
            let before = self.at;
            self.term(object, node, values);
            if self.at == before {
                return;
            }
            count += 1;
        }
    }

    fn term(&mut self, object: &Object, node: &Node, values: &mut Vec<Value<'a>>) {
        match &node.term {
            Term::Leaf { member, .. } => self.leaf(object, *member, values),
            Term::Sequence(parts) => parts.iter().for_each(|part| self.node(object, part, values)),
            Term::Choice(parts) => {
                if let Some(part) = parts.iter().find(|part| self.starts(object, part)) {
                    self.node(object, part, values);
                }
            }
            Term::All(parts) => {
                let mut open: Vec<&Node> = parts.iter().collect();
                while let Some(index) = open.iter().position(|part| self.starts(object, part)) {
                    self.node(object, open.remove(index), values);
                }
            }
        }
    }

    fn leaf(&mut self, object: &Object, member: usize, values: &mut Vec<Value<'a>>) {
        if let Slot::Group(shape) = object.members[member].slot {
            let shapes = self.shapes;
            let Some((group, model)) =
                shapes.object(shape).and_then(|group| Some((group, group.model.as_ref()?)))
            else {
                return;
            };
            let mut inner = absent(group);
            self.node(group, model, &mut inner);
            place(
                object,
                member,
                Value::Object(Box::new(ObjectValue { shape, nil: false, values: inner })),
                values,
            );
            return;
        }
        if let Some(item) = self.items[self.at].take() {
            place(object, member, item.value, values);
        }
        self.at += 1;
    }

    /// Whether the next child can be the first of a part.
    fn starts(&self, object: &Object, node: &Node) -> bool {
        let Some(Some(item)) = self.items.get(self.at) else { return false };
        match &node.term {
            Term::Leaf { member, .. } => match (&object.members[*member].slot, &item.key) {
                (Slot::Element(ix), Key::Declared(name)) => self.shapes.element(*ix).name == *name,
                (Slot::Any(any), Key::Other(namespace)) => {
                    admits(any, (!namespace.is_empty()).then_some(namespace.as_str()))
                }
                (Slot::Group(shape), _) => {
                    let group = self.shapes.object(*shape);
                    group
                        .and_then(|group| Some((group, group.model.as_ref()?)))
                        .is_some_and(|(group, model)| self.starts(group, model))
                }
                _ => false,
            },
            Term::Choice(parts) | Term::All(parts) => parts.iter().any(|part| self.starts(object, part)),
            Term::Sequence(parts) => {
                let end = parts.iter().position(|part| !part.emptiable).map_or(parts.len(), |end| end + 1);
                parts[..end].iter().any(|part| self.starts(object, part))
            }
        }
    }
}
