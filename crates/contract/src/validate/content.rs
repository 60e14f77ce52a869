//! Child elements against a content model.
//!
//! XML Schema demands that the next element alone decides which particle it belongs to (unique particle
//! attribution), so one pass without going back is enough.

use roxmltree::Node;

use super::super::model::{ElementId, Particle, Schema, Term, Wildcard};
use super::super::name::QName;
use super::name_of;

/// How a child was recognised.
#[derive(Clone, Copy)]
pub(super) enum Matched {
    /// It is this element.
    Declared(ElementId),
    /// A wildcard admits it only if declared, and it is not.
    Undeclared,
    /// A wildcard admits it without a look inside.
    Unchecked,
}

/// Where the children leave the content model.
pub(super) struct Mismatch<'n> {
    /// The child that does not fit; `None` when one is missing at the end.
    pub(super) at: Option<Node<'n, 'n>>,
    pub(super) reason: String,
}

pub(super) struct Matcher<'s, 'n> {
    schema: &'s Schema,
    /// Names are expanded once, since each is compared with many declarations.
    children: Vec<(Node<'n, 'n>, QName)>,
    /// The children recognised, in document order.
    pub(super) matched: Vec<(Node<'n, 'n>, Matched)>,
}

impl<'s, 'n> Matcher<'s, 'n> {
    pub(super) fn new(schema: &'s Schema, parent: Node<'n, 'n>) -> Self {
        let children = parent.children().filter(Node::is_element).map(|child| (child, name_of(child)));
        Self { schema, children: children.collect(), matched: Vec::new() }
    }

    /// Matches all children against the content of a type.
    pub(super) fn whole(&mut self, particle: Option<&Particle>) -> Result<(), Mismatch<'n>> {
        if let Some(particle) = particle {
            self.particle(particle)?;
        }
        match self.next() {
            Some((at, _)) => Err(Mismatch { at: Some(*at), reason: "is not expected here".into() }),
            None => Ok(()),
        }
    }

    fn next(&self) -> Option<&(Node<'n, 'n>, QName)> {
        self.children.get(self.matched.len())
    }

    fn particle(&mut self, particle: &Particle) -> Result<(), Mismatch<'n>> {
        let mut count = 0;
        while particle.max.is_none_or(|max| count < max) && self.starts(&particle.term) {
            self.term(&particle.term)?;
            count += 1;
        }
        if count < particle.min && !is_emptiable(&particle.term) {
            Err(self.missing(&particle.term))
        } else {
            Ok(())
        }
    }

    /// Consumes at least the next child, which [`Self::starts`] the term.
    fn term(&mut self, term: &Term) -> Result<(), Mismatch<'n>> {
        match term {
            Term::Element(id) => {
                if let Some((node, name)) = self.next() {
                    let actual = self.schema.substitute(name, *id).unwrap_or(*id);
                    self.matched.push((*node, Matched::Declared(actual)));
                }
                Ok(())
            }
            Term::Any(wildcard) => {
                if let Some((node, name)) = self.next() {
                    self.matched.push((*node, self.through(wildcard, name)));
                }
                Ok(())
            }
            Term::Sequence(parts) => parts.iter().try_for_each(|part| self.particle(part)),
            Term::Choice(parts) => match parts.iter().find(|part| self.starts(&part.term)) {
                Some(part) => self.particle(part),
                None => Ok(()),
            },
            Term::All(parts) => self.all(parts),
        }
    }

    fn all(&mut self, parts: &[Particle]) -> Result<(), Mismatch<'n>> {
        let mut open: Vec<_> = parts.iter().collect();
        while let Some(index) = open.iter().position(|part| self.starts(&part.term)) {
            self.particle(open.remove(index))?;
        }
        match open.iter().find(|part| part.min > 0 && !is_emptiable(&part.term)) {
            Some(part) => Err(self.missing(&part.term)),
            None => Ok(()),
        }
    }

    /// Whether the next child can be the first of `term`.
    fn starts(&self, term: &Term) -> bool {
        let Some((_, name)) = self.next() else {
            return false;
        };
        match term {
            Term::Element(id) => self.schema.substitute(name, *id).is_some(),
            Term::Any(wildcard) => admits(wildcard, name),
            Term::Choice(parts) | Term::All(parts) => parts.iter().any(|part| self.starts(&part.term)),
            Term::Sequence(parts) => {
                // Up to and including the first part that must be there.
                let end = parts.iter().position(|part| part.min > 0 && !is_emptiable(&part.term));
                let reachable = end.map_or(parts.len(), |end| end + 1);
                parts[..reachable].iter().any(|part| self.starts(&part.term))
            }
        }
    }

    fn through(&self, wildcard: &Wildcard, name: &QName) -> Matched {
        match self.schema.global_element(name) {
            _ if wildcard.skip => Matched::Unchecked,
            Some(id) => Matched::Declared(id),
            None if wildcard.strict => Matched::Undeclared,
            None => Matched::Unchecked,
        }
    }

    fn missing(&self, term: &Term) -> Mismatch<'n> {
        let expected = self.first_of(term);
        match self.next() {
            Some((node, name)) => {
                // The same local name in another namespace is the mistake that is hardest to see.
                let confusable = expected.rsplit('}').next() == Some(&*name.local);
                let found = if confusable { format!("; found {name}") } else { String::new() };
                Mismatch { at: Some(*node), reason: format!("is not expected here, but {expected}{found}") }
            }
            None => Mismatch { at: None, reason: format!("lacks {expected}") },
        }
    }

    fn first_of(&self, term: &Term) -> String {
        match term {
            Term::Element(id) => self.schema.element(*id).name.to_string(),
            Term::Any(_) => "another element".to_owned(),
            Term::Sequence(parts) | Term::All(parts) => parts
                .iter()
                .find(|part| part.min > 0 && !is_emptiable(&part.term))
                .map_or_else(String::new, |part| self.first_of(&part.term)),
            Term::Choice(parts) => {
                let names: Vec<_> = parts.iter().map(|part| self.first_of(&part.term)).collect();
                names.join(" or ")
            }
        }
    }
}

fn is_emptiable(term: &Term) -> bool {
    let emptiable = |part: &Particle| part.min == 0 || is_emptiable(&part.term);
    match term {
        Term::Element(_) | Term::Any(_) => false,
        Term::Sequence(parts) | Term::All(parts) => parts.iter().all(emptiable),
        Term::Choice(parts) => parts.is_empty() || parts.iter().any(emptiable),
    }
}

pub(super) fn admits(wildcard: &Wildcard, name: &QName) -> bool {
    let Some(namespaces) = &wildcard.namespaces else {
        return true;
    };
    let listed = namespaces.contains(&name.namespace);
    listed != wildcard.negated
}
