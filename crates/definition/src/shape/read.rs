//! JSON of clients as values: every fault at once, each with its pointer (RFC 6901), never with the value.

use std::borrow::Cow;

use super::arena::{ElementIx, Kind, Member, Object, ShapeId, Shapes, Slot, admits};
use super::assemble::assemble;
use super::content::{self, Misfit};
use super::encode::{counts, split};
use super::flatten::flattened;
use super::foreign;
use super::json::Json;
use super::scalar;
use super::value::{ObjectValue, Value};
use super::xml::XSI;

/// One refused value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where it stands, as a JSON pointer.
    pub pointer: String,
    /// Why, as a sentence without subject and full stop; never the value.
    pub reason: String,
}

/// How many faults are told.
const MAX_FAULTS: usize = 100_000;
const MAX_LEVELS: usize = super::xml::MAX_DEPTH;

pub(super) struct JsonReader<'s> {
    pub(super) shapes: &'s Shapes,
    pub(super) path: Vec<String>,
    pub(super) faults: Vec<Fault>,
    pub(super) levels: usize,
}

impl<'s> JsonReader<'s> {
    pub(super) fn refuse(&mut self, reason: impl Into<String>) {
        if self.faults.len() < MAX_FAULTS {
            let steps =
                self.path.iter().map(|step| format!("/{}", step.replace('~', "~0").replace('/', "~1")));
            self.faults.push(Fault { pointer: steps.collect(), reason: reason.into() });
        }
    }

    fn refuse_at(&mut self, step: &str, reason: impl Into<String>) {
        self.path.push(step.to_owned());
        self.refuse(reason);
        self.path.pop();
    }

    fn or_refuse<'a>(&mut self, read: Result<Value<'a>, String>) -> Value<'a> {
        read.unwrap_or_else(|reason| {
            self.refuse(reason);
            Value::Absent
        })
    }

    /// One element; `null_is_nil` where `null` says that it is nil.
    pub(super) fn element<'a>(&mut self, ix: ElementIx, json: Json<'a>, null_is_nil: bool) -> Value<'a> {
        let shapes = self.shapes;
        let element = shapes.element(ix);
        if matches!(json, Json::Null) {
            if !null_is_nil {
                self.refuse("must not be null");
                return Value::Absent;
            }
            return match shapes.kind(element.shape) {
                Kind::Object(object) if object.value_member().is_some() && !object.is_abstract => {
                    self.nil_object(element.shape, object)
                }
                _ => Value::Nil,
            };
        }
        self.levels += 1;
        let value = if self.levels > MAX_LEVELS {
            self.refuse(format!("nests deeper than {MAX_LEVELS} levels"));
            Value::Absent
        } else {
            self.content(ix, json)
        };
        self.levels -= 1;
        value
    }

    fn nil_object<'a>(&mut self, shape: ShapeId, object: &Object) -> Value<'a> {
        let values = object.members.iter().map(|_| Value::Absent).collect();
        let mut value = ObjectValue { shape, nil: true, values };
        self.complete(object, &mut value);
        Value::Object(Box::new(value))
    }

    fn content<'a>(&mut self, ix: ElementIx, json: Json<'a>) -> Value<'a> {
        let shapes = self.shapes;
        let element = shapes.element(ix);
        match shapes.kind(element.shape) {
            Kind::Simple(simple) => {
                let value = self.simple(simple, json);
                self.is_const(element.fixed.as_deref(), simple, &value);
                value
            }
            Kind::Object(object) => self.object(element.shape, object, json, element.nillable),
            Kind::AnyType => self.anything(ix, json),
        }
    }

    fn simple<'a>(&mut self, simple: &super::arena::Simple, json: Json<'a>) -> Value<'a> {
        let read = scalar::from_json(&self.shapes.schema, simple, json);
        self.or_refuse(read)
    }

    fn is_const(&mut self, fixed: Option<&str>, simple: &super::arena::Simple, value: &Value<'_>) {
        let Some(fixed) = fixed.filter(|_| !value.is_absent()) else { return };
        if constant(self.shapes, simple, fixed).is_some_and(|wanted| wanted != *value) {
            self.refuse("must be the one value that is allowed, or be left out");
        }
    }

    fn anything<'a>(&mut self, ix: ElementIx, json: Json<'a>) -> Value<'a> {
        match json {
            Json::Text(text) if scalar::is_xml_text(&text) => Value::Text(text),
            Json::Text(_) => self.or_refuse(Err("holds a character that XML cannot carry".into())),
            Json::Object(mut members) if members.len() == 1 && members[0].0 == "xml" => {
                let Json::Text(text) = members.remove(0).1 else {
                    self.refuse_at("xml", "must be a string");
                    return Value::Absent;
                };
                self.path.push("xml".to_owned());
                let read = self.whole_element(ix, &text);
                let value = self.or_refuse(read);
                self.path.pop();
                value
            }
            _ => self.or_refuse(Err("must be a string, or an object with the member xml".into())),
        }
    }

    fn whole_element<'a>(&mut self, ix: ElementIx, text: &str) -> Result<Value<'a>, String> {
        let tree = foreign::parse(text)?;
        let element = self.shapes.element(ix);
        if !element.name.is(Some(&tree.tag.namespace), &tree.tag.local) {
            return Err(format!("must be the element {}", element.name));
        }
        if tree.tag.is_nil() || !has_elements_or_attributes(&tree) {
            return Err("must have attributes or elements; text alone is a string".into());
        }
        Ok(Value::Xml(foreign::canonical(&tree).into()))
    }

    /// An object of the declared type or of one derived from it.
    pub(super) fn object<'a>(
        &mut self,
        declared: ShapeId,
        object: &'s Object,
        json: Json<'a>,
        nillable: bool,
    ) -> Value<'a> {
        let Json::Object(members) = json else {
            return self.or_refuse(Err("must be an object".into()));
        };
        let shape = self.type_in_use(declared, object, &members);
        let Some((shape, object)) = shape.and_then(|shape| Some((shape, self.shapes.object(shape)?))) else {
            return Value::Absent;
        };
        let before = self.faults.len();
        let tagged = self.shapes.object(declared).is_some_and(Object::is_tagged);
        let mut value =
            ObjectValue { shape, nil: false, values: object.members.iter().map(|_| Value::Absent).collect() };
        for (name, json) in members {
            match object.by_name.get(&*name) {
                _ if tagged && name == "@type" => {}
                _ if nillable && name == "@nil" => match json {
                    Json::Boolean(nil) => value.nil = nil,
                    _ => self.refuse_at("@nil", "must be true or false"),
                },
                Some(index) if !object.members[*index].hint.hidden => {
                    value.values[*index] = self.member(object, *index, json);
                }
                _ => self.unknown(&name),
            }
        }
        if value.nil {
            for (member, held) in object.members.iter().zip(&value.values) {
                let attribute = matches!(member.slot, Slot::Attribute { .. } | Slot::AnyAttributes(_));
                if !attribute && !held.is_absent() {
                    self.refuse_at(&member.name, "must not stand beside \"@nil\": true");
                }
            }
        }
        self.complete(object, &mut value);
        if self.faults.len() == before {
            self.fits(object, &mut value);
        } else {
            self.missing(object, &value, before);
        }
        Value::Object(Box::new(value))
    }

    fn type_in_use(
        &mut self,
        declared: ShapeId,
        object: &Object,
        members: &[(Cow<'_, str>, Json<'_>)],
    ) -> Option<ShapeId> {
        let said = members.iter().find(|(name, _)| name == "@type").filter(|_| object.is_tagged());
        match said {
            None if object.is_abstract => {
                self.refuse_at("@type", "is required");
                None
            }
            None => Some(declared),
            Some((_, Json::Text(tag))) => {
                let shapes = self.shapes;
                let own = (!object.is_abstract).then_some(declared);
                let mut known = own.into_iter().chain(object.subtypes.iter().copied());
                let found = known.find(|id| shapes.object(*id).is_some_and(|known| *known.tag == **tag));
                if found.is_none() {
                    self.refuse_at("@type", "is not one of the types allowed");
                }
                found
            }
            Some(_) => {
                self.refuse_at("@type", "must be a string");
                None
            }
        }
    }

    fn member<'a>(&mut self, object: &'s Object, index: usize, json: Json<'a>) -> Value<'a> {
        let shapes = self.shapes;
        let member: &'s Member = &object.members[index];
        let nillable = match member.slot {
            Slot::Element(ix) => shapes.element(ix).nillable,
            _ => false,
        };
        let null_is_nil = nillable && (member.required || member.hint.nil) && !member.list;
        let may_be_left_out = !member.required || self.fixed(member).is_some();
        if matches!(json, Json::Null) && !null_is_nil && may_be_left_out {
            return Value::Absent;
        }
        self.path.push(member.name.to_string());
        let value = if member.list {
            self.list(member, json, nillable)
        } else {
            self.single(member, json, null_is_nil)
        };
        self.path.pop();
        value
    }

    fn single<'a>(&mut self, member: &'s Member, json: Json<'a>, null_is_nil: bool) -> Value<'a> {
        match &member.slot {
            Slot::Element(ix) => self.element(*ix, json, null_is_nil),
            Slot::Attribute { simple, fixed, .. } => {
                let value = self.simple(simple, json);
                self.is_const(fixed.as_deref(), simple, &value);
                value
            }
            Slot::Value(simple) => self.simple(simple, json),
            Slot::Group(shape) => {
                let Some(group) = self.shapes.object(*shape) else { return Value::Absent };
                let value = self.object(*shape, group, json, false);
                if let Value::Object(repetition) = &value
                    && repetition.values.iter().all(Value::is_absent)
                {
                    self.refuse("must not be empty");
                }
                value
            }
            Slot::Any(any) => {
                let read = match json {
                    Json::Text(text) => self.any(any, &text),
                    _ => Err("must be a string that holds an element as XML".into()),
                };
                self.or_refuse(read)
            }
            Slot::Xml => {
                let read = match json {
                    Json::Text(text) => foreign::parse(&format!("<x>{text}</x>"))
                        .map(|tree| {
                            let mut out = String::new();
                            foreign::write_children(&tree.children, &mut foreign::Scope::default(), &mut out);
                            Value::Text(out.into())
                        })
                        .map_err(|_| {
                            "must be balanced XML, without comments and processing instructions".into()
                        }),
                    _ => Err("must be a string".into()),
                };
                self.or_refuse(read)
            }
            Slot::AnyAttributes(any) => self.any_attributes(any, json),
        }
    }

    fn any<'a>(&mut self, any: &ungebro_contract::Wildcard, text: &str) -> Result<Value<'a>, String> {
        let tree = foreign::parse(text)?;
        let namespace = tree.tag.namespace.as_str();
        if !admits(any, (!namespace.is_empty()).then_some(namespace)) {
            return Err("is not an element that may stand here: its namespace is not allowed".into());
        }
        let canonical = foreign::canonical(&tree);
        super::judge::wild(&self.shapes.schema, any, &canonical)?;
        Ok(Value::Text(canonical.into()))
    }

    fn any_attributes<'a>(&mut self, any: &ungebro_contract::Wildcard, json: Json<'a>) -> Value<'a> {
        let Json::Object(members) = json else {
            return self.or_refuse(Err("must be an object of strings".into()));
        };
        let mut attributes = Vec::new();
        for (name, json) in members {
            let (namespace, local) = split(&name);
            let fits = admits(any, (!namespace.is_empty()).then_some(namespace))
                && namespace != XSI
                && !namespace.contains("www.w3.org/2000/xmlns")
                && is_ncname(local)
                && local != "xmlns"
                && scalar::is_xml_text(namespace);
            match json {
                Json::Text(text) if fits && scalar::is_xml_text(&text) => attributes.push((name, text)),
                Json::Text(_) => self.refuse("holds an attribute that may not stand here"),
                _ => self.refuse("must be an object of strings"),
            }
        }
        attributes.sort();
        if attributes.is_empty() { Value::Absent } else { Value::Attributes(attributes) }
    }

    fn list<'a>(&mut self, member: &'s Member, json: Json<'a>, nillable: bool) -> Value<'a> {
        let Json::List(items) = json else {
            return self.or_refuse(Err("must be an array".into()));
        };
        if items.is_empty() {
            if member.required {
                self.refuse("must have at least 1 item");
            }
            return Value::Absent;
        }
        let mut values = Vec::with_capacity(items.len());
        for (index, json) in items.into_iter().enumerate() {
            self.path.push(index.to_string());
            values.push(self.single(member, json, nillable));
            self.path.pop();
        }
        Value::List(values)
    }

    /// An unknown name is the client's own text: it is quoted only where it can be no number or sentence about somebody.
    fn unknown(&mut self, name: &str) {
        let harmless = name.len() <= 64
            && name.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_' || byte == b'-');
        if harmless {
            self.refuse_at(name, "no such member");
        } else {
            self.refuse("no such member");
        }
    }

    fn fixed(&self, member: &Member) -> Option<Value<'static>> {
        match &member.slot {
            Slot::Attribute { simple, fixed: Some(fixed), .. } => constant(self.shapes, simple, fixed),
            Slot::Element(ix) if !member.list => {
                let element = self.shapes.element(*ix);
                match (self.shapes.kind(element.shape), &element.fixed) {
                    (Kind::Simple(simple), Some(fixed)) => constant(self.shapes, simple, fixed),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// Fills in what has one value only and must be there.
    fn complete(&self, object: &Object, value: &mut ObjectValue<'_>) {
        for (member, held) in object.members.iter().zip(&mut value.values) {
            let wanted = member.required && (!value.nil || matches!(member.slot, Slot::Attribute { .. }));
            if held.is_absent()
                && wanted
                && let Some(fixed) = self.fixed(member)
            {
                *held = fixed;
            }
        }
    }

    fn missing(&mut self, object: &Object, value: &ObjectValue<'_>, before: usize) {
        for (member, held) in object.members.iter().zip(&value.values) {
            let of_content = !matches!(member.slot, Slot::Attribute { .. });
            if !member.required || !held.is_absent() || (value.nil && of_content) {
                continue;
            }
            let steps =
                self.path.iter().map(|step| format!("/{}", step.replace('~', "~0").replace('/', "~1")));
            let pointer: String = steps.chain([format!("/{}", member.name)]).collect();
            let told = self.faults[before..].iter().any(|fault| {
                fault
                    .pointer
                    .strip_prefix(&pointer)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            });
            if !told {
                self.refuse_at(&member.name, "is required");
            }
        }
    }

    /// Whether the members are what the content model accepts; repeated groups are made greedy.
    fn fits(&mut self, object: &'s Object, value: &mut ObjectValue<'_>) {
        let before = self.faults.len();
        self.missing(object, value, before);
        let Some(model) = object.model.as_ref().filter(|_| !value.nil && self.faults.len() == before) else {
            return;
        };
        match content::fit(model, &counts(object, &value.values), object.unique) {
            Ok(runs) => {
                if object.members.iter().any(|member| matches!(member.slot, Slot::Group(_))) {
                    let items = flattened(self.shapes, object, std::mem::take(&mut value.values), &runs);
                    let attributes = items.1;
                    value.values = assemble(self.shapes, object, items.0);
                    for (index, attribute) in attributes {
                        value.values[index] = attribute;
                    }
                }
            }
            Err(misfit) => self.misfit(object, misfit),
        }
    }

    fn misfit(&mut self, object: &Object, misfit: Misfit) {
        let name = |index: usize| object.members[index].name.to_string();
        let told = |sets: &[Vec<usize>]| {
            let sets = sets
                .iter()
                .map(|set| set.iter().map(|index| name(*index)).collect::<Vec<_>>().join(" with "));
            sets.collect::<Vec<_>>().join(", or ")
        };
        match misfit {
            Misfit::Missing(member) => {
                self.refuse_at(&name(member), "is required with the members that are there")
            }
            Misfit::NoneOf(sets) if sets.is_empty() => {
                self.refuse("is no combination of members that is allowed")
            }
            Misfit::NoneOf(sets) => self.refuse(format!("needs one of: {}", told(&sets))),
            Misfit::TooMany(member, sets) if sets.is_empty() => {
                self.refuse_at(&name(member), "cannot stand with the other members");
            }
            Misfit::TooMany(member, sets) => {
                self.refuse_at(
                    &name(member),
                    format!("cannot stand with the other members; allowed: {}", told(&sets)),
                );
            }
            Misfit::Count(member) => {
                let (low, high) = object.members[member].bounds;
                let most = high.map_or(String::new(), |high| format!(" and at most {high}"));
                self.refuse_at(&name(member), format!("must have at least {low}{most} items"));
            }
        }
    }
}

fn has_elements_or_attributes(tree: &foreign::Tree) -> bool {
    !tree.tag.attributes.is_empty()
        || tree.children.iter().any(|child| matches!(child, foreign::Child::Element(_)))
}

fn is_ncname(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))
}

/// A fixed value as it stands in JSON.
pub(super) fn constant(
    shapes: &Shapes,
    simple: &super::arena::Simple,
    fixed: &str,
) -> Option<Value<'static>> {
    scalar::from_wire(&shapes.schema, simple, Cow::Owned(fixed.to_owned()), &|_| None)
}
