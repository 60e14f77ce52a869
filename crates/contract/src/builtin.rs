//! The types that XML Schema itself defines (part 2, section 3), as entries of the model.

use std::sync::{Arc, LazyLock};

use super::document::{XML, XSD};
use super::model::{
    Attribute, ComplexType, Content, Derivation, Particle, Schema, Term, Type, TypeId, Wildcard,
};
use super::name::QName;
use super::pattern;
use super::simple::{Facets, Pattern, Primitive, SimpleType, Variety, WhiteSpace};

/// Primitive types; all but strings and `anySimpleType` collapse white space.
const PRIMITIVES: [(&str, Primitive); 20] = [
    ("anySimpleType", Primitive::Any),
    ("string", Primitive::String),
    ("boolean", Primitive::Boolean),
    ("decimal", Primitive::Decimal),
    ("float", Primitive::Float),
    ("double", Primitive::Double),
    ("duration", Primitive::Duration),
    ("dateTime", Primitive::DateTime),
    ("time", Primitive::Time),
    ("date", Primitive::Date),
    ("gYearMonth", Primitive::GYearMonth),
    ("gYear", Primitive::GYear),
    ("gMonthDay", Primitive::GMonthDay),
    ("gDay", Primitive::GDay),
    ("gMonth", Primitive::GMonth),
    ("hexBinary", Primitive::HexBinary),
    ("base64Binary", Primitive::Base64Binary),
    ("anyURI", Primitive::AnyUri),
    ("QName", Primitive::QName),
    ("NOTATION", Primitive::Notation),
];

/// The integer family with its ranges.
const INTEGERS: [(&str, Option<&str>, Option<&str>); 13] = [
    ("integer", None, None),
    ("nonPositiveInteger", None, Some("0")),
    ("negativeInteger", None, Some("-1")),
    ("nonNegativeInteger", Some("0"), None),
    ("positiveInteger", Some("1"), None),
    ("long", Some("-9223372036854775808"), Some("9223372036854775807")),
    ("int", Some("-2147483648"), Some("2147483647")),
    ("short", Some("-32768"), Some("32767")),
    ("byte", Some("-128"), Some("127")),
    ("unsignedLong", Some("0"), Some("18446744073709551615")),
    ("unsignedInt", Some("0"), Some("4294967295")),
    ("unsignedShort", Some("0"), Some("65535")),
    ("unsignedByte", Some("0"), Some("255")),
];

/// Strings with collapsed white space and the pattern that narrows them.
const TOKENS: [(&str, &str); 8] = [
    ("token", ""),
    ("language", "[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*"),
    ("NMTOKEN", r"\c+"),
    ("Name", r"\i\c*"),
    ("NCName", r"[\i-[:]][\c-[:]]*"),
    ("ID", r"[\i-[:]][\c-[:]]*"),
    ("IDREF", r"[\i-[:]][\c-[:]]*"),
    ("ENTITY", r"[\i-[:]][\c-[:]]*"),
];

const LISTS: [(&str, &str); 3] = [("NMTOKENS", "NMTOKEN"), ("IDREFS", "IDREF"), ("ENTITIES", "ENTITY")];

impl Schema {
    /// A schema that knows the built-in types and nothing else.
    pub(super) fn with_builtins() -> Self {
        let mut schema = Self::default();
        for (name, primitive) in PRIMITIVES {
            let white_space = match primitive {
                Primitive::Any | Primitive::String => WhiteSpace::Preserve,
                _ => WhiteSpace::Collapse,
            };
            schema.builtin(name, Variety::Atomic(primitive), Facets { white_space, ..Facets::default() });
        }
        let normalized = Facets { white_space: WhiteSpace::Replace, ..Facets::default() };
        schema.builtin("normalizedString", Variety::Atomic(Primitive::String), normalized);
        for (name, min, max) in INTEGERS {
            let facets = Facets {
                min_inclusive: min.map(Arc::from),
                max_inclusive: max.map(Arc::from),
                fraction_digits: Some(0),
                white_space: WhiteSpace::Collapse,
                ..Facets::default()
            };
            schema.builtin(name, Variety::Atomic(Primitive::Integer), facets);
        }
        for ((name, _), patterns) in TOKENS.iter().zip(COMPILED.iter()) {
            let facets =
                Facets { patterns: patterns.clone(), white_space: WhiteSpace::Collapse, ..Facets::default() };
            schema.builtin(name, Variety::Atomic(Primitive::String), facets);
        }
        for (name, item) in LISTS {
            let item = schema.builtin_type(item);
            let facets =
                Facets { min_length: Some(1), white_space: WhiteSpace::Collapse, ..Facets::default() };
            schema.builtin(name, Variety::List(item), facets);
        }
        schema.any_type();
        schema
    }

    /// The built-in type of this name; `anySimpleType` for a name XML Schema does not define.
    pub(super) fn builtin_type(&self, local: &str) -> TypeId {
        // Id 0 is the first type added, `anySimpleType`.
        self.global_type(&QName::new(Some(XSD), local)).unwrap_or(TypeId(0))
    }

    /// `xml:lang` and the other attributes that need no declaration.
    pub(super) fn xml_attribute(&self, local: &str) -> Option<Attribute> {
        let type_name = match local {
            "lang" => "language",
            "space" => "NCName",
            "base" => "anyURI",
            "id" => "ID",
            _ => return None,
        };
        let type_id = self.builtin_type(type_name);
        Some(Attribute {
            name: QName::new(Some(XML), local),
            type_id,
            required: false,
            fixed: None,
            default: None,
            doc: None,
        })
    }

    /// Adds a type and gives its id.
    pub(super) fn add_type(&mut self, added: Type) -> TypeId {
        let id = TypeId(u32::try_from(self.types.len()).unwrap_or(u32::MAX));
        self.types.push(added);
        id
    }

    fn builtin(&mut self, local: &str, variety: Variety, facets: Facets) {
        let name = QName::new(Some(XSD), local);
        let simple = SimpleType { name: Some(name.clone()), base: None, variety, facets, doc: None };
        let id = self.add_type(Type::Simple(simple));
        self.global_types.insert(name, id);
    }

    fn any_type(&mut self) {
        let any = Wildcard { namespaces: None, negated: false, strict: false, skip: false };
        let name = QName::new(Some(XSD), "anyType");
        let id = self.add_type(Type::Complex(ComplexType {
            name: Some(name.clone()),
            base: None,
            derivation: Derivation::Restriction,
            attributes: Vec::new(),
            any_attribute: Some(any.clone()),
            content: Content::Particle(Particle { min: 0, max: None, term: Term::Any(any) }),
            mixed: true,
            is_abstract: false,
            doc: None,
        }));
        self.global_types.insert(name, id);
    }
}

/// The patterns of [`TOKENS`], compiled once in the life of the program.
static COMPILED: LazyLock<Vec<Vec<Pattern>>> = LazyLock::new(|| {
    let compile = |source| pattern::compile(&[source]).into_iter().collect();
    TOKENS.iter().map(|(_, source)| if source.is_empty() { Vec::new() } else { compile(source) }).collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_pattern_compiles() {
        for ((name, source), patterns) in TOKENS.iter().zip(COMPILED.iter()) {
            assert_eq!(patterns.is_empty(), source.is_empty(), "{name}");
        }
    }

    #[test]
    fn all_built_in_types_are_known() {
        let schema = Schema::with_builtins();
        assert_eq!(schema.global_types.len(), 20 + 1 + 13 + 8 + 3 + 1);
        assert!(matches!(schema.type_of(schema.builtin_type("int")), Type::Simple(int)
            if int.variety == Variety::Atomic(Primitive::Integer)));
    }
}
