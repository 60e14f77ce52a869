//! Binds the members of a message to the elements of the WSDL in force.
//!
//! Names, order, namespaces, occurrence and the wrapping of code-list values come from the schema; the members bring
//! only the path of local names that the interface description gives them. What does not fit is a [`Difference`].

use super::difference::{Difference, Direction, What};
use super::facets::narrower;
use super::markup::{Prefixes, Tags};
use super::schema::{Child, ElementId, Schema, Type};
use super::template::{Get, Node, Template};
use crate::shape::{Item, Kind, Member};
use crate::types::time::WireFormat;

/// Names that the documents spell in more than one way; each list holds the spellings of one element.
pub type Spellings = &'static [&'static [&'static str]];

/// Whether two local names are the same, or known spellings of the same.
fn same_name(spellings: Spellings, left: &str, right: &str) -> bool {
    left == right || spellings.iter().any(|known| known.contains(&left) && known.contains(&right))
}

/// One value of a message's root object and the elements it fills.
#[derive(Debug, Clone)]
pub struct Field {
    /// What a person calls it: the JSON name, or what the gateway fills in.
    pub label: String,
    /// Local names below the root element, separated by `/`.
    pub path: String,
    /// What its values may be.
    pub kind: Kind,
    /// Whether it is always there.
    pub required: bool,
    /// Its place in the root object.
    pub index: usize,
}

/// A template, what is different, and which optional fields cannot be sent.
#[derive(Debug)]
pub struct Bound {
    /// The message.
    pub template: Template,
    /// What the schema says differently.
    pub differences: Vec<Difference>,
    /// Optional fields (JSON pointers without indices) that cannot be sent.
    pub unsendable: Vec<String>,
}

/// Binds fields to an element of a schema.
pub fn bind(
    schema: &Schema,
    root: ElementId,
    fields: &[Field],
    spellings: Spellings,
    format: WireFormat,
) -> Bound {
    let (prefixes, differences, unsendable) = (Prefixes::default(), Vec::new(), Vec::new());
    let mut binder = Binder { schema, spellings, prefixes, differences, unsendable };
    let slots: Vec<Slot> = fields.iter().map(Slot::of_field).collect();
    let tags = binder.tags(root, None);
    let children = binder.children(root, &slots);
    let root = Node::Container { tags, required: true, children };
    Bound {
        template: Template::new(vec![root], format),
        differences: binder.differences,
        unsendable: binder.unsendable,
    }
}

/// A value that still has some path to go, seen from the element that is being bound.
#[derive(Clone)]
struct Slot {
    label: String,
    path: Vec<String>,
    kind: Kind,
    required: bool,
    get: Get,
    repeats: Option<(Item, usize)>,
    /// Whether an element around it may be left out together with it.
    excused: bool,
    /// The innermost optional member that goes unsent when this one cannot be sent: itself, or an object around it.
    gives_up: Option<String>,
}

impl Slot {
    fn of_field(field: &Field) -> Self {
        let get = Get::Member(field.index);
        Self::new(field.label.clone(), &field.path, field.kind, field.required, get)
    }

    fn of_member(around: &Self, index: usize, member: &'static Member) -> Self {
        let label = format!("{}.{}", around.label, member.name);
        let slot = Self::new(label, member.wire, member.kind, member.required, Get::Member(index));
        Self { gives_up: slot.gives_up.or_else(|| around.gives_up.clone()), ..slot }
    }

    fn new(label: String, path: &str, kind: Kind, required: bool, get: Get) -> Self {
        let path = path.split('/').map(str::to_owned).collect();
        let repeats = if let Kind::List { of, max } = kind { Some((of, max)) } else { None };
        let gives_up = (!required).then(|| label.clone());
        Self { label, path, kind, required, get, repeats, excused: false, gives_up }
    }

    /// The slot seen from the next element; inside one that may be left out, nothing is required that is not.
    fn below(&self, optional_container: bool) -> Self {
        let excused = self.excused || (optional_container && !self.required);
        Self { path: self.path[1..].to_vec(), excused, ..self.clone() }
    }

    /// One item of a list: where there is a list, each of its items has a value.
    fn item(&self, item: Item) -> Self {
        let kind = match item {
            Item::Object(object) => Kind::Object(object),
            Item::Cpr => crate::shape::text(10, 10),
        };
        Self { repeats: None, kind, get: Get::Itself, required: true, ..self.clone() }
    }
}

struct Binder<'s> {
    schema: &'s Schema,
    spellings: Spellings,
    prefixes: Prefixes,
    differences: Vec<Difference>,
    unsendable: Vec<String>,
}

impl Binder<'_> {
    fn children(&mut self, parent: ElementId, slots: &[Slot]) -> Vec<Node> {
        let children = self.schema.children(self.schema.element(parent).type_id);
        for slot in slots {
            if self.place(&children, slot).is_none() {
                self.cannot_send(slot, What::NoElement(slot.path.join("/")));
            }
        }
        let mut nodes = Vec::new();
        for (place, child) in children.iter().enumerate() {
            let here = |slot: &&Slot| self.place(&children, slot) == Some(place);
            let mine: Vec<Slot> = slots.iter().filter(here).cloned().collect();
            if mine.is_empty() {
                self.unfilled(parent, child);
            } else {
                let depth = self.prefixes.depth();
                nodes.extend(self.child(child, &mine));
                self.prefixes.leave(depth);
            }
        }
        nodes
    }

    /// Where a value stands among the children. Alternatives of a choice differ in their first element, so that what
    /// several of them name follows all that tells them apart: its value goes to the last place.
    fn place(&self, children: &[Child], slot: &Slot) -> Option<usize> {
        let is_for = |child: &Child| same_name(self.spellings, self.local(child.element), &slot.path[0]);
        let outside = children.iter().position(|child| is_for(child) && !child.in_choice);
        outside.or_else(|| children.iter().rposition(is_for))
    }

    fn child(&mut self, child: &Child, slots: &[Slot]) -> Option<Node> {
        let slot = &slots[0];
        let last = slot.path.len() == 1;
        if self.is_abstract(child.element) {
            slots.iter().for_each(|slot| self.cannot_send(slot, What::Abstract));
            return None;
        }
        if let (Some((item, most)), true, Get::Member(index)) = (slot.repeats, child.max != Some(1), slot.get)
        {
            if let Some(max) = child.max.filter(|max| (*max as usize) < most) {
                self.differ(slot, What::AtMost(max), false);
            }
            return self.repeat(child, &slot.item(item), index);
        }
        if last && slot.repeats.is_some() {
            self.cannot_send(slot, What::Single);
            return None;
        }
        if last {
            return self.terminal(child, slot);
        }
        let tags = self.tags(child.element, Some(slot));
        let optional = child.min == 0;
        let below = slots.iter().filter(|slot| slot.path.len() > 1).map(|slot| slot.below(optional));
        let children = self.children(child.element, &below.collect::<Vec<_>>());
        Some(Node::Container { tags, required: !optional, children })
    }

    fn repeat(&mut self, child: &Child, item: &Slot, index: usize) -> Option<Node> {
        let node = if item.path.len() == 1 {
            self.terminal(child, item)?
        } else {
            let tags = self.tags(child.element, Some(item));
            let children = self.children(child.element, &[item.below(false)]);
            Node::Container { tags, required: true, children }
        };
        Some(Node::Repeat { get: index, item: Box::new(node) })
    }

    fn terminal(&mut self, child: &Child, slot: &Slot) -> Option<Node> {
        let element = self.schema.element(child.element);
        let missed = child.min > 0 && !slot.required && !slot.excused;
        let nil = (missed && element.nillable).then(|| self.prefixes.nil(element));
        if missed && nil.is_none() {
            self.differ(slot, What::Required, false);
        }
        let tags = self.tags(child.element, Some(slot));
        if let Kind::Object(object) = slot.kind {
            let members = object.members.iter().enumerate();
            let members: Vec<Slot> =
                members.map(|(index, member)| Slot::of_member(slot, index, member)).collect();
            let children = self.children(child.element, &members);
            return Some(Node::Object { tags, get: slot.get, nil, children });
        }
        match self.schema.text_type(element.type_id) {
            Some(simple) => {
                if let Some(reason) = narrower(simple, &slot.kind) {
                    self.differ(slot, What::Narrower(reason), false);
                }
                Some(Node::Scalar { tags, get: slot.get, nil })
            }
            None => {
                let inner = self.wrapped(child, slot)?;
                Some(Node::Scalar { tags: tags.around(&inner), get: slot.get, nil })
            }
        }
    }

    /// The tags of the element inside `child` that holds the value, as STAR wraps the values of code lists.
    fn wrapped(&mut self, child: &Child, slot: &Slot) -> Option<Tags> {
        let inner = self.schema.children(self.schema.element(child.element).type_id);
        let needed: Vec<&Child> = inner.iter().filter(|child| child.min > 0).collect();
        let only = match (needed.as_slice(), inner.as_slice()) {
            ([only], _) => Some(*only),
            ([], [only]) => Some(only),
            _ => None,
        };
        let is_code = matches!(slot.kind, Kind::Code { .. });
        let simple = only.filter(|_| is_code).and_then(|only| {
            let simple = self.schema.text_type(self.schema.element(only.element).type_id)?;
            Some((only.element, simple))
        });
        let Some((element, simple)) = simple else {
            self.cannot_send(slot, What::NoValue);
            return None;
        };
        if let Some(reason) = narrower(simple, &slot.kind) {
            self.differ(slot, What::Narrower(reason), false);
        }
        Some(self.tags(element, Some(slot)))
    }

    /// The tags of an element, with the attributes whose only value the schema fixes.
    fn tags(&mut self, element: ElementId, slot: Option<&Slot>) -> Tags {
        let declared = self.schema.element(element);
        let needed = self.schema.attributes(declared.type_id).iter().filter(|attribute| attribute.required);
        let mut fixed = Vec::new();
        for attribute in needed {
            match (&attribute.fixed, &attribute.name.namespace) {
                (Some(value), None) => fixed.push((&*attribute.name.local, &**value)),
                _ => {
                    let what = What::NeedsAttribute(attribute.name.local.to_string());
                    match slot {
                        Some(slot) => self.cannot_send(slot, what),
                        None => self.differences.push(fatal(declared.name.local.to_string(), what)),
                    }
                }
            }
        }
        self.prefixes.tags(declared, &fixed)
    }

    fn is_abstract(&self, element: ElementId) -> bool {
        let is_abstract_type =
            matches!(self.schema.element_type(element), Type::Complex(complex) if complex.is_abstract);
        self.schema.element(element).is_abstract || is_abstract_type
    }

    fn local(&self, element: ElementId) -> &str {
        &self.schema.element(element).name.local
    }

    fn unfilled(&mut self, parent: ElementId, child: &Child) {
        if child.min > 0 {
            let subject = format!("{}/{}", self.local(parent), self.local(child.element));
            self.differences.push(fatal(subject, What::Unfilled));
        }
    }

    /// What cannot be sent is refused where the client may leave it out; else the route cannot work.
    fn cannot_send(&mut self, slot: &Slot, what: What) {
        self.differ(slot, what, slot.gives_up.is_none());
        if let Some(member) = &slot.gives_up {
            let pointer = format!("/{}", member.replace('.', "/"));
            if !self.unsendable.contains(&pointer) {
                self.unsendable.push(pointer);
            }
        }
    }

    fn differ(&mut self, slot: &Slot, what: What, fatal: bool) {
        let difference =
            Difference { direction: Direction::Request, subject: slot.label.clone(), what, fatal };
        if !self.differences.contains(&difference) {
            self.differences.push(difference);
        }
    }
}

fn fatal(subject: String, what: What) -> Difference {
    Difference { direction: Direction::Request, subject, what, fatal: true }
}
