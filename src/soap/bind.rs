//! Binds the members of a message to the elements of the WSDL in force.
//!
//! Names, order, namespaces, occurrence and the wrapping of code-list values come from the schema; the members bring
//! only the path of local names that the interface description gives them. What does not fit is a [`Difference`].

use std::collections::HashMap;
use std::sync::Arc;

use super::schema::{Child, ElementId, QName, Schema, Type};
use super::template::{Get, Node, Tags, Template};
use crate::shape::{Item, Kind, Member};
use crate::types::time::WireFormat;

/// Names that the documents spell in more than one way; each list holds the spellings of one element.
pub type Spellings = &'static [&'static [&'static str]];

/// Whether two local names are the same, or known spellings of the same.
pub fn same_name(spellings: Spellings, left: &str, right: &str) -> bool {
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

/// Something that the WSDL in force says differently from what a route needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The JSON members that it concerns, or an element's path where none is concerned.
    pub subject: String,
    /// What is different and what follows from it.
    pub consequence: String,
    /// Whether the route cannot work at all.
    pub fatal: bool,
}

/// A template, what is different, and which optional fields cannot be sent.
#[derive(Debug)]
pub struct Bound {
    /// The message.
    pub template: Template,
    /// What the schema says differently.
    pub differences: Vec<Difference>,
    /// Paths of optional fields (JSON pointers without indices) that have no element.
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
    let mut binder = Binder {
        schema,
        spellings,
        prefixes: HashMap::new(),
        differences: Vec::new(),
        unsendable: Vec::new(),
    };
    let slots: Vec<Slot> = fields.iter().map(Slot::of_field).collect();
    let mut scope = Vec::new();
    let tags = binder.tags(root, &mut scope);
    let children = binder.children(root, &slots, &mut scope);
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
    repeats: Option<Item>,
    /// Whether an element around it may be left out together with it.
    excused: bool,
}

impl Slot {
    fn of_field(field: &Field) -> Self {
        Self::new(field.label.clone(), &field.path, field.kind, field.required, Get::Member(field.index))
    }

    fn of_member(prefix: &str, index: usize, member: &'static Member) -> Self {
        let label = format!("{prefix}.{}", member.name);
        Self::new(label, member.wire, member.kind, member.required, Get::Member(index))
    }

    fn new(label: String, path: &str, kind: Kind, required: bool, get: Get) -> Self {
        let path = path.split('/').map(str::to_owned).collect();
        let repeats = if let Kind::List { of, .. } = kind { Some(of) } else { None };
        Self { label, path, kind, required, get, repeats, excused: false }
    }

    /// The slot seen from the next element; inside one that may be left out, nothing is required that is not.
    fn below(&self, optional_container: bool) -> Self {
        let excused = self.excused || (optional_container && !self.required);
        Self { path: self.path[1..].to_vec(), excused, ..self.clone() }
    }
}

struct Binder<'s> {
    schema: &'s Schema,
    spellings: Spellings,
    prefixes: HashMap<Arc<str>, String>,
    differences: Vec<Difference>,
    unsendable: Vec<String>,
}

/// The namespaces whose prefixes are declared on an element that is around the present one.
type Scope = Vec<Arc<str>>;

impl Binder<'_> {
    fn children(&mut self, parent: ElementId, slots: &[Slot], scope: &mut Scope) -> Vec<Node> {
        let children = self.schema.children(self.schema.element(parent).type_id);
        for slot in slots {
            let known = |child: &Child| same_name(self.spellings, self.local(child.element), &slot.path[0]);
            if !children.iter().any(known) {
                self.no_element(slot);
            }
        }
        let mut nodes = Vec::new();
        for child in &children {
            let name = self.local(child.element).to_owned();
            let spellings = self.spellings;
            let mine: Vec<Slot> =
                slots.iter().filter(|slot| same_name(spellings, &name, &slot.path[0])).cloned().collect();
            if mine.is_empty() {
                self.unfilled(parent, child, &name);
            } else {
                let depth = scope.len();
                nodes.extend(self.child(child, &mine, scope));
                scope.truncate(depth);
            }
        }
        nodes
    }

    fn child(&mut self, child: &Child, slots: &[Slot], scope: &mut Scope) -> Option<Node> {
        let slot = &slots[0];
        let last = slot.path.len() == 1;
        if let (Some(item), true, Get::Member(index)) = (slot.repeats, child.max != Some(1), slot.get) {
            return Some(self.repeat(child, slot, item, index, scope));
        }
        if last && slot.repeats.is_some() {
            self.differ(slot, "takes one value only: the element does not repeat", slot.required);
            return None;
        }
        if last {
            return self.terminal(child, slot, scope);
        }
        let tags = self.tags(child.element, scope);
        let optional_container = child.min == 0 || child.in_choice;
        let below = slots.iter().filter(|slot| slot.path.len() > 1);
        let below: Vec<Slot> = below.map(|slot| slot.below(optional_container)).collect();
        let children = self.children(child.element, &below, scope);
        // A container that the schema requires is still left out when everything it may hold is optional and absent.
        let required = child.min > 0 && slots.iter().any(|slot| slot.required);
        Some(Node::Container { tags, required, children })
    }

    fn repeat(&mut self, child: &Child, slot: &Slot, item: Item, index: usize, scope: &mut Scope) -> Node {
        let kind = match item {
            Item::Object(object) => Kind::Object(object),
            Item::Cpr => crate::shape::text(10, 10),
        };
        let one = Slot { repeats: None, kind, get: Get::Itself, ..slot.clone() };
        let node = if one.path.len() == 1 {
            self.terminal(child, &one, scope)
        } else {
            let tags = self.tags(child.element, scope);
            let children = self.children(child.element, &[one.below(false)], scope);
            Some(Node::Container { tags, required: true, children })
        };
        let item =
            node.unwrap_or(Node::Container { tags: Tags::none(), required: false, children: Vec::new() });
        Node::Repeat { get: index, item: Box::new(item) }
    }

    fn terminal(&mut self, child: &Child, slot: &Slot, scope: &mut Scope) -> Option<Node> {
        if child.min > 0 && !slot.required && !child.in_choice && !slot.excused {
            self.differ(
                slot,
                "is required by the upstream: requests without it will be refused there",
                false,
            );
        }
        let tags = self.tags(child.element, scope);
        if let Kind::Object(object) = slot.kind {
            let members: Vec<Slot> = object
                .members
                .iter()
                .enumerate()
                .map(|(index, member)| Slot::of_member(&slot.label, index, member))
                .collect();
            let children = self.children(child.element, &members, scope);
            return Some(Node::Object { tags, get: slot.get, children });
        }
        let type_id = self.schema.element(child.element).type_id;
        match self.schema.text_type(type_id) {
            Some(simple) => {
                if let Some(consequence) = super::facets::narrower(simple, &slot.kind) {
                    self.differ(slot, &consequence, false);
                }
                Some(Node::Scalar { tags, get: slot.get })
            }
            None => self.wrapped(child, slot, tags, scope),
        }
    }

    /// A value inside an element of its own, as STAR wraps the values of code lists.
    fn wrapped(&mut self, child: &Child, slot: &Slot, outer: Tags, scope: &mut Scope) -> Option<Node> {
        let inner = self.schema.children(self.schema.element(child.element).type_id);
        let single = match inner.as_slice() {
            [only] => Some(only.clone()),
            _ => None,
        };
        let simple = single.filter(|only| {
            matches!(slot.kind, Kind::Code { .. })
                && matches!(self.schema.element_type(only.element), Type::Simple(_))
        });
        let Some(only) = simple else {
            self.differ(slot, "cannot be sent: the element holds other elements, not a value", slot.required);
            self.mark_unsendable(slot);
            return None;
        };
        let inner = self.tags(only.element, scope);
        let tags = Tags {
            open: [&*outer.open, &*inner.open].concat().into(),
            close: [&*inner.close, &*outer.close].concat().into(),
        };
        Some(Node::Scalar { tags, get: slot.get })
    }

    /// The tags of an element; declares its prefix unless an element around it did.
    fn tags(&mut self, element: ElementId, scope: &mut Scope) -> Tags {
        let QName { namespace, local } = self.schema.element(element).name.clone();
        let Some(namespace) = namespace else {
            return Tags::of(&local, "");
        };
        let next = format!("n{}", self.prefixes.len());
        let prefix = self.prefixes.entry(namespace.clone()).or_insert(next);
        let name = format!("{prefix}:{local}");
        if scope.contains(&namespace) {
            return Tags::of(&name, "");
        }
        let mut value = Vec::new();
        crate::types::text::write_escaped(&namespace, &mut value);
        let value = String::from_utf8_lossy(&value).replace("&gt;", ">").replace('"', "&quot;");
        let tags = Tags::of(&name, &format!(" xmlns:{prefix}=\"{value}\""));
        scope.push(namespace);
        tags
    }

    fn local(&self, element: ElementId) -> &str {
        &self.schema.element(element).name.local
    }

    fn no_element(&mut self, slot: &Slot) {
        let consequence = format!("cannot be sent: no element {}", slot.path.join("/"));
        self.differ(slot, &consequence, slot.required);
        self.mark_unsendable(slot);
    }

    fn mark_unsendable(&mut self, slot: &Slot) {
        if !slot.required {
            self.unsendable.push(format!("/{}", slot.label.replace('.', "/")));
        }
    }

    fn unfilled(&mut self, parent: ElementId, child: &Child, name: &str) {
        if child.min > 0 && !child.in_choice {
            let parent = self.local(parent).to_owned();
            self.differences.push(Difference {
                subject: format!("{parent}/{name}"),
                consequence: "is required by the upstream, and no member fills it".to_owned(),
                fatal: true,
            });
        }
    }

    fn differ(&mut self, slot: &Slot, consequence: &str, fatal: bool) {
        self.differences.push(Difference {
            subject: slot.label.clone(),
            consequence: consequence.to_owned(),
            fatal,
        });
    }
}

impl Tags {
    fn of(name: &str, declaration: &str) -> Self {
        Self {
            open: format!("<{name}{declaration}>").into_bytes().into(),
            close: format!("</{name}>").into_bytes().into(),
        }
    }

    fn none() -> Self {
        Self { open: Box::default(), close: Box::default() }
    }
}
