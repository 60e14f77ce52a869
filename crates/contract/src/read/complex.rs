//! Complex types: content, attributes, and what extension and restriction take from the base.

use super::super::document::{At, XSD};
use super::super::error::SchemaError;
use super::super::globals::Decl;
use super::super::model::{ComplexType, Content, Derivation, Particle, Term, Type, TypeId};
use super::super::name::QName;
use super::super::simple::SimpleType;
use super::attribute::Attributes;
use super::{Progress, Reader};

/// What a derived type starts from.
struct Base {
    id: TypeId,
    attributes: Attributes,
    content: Content,
    mixed: bool,
}

impl<'a> Reader<'a, '_> {
    pub(super) fn complex_type(
        &mut self,
        decl: Decl<'a>,
        name: Option<QName>,
    ) -> Result<ComplexType, SchemaError> {
        self.charge(decl, 1)?;
        for child in decl.at.declarations() {
            match child.local() {
                "simpleContent" => return self.derived(decl, decl.with(child), name, Self::simple_content),
                "complexContent" => return self.derived(decl, decl.with(child), name, Self::complex_content),
                "sequence" | "choice" | "all" | "group" | "attribute" | "attributeGroup" | "anyAttribute" => {
                }
                other => return Err(child.error(format!("<{other}> does not belong in <complexType>"))),
            }
        }
        let mut attributes = Attributes::default();
        self.attributes(decl, &mut attributes)?;
        Ok(ComplexType {
            name,
            base: None,
            derivation: Derivation::Restriction,
            doc: decl.at.doc(),
            attributes: attributes.list,
            any_attribute: attributes.any,
            content: self.content_model(decl)?.map_or(Content::Empty, Content::Particle),
            mixed: decl.at.flag("mixed")?,
            is_abstract: decl.at.flag("abstract")?,
        })
    }

    /// `simpleContent` or `complexContent`, the latter two differing only in what becomes of the content.
    fn derived(
        &mut self,
        decl: Decl<'a>,
        content: Decl<'a>,
        name: Option<QName>,
        combine: fn(&mut Self, Decl<'a>, &Base) -> Result<Content, SchemaError>,
    ) -> Result<ComplexType, SchemaError> {
        let derivation = derivation(content.at)?;
        let derivation = content.with(derivation);
        let mut base = self.base(derivation)?;
        let own_mixed = content.at.flag("mixed")? || decl.at.flag("mixed")?;
        let extends = derivation.at.local() == "extension";
        let mixed = own_mixed || (extends && base.mixed);
        if !extends {
            // Wildcards, unlike attributes, are not inherited by a restriction.
            base.attributes.any = None;
        }
        let content = combine(self, derivation, &base)?;
        self.attributes(derivation, &mut base.attributes)?;
        Ok(ComplexType {
            name,
            base: Some(base.id),
            derivation: if extends { Derivation::Extension } else { Derivation::Restriction },
            doc: decl.at.doc(),
            attributes: base.attributes.list,
            any_attribute: base.attributes.any,
            content,
            mixed,
            is_abstract: decl.at.flag("abstract")?,
        })
    }

    fn base(&mut self, derivation: Decl<'a>) -> Result<Base, SchemaError> {
        let id = self.type_named(derivation, derivation.at.require("base")?)?;
        let base = match self.need(derivation, id)? {
            Type::Simple(_) => {
                Base { id, attributes: Attributes::default(), content: Content::Simple(id), mixed: false }
            }
            Type::Complex(complex) => Base {
                id,
                attributes: Attributes {
                    list: complex.attributes.clone(),
                    any: complex.any_attribute.clone(),
                },
                content: complex.content.clone(),
                mixed: complex.mixed,
            },
        };
        let inherited = match &base.content {
            Content::Particle(particle) => particle.term.size(),
            Content::Empty | Content::Simple(_) => 1,
        };
        self.charge(derivation, inherited + base.attributes.list.len())?;
        Ok(base)
    }

    fn complex_content(&mut self, derivation: Decl<'a>, base: &Base) -> Result<Content, SchemaError> {
        let own = self.content_model(derivation)?;
        if derivation.at.local() == "restriction" {
            return Ok(own.map_or(Content::Empty, Content::Particle));
        }
        match (&base.content, own) {
            (Content::Simple(_), _) => {
                Err(derivation.at.error("complexContent extends a type that holds text"))
            }
            (inherited, None) => Ok(inherited.clone()),
            (Content::Empty, Some(own)) => Ok(Content::Particle(own)),
            (Content::Particle(inherited), Some(own)) => {
                Ok(Content::Particle(followed_by(inherited.clone(), own)))
            }
        }
    }

    fn simple_content(&mut self, derivation: Decl<'a>, base: &Base) -> Result<Content, SchemaError> {
        let inline = derivation.at.declarations().find(|child| child.is(XSD, "simpleType"));
        let text = match (&base.content, inline) {
            (_, Some(inline)) => self.promise_type(derivation.with(inline), None),
            (Content::Simple(text), None) => *text,
            (Content::Empty | Content::Particle(_), None) => {
                return Err(derivation.at.error("simpleContent needs a base that holds text"));
            }
        };
        if derivation.at.local() == "extension" {
            return Ok(Content::Simple(text));
        }
        let base = self.need_simple(derivation, text)?.clone();
        let facets = self.facets(derivation, &base)?;
        self.progress.push(Progress::Done);
        Ok(Content::Simple(self.schema.add_type(Type::Simple(SimpleType {
            name: None,
            base: Some(text),
            facets,
            ..base
        }))))
    }
}

fn derivation(content: At<'_>) -> Result<At<'_>, SchemaError> {
    content
        .declarations()
        .find(|child| matches!(child.local(), "extension" | "restriction"))
        .ok_or_else(|| content.error(format!("<{}> without extension or restriction", content.local())))
}

/// One content model after the other, without nesting where both are plain sequences.
fn followed_by(first: Particle, second: Particle) -> Particle {
    let parts = [first, second].into_iter().flat_map(|particle| match particle {
        Particle { min: 1, max: Some(1), term: Term::Sequence(parts) } => parts,
        other => vec![other],
    });
    Particle::once(Term::Sequence(parts.collect()))
}
