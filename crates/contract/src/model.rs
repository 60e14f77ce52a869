//! The elements and types that messages are made of.

use std::collections::HashMap;
use std::sync::Arc;

use super::error::{Location, SchemaError};
use super::name::QName;
use super::simple::SimpleType;

/// Reference to an element declaration of one [`Schema`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ElementId(pub(super) u32);

/// Reference to a type of one [`Schema`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TypeId(pub(super) u32);

/// All declarations, held in two tables so that types may refer to each other in circles.
#[derive(Clone, Debug, Default)]
pub struct Schema {
    pub(super) elements: Vec<Element>,
    pub(super) types: Vec<Type>,
    pub(super) global_elements: HashMap<QName, ElementId>,
    pub(super) global_types: HashMap<QName, TypeId>,
    /// Elements that name this one as the head of their substitution group.
    pub(super) members: HashMap<ElementId, Vec<ElementId>>,
    /// Named types whose base this is.
    pub(super) derived: HashMap<TypeId, Vec<TypeId>>,
    /// Types that could not be read or that hold one that could not, and why.
    pub(super) unreadable: HashMap<TypeId, SchemaError>,
    /// The reasons themselves, each once.
    pub(super) faults: Vec<SchemaError>,
}

/// An element declaration, global or local.
#[derive(Clone, Debug)]
pub struct Element {
    /// Name as it stands on the wire: `form` and `elementFormDefault` are applied.
    pub name: QName,
    /// Its type.
    pub type_id: TypeId,
    /// Whether `xsi:nil="true"` is allowed.
    pub nillable: bool,
    /// Whether it may never appear itself.
    pub is_abstract: bool,
    /// Only value allowed, where the schema fixes one.
    pub fixed: Option<Arc<str>>,
    /// Value of an empty element, where the schema gives one.
    pub default: Option<Arc<str>>,
    /// Text of its `xs:documentation`, untreated; it comes from a stranger.
    pub doc: Option<Arc<str>>,
    /// The element for which it may stand (`substitutionGroup`).
    pub substitutes: Option<ElementId>,
    /// Where it is declared.
    pub location: Location,
}

/// A type: text, or attributes and content.
#[derive(Clone, Debug)]
pub enum Type {
    /// Text only.
    Simple(SimpleType),
    /// Attributes, child elements, or text with attributes.
    Complex(ComplexType),
}

/// A complex type; what it inherits is already part of it.
#[derive(Clone, Debug, Default)]
pub struct ComplexType {
    /// Name; `None` for an anonymous type.
    pub name: Option<QName>,
    /// The type it extends or restricts, if not `xs:anyType`.
    pub base: Option<TypeId>,
    /// How it comes from its base.
    pub derivation: Derivation,
    /// Attributes, inherited ones first.
    pub attributes: Vec<Attribute>,
    /// Which other attributes are allowed (`anyAttribute`).
    pub any_attribute: Option<Wildcard>,
    /// What is between the tags.
    pub content: Content,
    /// Whether text may stand between child elements.
    pub mixed: bool,
    /// Whether only a derived type may be used (with `xsi:type`).
    pub is_abstract: bool,
    /// Text of its `xs:documentation`, untreated.
    pub doc: Option<Arc<str>>,
}

/// What a derived type does to its base.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Derivation {
    /// Adds to it.
    Extension,
    /// Narrows it; a type without a base narrows `xs:anyType`.
    #[default]
    Restriction,
}

/// An attribute of a complex type.
#[derive(Clone, Debug)]
pub struct Attribute {
    /// Name as it stands on the wire.
    pub name: QName,
    /// Its simple type.
    pub type_id: TypeId,
    /// Whether it must be there.
    pub required: bool,
    /// Only value allowed, where the schema fixes one.
    pub fixed: Option<Arc<str>>,
    /// Value of an absent attribute, where the schema gives one.
    pub default: Option<Arc<str>>,
    /// Text of its `xs:documentation`, untreated.
    pub doc: Option<Arc<str>>,
}

/// Content of a complex type.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Content {
    /// Nothing.
    #[default]
    Empty,
    /// Text of this simple type.
    Simple(TypeId),
    /// Child elements.
    Particle(Particle),
}

/// A term and how often it may stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Particle {
    /// `minOccurs`.
    pub min: u32,
    /// `maxOccurs`; `None` is unbounded.
    pub max: Option<u32>,
    /// What is repeated.
    pub term: Term,
}

/// What a particle consists of. `group` references are replaced by the group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Term {
    /// One element; the target of a `ref` is the global declaration itself.
    Element(ElementId),
    /// All, in this order.
    Sequence(Vec<Particle>),
    /// One of these.
    Choice(Vec<Particle>),
    /// Each at most once, in any order.
    All(Vec<Particle>),
    /// Elements nobody described.
    Any(Wildcard),
}

/// An `any` or `anyAttribute`: which namespaces it admits and whether content must be declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wildcard {
    /// Namespaces admitted (`None` in it: no namespace), or refused when `negated`. All when `None`.
    pub namespaces: Option<Vec<Option<Arc<str>>>>,
    /// `##other`: everything but `namespaces`.
    pub negated: bool,
    /// `processContents="strict"`: only declared elements.
    pub strict: bool,
    /// `processContents="skip"`: never looked into.
    pub skip: bool,
}

/// A child element of a type, flattened out of its content model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Child {
    /// The element.
    pub element: ElementId,
    /// Least number; 0 for an alternative of a choice and for all below an optional group.
    pub min: u32,
    /// Greatest number; `None` is unbounded.
    pub max: Option<u32>,
    /// Whether it is an alternative of a choice, so that its presence may exclude others.
    pub in_choice: bool,
}

impl Schema {
    /// The element declaration behind `id`. Ids of another schema give a wrong answer or a panic.
    pub fn element(&self, id: ElementId) -> &Element {
        &self.elements[id.0 as usize]
    }

    /// The type behind `id`.
    pub fn type_of(&self, id: TypeId) -> &Type {
        &self.types[id.0 as usize]
    }

    /// The type of an element.
    pub fn element_type(&self, id: ElementId) -> &Type {
        self.type_of(self.element(id).type_id)
    }

    /// The global element of this name.
    pub fn global_element(&self, name: &QName) -> Option<ElementId> {
        self.global_elements.get(name).copied()
    }

    /// The global or built-in type of this name.
    pub fn global_type(&self, name: &QName) -> Option<TypeId> {
        self.global_types.get(name).copied()
    }

    /// The simple type of text in an element of type `id`: itself, or its simple content.
    pub fn text_type(&self, id: TypeId) -> Option<&SimpleType> {
        match self.type_of(id) {
            Type::Simple(simple) => Some(simple),
            Type::Complex(ComplexType { content: Content::Simple(inner), .. }) => self.text_type(*inner),
            Type::Complex(_) => None,
        }
    }

    /// The attributes of a type; none for a simple one.
    pub fn attributes(&self, id: TypeId) -> &[Attribute] {
        match self.type_of(id) {
            Type::Simple(_) => &[],
            Type::Complex(complex) => &complex.attributes,
        }
    }

    /// The child elements of a type in the order of the schema, with effective occurrence.
    pub fn children(&self, id: TypeId) -> Vec<Child> {
        let mut children = Vec::new();
        if let Type::Complex(ComplexType { content: Content::Particle(particle), .. }) = self.type_of(id) {
            particle.flatten(1, Some(1), false, &mut children);
        }
        children
    }

    /// The child of this local name, whatever its namespace.
    pub fn child(&self, id: TypeId, local: &str) -> Option<Child> {
        self.children(id).into_iter().find(|child| &*self.element(child.element).name.local == local)
    }
}

impl Particle {
    /// Exactly one of `term`.
    pub fn once(term: Term) -> Self {
        Self { min: 1, max: Some(1), term }
    }

    fn flatten(&self, min: u32, max: Option<u32>, in_choice: bool, children: &mut Vec<Child>) {
        let min = min.saturating_mul(self.min);
        let max = match (max, self.max) {
            (Some(0), _) | (_, Some(0)) => return,
            (Some(outer), Some(own)) => Some(outer.saturating_mul(own)),
            (None, _) | (_, None) => None,
        };
        match &self.term {
            Term::Element(element) => children.push(Child { element: *element, min, max, in_choice }),
            Term::Sequence(parts) | Term::All(parts) => {
                parts.iter().for_each(|part| part.flatten(min, max, in_choice, children));
            }
            Term::Choice(parts) => {
                let alternatives = parts.len() > 1;
                let min = if alternatives { 0 } else { min };
                parts.iter().for_each(|part| part.flatten(min, max, in_choice || alternatives, children));
            }
            Term::Any(_) => {}
        }
    }
}

impl Term {
    /// Number of particles in it, itself included.
    pub(super) fn size(&self) -> usize {
        match self {
            Self::Sequence(parts) | Self::Choice(parts) | Self::All(parts) => {
                1 + parts.iter().map(|part| part.term.size()).sum::<usize>()
            }
            Self::Element(_) | Self::Any(_) => 1,
        }
    }
}
