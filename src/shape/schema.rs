//! The shape as a published schema: JSON Schema 2020-12, as OpenAPI 3.1 uses it.

use serde_json::{Value as Json, json};
use utoipa::openapi::extensions::Extensions;
use utoipa::openapi::schema::{
    AdditionalProperties, AllOfBuilder, ArrayBuilder, KnownFormat, ObjectBuilder, OneOfBuilder, SchemaFormat,
    SchemaType,
};
use utoipa::openapi::{Object as ObjectSchema, Ref, RefOr, Schema, Type};

use super::{GUID, Item, Kind, Member, Object, Text};

/// Which way a message goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// To the gateway: every limit is published, unknown members are refused, `null` means left out.
    Request,
    /// From the gateway: the upstream's values as they are, and more members some day.
    Answer,
}

/// Writes the schemas of one direction.
pub struct Publisher<'n> {
    /// The direction.
    pub direction: Direction,
    /// The name of an object's component.
    pub name_of: &'n dyn Fn(&'static Object) -> String,
    /// The pattern of CPR numbers in lists.
    pub cpr_pattern: &'n str,
}

impl std::fmt::Debug for Publisher<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Publisher").field("direction", &self.direction).finish_non_exhaustive()
    }
}

/// A pattern as it is published: it matches the whole value.
pub fn anchored(pattern: &str) -> String {
    format!("^(?:{pattern})$")
}

/// The objects of an object's members, each once for each place, outermost first.
pub fn nested(members: impl IntoIterator<Item = &'static Member>) -> Vec<&'static Object> {
    let mut objects = Vec::new();
    for member in members {
        if let Kind::Object(object) | Kind::List { of: Item::Object(object), .. } = member.kind {
            objects.push(object);
            objects.extend(nested(object.members));
        }
    }
    objects
}

/// A member's example as JSON; none where the shape shows none.
pub fn example(member: &Member) -> Option<Json> {
    if member.example.is_empty() {
        return None;
    }
    match member.kind {
        Kind::Code { .. } | Kind::Integer { .. } | Kind::Boolean => serde_json::from_str(member.example).ok(),
        Kind::List { .. } => Some(json!([member.example])),
        _ => Some(json!(member.example)),
    }
}

impl Publisher<'_> {
    /// The schema of an object with these members.
    pub fn object(&self, doc: &str, members: impl IntoIterator<Item = &'static Member>) -> ObjectBuilder {
        let mut object = ObjectBuilder::new().schema_type(Type::Object).description(Some(doc));
        for member in members {
            object = object.property(member.name, self.member(member));
            if member.required {
                object = object.required(member.name);
            }
        }
        match self.direction {
            Direction::Request => object.additional_properties(Some(AdditionalProperties::FreeForm(false))),
            Direction::Answer => object,
        }
    }

    /// The schema of one member, with what it means and the element that it fills.
    pub fn member(&self, member: &'static Member) -> RefOr<Schema> {
        let nullable = self.direction == Direction::Request && !member.required;
        let description = self.description(member);
        let extensions = extensions(member);
        match member.kind {
            Kind::Object(object) => reference(&(self.name_of)(object), nullable, description, extensions),
            Kind::Described(name) => reference(name, nullable, description, extensions),
            Kind::List { of, max } => {
                let request = self.direction == Direction::Request;
                ArrayBuilder::new()
                    .schema_type(types(Type::Array, nullable))
                    .description(Some(description))
                    .items(self.items(of))
                    .min_items(request.then_some(1))
                    .max_items((max < usize::MAX).then_some(max))
                    .extensions(extensions)
                    .into()
            }
            _ => self
                .scalar(&member.kind, nullable)
                .description(Some(description))
                .examples(example(member))
                .extensions(extensions)
                .into(),
        }
    }

    fn items(&self, of: Item) -> RefOr<Schema> {
        match of {
            Item::Object(object) => Ref::from_schema_name((self.name_of)(object)).into(),
            Item::Cpr => ObjectBuilder::new()
                .schema_type(Type::String)
                .description(Some("A CPR number, ten digits."))
                .pattern(Some(anchored(self.cpr_pattern)))
                .into(),
        }
    }

    fn scalar(&self, kind: &Kind, nullable: bool) -> ObjectBuilder {
        let of = |of: Type| ObjectBuilder::new().schema_type(types(of, nullable));
        let format = |format| Some(SchemaFormat::KnownFormat(format));
        let uuid = || Some(SchemaFormat::Custom("uuid".to_owned()));
        let request = self.direction == Direction::Request;
        match *kind {
            Kind::Text(limits) if request => limited(of(Type::String), &limits),
            Kind::Guid if request => of(Type::String).format(uuid()).pattern(Some(anchored(GUID.text))),
            Kind::Text(_) => of(Type::String),
            Kind::Guid => of(Type::String).format(uuid()),
            Kind::Code { max, .. } => integer(of(Type::Integer), request, 0, max),
            Kind::Integer { min, max } => integer(of(Type::Integer), true, min, max),
            Kind::Boolean => of(Type::Boolean),
            Kind::Instant => of(Type::String).format(format(KnownFormat::DateTime)),
            Kind::Day => of(Type::String).format(format(KnownFormat::Date)),
            Kind::Object(_) | Kind::Described(_) | Kind::List { .. } => of(Type::Object),
        }
    }

    fn description(&self, member: &Member) -> String {
        let doc = member.doc;
        match (member.kind, self.direction) {
            (Kind::Instant, Direction::Request) => {
                format!("{doc} RFC 3339 with an offset; seconds 00 to 59, at most nine decimals.")
            }
            (Kind::Instant, Direction::Answer) => format!("{doc} RFC 3339 with an offset."),
            (Kind::Code { list, .. }, _) => format!(
                "{doc} A value of the code list `{list}` (`/code-lists/{list}`), which is open: other numbers may be in use."
            ),
            _ => doc.to_owned(),
        }
    }
}

fn extensions(member: &Member) -> Option<Extensions> {
    let mut pairs = Vec::new();
    if !member.wire.is_empty() {
        pairs.push(("x-soap-element", json!(member.wire)));
    }
    if let Kind::Code { list, .. } = member.kind {
        pairs.push(("x-code-list", json!(list)));
    }
    (!pairs.is_empty()).then(|| Extensions::from_iter(pairs))
}

/// A reference with words of its own beside it; in `allOf`, since older readers take nothing beside a bare one.
fn reference(
    name: &str,
    nullable: bool,
    description: String,
    extensions: Option<Extensions>,
) -> RefOr<Schema> {
    let target = Ref::from_schema_name(name);
    if nullable {
        let null = ObjectSchema::with_type(SchemaType::Type(Type::Null));
        let either = OneOfBuilder::new().item(target).item(null);
        return either.description(Some(description)).extensions(extensions).into();
    }
    AllOfBuilder::new().item(target).description(Some(description)).extensions(extensions).into()
}

fn types(of: Type, nullable: bool) -> SchemaType {
    if nullable { SchemaType::from_iter([of, Type::Null]) } else { SchemaType::Type(of) }
}

fn limited(schema: ObjectBuilder, limits: &Text) -> ObjectBuilder {
    schema
        .min_length((limits.min > 0).then_some(limits.min))
        .max_length((limits.max < usize::MAX).then_some(limits.max))
        .pattern(limits.pattern.map(|pattern| anchored(pattern.text)))
}

fn integer(schema: ObjectBuilder, limited: bool, min: i64, max: i64) -> ObjectBuilder {
    let fits = i32::try_from(min).is_ok() && i32::try_from(max).is_ok();
    let format = if fits { KnownFormat::Int32 } else { KnownFormat::Int64 };
    let schema = schema.format(Some(SchemaFormat::KnownFormat(format)));
    if limited { schema.minimum(Some(min as isize)).maximum(Some(max as isize)) } else { schema }
}
