//! The operations of a binding: what is sent, what comes back, under which action.

use std::sync::Arc;

use super::contract::SoapVersion;
use super::document::At;
use super::error::SchemaError;
use super::model::{ElementId, Schema, TypeId};
use super::name::QName;
use super::service::{Body, HeaderPart, Message, Operation, Port, Style};
use super::wsdl::{Bound, Definitions, WSDL};

/// The port behind `bound`; an operation that cannot be carried is noted with the reason.
pub(super) fn read<'a>(
    definitions: &Definitions<'a>,
    bound: &Bound<'a>,
    schema: &mut Schema,
) -> Result<Port, SchemaError> {
    let port_type = definitions.port_type(bound.binding)?;
    let service = bound.offered.parent().filter(|parent| parent.is(WSDL, "service"));
    let mut port = Port {
        name: bound.offered.require("name")?.into(),
        service: name_of(service.unwrap_or(bound.offered))?,
        port_type: name_of(port_type)?,
        soap_version: bound.version,
        address: bound.address.map(Into::into),
        operations: Vec::new(),
        left_out: Vec::new(),
    };
    for each in bound.binding.children().filter(|child| child.is(WSDL, "operation")) {
        let name = each.attr("name").unwrap_or_default();
        let mut binding = Binding { definitions, port: bound, schema, port_type: &port.port_type };
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
    schema: &'c mut Schema,
    port_type: &'c QName,
}

/// One direction as it is read: where the binding has it, where the port type.
struct Direction<'a> {
    bound: Option<At<'a>>,
    described: At<'a>,
    operation: At<'a>,
    wrapper: String,
}

impl<'a> Binding<'a, '_> {
    fn operation(&mut self, port_type: At<'a>, bound: At<'a>, name: &str) -> Result<Operation, SchemaError> {
        let soap = self.port.soap(bound, "operation");
        let style = |at: At<'a>| at.attr("style");
        let binding_style = self.port.soap(self.port.binding, "binding").and_then(style);
        let rpc = soap.and_then(style).or(binding_style) == Some("rpc");
        let style = if rpc { Style::Rpc } else { Style::Document };
        let described = overload(port_type, bound, name)?;
        let one = |parent: At<'a>, direction| parent.children().find(move |child| child.is(WSDL, direction));
        let directions =
            described.children().map(At::local).find(|local| matches!(*local, "input" | "output"));
        let Some(sent) = one(described, "input").filter(|_| directions != Some("output")) else {
            return Err(bound.error("the service would call first (notification or solicit-response)"));
        };
        let side = |described: At<'a>, direction, suffix| Direction {
            bound: one(bound, direction),
            described,
            operation: bound,
            wrapper: format!("{name}{suffix}"),
        };
        let input = self.message(&side(sent, "input", ""), style)?;
        let output = one(described, "output")
            .map(|answer| self.message(&side(answer, "output", "Response"), style))
            .transpose()?;
        let action = soap.and_then(|soap| soap.attr("soapAction"));
        let faults = described.children().filter(|child| child.is(WSDL, "fault"));
        Ok(Operation {
            name: name.into(),
            port_type: self.port_type.clone(),
            style,
            doc: described.doc(),
            soap_action: match self.port.version {
                SoapVersion::V11 => action,
                SoapVersion::V12 => action.filter(|action| !action.is_empty()),
            }
            .map(Into::into),
            input,
            output,
            // A fault that cannot be read is one that nobody recognises, and stops no call.
            faults: faults.filter_map(|fault| self.fault(fault).ok()).collect(),
            location: bound.location(),
        })
    }

    fn message(&mut self, side: &Direction<'a>, style: Style) -> Result<Message, SchemaError> {
        let message = self.definitions.message(side.described)?;
        // The body may be the first part of a mime:multipartRelated.
        let body = side.bound.and_then(|bound| self.port.soap_below(bound, "body"));
        body.map_or(Ok(()), refuse_encoding)?;
        let mut headers = Vec::new();
        let mut header_parts = Vec::new();
        let bound_headers = side.bound.into_iter().flat_map(|bound| self.port.soap_all(bound, "header"));
        for header in bound_headers.collect::<Vec<_>>() {
            let (block, of) = self.header(header)?;
            if of.node == message.node {
                header_parts.push(block.part.clone());
            }
            headers.push(block);
        }
        let listed = body.and_then(|body| body.attr("parts"));
        let listed: Option<Vec<_>> = listed.map(|list| list.split_ascii_whitespace().collect());
        let in_body = parts(message).filter(|part| {
            let name = part.attr("name").unwrap_or_default();
            match &listed {
                Some(listed) => listed.contains(&name),
                None => !header_parts.iter().any(|header| **header == *name),
            }
        });
        let in_body: Vec<_> = in_body.collect();
        let body = match style {
            Style::Document => self.document_body(&in_body)?,
            Style::Rpc => {
                let namespace = body.and_then(|body| body.attr("namespace"));
                let name = QName::new(namespace, &side.wrapper);
                Body::Element(self.wrapper(side.operation, name, &in_body)?)
            }
        };
        Ok(Message { body, headers })
    }

    fn document_body(&self, parts: &[At<'a>]) -> Result<Body, SchemaError> {
        match parts {
            [] => Ok(Body::Empty),
            [only] if only.attr("element").is_none() => {
                Ok(Body::Type(self.named_type(*only, only.require("type")?)?))
            }
            [only] => Ok(Body::Element(self.element(*only)?)),
            several => {
                let named =
                    several.iter().map(|part| Ok((part.require("name")?.into(), self.element(*part)?)));
                Ok(Body::Parts(named.collect::<Result<_, SchemaError>>()?))
            }
        }
    }

    /// The element around the parts of an rpc message (WS-I Basic Profile 1.1, 4.7.10): it has the
    /// namespace of the binding, its children have none.
    fn wrapper(&mut self, at: At<'a>, name: QName, parts: &[At<'a>]) -> Result<ElementId, SchemaError> {
        let mut children: Vec<(Arc<str>, TypeId)> = Vec::new();
        for part in parts {
            let type_id = match part.attr("element") {
                Some(_) => self.schema.element(self.element(*part)?).type_id,
                None => self.named_type(*part, part.require("type")?)?,
            };
            children.push((part.require("name")?.into(), type_id));
        }
        Ok(self.schema.add_wrapper(name, &children, &at.location()))
    }

    /// A header block and the message that it is a part of.
    fn header(&mut self, header: At<'a>) -> Result<(HeaderPart, At<'a>), SchemaError> {
        refuse_encoding(header)?;
        let (of, part) = (self.definitions.message(header)?, header.require("part")?);
        let found = named_part(of, part, header)?;
        let element = match (found.attr("element"), found.attr("type")) {
            (None, Some(named)) => {
                let type_id = self.named_type(found, named)?;
                let name = QName::new(header.attr("namespace"), part);
                self.schema.add_typed_element(name, type_id, &found.location())
            }
            _ => self.element(found)?,
        };
        let required = matches!(header.node.attribute((WSDL, "required")), Some("true" | "1"));
        Ok((HeaderPart { element, required, message: name_of(of)?, part: part.into() }, of))
    }

    fn element(&self, part: At<'a>) -> Result<ElementId, SchemaError> {
        let name = part.expand(part.require("element")?)?;
        let found = self.schema.global_element(&name);
        let found = found.ok_or_else(|| part.error(format!("element {name} is not declared")))?;
        self.schema.fault_of_element(found).map_or(Ok(found), |fault| Err(fault.clone()))
    }

    fn named_type(&self, part: At<'a>, reference: &str) -> Result<TypeId, SchemaError> {
        let name = part.expand(reference)?;
        let found = self.schema.global_type(&name);
        let found = found.ok_or_else(|| part.error(format!("type {name} is not declared")))?;
        self.schema.fault_of(found).map_or(Ok(found), |fault| Err(fault.clone()))
    }

    fn fault(&self, fault: At<'a>) -> Result<ElementId, SchemaError> {
        let message = self.definitions.message(fault)?;
        let part = parts(message).next().ok_or_else(|| message.error("the message has no part"))?;
        self.element(part)
    }
}

/// The operation that the binding means; of several with one name the one whose input is named alike.
fn overload<'a>(port_type: At<'a>, bound: At<'a>, name: &str) -> Result<At<'a>, SchemaError> {
    let same =
        port_type.children().filter(|child| child.is(WSDL, "operation") && child.attr("name") == Some(name));
    let same: Vec<_> = same.collect();
    let input =
        |at: At<'a>| at.children().find(|child| child.is(WSDL, "input")).and_then(|input| input.attr("name"));
    let wanted = input(bound);
    let alike = same.iter().find(|each| wanted.is_some() && input(**each) == wanted);
    let found = alike.or(same.first()).copied();
    found.ok_or_else(|| bound.error(format!("the port type has no operation {name}")))
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
