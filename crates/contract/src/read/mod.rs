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
use super::model::{ComplexType, Schema, Term, Type, TypeId};
use super::name::QName;
use super::simple::{Facets, Primitive, SimpleType, Variety};

/// Bound on everything that references can multiply: groups within groups, inherited content.
const BUDGET: usize = 1_000_000;
/// Deepest nesting of particles, groups and derivations together.
const MAX_DEPTH: usize = 150;

/// Reads all global declarations. What cannot be read is a type with a fault, which hurts only what needs it.
pub(super) fn read(globals: &Globals<'_>) -> Schema {
    let mut reader = Reader {
        globals,
        schema: Schema::with_builtins(),
        progress: Vec::new(),
        groups: HashMap::new(),
        open_groups: Vec::new(),
        replaced: HashMap::new(),
        depth: 0,
        budget: BUDGET,
    };
    reader.progress = reader.schema.types.iter().map(|_| Progress::Done).collect();
    reader.name_globals();
    for (kind, name, decl) in &globals.in_order {
        if *kind == Kind::Element {
            reader.global_element(*decl, name);
        }
    }
    // Completing a type may add anonymous ones at the end.
    let mut next = 0;
    while next < reader.schema.types.len() {
        let _ = reader.complete(TypeId(u32::try_from(next).unwrap_or(u32::MAX)));
        next += 1;
    }
    reader.schema.relate();
    reader.schema
}

struct Reader<'a, 'g> {
    globals: &'g Globals<'a>,
    schema: Schema,
    /// One entry for each type.
    progress: Vec<Progress<'a>>,
    groups: HashMap<QName, Term>,
    open_groups: Vec<QName>,
    /// Types that a `redefine` replaces, by where they stand.
    replaced: HashMap<*const u8, TypeId>,
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
                    let anything = self.schema.builtin_type("anyType");
                    let id = self.schema.add_typed_element(name.clone(), anything, &decl.at.location());
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
            Type::Complex(ComplexType { name, ..ComplexType::default() })
        };
        self.progress.push(Progress::Waiting(decl));
        self.schema.add_type(empty)
    }

    fn global_element(&mut self, decl: Decl<'a>, name: &QName) {
        let id = self.schema.global_elements[name];
        match self.apart(|reader| reader.element(decl, name.clone())) {
            Ok(element) => self.schema.elements[id.0 as usize] = element,
            Err(fault) => {
                self.progress.push(Progress::Done);
                let broken = Type::Complex(ComplexType::default());
                let type_id = self.schema.add_type(broken);
                self.schema.elements[id.0 as usize].type_id = type_id;
                self.fault(type_id, fault);
            }
        }
    }

    /// Runs `read` so that its failure leaves the reader as it was.
    fn apart<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, SchemaError>) -> Result<T, SchemaError> {
        let (depth, open) = (self.depth, self.open_groups.len());
        let result = read(self);
        self.depth = depth;
        self.open_groups.truncate(open);
        result
    }

    fn fault(&mut self, id: TypeId, fault: SchemaError) {
        if !self.schema.faults.contains(&fault) {
            self.schema.faults.push(fault.clone());
        }
        self.schema.unreadable.insert(id, fault);
    }

    /// Reads the content of a type, unless that is done or under way.
    fn complete(&mut self, id: TypeId) -> Result<(), SchemaError> {
        let Progress::Waiting(decl) = self.progress[id.0 as usize] else {
            return self.schema.unreadable.get(&id).map_or(Ok(()), |fault| Err(fault.clone()));
        };
        self.progress[id.0 as usize] = Progress::Running;
        let name = match self.schema.type_of(id) {
            Type::Simple(simple) => simple.name.clone(),
            Type::Complex(complex) => complex.name.clone(),
        };
        let read = self.apart(|reader| {
            reader.deeper(decl)?;
            if decl.at.is(XSD, "simpleType") {
                reader.simple_type(decl, name).map(Type::Simple)
            } else {
                reader.complex_type(decl, name).map(Type::Complex)
            }
        });
        self.progress[id.0 as usize] = Progress::Done;
        match read {
            Ok(complete) => self.schema.types[id.0 as usize] = complete,
            Err(fault) => {
                self.fault(id, fault.clone());
                return Err(fault);
            }
        }
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
    fn type_named(&mut self, decl: Decl<'a>, text: &str) -> Result<TypeId, SchemaError> {
        let name = self.globals.expand(decl, text)?;
        if let Some(old) = self.globals.replaced(decl, Kind::Type, &name) {
            let known = self.replaced.get(&old.at.source().as_ptr()).copied();
            return Ok(known.unwrap_or_else(|| {
                let id = self.promise_type(old, None);
                self.replaced.insert(old.at.source().as_ptr(), id);
                id
            }));
        }
        let found = self.schema.global_type(&name);
        found.ok_or_else(|| self.globals.undeclared(decl.at, Kind::Type, &name))
    }

    fn global(&self, kind: Kind, decl: Decl<'a>, text: &str) -> Result<(QName, Decl<'a>), SchemaError> {
        let name = self.globals.expand(decl, text)?;
        if let Some(old) = self.globals.replaced(decl, kind, &name) {
            // A name that no schema can hold, so that it is remembered apart from the new one.
            return Ok((QName::new(name.namespace.as_deref(), &format!("{} ", name.local)), old));
        }
        match self.globals.get(kind, &name) {
            Some(found) => Ok((name, found)),
            None => Err(self.globals.undeclared(decl.at, kind, &name)),
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
