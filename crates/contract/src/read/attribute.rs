//! Attributes of complex types, by declaration, `ref` and attribute group.

use super::super::document::{XML, XSD};
use super::super::error::SchemaError;
use super::super::globals::{Decl, Kind};
use super::super::model::{Attribute, TypeId, Wildcard};
use super::super::name::QName;
use super::Reader;
use super::element::is_qualified;

/// Attributes while a type is being read.
#[derive(Default)]
pub(super) struct Attributes {
    pub(super) list: Vec<Attribute>,
    pub(super) any: Option<Wildcard>,
}

impl Attributes {
    /// Adds one; a later declaration replaces an inherited one.
    fn set(&mut self, attribute: Attribute) {
        match self.list.iter_mut().find(|known| known.name == attribute.name) {
            Some(known) => *known = attribute,
            None => self.list.push(attribute),
        }
    }
}

impl<'a> Reader<'a, '_> {
    /// Reads the attribute declarations among the children of `parent` into `into`.
    pub(super) fn attributes(&mut self, parent: Decl<'a>, into: &mut Attributes) -> Result<(), SchemaError> {
        for child in parent.at.declarations() {
            let decl = parent.with(child);
            match child.local() {
                "attribute" => self.attribute_use(decl, into)?,
                "attributeGroup" => self.attribute_group(decl, into)?,
                "anyAttribute" => into.any = Some(self.wildcard(decl)?),
                _ => {}
            }
        }
        Ok(())
    }

    fn attribute_group(&mut self, decl: Decl<'a>, into: &mut Attributes) -> Result<(), SchemaError> {
        let (name, group) = self.global(Kind::AttributeGroup, decl, decl.at.require("ref")?)?;
        if self.open_groups.contains(&name) {
            return Err(decl.at.error(format!("attribute group {name} contains itself")));
        }
        self.deeper(decl)?;
        self.open_groups.push(name);
        self.attributes(group, into)?;
        self.open_groups.pop();
        self.depth -= 1;
        Ok(())
    }

    fn attribute_use(&mut self, decl: Decl<'a>, into: &mut Attributes) -> Result<(), SchemaError> {
        self.charge(decl, 1)?;
        let mut attribute = self.attribute(decl)?;
        match decl.at.attr("use") {
            Some("prohibited") => {
                into.list.retain(|known| known.name != attribute.name);
                return Ok(());
            }
            Some("required") => attribute.required = true,
            Some("optional") | None => {}
            Some(_) => return Err(decl.at.error("use is none of optional, required and prohibited")),
        }
        if let Some(fixed) = decl.at.node.attribute("fixed") {
            attribute.fixed = Some(fixed.into());
        }
        if let Some(default) = decl.at.node.attribute("default") {
            attribute.default = Some(default.into());
        }
        attribute.doc = decl.at.doc().or(attribute.doc);
        into.set(attribute);
        Ok(())
    }

    fn attribute(&mut self, decl: Decl<'a>) -> Result<Attribute, SchemaError> {
        if let Some(reference) = decl.at.attr("ref") {
            let name = self.globals.expand(decl, reference)?;
            if name.namespace.as_deref() == Some(XML)
                && let Some(known) = self.schema.xml_attribute(&name.local)
            {
                return Ok(known);
            }
            let (name, global) = self.global(Kind::Attribute, decl, reference)?;
            let type_id = self.attribute_type(global)?;
            let value = |named| global.at.node.attribute(named).map(Into::into);
            let (fixed, default) = (value("fixed"), value("default"));
            return Ok(Attribute { name, type_id, required: false, fixed, default, doc: global.at.doc() });
        }
        let scope = self.globals.scope(decl);
        let qualified = is_qualified(decl.at, scope.attributes_qualified)?;
        let name = QName::new(scope.target.as_deref().filter(|_| qualified), decl.at.require("name")?);
        Ok(Attribute {
            name,
            type_id: self.attribute_type(decl)?,
            required: false,
            fixed: None,
            default: None,
            doc: None,
        })
    }

    fn attribute_type(&mut self, decl: Decl<'a>) -> Result<TypeId, SchemaError> {
        let inline = decl.at.declarations().find(|child| child.is(XSD, "simpleType"));
        match (decl.at.attr("type"), inline) {
            (Some(_), Some(inline)) => Err(inline.error("the attribute has a type attribute as well")),
            (Some(name), None) => {
                let id = self.type_named(decl, name)?;
                if matches!(self.schema.type_of(id), super::super::model::Type::Complex(_)) {
                    return Err(decl.at.error("an attribute needs a simple type"));
                }
                Ok(id)
            }
            (None, Some(inline)) => Ok(self.promise_type(decl.with(inline), None)),
            (None, None) => Ok(self.schema.builtin_type("anySimpleType")),
        }
    }
}
