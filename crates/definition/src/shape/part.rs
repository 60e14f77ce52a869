//! Particles made tidy: heads of substitution groups are choices, what can hold nothing is gone, and a group of one part
//! is that part.

use std::collections::BTreeSet;

use ungebro_contract::{ElementId, Particle, Schema, Term, Wildcard};

pub(super) struct Part {
    pub(super) min: u32,
    pub(super) max: Option<u32>,
    pub(super) term: PartTerm,
}

pub(super) enum PartTerm {
    Element(ElementId),
    Any(Wildcard),
    Sequence(Vec<Part>),
    Choice(Vec<Part>),
    All(Vec<Part>),
}

pub(super) struct Parts<'s> {
    pub(super) schema: &'s Schema,
}

impl Parts<'_> {
    pub(super) fn tidy(&self, particle: &Particle) -> Option<Part> {
        if particle.max == Some(0) {
            return None;
        }
        let each =
            |parts: &[Particle]| -> Vec<Part> { parts.iter().filter_map(|part| self.tidy(part)).collect() };
        let (min, max) = (particle.min, particle.max);
        match &particle.term {
            Term::Element(id) => self.element(*id, min, max),
            Term::Any(wildcard) => Some(Part { min, max, term: PartTerm::Any(wildcard.clone()) }),
            Term::Sequence(parts) => collapse(min, max, each(parts), PartTerm::Sequence),
            Term::All(parts) => collapse(min, max, each(parts), PartTerm::All),
            Term::Choice(parts) => {
                // An alternative that holds nothing makes the choice optional.
                let kept = each(parts);
                let min = if kept.len() < parts.len() { 0 } else { min };
                collapse(min, max, kept, PartTerm::Choice)
            }
        }
    }

    fn element(&self, id: ElementId, min: u32, max: Option<u32>) -> Option<Part> {
        let once = |id| Part { min: 1, max: Some(1), term: PartTerm::Element(id) };
        let mut members = self.schema.substitutes(id);
        match members.len() {
            0 if min == 0 => None,
            0 => Some(Part { min, max, term: PartTerm::Choice(Vec::new()) }),
            1 => Some(Part { min, max, term: PartTerm::Element(members.remove(0)) }),
            _ => Some(Part { min, max, term: PartTerm::Choice(members.into_iter().map(once).collect()) }),
        }
    }
}

fn collapse(
    min: u32,
    max: Option<u32>,
    mut parts: Vec<Part>,
    term: fn(Vec<Part>) -> PartTerm,
) -> Option<Part> {
    match parts.len() {
        0 => None,
        1 if parts[0].min <= 1 => {
            let part = parts.remove(0);
            let product = max.zip(part.max).map(|(outer, inner)| outer.saturating_mul(inner));
            Some(Part { min: min.saturating_mul(part.min), max: product, term: part.term })
        }
        _ => Some(Part { min, max, term: term(parts) }),
    }
}

impl PartTerm {
    /// How many different elements and wildcards it may hold, as far as two.
    pub(super) fn names(&self, schema: &Schema) -> usize {
        let mut names = BTreeSet::new();
        let mut wildcards = 0;
        self.collect(schema, &mut names, &mut wildcards);
        names.len() + wildcards
    }

    /// Whether nothing at all satisfies it.
    pub(super) fn is_emptiable(&self) -> bool {
        let emptiable = |part: &Part| part.min == 0 || part.term.is_emptiable();
        match self {
            Self::Element(_) | Self::Any(_) => false,
            Self::Sequence(parts) | Self::All(parts) => parts.iter().all(emptiable),
            Self::Choice(parts) => parts.iter().any(emptiable),
        }
    }

    fn collect(&self, schema: &Schema, names: &mut BTreeSet<ungebro_contract::QName>, wildcards: &mut usize) {
        match self {
            Self::Element(id) => _ = names.insert(schema.element(*id).name.clone()),
            Self::Any(_) => *wildcards += 1,
            Self::Sequence(parts) | Self::Choice(parts) | Self::All(parts) => {
                parts.iter().for_each(|part| part.term.collect(schema, names, wildcards));
            }
        }
    }

    /// What a repetition without bound holds: an alternative that may itself repeat stands in it once.
    pub(super) fn once_each(self) -> Self {
        match self {
            Self::Choice(parts) => Self::Choice(parts.into_iter().map(once).collect()),
            other => other,
        }
    }
}

fn once(part: Part) -> Part {
    if part.min > 1 {
        return part;
    }
    Part { min: 1, max: Some(1), term: part.term.once_each() }
}
