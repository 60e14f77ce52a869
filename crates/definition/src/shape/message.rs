//! A message of a contract as JSON and as XML.

use std::sync::Arc;

use ungebro_contract::{Body, Primitive, SimpleType, Variety, service};

use super::arena::{ElementIx, Form, Kind, Object, ShapeId, Shapes, Simple};
use super::decode::Decoder;
use super::encode::Encoder;
use super::json::{self, Json, NotJson};
use super::read::{Fault, JsonReader};
use super::value::{Value, Values};
use super::write::JsonWriter;
use super::xml::{Malformed, Reader, Token};
use crate::name::camel;

const SOAP: [&str; 2] =
    ["http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope"];

/// One direction of an operation.
#[derive(Clone)]
pub struct Message {
    pub(super) shapes: Arc<Shapes>,
    pub(super) root: Root,
    pub(super) headers: Vec<Header>,
}

impl std::fmt::Debug for Message {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Message").finish_non_exhaustive()
    }
}

#[derive(Clone)]
pub(super) struct Header {
    pub(super) name: Arc<str>,
    pub(super) element: ElementIx,
    pub(super) required: bool,
}

#[derive(Clone)]
pub(super) enum Root {
    Empty,
    Element(ElementIx),
    Parts(Vec<(Arc<str>, ElementIx)>),
    Type(ShapeId),
}

/// Namespaces whose header blocks are the gateway's own business.
const RESERVED: [&str; 6] = [
    "http://docs.oasis-open.org/wss/",
    "http://www.w3.org/2005/08/addressing",
    "http://docs.oasis-open.org/ws-sx/ws-trust/",
    "urn:oasis:names:tc:SAML:",
    "urn:liberty:",
    "http://schemas.xmlsoap.org/",
];

/// Why a client's body was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// It is no JSON.
    NotJson(NotJson),
    /// It is not what the message asks for; all of it.
    Faults(Vec<Fault>),
}

impl Message {
    /// The message in the shapes of its contract, which were derived with it.
    ///
    /// # Errors
    /// Why it cannot be carried.
    pub fn new(shapes: &Arc<Shapes>, message: &service::Message) -> Result<Self, String> {
        let unknown = || "the message is not one that the shapes were derived with".to_owned();
        let ix = |id| shapes.element_ix(id).ok_or_else(unknown);
        let root = match &message.body {
            Body::Empty => Root::Empty,
            Body::Element(id) => Root::Element(ix(*id)?),
            Body::Parts(parts) => {
                let parts = parts.iter().map(|(name, id)| Ok((camel(name).into(), ix(*id)?)));
                Root::Parts(parts.collect::<Result<_, String>>()?)
            }
            Body::Type(id) => Root::Type(shapes.type_ix(*id).ok_or_else(unknown)?),
        };
        let mut headers: Vec<Header> = Vec::new();
        for part in &message.headers {
            let element = ix(part.element)?;
            let namespace = shapes.element(element).name.namespace.clone().unwrap_or_default();
            if RESERVED.iter().any(|reserved| namespace.starts_with(reserved)) || SOAP.contains(&&*namespace)
            {
                continue;
            }
            let wanted = camel(&shapes.element(element).name.local);
            let numbered = (2..).map(|number| format!("{wanted}{number}"));
            let mut free = std::iter::once(wanted.clone()).chain(numbered);
            let name =
                free.find(|name| headers.iter().all(|known| *known.name != **name)).unwrap_or_default();
            headers.push(Header { name: name.into(), element, required: part.required });
        }
        let message = Self { shapes: Arc::clone(shapes), root, headers };
        message.can_be_carried()?;
        Ok(message)
    }

    fn can_be_carried(&self) -> Result<(), String> {
        let roots = match &self.root {
            Root::Empty => Vec::new(),
            Root::Element(ix) => vec![self.shapes.element(*ix).shape],
            Root::Parts(parts) => parts.iter().map(|(_, ix)| self.shapes.element(*ix).shape).collect(),
            Root::Type(shape) => vec![*shape],
        };
        let headers = self.headers.iter().map(|header| self.shapes.element(header.element).shape);
        let reached = self.shapes.reached(roots.into_iter().chain(headers));
        let notation = reached.iter().any(|shape| {
            self.shapes.simples(*shape).iter().any(|simple| {
                matches!(
                    self.shapes.schema.text_type(simple.type_id),
                    Some(SimpleType { variety: Variety::Atomic(Primitive::Notation), .. })
                )
            })
        });
        if notation { Err("a type is xs:NOTATION, which is not supported".into()) } else { Ok(()) }
    }

    /// The values of a client's body.
    ///
    /// # Errors
    /// It is no JSON, or not what the message asks for; all faults at once.
    pub fn read<'a>(&self, body: &'a [u8]) -> Result<Values<'a>, Refused> {
        let json = if body.iter().all(u8::is_ascii_whitespace) {
            Json::Object(Vec::new())
        } else {
            json::parse(body).map_err(Refused::NotJson)?
        };
        let mut reader = JsonReader { shapes: &self.shapes, path: Vec::new(), faults: Vec::new(), levels: 0 };
        let Json::Object(mut members) = json else {
            reader.refuse("must be an object");
            return Err(Refused::Faults(reader.faults));
        };
        let headers = members.iter().position(|(name, _)| name == "soapHeaders" && !self.headers.is_empty());
        let headers = headers.map_or(Json::Object(Vec::new()), |index| members.remove(index).1);
        let body = self.read_body(&mut reader, members);
        let headers = self.read_headers(&mut reader, headers);
        if reader.faults.is_empty() {
            Ok(Values { body, headers })
        } else {
            Err(Refused::Faults(reader.faults))
        }
    }

    fn read_body<'a>(
        &self,
        reader: &mut JsonReader<'_>,
        members: Vec<(std::borrow::Cow<'a, str>, Json<'a>)>,
    ) -> Vec<Value<'a>> {
        let shapes = &self.shapes;
        match &self.root {
            Root::Empty => named(reader, &[], members),
            Root::Parts(parts) => {
                let parts: Vec<_> = parts.iter().map(|(name, ix)| (Arc::clone(name), *ix, true)).collect();
                named(reader, &parts, members)
            }
            Root::Type(shape) => match shapes.object(*shape) {
                Some(object) => {
                    let mut inner = JsonReader { shapes, path: Vec::new(), faults: Vec::new(), levels: 1 };
                    let value = inner.object(*shape, object, Json::Object(members), false);
                    reader.faults.append(&mut inner.faults);
                    vec![value]
                }
                None => named(reader, &[], members),
            },
            Root::Element(ix) if self.is_wrapped(*ix) => {
                named(reader, &[("value".into(), *ix, true)], members)
            }
            Root::Element(ix) => {
                let element = shapes.element(*ix);
                let object = shapes.object(element.shape);
                let is_nil = element.nillable
                    && matches!(&members[..], [(name, Json::Null)] if name == "value")
                    && object.is_none_or(|object| {
                        !object.by_name.contains_key("value") || object.value_member().is_some()
                    });
                let json = if is_nil { Json::Null } else { Json::Object(members) };
                vec![reader.element(*ix, json, element.nillable)]
            }
        }
    }

    fn read_headers<'a>(&self, reader: &mut JsonReader<'_>, json: Json<'a>) -> Vec<Value<'a>> {
        if self.headers.is_empty() {
            return Vec::new();
        }
        reader.path.push("soapHeaders".to_owned());
        let parts: Vec<_> = self
            .headers
            .iter()
            .map(|header| (Arc::clone(&header.name), header.element, header.required))
            .collect();
        let values = match json {
            Json::Object(members) => named(reader, &parts, members),
            _ => {
                reader.refuse("must be an object");
                Vec::new()
            }
        };
        reader.path.pop();
        values
    }

    /// Whether the root is text alone, so that it stands in a member `value`.
    pub(super) fn is_wrapped(&self, ix: ElementIx) -> bool {
        self.shapes.object(self.shapes.element(ix).shape).is_none()
    }

    /// Writes values as JSON.
    pub fn write_json(&self, values: &Values<'_>, out: &mut Vec<u8>) {
        let start = out.len();
        out.push(b'{');
        let mut writer = JsonWriter { shapes: &self.shapes, out };
        let mut parts: Vec<(Arc<str>, ElementIx, &Value<'_>)> = Vec::new();
        match (&self.root, values.body.first()) {
            (Root::Parts(named), _) => {
                let named =
                    named.iter().zip(&values.body).map(|((name, ix), value)| (Arc::clone(name), *ix, value));
                parts.extend(named);
            }
            (Root::Element(ix), Some(Value::Object(object))) => {
                let declared = self.shapes.object(self.shapes.element(*ix).shape);
                writer.members(object, declared.is_some_and(Object::is_tagged));
            }
            (Root::Element(ix), Some(value)) => parts.push(("value".into(), *ix, value)),
            (Root::Type(_), Some(Value::Object(object))) => writer.members(object, false),
            (Root::Empty | Root::Element(_) | Root::Type(_), _) => {}
        }
        named_json(&mut writer, start, parts);
        let headers = self.headers.iter().zip(&values.headers).filter(|(_, value)| !value.is_absent());
        let headers: Vec<_> =
            headers.map(|(header, value)| (Arc::clone(&header.name), header.element, value)).collect();
        if !headers.is_empty() {
            let comma: &[u8] = if writer.out.len() > start + 1 { b"," } else { b"" };
            writer.out.extend_from_slice(comma);
            writer.out.extend_from_slice(b"\"soapHeaders\":{");
            let start = writer.out.len() - 1;
            named_json(&mut writer, start, headers);
            writer.out.push(b'}');
        }
        out.push(b'}');
    }

    /// Writes the children of the SOAP body: XML that is its own exclusive canonical form, given that the prefixes in
    /// the answer are in `InclusiveNamespaces`.
    pub fn encode(&self, values: &Values<'_>, out: &mut String) -> Vec<String> {
        let mut encoder = Encoder::new(&self.shapes, out);
        match (&self.root, values.body.first()) {
            (Root::Element(ix), Some(value)) => encoder.element(*ix, value),
            (Root::Parts(parts), _) => {
                for ((_, ix), value) in parts.iter().zip(&values.body) {
                    encoder.element(*ix, value);
                }
            }
            (Root::Type(shape), Some(Value::Object(object))) => {
                if let Some(known) = self.shapes.object(*shape) {
                    encoder.content(known, &object.values);
                }
            }
            (Root::Empty | Root::Element(_) | Root::Type(_), _) => {}
        }
        encoder.spoken
    }

    /// Writes the header blocks in the same way, in the order of the binding.
    pub fn encode_headers(&self, values: &Values<'_>, out: &mut String) -> Vec<String> {
        let mut spoken = Vec::new();
        for (header, value) in self.headers.iter().zip(&values.headers) {
            let mut encoder = Encoder::new(&self.shapes, out);
            encoder.element(header.element, value);
            spoken.append(&mut encoder.spoken);
        }
        spoken
    }

    /// Reads a whole SOAP envelope of either version.
    ///
    /// # Errors
    /// It is none, it is a fault, or it holds something else than this message.
    pub fn decode(&self, envelope: &str) -> Result<Values<'static>, Malformed> {
        let mut reader = Reader::new(envelope);
        let mut values = Values { body: Vec::new(), headers: vec![Value::Absent; self.headers.len()] };
        let is_soap =
            |tag: &super::xml::Tag, local: &str| tag.local == local && SOAP.contains(&&*tag.namespace);
        loop {
            match reader.next()? {
                Token::Open(tag) if is_soap(&tag, "Envelope") => break,
                Token::Text(text) if text.trim().is_empty() => {}
                _ => return Err(Malformed::NotSoap),
            }
        }
        loop {
            match reader.next()? {
                Token::Open(tag) if is_soap(&tag, "Header") => {
                    self.decode_headers(&mut reader, &mut values)?
                }
                Token::Open(tag) if is_soap(&tag, "Body") => {
                    values.body = self.decode_body(&mut reader, &tag)?
                }
                Token::Open(_) => reader.skip()?,
                Token::Text(_) => {}
                Token::Close => break,
                Token::End => return Err(Malformed::NotXml),
            }
        }
        loop {
            match reader.next()? {
                Token::End => return Ok(values),
                Token::Text(text) if text.trim().is_empty() => {}
                _ => return Err(Malformed::NotXml),
            }
        }
    }

    fn decode_headers(&self, reader: &mut Reader<'_>, values: &mut Values<'static>) -> Result<(), Malformed> {
        loop {
            match reader.next()? {
                Token::Open(tag) => {
                    let found = self.headers.iter().position(|header| {
                        self.shapes.element(header.element).name.is(Some(&tag.namespace), &tag.local)
                    });
                    match found.filter(|index| values.headers[*index].is_absent()) {
                        Some(index) => {
                            let element = self.headers[index].element;
                            values.headers[index] =
                                Decoder { shapes: &self.shapes }.element(element, tag, reader, None)?;
                        }
                        None => reader.skip()?,
                    }
                }
                Token::Text(_) => {}
                Token::Close => return Ok(()),
                Token::End => return Err(Malformed::NotXml),
            }
        }
    }

    /// The children of the SOAP body that was just opened, up to its end.
    fn decode_body(
        &self,
        reader: &mut Reader<'_>,
        body: &super::xml::Tag,
    ) -> Result<Vec<Value<'static>>, Malformed> {
        let decoder = Decoder { shapes: &self.shapes };
        if let Root::Type(shape) = self.root {
            let Some(object) = self.shapes.object(shape) else { return Err(Malformed::UnexpectedRoot) };
            let value = decoder.object(shape, object, body, reader)?;
            return Ok(vec![Value::Object(Box::new(value))]);
        }
        let parts: Vec<ElementIx> = match &self.root {
            Root::Element(ix) => vec![*ix],
            Root::Parts(parts) => parts.iter().map(|(_, ix)| *ix).collect(),
            Root::Empty | Root::Type(_) => Vec::new(),
        };
        let mut values = vec![Value::Absent; parts.len()];
        loop {
            match reader.next()? {
                Token::Open(tag) if tag.local == "Fault" && SOAP.contains(&&*tag.namespace) => {
                    return Err(Malformed::Fault);
                }
                Token::Open(tag) => {
                    let is =
                        |ix: &ElementIx| self.shapes.element(*ix).name.is(Some(&tag.namespace), &tag.local);
                    let local = |ix: &ElementIx| *self.shapes.element(*ix).name.local == *tag.local;
                    let found = parts.iter().position(is).or_else(|| parts.iter().position(local));
                    match found.filter(|index| values[*index].is_absent()) {
                        Some(index) => values[index] = decoder.element(parts[index], tag, reader, None)?,
                        None if parts.is_empty() => reader.skip()?,
                        None => return Err(Malformed::UnexpectedRoot),
                    }
                }
                Token::Text(_) => {}
                Token::Close if values.iter().any(Value::is_absent) => return Err(Malformed::UnexpectedRoot),
                Token::Close => return Ok(values),
                Token::End => return Err(Malformed::NotXml),
            }
        }
    }

    /// The JSON of a body in normal form: nothing absent written, repetitions greedy, constants and types named.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn normal(&self, body: &[u8]) -> Result<Vec<u8>, Refused> {
        let values = self.read(body)?;
        let mut out = Vec::with_capacity(body.len());
        self.write_json(&values, &mut out);
        Ok(out)
    }
}

fn named<'a>(
    reader: &mut JsonReader<'_>,
    parts: &[(Arc<str>, ElementIx, bool)],
    members: Vec<(std::borrow::Cow<'a, str>, Json<'a>)>,
) -> Vec<Value<'a>> {
    let mut values: Vec<Value<'a>> = parts.iter().map(|_| Value::Absent).collect();
    let mut given = vec![false; parts.len()];
    for (name, json) in members {
        let Some(index) = parts.iter().position(|(known, _, _)| **known == *name) else {
            let quotable = name.len() <= 64 && name.bytes().all(|byte| byte.is_ascii_alphabetic());
            let step = if quotable { name.into_owned() } else { String::new() };
            if quotable {
                reader.path.push(step);
            }
            reader.refuse("no such member");
            if quotable {
                reader.path.pop();
            }
            continue;
        };
        let (name, ix, required) = &parts[index];
        let nillable = reader.shapes.element(*ix).nillable;
        if matches!(json, Json::Null) && !*required {
            continue;
        }
        given[index] = true;
        reader.path.push(name.to_string());
        values[index] = reader.element(*ix, json, nillable);
        reader.path.pop();
    }
    for ((name, _, required), given) in parts.iter().zip(given) {
        if *required && !given {
            reader.path.push(name.to_string());
            reader.refuse("is required");
            reader.path.pop();
        }
    }
    values
}

fn named_json(writer: &mut JsonWriter<'_, '_>, start: usize, parts: Vec<(Arc<str>, ElementIx, &Value<'_>)>) {
    for (name, ix, value) in parts {
        if value.is_absent() {
            continue;
        }
        if writer.out.len() > start + 1 {
            writer.out.push(b',');
        }
        json::write_string(&name, writer.out);
        writer.out.push(b':');
        writer.element(ix, value, false);
    }
}

impl Shapes {
    pub(super) fn type_ix(&self, id: ungebro_contract::TypeId) -> Option<ShapeId> {
        self.type_ids.get(&id).copied()
    }

    /// Every shape that these lead to, themselves included.
    pub(super) fn reached(&self, roots: impl IntoIterator<Item = ShapeId>) -> Vec<ShapeId> {
        let mut seen = std::collections::HashSet::new();
        let mut order = Vec::new();
        let mut waiting: std::collections::VecDeque<ShapeId> = roots.into_iter().collect();
        while let Some(shape) = waiting.pop_front() {
            if !seen.insert(shape) {
                continue;
            }
            order.push(shape);
            if let Kind::Object(object) = self.kind(shape) {
                waiting.extend(object.subtypes.iter().copied());
                waiting.extend(object.members.iter().filter_map(|member| match member.slot {
                    super::arena::Slot::Element(ix) => Some(self.element(ix).shape),
                    super::arena::Slot::Group(group) => Some(group),
                    _ => None,
                }));
            }
        }
        order
    }

    fn simples(&self, shape: ShapeId) -> Vec<&Simple> {
        let own: Vec<&Simple> = match self.kind(shape) {
            Kind::Simple(simple) => vec![simple],
            Kind::AnyType => Vec::new(),
            Kind::Object(object) => {
                let slots = object.members.iter().filter_map(|member| match &member.slot {
                    super::arena::Slot::Attribute { simple, .. } | super::arena::Slot::Value(simple) => {
                        Some(simple)
                    }
                    _ => None,
                });
                slots.collect()
            }
        };
        own.into_iter().filter(|simple| simple.form == Form::QName).collect()
    }
}
