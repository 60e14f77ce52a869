//! Which elements may stand for another, and which types for another.

use super::document::XSD;
use super::error::SchemaError;
use super::model::{ComplexType, ElementId, Schema, Type, TypeId};

impl Schema {
    /// The elements that may stand where `head` is expected, through any number of substitution groups and
    /// in any namespace: the head itself first unless it is abstract, then the others in schema order.
    /// Members that could not be read are left out.
    pub fn substitutes(&self, head: ElementId) -> Vec<ElementId> {
        let mut members = closure(head, |id| self.members.get(&id).map_or(&[], Vec::as_slice));
        members.sort_unstable();
        members.retain(|id| self.fault_of_element(*id).is_none());
        let head = Some(head);
        head.into_iter().chain(members).filter(|id| !self.element(*id).is_abstract).collect()
    }

    /// The named complex types derived from the complex type `id`, in any number of steps, in schema order;
    /// not itself. Abstract ones are among them, those that could not be read are not. None for a simple type
    /// and for `xs:anyType`, from which everything is derived.
    pub fn subtypes(&self, id: TypeId) -> Vec<TypeId> {
        if matches!(self.type_of(id), Type::Simple(_)) || self.is_any_type(id) {
            return Vec::new();
        }
        let mut types = closure(id, |id| self.derived.get(&id).map_or(&[], Vec::as_slice));
        types.sort_unstable();
        types.retain(|id| !self.unreadable.contains_key(id));
        types
    }

    /// Whether this is `xs:anyType`.
    pub fn is_any_type(&self, id: TypeId) -> bool {
        let name = match self.type_of(id) {
            Type::Complex(ComplexType { name, .. }) => name.as_ref(),
            Type::Simple(_) => None,
        };
        name.is_some_and(|name| name.is(Some(XSD), "anyType"))
    }

    /// Why messages with an element of this type cannot be carried: something in it could not be read.
    pub fn fault_of(&self, id: TypeId) -> Option<&SchemaError> {
        self.unreadable.get(&id)
    }

    /// The same of an element.
    pub fn fault_of_element(&self, id: ElementId) -> Option<&SchemaError> {
        self.fault_of(self.element(id).type_id)
    }

    /// Fills the tables that the questions above are answered from; once, when all is read.
    pub(super) fn relate(&mut self) {
        for index in 0..self.elements.len() {
            if let Some(head) = self.elements[index].substitutes {
                self.members.entry(head).or_default().push(ElementId(number(index)));
            }
        }
        for (index, each) in self.types.iter().enumerate() {
            if let Type::Complex(ComplexType { name: Some(_), base: Some(base), .. }) = each {
                self.derived.entry(*base).or_default().push(TypeId(number(index)));
            }
        }
    }
}

fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

/// Everything reached from `start` over `next`, without `start`; circles end.
fn closure<'s, T: Copy + PartialEq + 's>(start: T, next: impl Fn(T) -> &'s [T]) -> Vec<T> {
    let mut found = Vec::new();
    let mut waiting = vec![start];
    while let Some(id) = waiting.pop() {
        for each in next(id) {
            if *each != start && !found.contains(each) {
                found.push(*each);
                waiting.push(*each);
            }
        }
    }
    found
}
