//! Element declarations: their type and their name on the wire.

use super::super::document::{At, XSD};
use super::super::error::SchemaError;
use super::super::globals::{Decl, Kind};
use super::super::model::{Element, ElementId, TypeId};
use super::super::name::QName;
use super::Reader;

impl<'a> Reader<'a, '_> {
    /// The declaration at `decl`, with the name it has on the wire.
    pub(super) fn element(&mut self, decl: Decl<'a>, name: QName) -> Result<Element, SchemaError> {
        self.charge(decl, 1)?;
        Ok(Element {
            name,
            type_id: self.element_type(decl)?,
            nillable: decl.at.flag("nillable")?,
            is_abstract: decl.at.flag("abstract")?,
            fixed: decl.at.node.attribute("fixed").map(Into::into),
            default: decl.at.node.attribute("default").map(Into::into),
            doc: decl.at.doc(),
            substitutes: self.substituted(decl)?,
            location: decl.at.location(),
        })
    }

    /// A `ref` or a local declaration within a content model.
    pub(super) fn local_element(&mut self, decl: Decl<'a>) -> Result<ElementId, SchemaError> {
        if let Some(reference) = decl.at.attr("ref") {
            let (name, _) = self.global(Kind::Element, decl, reference)?;
            return Ok(self.schema.global_elements[&name]);
        }
        let scope = self.globals.scope(decl);
        let qualified = is_qualified(decl.at, scope.elements_qualified)?;
        let namespace = scope.target.as_deref().filter(|_| qualified);
        let name = QName::new(namespace, decl.at.require("name")?);
        let element = self.element(decl, name)?;
        Ok(self.schema.add_element(element))
    }

    fn element_type(&mut self, decl: Decl<'a>) -> Result<TypeId, SchemaError> {
        let inline =
            decl.at.declarations().find(|child| matches!(child.local(), "simpleType" | "complexType"));
        match (decl.at.attr("type"), inline) {
            (Some(_), Some(inline)) => Err(inline.error("the element has a type attribute as well")),
            (Some(name), None) => self.type_named(decl, name),
            (None, Some(inline)) => Ok(self.promise_type(decl.with(inline), None)),
            (None, None) => self.head_type(decl),
        }
    }

    /// Without a type of its own an element has that of the one it substitutes, else `anyType`.
    fn head_type(&mut self, decl: Decl<'a>) -> Result<TypeId, SchemaError> {
        let Some(head) = decl.at.attr("substitutionGroup") else {
            return Ok(self.schema.builtin_type("anyType"));
        };
        let (_, head) = self.global(Kind::Element, decl, head)?;
        self.deeper(head)?;
        let type_id = self.element_type(head)?;
        self.depth -= 1;
        Ok(type_id)
    }

    fn substituted(&self, decl: Decl<'a>) -> Result<Option<ElementId>, SchemaError> {
        let Some(head) = decl.at.attr("substitutionGroup") else {
            return Ok(None);
        };
        let (name, _) = self.global(Kind::Element, decl, head)?;
        Ok(Some(self.schema.global_elements[&name]))
    }
}

/// Whether a local element or attribute carries the target namespace.
pub(super) fn is_qualified(at: At<'_>, default: bool) -> Result<bool, SchemaError> {
    debug_assert!(at.node.tag_name().namespace() == Some(XSD));
    match at.attr("form") {
        None => Ok(default),
        Some("qualified") => Ok(true),
        Some("unqualified") => Ok(false),
        Some(_) => Err(at.error("form is neither qualified nor unqualified")),
    }
}
