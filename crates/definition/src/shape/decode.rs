//! XML of answers as values: by expanded name, then by local name; what nobody declared is skipped.

use std::borrow::Cow;

use ungebro_contract::QName;

use super::arena::{ElementIx, Kind, Member, Object, ShapeId, Shapes, Slot, admits};
use super::assemble::{Item, Key, assemble, takes_other};
use super::foreign;
use super::scalar;
use super::value::{ObjectValue, Value};
use super::xml::{Malformed, Reader, Tag, Token, XML, XSD, XSI};

pub(super) struct Decoder<'s> {
    pub(super) shapes: &'s Shapes,
}

impl Decoder<'_> {
    /// The element that was just opened, up to its end. `optional`: an empty one of a type without an empty value is absent.
    pub(super) fn element<'a>(
        &self,
        ix: ElementIx,
        tag: Tag,
        reader: &mut Reader<'_>,
        member: Option<&Member>,
    ) -> Result<Value<'a>, Malformed> {
        let element = self.shapes.element(ix);
        let optional = member.is_some_and(|member| !member.required || member.hint.lenient);
        let nil = tag.is_nil();
        match self.shapes.kind(element.shape) {
            Kind::Object(object) => self.typed(ix, element.shape, object, tag, reader, member),
            Kind::Simple(_) | Kind::AnyType if nil => {
                reader.skip()?;
                Ok(if element.nillable || !optional { Value::Nil } else { Value::Absent })
            }
            Kind::AnyType => anything(tag, reader),
            Kind::Simple(simple) => {
                let (text, bindings) = text(reader)?;
                let namespace = |prefix: &str| lookup(&bindings, prefix);
                let name = &element.name.local;
                let fallback = element.default.as_deref().or(element.fixed.as_deref());
                let text = if text.is_empty()
                    && !optional
                    && scalar::check(&self.shapes.schema, simple, "").is_err()
                {
                    fallback.map_or(text, str::to_owned)
                } else {
                    text
                };
                self.simple(simple, text, optional, member, name, &namespace)
            }
        }
    }

    fn simple<'a>(
        &self,
        simple: &super::arena::Simple,
        text: String,
        optional: bool,
        member: Option<&Member>,
        name: &str,
        namespace: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Value<'a>, Malformed> {
        if optional && text.trim().is_empty() && scalar::check(&self.shapes.schema, simple, &text).is_err() {
            return Ok(Value::Absent);
        }
        match scalar::from_wire(&self.shapes.schema, simple, Cow::Owned(text), namespace) {
            Some(value) => Ok(value),
            None if member.is_some_and(|member| member.hint.lenient) => Ok(Value::Absent),
            None => Err(Malformed::IllTyped(name.to_owned())),
        }
    }

    fn typed<'a>(
        &self,
        ix: ElementIx,
        declared: ShapeId,
        object: &Object,
        tag: Tag,
        reader: &mut Reader<'_>,
        member: Option<&Member>,
    ) -> Result<Value<'a>, Malformed> {
        let element = self.shapes.element(ix);
        let said = tag.attribute(XSI, "type").map(|text| {
            let (prefix, local) = text.trim().split_once(':').unwrap_or(("", text.trim()));
            QName::new(reader.lookup(prefix), local)
        });
        let found = said.and_then(|name| {
            let mut known = object.subtypes.iter().copied();
            known.find(|id| self.shapes.object(*id).is_some_and(|known| known.name.as_ref() == Some(&name)))
        });
        let shape = found.unwrap_or(declared);
        if found.is_none() && object.is_abstract {
            return Err(Malformed::IllTyped(element.name.local.to_string()));
        }
        let Some(object) = self.shapes.object(shape) else { return Err(Malformed::UnexpectedRoot) };
        if tag.is_nil() {
            let values = object.members.iter().map(|_| Value::Absent).collect();
            let mut value = ObjectValue { shape, nil: true, values };
            self.attributes(object, &tag, reader, &mut value)?;
            reader.skip()?;
            let null_is_nil = element.nillable
                && member.is_none_or(|member| member.required || member.hint.nil || member.list);
            let bare = value.values.iter().all(Value::is_absent);
            let plain = bare && object.value_member().is_none() && (null_is_nil || !object.has_attributes());
            return Ok(if plain { Value::Nil } else { Value::Object(Box::new(value)) });
        }
        self.object(shape, object, &tag, reader).map(|value| Value::Object(Box::new(value)))
    }

    /// Attributes and content of the element that was just opened, up to its end.
    pub(super) fn object<'a>(
        &self,
        shape: ShapeId,
        object: &Object,
        tag: &Tag,
        reader: &mut Reader<'_>,
    ) -> Result<ObjectValue<'a>, Malformed> {
        let values = object.members.iter().map(|_| Value::Absent).collect();
        let mut value = ObjectValue { shape, nil: false, values };
        self.attributes(object, tag, reader, &mut value)?;
        let attributes = std::mem::take(&mut value.values);
        if let Some(index) = object.value_member() {
            value.values = attributes;
            let (text, bindings) = text(reader)?;
            if let Slot::Value(simple) = &object.members[index].slot {
                let namespace = |prefix: &str| lookup(&bindings, prefix);
                let member = &object.members[index];
                value.values[index] =
                    self.simple(simple, text, false, Some(member), "a value", &namespace)?;
            }
            return Ok(value);
        }
        if let Some(index) = object.xml_member() {
            value.values = attributes;
            let in_force = reader.in_force();
            let mut children = foreign::children(reader)?;
            for child in &mut children {
                if let foreign::Child::Element(tree) = child {
                    let own: Vec<_> = in_force
                        .iter()
                        .filter(|(prefix, _)| !tree.tag.bound.iter().any(|(known, _)| known == prefix))
                        .cloned()
                        .collect();
                    tree.tag.bound.extend(own);
                }
            }
            let mut xml = String::new();
            foreign::write_children(&children, &mut foreign::Scope::default(), &mut xml);
            value.values[index] = if xml.is_empty() { Value::Absent } else { Value::Text(xml.into()) };
            return Ok(value);
        }
        let items = self.children(object, reader)?;
        value.values = assemble(self.shapes, object, items);
        for (slot, attribute) in value.values.iter_mut().zip(attributes) {
            if !attribute.is_absent() {
                *slot = attribute;
            }
        }
        self.required(object, &value)?;
        Ok(value)
    }

    fn children<'a>(&self, object: &Object, reader: &mut Reader<'_>) -> Result<Vec<Item<'a>>, Malformed> {
        let mut items = Vec::new();
        loop {
            match reader.next()? {
                Token::Open(tag) => {
                    let name = QName::new(Some(&tag.namespace), &tag.local);
                    let other = || takes_other(self.shapes, object, &tag.namespace);
                    let place = match object.children.get(&name) {
                        Some(place) => Some((name, place)),
                        None if other() => None,
                        None => object
                            .by_local
                            .get(&*tag.local)
                            .and_then(|name| object.children.get(name).map(|place| (name.clone(), place))),
                    };
                    match place {
                        Some((name, place)) => {
                            let member = place.member.map(|index| &object.members[index]);
                            let value = self.element(place.element, tag, reader, member)?;
                            if !value.is_absent() {
                                items.push(Item { key: Key::Declared(name), value });
                            }
                        }
                        None if other() => {
                            let namespace = tag.namespace.clone();
                            let xml = foreign::canonical(&foreign::subtree(tag, reader)?);
                            items.push(Item { key: Key::Other(namespace), value: Value::Text(xml.into()) });
                        }
                        None => reader.skip()?,
                    }
                }
                Token::Text(_) => {}
                Token::Close => return Ok(items),
                Token::End => return Err(Malformed::NotXml),
            }
        }
    }

    fn attributes<'a>(
        &self,
        object: &Object,
        tag: &Tag,
        reader: &Reader<'_>,
        value: &mut ObjectValue<'a>,
    ) -> Result<(), Malformed> {
        let mut declared = vec![false; tag.attributes.len()];
        for (index, member) in object.members.iter().enumerate() {
            let Slot::Attribute { name, simple, .. } = &member.slot else { continue };
            let found = tag.attributes.iter().position(|each| name.is(Some(&each.namespace), &each.local));
            let Some(found) = found else {
                if member.required && !member.hint.lenient {
                    return Err(Malformed::Missing(format!("the attribute {}", name.local)));
                }
                continue;
            };
            declared[found] = true;
            let namespace = |prefix: &str| reader.lookup(prefix).map(str::to_owned);
            let text = tag.attributes[found].value.clone();
            value.values[index] =
                self.simple(simple, text, !member.required, Some(member), &name.local, &namespace)?;
        }
        if let Some(index) =
            object.members.iter().position(|member| matches!(member.slot, Slot::AnyAttributes(_)))
        {
            let Slot::AnyAttributes(any) = &object.members[index].slot else { return Ok(()) };
            let others = tag.attributes.iter().zip(declared).filter(|(each, declared)| {
                !declared
                    && each.namespace != XSI
                    && admits(any, (!each.namespace.is_empty()).then_some(&each.namespace))
            });
            let mut others: Vec<(Cow<'a, str>, Cow<'a, str>)> = others
                .map(|(each, _)| {
                    let name = QName::new(Some(&each.namespace), &each.local).to_string();
                    (Cow::Owned(name), Cow::Owned(each.value.clone()))
                })
                .collect();
            others.sort();
            if !others.is_empty() {
                value.values[index] = Value::Attributes(others);
            }
        }
        Ok(())
    }

    fn required(&self, object: &Object, value: &ObjectValue<'_>) -> Result<(), Malformed> {
        for (member, held) in object.members.iter().zip(&value.values) {
            if member.required && held.is_absent() && !member.hint.lenient {
                return Err(Malformed::Missing(format!("the element {}", member.name)));
            }
            if let Value::List(items) = held {
                for item in items {
                    if let (Slot::Group(shape), Value::Object(repetition)) = (&member.slot, item)
                        && let Some(group) = self.shapes.object(*shape)
                    {
                        self.required(group, repetition)?;
                    }
                }
            }
        }
        Ok(())
    }
}

/// The text up to the end of the element that was opened last, and the prefixes in force there.
fn text(reader: &mut Reader<'_>) -> Result<(String, Vec<(String, String)>), Malformed> {
    let mut found = String::new();
    let mut bindings = Vec::new();
    loop {
        match reader.next()? {
            Token::Text(text) => {
                if bindings.is_empty() && text.contains(':') {
                    bindings = reader.in_force();
                }
                found.push_str(&text);
            }
            Token::Open(_) => reader.skip()?,
            Token::Close => return Ok((found, bindings)),
            Token::End => return Err(Malformed::NotXml),
        }
    }
}

fn lookup(bindings: &[(String, String)], prefix: &str) -> Option<String> {
    if prefix == "xml" {
        return Some(XML.to_owned());
    }
    bindings.iter().find(|(known, _)| known == prefix).map(|(_, uri)| uri.clone())
}

/// An element of any type: its text where there is nothing but text.
fn anything<'a>(mut tag: Tag, reader: &mut Reader<'_>) -> Result<Value<'a>, Malformed> {
    let built_in = tag.attribute(XSI, "type").is_some_and(|text| {
        let (prefix, _) = text.trim().split_once(':').unwrap_or(("", text));
        reader.lookup(prefix) == Some(XSD)
    });
    if built_in {
        tag.attributes.retain(|attribute| attribute.namespace != XSI || attribute.local != "type");
    }
    let tree = foreign::subtree(tag, reader)?;
    let elements = tree.children.iter().any(|child| matches!(child, foreign::Child::Element(_)));
    if tree.tag.attributes.is_empty() && !elements {
        let text = tree.children.into_iter().filter_map(|child| match child {
            foreign::Child::Text(text) => Some(text),
            foreign::Child::Element(_) => None,
        });
        return Ok(Value::Text(text.collect::<String>().into()));
    }
    Ok(Value::Xml(foreign::canonical(&tree).into()))
}
