//! The members of an object as children in the order of the wire.

use super::arena::{Object, Shapes, Slot};
use super::assemble::{Item, Key};
use super::encode::counts;
use super::value::Value;
use super::{content, foreign};

type Flattened<'a> = (Vec<Item<'a>>, Vec<(usize, Value<'a>)>);

/// The children of an object in the order of the wire, and what is no child.
pub(super) fn flattened<'a>(
    shapes: &Shapes,
    object: &Object,
    values: Vec<Value<'a>>,
    runs: &[content::Run],
) -> Flattened<'a> {
    let mut queues: Vec<std::collections::VecDeque<Value<'a>>> = Vec::with_capacity(values.len());
    let mut others = Vec::new();
    for (index, (member, value)) in object.members.iter().zip(values).enumerate() {
        queues.push(match (&member.slot, value) {
            (_, Value::Absent) => [].into(),
            (Slot::Attribute { .. } | Slot::AnyAttributes(_) | Slot::Value(_) | Slot::Xml, value) => {
                others.push((index, value));
                [].into()
            }
            (_, Value::List(items)) if member.list => items.into(),
            (_, value) => [value].into(),
        });
    }
    let mut items = Vec::new();
    for (member, from, to) in runs {
        for _ in *from..*to {
            let Some(value) = queues[*member].pop_front() else { continue };
            match (&object.members[*member].slot, value) {
                (Slot::Element(ix), value) => {
                    items.push(Item { key: Key::Declared(shapes.element(*ix).name.clone()), value });
                }
                (Slot::Group(shape), Value::Object(repetition)) => {
                    let Some((group, model)) =
                        shapes.object(*shape).and_then(|group| Some((group, group.model.as_ref()?)))
                    else {
                        continue;
                    };
                    let counts = counts(group, &repetition.values);
                    if let Ok(runs) = content::fit(model, &counts, group.unique) {
                        items.extend(flattened(shapes, group, repetition.values, &runs).0);
                    }
                }
                (_, value @ Value::Text(_)) => {
                    let namespace = match &value {
                        Value::Text(xml) => {
                            foreign::parse(xml).map(|tree| tree.tag.namespace).unwrap_or_default()
                        }
                        _ => String::new(),
                    };
                    items.push(Item { key: Key::Other(namespace), value });
                }
                _ => {}
            }
        }
    }
    (items, others)
}
