//! Simple types: restriction, list and union, and the facets of a restriction.

use std::sync::Arc;

use super::super::document::{At, XSD};
use super::super::error::SchemaError;
use super::super::globals::Decl;
use super::super::lexical;
use super::super::model::TypeId;
use super::super::name::QName;
use super::super::pattern;
use super::super::simple::{Facets, SimpleType, Variety, WhiteSpace};
use super::Reader;

impl<'a> Reader<'a, '_> {
    pub(super) fn simple_type(
        &mut self,
        decl: Decl<'a>,
        name: Option<QName>,
    ) -> Result<SimpleType, SchemaError> {
        let Some(child) = decl.at.declarations().next() else {
            return Err(decl.at.error("<simpleType> without restriction, list or union"));
        };
        let body = decl.with(child);
        let simple = match child.local() {
            "restriction" => self.restriction(body, name),
            "list" => self.list(body, name),
            "union" => self.union(body, name),
            other => Err(child.error(format!("<{other}> does not belong in <simpleType>"))),
        };
        Ok(SimpleType { doc: decl.at.doc(), ..simple? })
    }

    fn restriction(&mut self, body: Decl<'a>, name: Option<QName>) -> Result<SimpleType, SchemaError> {
        let base = self.named_or_inline(body, "base")?;
        let id = base;
        let base = self.need_simple(body, id)?.clone();
        let facets = self.facets(body, &base)?;
        Ok(SimpleType { name, base: Some(id), variety: base.variety, facets, doc: None })
    }

    fn list(&mut self, body: Decl<'a>, name: Option<QName>) -> Result<SimpleType, SchemaError> {
        let item = self.named_or_inline(body, "itemType")?;
        self.need_simple(body, item)?;
        let facets = Facets { white_space: WhiteSpace::Collapse, ..Facets::default() };
        Ok(SimpleType { name, base: None, variety: Variety::List(item), facets, doc: None })
    }

    fn union(&mut self, body: Decl<'a>, name: Option<QName>) -> Result<SimpleType, SchemaError> {
        let mut members = Vec::new();
        for member in body.at.attr("memberTypes").unwrap_or_default().split_ascii_whitespace() {
            members.push(self.type_named(body, member)?);
        }
        for inline in body.at.declarations().filter(|child| child.is(XSD, "simpleType")) {
            members.push(self.promise_type(body.with(inline), None));
        }
        if members.is_empty() {
            return Err(body.at.error("a union of nothing"));
        }
        for member in &members {
            self.need_simple(body, *member)?;
        }
        Ok(SimpleType {
            name,
            base: None,
            variety: Variety::Union(members),
            facets: Facets::default(),
            doc: None,
        })
    }

    fn named_or_inline(&mut self, body: Decl<'a>, attribute: &str) -> Result<TypeId, SchemaError> {
        let inline = body.at.declarations().find(|child| child.is(XSD, "simpleType"));
        match (body.at.attr(attribute), inline) {
            (Some(name), None) => self.type_named(body, name),
            (None, Some(inline)) => Ok(self.promise_type(body.with(inline), None)),
            (Some(_), Some(_)) | (None, None) => {
                Err(body.at.error(format!("needs either {attribute} or an inline simpleType")))
            }
        }
    }

    /// The facets of `base`, narrowed by those among the children of `body`.
    pub(super) fn facets(&mut self, body: Decl<'a>, base: &SimpleType) -> Result<Facets, SchemaError> {
        let mut facets = base.facets.clone();
        self.charge(body, 1 + facets.patterns.len() + facets.enumeration.len())?;
        let mut patterns = Vec::new();
        let mut enumeration = Vec::new();
        for child in body.at.declarations() {
            match child.local() {
                "pattern" => patterns.push(value(child)?),
                "enumeration" => enumeration.push(value(child)?),
                "simpleType" | "attribute" | "attributeGroup" | "anyAttribute" => {}
                _ => facet(child, &base.variety, &mut facets)?,
            }
        }
        if !patterns.is_empty() {
            let compiled = pattern::compile(&patterns);
            facets.patterns.push(compiled.map_err(|reason| body.at.error(format!("pattern: {reason}")))?);
        }
        if !enumeration.is_empty() {
            let normalized = enumeration.into_iter().map(|text| facets.white_space.apply(text).into());
            facets.enumeration = normalized.collect();
        }
        Ok(facets)
    }
}

fn facet(at: At<'_>, variety: &Variety, facets: &mut Facets) -> Result<(), SchemaError> {
    match at.local() {
        "length" => facets.length = Some(number(at)?),
        "minLength" => facets.min_length = Some(number(at)?),
        "maxLength" => facets.max_length = Some(number(at)?),
        "totalDigits" => facets.total_digits = Some(number(at)?),
        "fractionDigits" => facets.fraction_digits = Some(number(at)?),
        "minInclusive" => facets.min_inclusive = Some(bound(at, variety)?),
        "maxInclusive" => facets.max_inclusive = Some(bound(at, variety)?),
        "minExclusive" => facets.min_exclusive = Some(bound(at, variety)?),
        "maxExclusive" => facets.max_exclusive = Some(bound(at, variety)?),
        "whiteSpace" => {
            facets.white_space = match value(at)?.trim() {
                "preserve" => WhiteSpace::Preserve,
                "replace" => WhiteSpace::Replace,
                "collapse" => WhiteSpace::Collapse,
                _ => return Err(at.error("whiteSpace is none of preserve, replace and collapse")),
            }
        }
        other => return Err(at.error(format!("unknown facet <{other}>"))),
    }
    Ok(())
}

/// The value as written; `trim` would change enumerations and patterns.
fn value<'a>(at: At<'a>) -> Result<&'a str, SchemaError> {
    at.node.attribute("value").ok_or_else(|| at.error(format!("<{}> without value", at.local())))
}

fn number<N: std::str::FromStr>(at: At<'_>) -> Result<N, SchemaError> {
    value(at)?.trim().parse().map_err(|_| at.error(format!("the value of <{}> is not a number", at.local())))
}

fn bound(at: At<'_>, variety: &Variety) -> Result<Arc<str>, SchemaError> {
    let text = value(at)?.trim();
    match variety {
        Variety::Atomic(primitive) if lexical::check(*primitive, text).is_ok() => Ok(text.into()),
        Variety::Atomic(_) => {
            Err(at.error(format!("the value of <{}> does not fit the base type", at.local())))
        }
        Variety::List(_) | Variety::Union(_) => {
            Err(at.error(format!("<{}> does not apply to a list or a union", at.local())))
        }
    }
}
