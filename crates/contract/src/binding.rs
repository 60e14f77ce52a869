//! The operations of a binding: what is sent, what comes back, under which action.

use std::sync::Arc;

use super::contract::SoapVersion;
use super::document::At;
use super::error::SchemaError;
use super::model::{ElementId, Schema};
use super::name::QName;
use super::service::{Body, HeaderPart, Message, Operation, Port, Style};
use super::wsdl::{Bound, Definitions, WSDL};

/// The port behind `bound`; an operation that cannot be carried is noted with the reason.
pub(super) fn read<'a>(
    definitions: &Definitions<'a>,
    bound: &Bound<'a>,
    schema: &Schema,
) -> Result<Port, SchemaError> {
    let port_type = definitions.port_type(bound.binding)?;
    let mut port = Port {
        name: bound.offered.require("name")?.into(),
        service: name_of(
            bound.offered.parent().filter(|parent| parent.is(WSDL, "service")).unwrap_or(bound.offered),
        )?,
        port_type: name_of(port_type)?,
        soap_version: bound.version,
        address: bound.address.map(Into::into),
        operations: Vec::new(),
        left_out: Vec::new(),
    };
    for each in bound.binding.children().filter(|child| child.is(WSDL, "operation")) {
        let name = each.require("name")?;
        let binding = Binding { definitions, port: bound, schema, port_type: &port.port_type };
        match binding.operation(port_type, each, name) {
            Ok(operation) => port.operations.push(operation),
            Err(reason) => port.left_out.push((name.into(), reason)),
        }
    }
    Ok(port)
}

/// The expanded name of a message, port type, binding or service.
fn name_of(at: At<'_>) -> Result<QName, SchemaError> {
    Ok(QName::new(at.file.root().attr("targetNamespace"), at.require("name")?))
}

struct Binding<'a, 'c> {
    definitions: &'c Definitions<'a>,
    port: &'c Bound<'a>,
    schema: &'c Schema,
    port_type: &'c QName,
}

impl<'a> Binding<'a, '_> {
    fn operation(&self, port_type: At<'a>, bound: At<'a>, name: &str) -> Result<Operation, SchemaError> {
        let soap = self.port.soap(bound, "operation");
        let style = |at: At<'a>| at.attr("style");
        let binding_style = self.port.soap(self.port.binding, "binding").and_then(style);
        if soap.and_then(style).or(binding_style) == Some("rpc") {
            return Err(
                bound.error(format!("operation {name} is rpc style; only document style is supported"))
            );
        }
        let described = port_type
            .children()
            .find(|child| child.is(WSDL, "operation") && child.attr("name") == Some(name))
            .ok_or_else(|| bound.error(format!("the port type has no operation {name}")))?;
        let action = soap.and_then(|soap| soap.attr("soapAction"));
        let faults = described.children().filter(|child| child.is(WSDL, "fault"));
        let has_output =
            [bound, described].iter().any(|at| at.children().any(|child| child.is(WSDL, "output")));
        Ok(Operation {
            name: name.into(),
            port_type: self.port_type.clone(),
            style: Style::Document,
            doc: described.doc(),
            soap_action: match self.port.version {
                SoapVersion::V11 => action,
                SoapVersion::V12 => action.filter(|action| !action.is_empty()),
            }
            .map(Into::into),
            input: self.message(bound, described, "input")?,
            output: has_output.then(|| self.message(bound, described, "output")).transpose()?,
            faults: faults.map(|fault| self.fault(fault)).collect::<Result<_, _>>()?,
            location: bound.location(),
        })
    }

    fn message(&self, bound: At<'a>, described: At<'a>, direction: &str) -> Result<Message, SchemaError> {
        let one = |parent: At<'a>| {
            parent.children().find(|child| child.is(WSDL, direction)).ok_or_else(|| {
                parent.error(format!("has no {direction}; only request and answer are supported"))
            })
        };
        let (bound, described) = (one(bound)?, one(described)?);
        let message = self.definitions.message(described)?;
        let body = self.port.soap(bound, "body").ok_or_else(|| bound.error("has no SOAP body"))?;
        refuse_encoding(body)?;
        let mut headers = Vec::new();
        let mut header_parts = Vec::new();
        for header in self.port.soap_all(bound, "header") {
            refuse_encoding(header)?;
            let (of, part) = (self.definitions.message(header)?, header.require("part")?);
            headers.push(HeaderPart {
                element: self.element(named_part(of, part, header)?)?,
                required: header.node.attribute((WSDL, "required")) == Some("true"),
                message: name_of(of)?,
                part: part.into(),
            });
            if of.node == message.node {
                header_parts.push(part);
            }
        }
        let listed: Option<Vec<_>> = body.attr("parts").map(|list| list.split_ascii_whitespace().collect());
        let in_body = parts(message).filter(|part| {
            let name = part.attr("name").unwrap_or_default();
            listed.as_ref().map_or_else(|| !header_parts.contains(&name), |listed| listed.contains(&name))
        });
        let mut found: Vec<(Arc<str>, ElementId)> = Vec::new();
        for part in in_body {
            found.push((part.require("name")?.into(), self.element(part)?));
        }
        let body = match found.as_slice() {
            [] => Body::Empty,
            [(_, only)] => Body::Element(*only),
            [_, _, ..] => Body::Parts(found),
        };
        Ok(Message { body, headers })
    }

    fn element(&self, part: At<'a>) -> Result<ElementId, SchemaError> {
        let Some(reference) = part.attr("element") else {
            return Err(part.error("the part has no element=; parts by type= are not supported"));
        };
        let name = part.expand(reference)?;
        let found = self.schema.global_element(&name);
        found.ok_or_else(|| part.error(format!("element {name} is not declared")))
    }

    fn fault(&self, fault: At<'a>) -> Result<ElementId, SchemaError> {
        let message = self.definitions.message(fault)?;
        let part = parts(message).next().ok_or_else(|| message.error("the message has no part"))?;
        self.element(part)
    }
}

fn parts<'a>(message: At<'a>) -> impl Iterator<Item = At<'a>> {
    message.children().filter(|child| child.is(WSDL, "part"))
}

fn named_part<'a>(message: At<'a>, name: &str, from: At<'a>) -> Result<At<'a>, SchemaError> {
    parts(message)
        .find(|part| part.attr("name") == Some(name))
        .ok_or_else(|| from.error(format!("the message has no part {name}")))
}

fn refuse_encoding(at: At<'_>) -> Result<(), SchemaError> {
    match at.attr("use") {
        Some("encoded") => Err(at.error("use=\"encoded\" is not supported; only literal is")),
        Some(_) | None => Ok(()),
    }
}
