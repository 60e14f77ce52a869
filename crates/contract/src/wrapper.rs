//! Declarations that a WSDL implies without writing them.

use std::sync::Arc;

use super::error::Location;
use super::model::{
    ComplexType, Content, Derivation, Element, ElementId, Particle, Schema, Term, Type, TypeId,
};
use super::name::QName;

impl Schema {
    /// Adds an element declaration that is not global and gives its id.
    pub(super) fn add_element(&mut self, element: Element) -> ElementId {
        let id = ElementId(u32::try_from(self.elements.len()).unwrap_or(u32::MAX));
        self.elements.push(element);
        id
    }

    /// An element of this name and type.
    pub(super) fn add_typed_element(&mut self, name: QName, type_id: TypeId, at: &Location) -> ElementId {
        self.add_element(Element {
            name,
            type_id,
            nillable: false,
            is_abstract: false,
            fixed: None,
            default: None,
            doc: None,
            substitutes: None,
            location: at.clone(),
        })
    }

    /// An element around `children`, each once, in order and in no namespace.
    pub(super) fn add_wrapper(
        &mut self,
        name: QName,
        children: &[(Arc<str>, TypeId)],
        at: &Location,
    ) -> ElementId {
        let each = |(local, type_id): &(Arc<str>, TypeId)| {
            let name = QName::new(None, local);
            Particle::once(Term::Element(self.add_typed_element(name, *type_id, at)))
        };
        let parts: Vec<_> = children.iter().map(each).collect();
        let type_id = self.add_type(Type::Complex(ComplexType {
            name: None,
            base: None,
            derivation: Derivation::Restriction,
            attributes: Vec::new(),
            any_attribute: None,
            content: if parts.is_empty() {
                Content::Empty
            } else {
                Content::Particle(Particle::once(Term::Sequence(parts)))
            },
            mixed: false,
            is_abstract: false,
            doc: None,
        }));
        self.add_typed_element(name, type_id, at)
    }
}
