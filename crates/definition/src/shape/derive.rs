//! From the declarations of a contract to shapes: every type once, whatever refers to it.

use std::collections::HashMap;
use std::sync::Arc;

use ungebro_contract::{Body, ComplexType, Content, ElementId, QName, Schema, Type, TypeId, service};

use super::arena::{
    ElementIx, ElementShape, Hint, Kind, Member, Object, Place, ShapeId, Shapes, Simple, Slot,
};
use super::content::{self, Node, Term};
use super::form::simple;
use super::overrides::Overrides;
use super::part::{Part, PartTerm, Parts};
use crate::name::camel;

impl Shapes {
    /// The shapes of everything that `messages` reach. The same for the same input.
    pub fn derive<'m>(
        schema: &Arc<Schema>,
        messages: impl IntoIterator<Item = &'m service::Message>,
        overrides: &Overrides,
    ) -> Arc<Self> {
        let mut derive = Derive::new(schema, overrides);
        for message in messages {
            match &message.body {
                Body::Empty => {}
                Body::Element(id) => _ = derive.element(*id, ""),
                Body::Parts(parts) => parts.iter().for_each(|(_, id)| _ = derive.element(*id, "")),
                Body::Type(id) => _ = derive.shape(*id, "Body"),
            }
            message.headers.iter().for_each(|header| _ = derive.element(header.element, ""));
        }
        derive.finish()
    }

    pub(super) fn element_ix(&self, id: ElementId) -> Option<ElementIx> {
        let index = self.elements.iter().position(|element| element.id == id)?;
        u32::try_from(index).ok().map(ElementIx)
    }
}

pub(super) struct Derive<'o> {
    schema: Arc<Schema>,
    overrides: &'o Overrides,
    types: Vec<Kind>,
    type_ids: HashMap<TypeId, ShapeId>,
    waiting: Vec<(TypeId, ShapeId, String)>,
    elements: Vec<ElementShape>,
    element_ids: HashMap<ElementId, ElementIx>,
}

/// An object while its members are found.
struct Building {
    object: Object,
    keys: Vec<String>,
    /// Members by the name of their element.
    elements: HashMap<QName, usize>,
    /// Leaves of the model for each member.
    leaves: HashMap<usize, usize>,
}

impl<'o> Derive<'o> {
    fn new(schema: &Arc<Schema>, overrides: &'o Overrides) -> Self {
        Self {
            schema: Arc::clone(schema),
            overrides,
            types: Vec::new(),
            type_ids: HashMap::new(),
            waiting: Vec::new(),
            elements: Vec::new(),
            element_ids: HashMap::new(),
        }
    }

    fn finish(mut self) -> Arc<Shapes> {
        while let Some((type_id, shape, place)) = self.waiting.pop() {
            let kind = self.complex(type_id, &place);
            self.types[shape.0 as usize] = kind;
        }
        self.tags();
        let mut namespaces: Vec<Arc<str>> = Vec::new();
        let attributes = self.types.iter().filter_map(|kind| match kind {
            Kind::Object(object) => Some(object),
            Kind::Simple(_) | Kind::AnyType => None,
        });
        let attributes = attributes.flat_map(|object| {
            let slots = object.members.iter().filter_map(|member| match &member.slot {
                Slot::Attribute { name, .. } => name.namespace.clone(),
                _ => None,
            });
            slots.chain(object.name.as_ref().and_then(|name| name.namespace.clone()))
        });
        let elements = self.elements.iter().filter_map(|element| element.name.namespace.clone());
        for namespace in elements.chain(attributes) {
            if !namespaces.contains(&namespace) && &*namespace != super::xml::XML {
                namespaces.push(namespace);
            }
        }
        Arc::new(Shapes {
            schema: self.schema,
            types: self.types,
            elements: self.elements,
            namespaces,
            type_ids: self.type_ids,
        })
    }

    /// The shape of an element; its anonymous type is named after `owner`.
    pub(super) fn element(&mut self, id: ElementId, owner: &str) -> ElementIx {
        if let Some(known) = self.element_ids.get(&id) {
            return *known;
        }
        let schema = Arc::clone(&self.schema);
        let declared = schema.element(id);
        let place = if owner.is_empty() {
            declared.name.local.to_string()
        } else {
            format!("{owner}/{}", declared.name.local)
        };
        let ix = ElementIx(number(self.elements.len()));
        self.element_ids.insert(id, ix);
        self.elements.push(ElementShape {
            id,
            name: declared.name.clone(),
            shape: ShapeId(0),
            nillable: declared.nillable,
            fixed: declared.fixed.clone(),
            default: declared.default.clone(),
            doc: declared.doc.clone(),
        });
        let shape = self.shape(declared.type_id, &place);
        self.elements[ix.0 as usize].shape = shape;
        ix
    }

    /// The shape of a type, read later where it is a complex one.
    fn shape(&mut self, id: TypeId, place: &str) -> ShapeId {
        if let Some(known) = self.type_ids.get(&id) {
            return *known;
        }
        let shape = ShapeId(number(self.types.len()));
        self.type_ids.insert(id, shape);
        let kind = if self.schema.is_any_type(id) {
            Kind::AnyType
        } else if let Some(simple) = self.bare_simple(id) {
            Kind::Simple(simple)
        } else {
            self.waiting.push((id, shape, place.to_owned()));
            Kind::AnyType
        };
        self.types.push(kind);
        shape
    }

    /// A type that is text without attributes.
    fn bare_simple(&self, id: TypeId) -> Option<Simple> {
        match self.schema.type_of(id) {
            Type::Simple(_) => Some(simple(&self.schema, id, self.overrides.numbers_as_text)),
            Type::Complex(ComplexType {
                content: Content::Simple(inner),
                attributes,
                any_attribute: None,
                ..
            }) if attributes.is_empty() && self.schema.subtypes(id).is_empty() => {
                Some(simple(&self.schema, *inner, self.overrides.numbers_as_text))
            }
            Type::Complex(_) => None,
        }
    }

    fn complex(&mut self, id: TypeId, place: &str) -> Kind {
        let schema = Arc::clone(&self.schema);
        let Type::Complex(complex) = schema.type_of(id) else {
            return Kind::Simple(simple(&schema, id, false));
        };
        let keys = match &complex.name {
            Some(name) => vec![name.to_string(), name.local.to_string()],
            None => vec![place.to_owned()],
        };
        let place = complex.name.as_ref().map_or_else(|| place.to_owned(), |name| name.local.to_string());
        let doc = keys.iter().find_map(|key| self.overrides.docs.get(key)).map(|doc| Arc::from(doc.as_str()));
        let mut object = Object {
            name: complex.name.clone(),
            place,
            is_abstract: complex.is_abstract,
            doc: doc.or_else(|| complex.doc.clone()),
            ..Object::default()
        };
        object.subtypes = self.subtypes(id);
        let ignored = keys.iter().any(|key| self.overrides.mixed_ignored.contains(key));
        let mut building = Building { object, keys, elements: HashMap::new(), leaves: HashMap::new() };
        let mixed = complex.mixed && !ignored;
        match &complex.content {
            Content::Particle(particle) if !mixed => {
                let parts = Parts { schema: &schema }.tidy(particle);
                self.model(&mut building, parts);
            }
            Content::Particle(_) | Content::Empty | Content::Simple(_) => {}
        }
        self.attributes(&mut building, complex);
        match &complex.content {
            Content::Simple(inner) => {
                let of = simple(&schema, *inner, self.overrides.numbers_as_text);
                building.object.members.push(made_up("value", Slot::Value(of), true));
            }
            _ if mixed => building.object.members.push(made_up("xml", Slot::Xml, false)),
            Content::Particle(_) | Content::Empty => {}
        }
        if let Some(wildcard) = &complex.any_attribute {
            building.object.members.push(made_up(
                "anyAttributes",
                Slot::AnyAttributes(wildcard.clone()),
                false,
            ));
        }
        Kind::Object(self.named(building))
    }

    /// Derived types that may be used in messages.
    fn subtypes(&mut self, id: TypeId) -> Vec<ShapeId> {
        let subtypes = self.schema.subtypes(id);
        let concrete = subtypes
            .into_iter()
            .filter(|id| matches!(self.schema.type_of(*id), Type::Complex(complex) if !complex.is_abstract));
        let concrete: Vec<TypeId> = concrete.collect();
        concrete.into_iter().map(|id| self.shape(id, "")).collect()
    }

    fn attributes(&mut self, building: &mut Building, complex: &ComplexType) {
        for attribute in &complex.attributes {
            let hint = self.overrides.hint(&building.keys, &attribute.name, true);
            building.object.members.push(Member {
                name: Arc::from(""),
                slot: Slot::Attribute {
                    name: attribute.name.clone(),
                    simple: simple(&self.schema, attribute.type_id, hint.numbers_as_text),
                    fixed: attribute.fixed.clone(),
                    default: attribute.default.clone(),
                    doc: attribute.doc.clone(),
                },
                required: attribute.required,
                list: false,
                bounds: (u32::from(attribute.required), Some(1)),
                hint,
            });
        }
    }

    /// The members that child elements give, and the model over them.
    fn model(&mut self, building: &mut Building, part: Option<Part>) {
        let Some(part) = part else { return };
        let node = self.node(building, part);
        let required = content::required(&node);
        for (index, member) in building.object.members.iter_mut().enumerate() {
            let bounds = content::bounds(&node, index);
            member.bounds = bounds;
            member.required = required.contains(&index);
            member.list = match member.slot {
                Slot::Group(_) | Slot::Any(_) => true,
                _ => bounds.1.is_none_or(|high| high > 1),
            };
        }
        building.object.unique = building.leaves.values().all(|leaves| *leaves == 1);
        building.object.model = Some(node);
    }

    fn node(&mut self, building: &mut Building, part: Part) -> Node {
        let Part { min, max, term } = part;
        let repeated = max.is_none_or(|max| max > 1);
        let term = match term {
            PartTerm::Element(id) => self.element_leaf(building, id),
            PartTerm::Any(wildcard) => {
                let member = building.push(made_up("any", Slot::Any(wildcard), false));
                Term::Leaf { member, element: None, low: 1, high: Some(1) }
            }
            group if repeated && group.names(&self.schema) > 1 => {
                return self.group(building, Part { min, max, term: group });
            }
            PartTerm::Sequence(parts) => Term::Sequence(self.nodes(building, parts)),
            PartTerm::Choice(parts) => Term::Choice(self.nodes(building, parts)),
            PartTerm::All(parts) => Term::All(self.nodes(building, parts)),
        };
        let node = node(min, max, term);
        match node.members.first() {
            // A group of one element only is that element's array.
            Some(member) if repeated && !matches!(node.term, Term::Leaf { .. }) => {
                let once = Node { min: 1, max: Some(1), ..node.clone() };
                let (low, high) = content::bounds(&once, *member);
                building.leaves.insert(*member, 1);
                let element = match building.object.members[*member].slot {
                    Slot::Element(element) => Some(element),
                    _ => None,
                };
                self::node(min, max, Term::Leaf { member: *member, element, low, high })
            }
            _ => node,
        }
    }

    fn nodes(&mut self, building: &mut Building, parts: Vec<Part>) -> Vec<Node> {
        parts.into_iter().map(|part| self.node(building, part)).collect()
    }

    fn element_leaf(&mut self, building: &mut Building, id: ElementId) -> Term {
        let owner = building.object.place.clone();
        let element = self.element(id, &owner);
        let name = self.schema.element(id).name.clone();
        let member = match building.elements.get(&name) {
            Some(known) => *known,
            None => {
                let hint = self.overrides.hint(&building.keys, &name, false);
                let member = building.push(Member {
                    name: Arc::from(""),
                    slot: Slot::Element(element),
                    required: false,
                    list: false,
                    bounds: (0, Some(1)),
                    hint,
                });
                building.elements.insert(name, member);
                member
            }
        };
        *building.leaves.entry(member).or_default() += 1;
        Term::Leaf { member, element: Some(element), low: 1, high: Some(1) }
    }

    /// A repeated group: an object of its own for each repetition.
    fn group(&mut self, building: &mut Building, part: Part) -> Node {
        let Part { min, max, term } = part;
        let may_be_empty = term.is_emptiable();
        let once = Part { min: 1, max: Some(1), term: if max.is_none() { term.once_each() } else { term } };
        let shape = ShapeId(number(self.types.len()));
        self.types.push(Kind::AnyType);
        let object = Object { place: format!("{}/Content", building.object.place), ..Object::default() };
        let mut inner = Building {
            object,
            keys: building.keys.clone(),
            elements: HashMap::new(),
            leaves: HashMap::new(),
        };
        self.model(&mut inner, Some(once));
        let object = self.named(inner);
        let emptiable = object.model.as_ref().is_none_or(|model| model.emptiable);
        self.types[shape.0 as usize] = Kind::Object(object);
        let member = building.push(made_up("content", Slot::Group(shape), false));
        let term = Term::Leaf { member, element: None, low: 1, high: Some(1) };
        node(if emptiable || may_be_empty { 0 } else { min }, max, term)
    }

    /// The object with the names of its members, in the order of the row "Names".
    fn named(&self, building: Building) -> Object {
        let mut object = building.object;
        let order = |member: &Member| match member.slot {
            Slot::Element(_) => 0,
            Slot::Attribute { .. } => 1,
            _ => 2,
        };
        let wire = |member: &Member| match &member.slot {
            Slot::Element(ix) => self.elements[ix.0 as usize].name.local.to_string(),
            Slot::Attribute { name, .. } => name.local.to_string(),
            _ => member.name.to_string(),
        };
        let derived: Vec<(String, String)> = object
            .members
            .iter()
            .map(|member| {
                let wire = wire(member);
                let chosen = member.hint.name.clone().unwrap_or_else(|| match order(member) {
                    2 => wire.clone(),
                    _ => camel(&wire),
                });
                (chosen, wire)
            })
            .collect();
        let mut counts: HashMap<&str, usize> = HashMap::new();
        derived.iter().for_each(|(name, _)| *counts.entry(name).or_default() += 1);
        let mut indices: Vec<usize> = (0..object.members.len()).collect();
        indices.sort_by_key(|index| order(&object.members[*index]));
        for index in indices {
            let (name, wire) = &derived[index];
            let wanted = if counts[name.as_str()] > 1 { wire } else { name };
            let numbered = (2..).map(|number| format!("{wanted}{number}"));
            let mut free = std::iter::once(wanted.clone()).chain(numbered);
            let name: Arc<str> = free
                .find(|name| {
                    let elsewhere =
                        derived.iter().any(|(other, _)| other == name && counts[other.as_str()] == 1);
                    !object.by_name.contains_key(name.as_str()) && (name == &derived[index].0 || !elsewhere)
                })
                .unwrap_or_default()
                .into();
            object.by_name.insert(Arc::clone(&name), index);
            object.members[index].name = name;
        }
        self.places(&mut object);
        object
    }

    fn places(&self, object: &mut Object) {
        for index in 0..object.members.len() {
            match object.members[index].slot {
                Slot::Element(element) => {
                    let name = self.elements[element.0 as usize].name.clone();
                    let new = || Place { element, member: None, groups: Vec::new() };
                    object.children.entry(name).or_insert_with(new).member = Some(index);
                }
                Slot::Group(shape) => {
                    let Kind::Object(group) = &self.types[shape.0 as usize] else { continue };
                    for (name, place) in group.children.clone() {
                        let new = || Place { element: place.element, member: None, groups: Vec::new() };
                        object.children.entry(name).or_insert_with(new).groups.push(index);
                    }
                }
                _ => {}
            }
        }
        let mut locals: HashMap<Arc<str>, Vec<QName>> = HashMap::new();
        for name in object.children.keys() {
            locals.entry(Arc::clone(&name.local)).or_default().push(name.clone());
        }
        object.by_local = locals
            .into_iter()
            .filter(|(_, names)| names.len() == 1)
            .map(|(local, mut names)| (local, names.remove(0)))
            .collect();
    }

    /// Names for `@type`, numbered where two namespaces share one.
    fn tags(&mut self) {
        let mut ids: Vec<(TypeId, ShapeId)> = self.type_ids.iter().map(|(id, shape)| (*id, *shape)).collect();
        ids.sort_unstable();
        let mut counts: HashMap<Arc<str>, u32> = HashMap::new();
        for (_, shape) in ids {
            let Kind::Object(object) = &mut self.types[shape.0 as usize] else { continue };
            let Some(name) = &object.name else { continue };
            let count = counts.entry(Arc::clone(&name.local)).or_default();
            *count += 1;
            object.tag =
                if *count == 1 { Arc::clone(&name.local) } else { format!("{}{count}", name.local).into() };
        }
    }
}

impl Building {
    fn push(&mut self, member: Member) -> usize {
        self.object.members.push(member);
        self.leaves.insert(self.object.members.len() - 1, 0);
        let index = self.object.members.len() - 1;
        if !matches!(self.object.members[index].slot, Slot::Element(_)) {
            self.leaves.insert(index, 1);
        }
        index
    }
}

fn node(min: u32, max: Option<u32>, term: Term) -> Node {
    let (mut members, emptiable) = match &term {
        Term::Leaf { member, low, .. } => (vec![*member], *low == 0),
        Term::Sequence(parts) | Term::All(parts) => (joined(parts), parts.iter().all(|part| part.emptiable)),
        Term::Choice(parts) => (joined(parts), parts.iter().any(|part| part.emptiable)),
    };
    members.sort_unstable();
    members.dedup();
    Node { min, max, term, members, emptiable: min == 0 || emptiable }
}

fn joined(parts: &[Node]) -> Vec<usize> {
    parts.iter().flat_map(|part| part.members.iter().copied()).collect()
}

fn made_up(name: &str, slot: Slot, required: bool) -> Member {
    let list = matches!(slot, Slot::Any(_) | Slot::Group(_));
    Member { name: name.into(), slot, required, list, bounds: (0, None), hint: Hint::default() }
}

fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}
