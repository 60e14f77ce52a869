//! What is known of every type of a contract as JSON: owned, and types refer to each other by index, so that they may
//! go in circles.

use std::collections::HashMap;
use std::sync::Arc;

use ungebro_contract::{ElementId, QName, Schema, TypeId, Wildcard};

use super::content::Node;

/// The shapes of all types that some messages of a contract reach.
pub struct Shapes {
    pub(super) schema: Arc<Schema>,
    pub(super) types: Vec<Kind>,
    pub(super) elements: Vec<ElementShape>,
    /// Namespaces in the order of their first use; the prefix of the first is `n0`.
    pub(super) namespaces: Vec<Arc<str>>,
    pub(super) type_ids: HashMap<TypeId, ShapeId>,
}

impl std::fmt::Debug for Shapes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shapes").field("types", &self.types.len()).finish_non_exhaustive()
    }
}

/// Index of a type of [`Shapes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct ShapeId(pub(super) u32);

/// Index of an element of [`Shapes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct ElementIx(pub(super) u32);

/// What a type is in JSON.
#[expect(clippy::large_enum_variant, reason = "nearly all are objects, and they stay where they are")]
pub(super) enum Kind {
    /// Text alone: a string, number, boolean or array of these.
    Simple(Simple),
    /// An object.
    Object(Object),
    /// `xs:anyType`: a string, or an element as XML.
    AnyType,
}

/// A type of text.
#[derive(Clone)]
pub(super) struct Simple {
    pub(super) type_id: TypeId,
    pub(super) form: Form,
    /// Published as strings although they are numbers.
    pub(super) as_text: bool,
}

/// How a value of a simple type stands in JSON.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Form {
    /// A string as it is.
    Text,
    /// Digits.
    Integer,
    /// Digits and a point.
    Decimal,
    /// Digits, point and exponent, or `"INF"`.
    Float,
    /// `true` or `false`.
    Boolean,
    /// A string without white space.
    Base64,
    /// A string of capitals.
    Hex,
    /// RFC 3339 in requests.
    DateTime,
    /// `YYYY-MM-DD`.
    Date,
    /// `{namespace}local`.
    QName,
    /// A string of one of these types.
    Union(Vec<Simple>),
    /// An array.
    List(Box<Simple>),
}

impl std::fmt::Debug for Simple {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.form.fmt(f)
    }
}

impl PartialEq for Simple {
    fn eq(&self, other: &Self) -> bool {
        self.type_id == other.type_id && self.as_text == other.as_text
    }
}

/// An element as a member.
pub(super) struct ElementShape {
    pub(super) id: ElementId,
    pub(super) name: QName,
    pub(super) shape: ShapeId,
    pub(super) nillable: bool,
    pub(super) fixed: Option<Arc<str>>,
    pub(super) default: Option<Arc<str>>,
    pub(super) doc: Option<Arc<str>>,
}

/// A type with attributes or child elements, or one repetition of a group.
#[derive(Default)]
pub(super) struct Object {
    /// The name on the wire; none for anonymous types and groups.
    pub(super) name: Option<QName>,
    /// Where an anonymous type stands: the names from the named one down.
    pub(super) place: String,
    /// The value of `@type` for this type.
    pub(super) tag: Arc<str>,
    pub(super) is_abstract: bool,
    /// All types derived from it that may be used.
    pub(super) subtypes: Vec<ShapeId>,
    pub(super) members: Vec<Member>,
    pub(super) by_name: HashMap<Arc<str>, usize>,
    /// The content model over the members; none where there are no child elements.
    pub(super) model: Option<Node>,
    /// Every member stands in one place of the model only.
    pub(super) unique: bool,
    /// Which child elements there may be, those of repeated groups included.
    pub(super) children: HashMap<QName, Place>,
    /// A child that may be read by its local name alone.
    pub(super) by_local: HashMap<Arc<str>, QName>,
    pub(super) doc: Option<Arc<str>>,
}

/// Where a child element belongs.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) element: ElementIx,
    /// The member that it is.
    pub(super) member: Option<usize>,
    /// The repeated groups that may hold it.
    pub(super) groups: Vec<usize>,
}

/// A member of an object.
pub(super) struct Member {
    pub(super) name: Arc<str>,
    pub(super) slot: Slot,
    /// Whether it stands there in every valid message.
    pub(super) required: bool,
    /// Whether it is an array of what the slot says.
    pub(super) list: bool,
    /// Least and most items of an array.
    pub(super) bounds: (u32, Option<u32>),
    /// What the definition says of it.
    pub(super) hint: Hint,
}

/// What the definition may say of one member.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hint {
    /// Its name in JSON, in place of the derived one.
    pub name: Option<String>,
    /// What it means.
    pub doc: Option<String>,
    /// A short form of that.
    pub label: Option<String>,
    /// An example.
    pub example: Option<String>,
    /// A value that is filled in where clients send none.
    pub default: Option<String>,
    /// Clients neither send nor see it.
    pub hidden: bool,
    /// `null` is `xsi:nil` though the element is optional.
    pub nil: bool,
    /// Numbers are strings.
    pub numbers_as_text: bool,
    /// A missing or ill-typed value of an answer is left out.
    pub lenient: bool,
    /// The code list that its values are from.
    pub code_list: Option<String>,
}

/// What a member is on the wire.
pub(super) enum Slot {
    Element(ElementIx),
    Attribute {
        name: QName,
        simple: Simple,
        fixed: Option<Arc<str>>,
        default: Option<Arc<str>>,
        doc: Option<Arc<str>>,
    },
    /// The text of a type with attributes.
    Value(Simple),
    /// A repeated group; the shape is that of a repetition.
    Group(ShapeId),
    /// Elements that nobody declared.
    Any(Wildcard),
    /// All content of a mixed type.
    Xml,
    /// Attributes that nobody declared.
    AnyAttributes(Wildcard),
}

impl Shapes {
    pub(super) fn kind(&self, id: ShapeId) -> &Kind {
        &self.types[id.0 as usize]
    }

    pub(super) fn element(&self, ix: ElementIx) -> &ElementShape {
        &self.elements[ix.0 as usize]
    }

    /// The object behind an id that is known to be one.
    pub(super) fn object(&self, id: ShapeId) -> Option<&Object> {
        match self.kind(id) {
            Kind::Object(object) => Some(object),
            Kind::Simple(_) | Kind::AnyType => None,
        }
    }
}

impl Object {
    /// Whether values say which type they are of.
    pub(super) fn is_tagged(&self) -> bool {
        !self.subtypes.is_empty()
    }

    /// Whether there are attributes, so that a nil element is more than `null`.
    pub(super) fn has_attributes(&self) -> bool {
        self.members
            .iter()
            .any(|member| matches!(member.slot, Slot::Attribute { .. } | Slot::AnyAttributes(_)))
    }

    /// The member that is the text of a type with attributes.
    pub(super) fn value_member(&self) -> Option<usize> {
        self.members.iter().position(|member| matches!(member.slot, Slot::Value(_)))
    }

    /// The member that is the content of a mixed type.
    pub(super) fn xml_member(&self) -> Option<usize> {
        self.members.iter().position(|member| matches!(member.slot, Slot::Xml))
    }
}

/// Whether a wildcard admits a namespace.
pub(super) fn admits(wildcard: &Wildcard, namespace: Option<&str>) -> bool {
    let Some(namespaces) = &wildcard.namespaces else {
        return true;
    };
    let listed = namespaces.iter().any(|known| known.as_deref() == namespace);
    listed != wildcard.negated
}
