//! Content models: sequence, choice, all, any, elements and groups.

use super::super::document::XSD;
use super::super::error::SchemaError;
use super::super::globals::{Decl, Kind};
use super::super::model::{Particle, Term, Wildcard};
use super::Reader;

impl<'a> Reader<'a, '_> {
    /// The content model among the children of a complex type, extension, restriction or group.
    pub(super) fn content_model(&mut self, parent: Decl<'a>) -> Result<Option<Particle>, SchemaError> {
        let mut models = parent
            .at
            .declarations()
            .filter(|child| matches!(child.local(), "sequence" | "choice" | "all" | "group"));
        let Some(model) = models.next() else {
            return Ok(None);
        };
        if let Some(second) = models.next() {
            return Err(second.error("a second content model"));
        }
        self.particle(parent.with(model))
    }

    /// `None` when it may not occur at all (`maxOccurs="0"`).
    fn particle(&mut self, decl: Decl<'a>) -> Result<Option<Particle>, SchemaError> {
        self.charge(decl, 1)?;
        self.deeper(decl)?;
        let (min, max) = occurrence(decl)?;
        let term = match decl.at.local() {
            "element" => Term::Element(self.local_element(decl)?),
            "sequence" => Term::Sequence(self.parts(decl)?),
            "choice" => Term::Choice(self.parts(decl)?),
            "all" => Term::All(self.parts(decl)?),
            "any" => Term::Any(self.wildcard(decl)?),
            "group" => self.group(decl)?,
            other => return Err(decl.at.error(format!("<{other}> does not belong in a content model"))),
        };
        self.depth -= 1;
        Ok((max != Some(0)).then_some(Particle { min, max, term }))
    }

    fn parts(&mut self, parent: Decl<'a>) -> Result<Vec<Particle>, SchemaError> {
        let mut parts = Vec::new();
        for child in parent.at.declarations() {
            parts.extend(self.particle(parent.with(child))?);
        }
        Ok(parts)
    }

    /// Each group is read once, so that its elements are the same wherever it is used, and an element in it
    /// may have the group again in its type.
    fn group(&mut self, decl: Decl<'a>) -> Result<Term, SchemaError> {
        let (name, group) = self.global(Kind::Group, decl, decl.at.require("ref")?)?;
        if let Some(known) = self.groups.get(&name) {
            let known = known.clone();
            self.charge(decl, known.size())?;
            return Ok(known);
        }
        if self.open_groups.contains(&name) {
            return Err(decl.at.error(format!("group {name} contains itself")));
        }
        self.open_groups.push(name.clone());
        let model = self.content_model(group)?;
        self.open_groups.pop();
        let term = model.map_or(Term::Sequence(Vec::new()), |particle| particle.term);
        self.groups.insert(name, term.clone());
        Ok(term)
    }

    /// The wildcard of an `any` or `anyAttribute`.
    pub(super) fn wildcard(&self, decl: Decl<'a>) -> Result<Wildcard, SchemaError> {
        let target = self.globals.scope(decl).target.clone();
        let (namespaces, negated) = match decl.at.attr("namespace") {
            None | Some("##any") => (None, false),
            Some("##other") => (Some(vec![target, None]), true),
            Some(list) => {
                let namespaces = list.split_ascii_whitespace().map(|item| match item {
                    "##targetNamespace" => target.clone(),
                    "##local" => None,
                    namespace => Some(namespace.into()),
                });
                (Some(namespaces.collect()), false)
            }
        };
        let (strict, skip) = match decl.at.attr("processContents") {
            None | Some("strict") => (true, false),
            Some("lax") => (false, false),
            Some("skip") => (false, true),
            Some(_) => return Err(decl.at.error("processContents is none of strict, lax and skip")),
        };
        Ok(Wildcard { namespaces, negated, strict, skip })
    }
}

fn occurrence(decl: Decl<'_>) -> Result<(u32, Option<u32>), SchemaError> {
    debug_assert!(decl.at.node.tag_name().namespace() == Some(XSD));
    let number = |name: &str, text: &str| {
        text.parse::<u32>().map_err(|_| decl.at.error(format!("{name} is not a number within bounds")))
    };
    let min = decl.at.attr("minOccurs").map_or(Ok(1), |text| number("minOccurs", text))?;
    let max = match decl.at.attr("maxOccurs") {
        None => Some(1),
        Some("unbounded") => None,
        Some(text) => Some(number("maxOccurs", text)?),
    };
    if max.is_some_and(|max| max < min) {
        return Err(decl.at.error("maxOccurs is less than minOccurs"));
    }
    Ok((min, max))
}
