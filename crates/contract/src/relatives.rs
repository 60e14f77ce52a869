//! Which elements may stand for another, and which types for another.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use super::document::XSD;
use super::error::SchemaError;
use super::model::{ComplexType, Content, ElementId, Schema, Term, Type, TypeId};
use super::simple::{SimpleType, Variety};

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
        self.spread_faults();
    }

    /// What holds something unreadable cannot be carried either.
    fn spread_faults(&mut self) {
        let mut users: HashMap<TypeId, Vec<TypeId>> = HashMap::new();
        if self.unreadable.is_empty() {
            return;
        }
        for (index, each) in self.types.iter().enumerate() {
            for used in self.used_by(each) {
                users.entry(used).or_default().push(TypeId(number(index)));
            }
        }
        let mut waiting: Vec<_> = self.unreadable.keys().copied().collect();
        waiting.sort_unstable();
        while let Some(id) = waiting.pop() {
            let fault = self.unreadable[&id].clone();
            for user in users.get(&id).into_iter().flatten() {
                if !self.unreadable.contains_key(user) {
                    self.unreadable.insert(*user, fault.clone());
                    waiting.push(*user);
                }
            }
        }
    }

    fn used_by(&self, each: &Type) -> Vec<TypeId> {
        match each {
            Type::Simple(SimpleType { variety: Variety::List(item), .. }) => vec![*item],
            Type::Simple(SimpleType { variety: Variety::Union(members), .. }) => members.clone(),
            Type::Simple(_) => Vec::new(),
            Type::Complex(complex) => {
                let mut used: Vec<_> = complex.attributes.iter().map(|attribute| attribute.type_id).collect();
                match &complex.content {
                    Content::Empty => {}
                    Content::Simple(text) => used.push(*text),
                    Content::Particle(particle) => self.used_in(&particle.term, &mut used),
                }
                used
            }
        }
    }

    fn used_in(&self, term: &Term, used: &mut Vec<TypeId>) {
        match term {
            Term::Element(id) => used.push(self.element(*id).type_id),
            Term::Sequence(parts) | Term::Choice(parts) | Term::All(parts) => {
                parts.iter().for_each(|part| self.used_in(&part.term, used));
            }
            Term::Any(_) => {}
        }
    }
}

fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

/// Everything reached from `start` over `next`, without `start`; circles end.
fn closure<'s, T: Copy + Eq + Hash + 's>(start: T, next: impl Fn(T) -> &'s [T]) -> Vec<T> {
    let mut found = Vec::new();
    let mut seen = HashSet::from([start]);
    let mut waiting = vec![start];
    while let Some(id) = waiting.pop() {
        for each in next(id) {
            if seen.insert(*each) {
                found.push(*each);
                waiting.push(*each);
            }
        }
    }
    found
}
