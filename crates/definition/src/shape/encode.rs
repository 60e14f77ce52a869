//! Values as XML that is its own exclusive canonical form: each element declares the prefixes that it uses first.

use std::borrow::Cow;

use ungebro_contract::QName;

use super::arena::{ElementIx, Form, Kind, Member, Object, Shapes, Simple, Slot};
use super::content;
use super::foreign::{self, Scope, escape_attribute, escape_text, push_name};
use super::scalar::joined;
use super::value::{ObjectValue, Value};
use super::xml::{XML, XSI};

/// An attribute to be written: namespace, local name, value.
type Written<'v> = (Option<Cow<'v, str>>, Cow<'v, str>, Cow<'v, str>);

pub(super) struct Encoder<'s, 'o> {
    pub(super) shapes: &'s Shapes,
    pub(super) out: &'o mut String,
    scope: Scope,
    /// Namespaces of this message that the contract does not name.
    others: Vec<String>,
    /// Prefixes that only text speaks of: what signs the message must keep them (`InclusiveNamespaces`).
    pub(super) spoken: Vec<String>,
}

impl<'s, 'o> Encoder<'s, 'o> {
    pub(super) fn new(shapes: &'s Shapes, out: &'o mut String) -> Self {
        Self { shapes, out, scope: Scope::default(), others: Vec::new(), spoken: Vec::new() }
    }

    fn prefix(&mut self, namespace: &str) -> String {
        match namespace {
            "" => return String::new(),
            XSI => return "xsi".to_owned(),
            XML => return "xml".to_owned(),
            _ => {}
        }
        if let Some(index) = self.shapes.namespaces.iter().position(|known| &**known == namespace) {
            return format!("n{index}");
        }
        let index = self.others.iter().position(|known| known == namespace).unwrap_or_else(|| {
            self.others.push(namespace.to_owned());
            self.others.len() - 1
        });
        format!("m{index}")
    }

    /// Writes a start tag; `spoken` are the namespaces that text of the element speaks of.
    fn open(&mut self, name: &QName, mut attributes: Vec<Written<'_>>, spoken: &[String]) -> String {
        let namespace = name.namespace.as_deref().unwrap_or_default();
        let prefix = self.prefix(namespace);
        let mut wanted = vec![(prefix.clone(), namespace.to_owned())];
        for namespace in attributes.iter().filter_map(|(namespace, _, _)| namespace.as_deref()) {
            wanted.push((self.prefix(namespace), namespace.to_owned()));
        }
        for namespace in spoken {
            let prefix = self.prefix(namespace);
            if !wanted.iter().any(|(known, _)| *known == prefix) && !self.spoken.contains(&prefix) {
                self.spoken.push(prefix.clone());
            }
            wanted.push((prefix, namespace.clone()));
        }
        self.out.push('<');
        push_name(&prefix, &name.local, self.out);
        self.scope.declare(wanted, self.out);
        attributes.sort_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
        for (namespace, local, value) in attributes {
            let prefix = self.prefix(namespace.as_deref().unwrap_or_default());
            self.out.push(' ');
            push_name(&prefix, &local, self.out);
            self.out.push_str("=\"");
            escape_attribute(&value, self.out);
            self.out.push('"');
        }
        self.out.push('>');
        prefix
    }

    fn close(&mut self, prefix: &str, name: &QName, mark: usize) {
        self.out.push_str("</");
        push_name(prefix, &name.local, self.out);
        self.out.push('>');
        self.scope.reset(mark);
    }

    /// Writes one element.
    pub(super) fn element(&mut self, ix: ElementIx, value: &Value<'_>) {
        let shapes = self.shapes;
        let element = shapes.element(ix);
        let mark = self.scope.mark();
        match (shapes.kind(element.shape), value) {
            (_, Value::Absent | Value::Attributes(_)) => {}
            (_, Value::Nil) => {
                let prefix = self.open(&element.name, vec![nil()], &[]);
                self.close(&prefix, &element.name, mark);
            }
            (_, Value::Xml(xml)) => {
                if let Ok(tree) = foreign::parse(xml) {
                    foreign::write(&tree, &mut self.scope, self.out);
                }
            }
            (_, Value::Object(object)) => self.object(&element.name, element.shape, object, mark),
            (Kind::Simple(simple), value) => {
                let mut spoken = Vec::new();
                let text = self.text(simple, value, &mut spoken);
                let prefix = self.open(&element.name, Vec::new(), &spoken);
                escape_text(&text, self.out);
                self.close(&prefix, &element.name, mark);
            }
            (Kind::AnyType | Kind::Object(_), value) => {
                let prefix = self.open(&element.name, Vec::new(), &[]);
                if let Value::Text(text) = value {
                    escape_text(text, self.out);
                }
                self.close(&prefix, &element.name, mark);
            }
        }
    }

    fn object(
        &mut self,
        name: &QName,
        declared: super::arena::ShapeId,
        value: &ObjectValue<'_>,
        mark: usize,
    ) {
        let shapes = self.shapes;
        let Some(object) = shapes.object(value.shape) else { return };
        let mut spoken = Vec::new();
        let mut attributes = self.attributes(object, value, &mut spoken);
        if value.nil {
            attributes.push(nil());
        }
        if let Some(type_name) = object.name.as_ref().filter(|_| value.shape != declared) {
            let namespace = type_name.namespace.as_deref().unwrap_or_default();
            let mut text = String::new();
            push_name(&self.prefix(namespace), &type_name.local, &mut text);
            if !namespace.is_empty() {
                spoken.push(namespace.to_owned());
            }
            attributes.push((Some(XSI.into()), "type".into(), text.into()));
        }
        let of_value = object.value_member().map(|index| (index, &object.members[index].slot));
        let text = match of_value {
            Some((index, Slot::Value(simple))) if !value.nil => {
                self.text(simple, &value.values[index], &mut spoken).into_owned()
            }
            _ => String::new(),
        };
        let prefix = self.open(name, attributes, &spoken);
        escape_text(&text, self.out);
        if !value.nil {
            self.content(object, &value.values);
        }
        self.close(&prefix, name, mark);
    }

    fn attributes<'v>(
        &mut self,
        object: &'v Object,
        value: &'v ObjectValue<'_>,
        spoken: &mut Vec<String>,
    ) -> Vec<Written<'v>> {
        let mut attributes: Vec<Written<'v>> = Vec::new();
        for (member, value) in object.members.iter().zip(&value.values) {
            match (&member.slot, value) {
                (Slot::Attribute { name, simple, .. }, Value::Text(_) | Value::List(_)) => {
                    let text = self.text(simple, value, spoken).into_owned();
                    attributes.push((
                        name.namespace.as_deref().map(Cow::Borrowed),
                        Cow::Borrowed(&name.local),
                        text.into(),
                    ));
                }
                (Slot::AnyAttributes(_), Value::Attributes(others)) => {
                    for (name, value) in others {
                        let (namespace, local) = split(name);
                        let namespace = (!namespace.is_empty()).then_some(Cow::Borrowed(namespace));
                        attributes.push((namespace, local.into(), Cow::Borrowed(value)));
                    }
                }
                _ => {}
            }
        }
        attributes
    }

    /// Text of a simple type as it stands on the wire.
    fn text<'v>(&mut self, simple: &Simple, value: &'v Value<'_>, spoken: &mut Vec<String>) -> Cow<'v, str> {
        let mut qualified = |encoder: &mut Self, text: &str| {
            let (namespace, local) = split(text);
            let mut written = String::new();
            push_name(&encoder.prefix(namespace), local, &mut written);
            if !namespace.is_empty() {
                spoken.push(namespace.to_owned());
            }
            written
        };
        match (value, &simple.form) {
            (Value::Text(text), Form::QName) => qualified(self, text).into(),
            (Value::Text(text), _) => Cow::Borrowed(text),
            (Value::List(items), Form::List(item)) if item.form == Form::QName => {
                let texts = items.iter().filter_map(|item| match item {
                    Value::Text(text) => Some(qualified(self, text)),
                    _ => None,
                });
                texts.collect::<Vec<_>>().join(" ").into()
            }
            (list, _) => joined(list).into(),
        }
    }

    /// Writes the child elements of an object in the order of the schema.
    pub(super) fn content(&mut self, object: &Object, values: &[Value<'_>]) {
        if let Some(Value::Text(xml)) = object.xml_member().map(|index| &values[index])
            && let Ok(tree) = foreign::parse(&format!("<x>{xml}</x>"))
        {
            foreign::write_children(&tree.children, &mut self.scope, self.out);
        }
        let Some(model) = &object.model else { return };
        let Ok(runs) = content::fit(model, &counts(object, values), object.unique) else { return };
        for (member, from, to) in runs {
            let items = match &values[member] {
                Value::List(items) if object.members[member].list => &items[from..to],
                single => std::slice::from_ref(single),
            };
            for item in items {
                self.item(&object.members[member].slot, item);
            }
        }
    }

    fn item(&mut self, slot: &Slot, item: &Value<'_>) {
        match (slot, item) {
            (Slot::Element(ix), item) => self.element(*ix, item),
            (Slot::Group(shape), Value::Object(repetition)) => {
                if let Some(group) = self.shapes.object(*shape) {
                    self.content(group, &repetition.values);
                }
            }
            (Slot::Any(_), Value::Text(xml)) => {
                if let Ok(tree) = foreign::parse(xml) {
                    foreign::write(&tree, &mut self.scope, self.out);
                }
            }
            _ => {}
        }
    }
}

/// How many items each member has.
pub(super) fn counts(object: &Object, values: &[Value<'_>]) -> Vec<usize> {
    let count = |(member, value): (&Member, &Value<'_>)| match value {
        Value::Absent => 0,
        Value::List(items) if member.list => items.len(),
        _ => 1,
    };
    object.members.iter().zip(values).map(count).collect()
}

fn nil<'v>() -> Written<'v> {
    (Some(XSI.into()), "nil".into(), "true".into())
}

/// `{namespace}local` in its parts.
pub(super) fn split(name: &str) -> (&str, &str) {
    name.strip_prefix('{').and_then(|rest| rest.split_once('}')).unwrap_or(("", name))
}
