//! From schema documents to the model.
//!
//! Global declarations get their ids first, anonymous types when they are met; the content of all types is
//! read afterwards, one after the other. So declarations may refer to each other in circles, and only what
//! truly needs another type complete (derivation, lists, unions) recurses.

mod attribute;
mod complex;
mod element;
mod particle;
mod simple;

use std::collections::HashMap;

use super::document::XSD;
use super::error::SchemaError;
use super::globals::{Decl, Globals, Kind};
use super::model::{ComplexType, Content, Derivation, Element, ElementId, Schema, Term, Type, TypeId};
use super::name::QName;
use super::simple::{Facets, Primitive, SimpleType, Variety};

/// Bound on everything that references can multiply: groups within groups, inherited content.
const BUDGET: usize = 1_000_000;
/// Deepest nesting of particles, groups and derivations together.
const MAX_DEPTH: usize = 150;

/// Reads all global declarations.
pub(super) fn read(globals: &Globals<'_>) -> Result<Schema, SchemaError> {
    let mut reader = Reader {
        globals,
        schema: Schema::with_builtins(),
        progress: Vec::new(),
        groups: HashMap::new(),
        open_groups: Vec::new(),
        depth: 0,
        budget: BUDGET,
    };
    reader.progress = reader.schema.types.iter().map(|_| Progress::Done).collect();
    reader.name_globals();
    for (kind, name, decl) in &globals.in_order {
        if *kind == Kind::Element {
            let id = reader.schema.global_elements[name];
            let element = reader.element(*decl, name.clone())?;
            reader.schema.elements[id.0 as usize] = element;
        }
    }
    // Completing a type may add anonymous ones at the end.
    let mut next = 0;
    while next < reader.schema.types.len() {
        reader.complete(TypeId(u32::try_from(next).unwrap_or(u32::MAX)))?;
        next += 1;
    }
    reader.schema.relate();
    Ok(reader.schema)
}

struct Reader<'a, 'g> {
    globals: &'g Globals<'a>,
    schema: Schema,
    /// One entry for each type.
    progress: Vec<Progress<'a>>,
    groups: HashMap<QName, Term>,
    open_groups: Vec<QName>,
    depth: usize,
    budget: usize,
}

#[derive(Clone, Copy)]
enum Progress<'a> {
    Waiting(Decl<'a>),
    Running,
    Done,
}

impl<'a> Reader<'a, '_> {
    fn name_globals(&mut self) {
        for (kind, name, decl) in &self.globals.in_order {
            match kind {
                Kind::Type => {
                    let id = self.promise_type(*decl, Some(name.clone()));
                    self.schema.global_types.insert(name.clone(), id);
                }
                Kind::Element => {
                    let id = self.add_element(Element {
                        name: name.clone(),
                        type_id: self.schema.builtin_type("anyType"),
                        nillable: false,
                        is_abstract: false,
                        fixed: None,
                        default: None,
                        doc: None,
                        substitutes: None,
                        location: decl.at.location(),
                    });
                    self.schema.global_elements.insert(name.clone(), id);
                }
                Kind::Attribute | Kind::Group | Kind::AttributeGroup => {}
            }
        }
    }

    /// Gives a type its id now and its content later.
    fn promise_type(&mut self, decl: Decl<'a>, name: Option<QName>) -> TypeId {
        let empty = if decl.at.is(XSD, "simpleType") {
            Type::Simple(SimpleType {
                name,
                base: None,
                variety: Variety::Atomic(Primitive::Any),
                facets: Facets::default(),
                doc: None,
            })
        } else {
            Type::Complex(ComplexType {
                name,
                base: None,
                derivation: Derivation::Restriction,
                attributes: Vec::new(),
                any_attribute: None,
                content: Content::Empty,
                mixed: false,
                is_abstract: false,
                doc: None,
            })
        };
        self.progress.push(Progress::Waiting(decl));
        self.schema.add_type(empty)
    }

    fn add_element(&mut self, element: Element) -> ElementId {
        let id = ElementId(u32::try_from(self.schema.elements.len()).unwrap_or(u32::MAX));
        self.schema.elements.push(element);
        id
    }

    /// Reads the content of a type, unless that is done or under way.
    fn complete(&mut self, id: TypeId) -> Result<(), SchemaError> {
        let Progress::Waiting(decl) = self.progress[id.0 as usize] else {
            return Ok(());
        };
        self.progress[id.0 as usize] = Progress::Running;
        self.deeper(decl)?;
        let name = match self.schema.type_of(id) {
            Type::Simple(simple) => simple.name.clone(),
            Type::Complex(complex) => complex.name.clone(),
        };
        let complete = if decl.at.is(XSD, "simpleType") {
            Type::Simple(self.simple_type(decl, name)?)
        } else {
            Type::Complex(self.complex_type(decl, name)?)
        };
        self.schema.types[id.0 as usize] = complete;
        self.depth -= 1;
        self.progress[id.0 as usize] = Progress::Done;
        Ok(())
    }

    /// A type that `decl` cannot be read without.
    fn need(&mut self, decl: Decl<'a>, id: TypeId) -> Result<&Type, SchemaError> {
        if matches!(self.progress[id.0 as usize], Progress::Running) {
            return Err(decl.at.error("a type is derived from itself"));
        }
        self.complete(id)?;
        Ok(self.schema.type_of(id))
    }

    fn need_simple(&mut self, decl: Decl<'a>, id: TypeId) -> Result<&SimpleType, SchemaError> {
        match self.need(decl, id)? {
            Type::Simple(simple) => Ok(simple),
            Type::Complex(_) => Err(decl.at.error("a simple type is needed here")),
        }
    }

    /// The type that a reference names, not necessarily complete.
    fn type_named(&self, decl: Decl<'a>, text: &str) -> Result<TypeId, SchemaError> {
        let name = self.globals.expand(decl, text)?;
        self.schema.global_type(&name).ok_or_else(|| decl.at.error(format!("type {name} is not declared")))
    }

    fn global(&self, kind: Kind, decl: Decl<'a>, text: &str) -> Result<(QName, Decl<'a>), SchemaError> {
        let name = self.globals.expand(decl, text)?;
        match self.globals.get(kind, &name) {
            Some(found) => Ok((name, found)),
            None => Err(decl.at.error(format!("{} {name} is not declared", kind.describe()))),
        }
    }

    /// One step further into a content model or a chain of types.
    fn deeper(&mut self, decl: Decl<'a>) -> Result<(), SchemaError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(decl.at.error("types or groups are nested too deeply"));
        }
        Ok(())
    }

    fn charge(&mut self, decl: Decl<'a>, cost: usize) -> Result<(), SchemaError> {
        self.budget =
            self.budget.checked_sub(cost).ok_or_else(|| decl.at.error("the schema is too large"))?;
        Ok(())
    }
}
