//! All global declarations that a WSDL can reach: inline schemas and what they import and include.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::document::{At, XML, XSD};
use super::error::SchemaError;
use super::locate::{Files, elsewhere};
use super::name::QName;

/// Namespace of SOAP encoding, which schemas import out of habit.
const SOAP_ENCODING: &str = "http://schemas.xmlsoap.org/soap/encoding/";

/// Symbol spaces of XML Schema that are used here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    Element,
    Type,
    Attribute,
    Group,
    AttributeGroup,
}

impl Kind {
    fn of(local: &str) -> Option<Self> {
        match local {
            "element" => Some(Self::Element),
            "simpleType" | "complexType" => Some(Self::Type),
            "attribute" => Some(Self::Attribute),
            "group" => Some(Self::Group),
            "attributeGroup" => Some(Self::AttributeGroup),
            _ => None,
        }
    }

    pub(super) fn describe(self) -> &'static str {
        match self {
            Self::Element => "element",
            Self::Type => "type",
            Self::Attribute => "attribute",
            Self::Group => "group",
            Self::AttributeGroup => "attribute group",
        }
    }
}

#[derive(Clone)]
/// One `schema` element as it is used: included into another namespace it counts again.
pub(super) struct Scope {
    pub(super) target: Option<Arc<str>>,
    /// Included without a namespace of its own: unprefixed references mean the including namespace.
    chameleon: bool,
    pub(super) elements_qualified: bool,
    pub(super) attributes_qualified: bool,
    /// In a `redefine`: the declaration that is replaced, and that the same name means within it.
    pub(super) redefines: Option<(Kind, QName)>,
}

/// A node of a schema together with the scope it is read in.
#[derive(Clone, Copy)]
pub(super) struct Decl<'a> {
    pub(super) at: At<'a>,
    pub(super) scope: usize,
}

impl<'a> Decl<'a> {
    /// Another node of the same schema.
    pub(super) fn with(self, at: At<'a>) -> Self {
        Self { at, ..self }
    }
}

/// Every global declaration by kind and name.
pub(super) struct Globals<'a> {
    scopes: Vec<Scope>,
    by_name: HashMap<(Kind, QName), Decl<'a>>,
    /// What a `redefine` replaced.
    replaced: HashMap<(Kind, QName), Decl<'a>>,
    /// Imports that lead nowhere and the like; they matter to what is then not declared.
    pub(super) troubles: Vec<SchemaError>,
    /// In the order of reading, so that the same files always give the same model.
    pub(super) in_order: Vec<(Kind, QName, Decl<'a>)>,
}

impl<'a> Globals<'a> {
    /// Collects from `roots`, the inline schemas of a WSDL or schema files it imports.
    pub(super) fn collect(files: &Files<'a>, roots: &[At<'a>]) -> Self {
        let inline = roots.iter().filter_map(|root| root.attr("targetNamespace")).collect();
        let mut collector = Collector {
            files,
            inline,
            seen: HashSet::new(),
            waiting: Vec::new(),
            globals: Globals {
                scopes: Vec::new(),
                by_name: HashMap::new(),
                replaced: HashMap::new(),
                troubles: Vec::new(),
                in_order: Vec::new(),
            },
        };
        // A stack: reversed, so that schemas are read in the order of the WSDL.
        for root in roots.iter().rev() {
            collector.queue(*root, None);
        }
        while let Some((root, adopted)) = collector.waiting.pop() {
            collector.schema(root, adopted);
        }
        collector.globals
    }

    pub(super) fn scope(&self, decl: Decl<'a>) -> &Scope {
        &self.scopes[decl.scope]
    }

    pub(super) fn get(&self, kind: Kind, name: &QName) -> Option<Decl<'a>> {
        self.by_name.get(&(kind, name.clone())).copied()
    }

    /// What a name means at `decl`: within a redefinition its own name is what it replaces.
    pub(super) fn replaced(&self, decl: Decl<'a>, kind: Kind, name: &QName) -> Option<Decl<'a>> {
        let (own, own_name) = self.scope(decl).redefines.as_ref()?;
        if *own != kind || own_name != name {
            return None;
        }
        self.replaced.get(&(kind, name.clone())).copied()
    }

    /// The error for a name that nothing declares; an import that failed is the likely cause.
    pub(super) fn undeclared(&self, at: At<'a>, kind: Kind, name: &QName) -> SchemaError {
        if name.namespace.as_deref() == Some(SOAP_ENCODING) {
            return at.error(format!("{name}: SOAP encoding is not supported; only literal is"));
        }
        let cause = self
            .troubles
            .iter()
            .find(|trouble| trouble.reason.contains("not fetched") || trouble.reason.contains("not among"));
        let cause = cause.map(|trouble| format!(" ({trouble})")).unwrap_or_default();
        at.error(format!("{} {name} is not declared{cause}", kind.describe()))
    }

    /// The name that `text` means at `decl`.
    pub(super) fn expand(&self, decl: Decl<'a>, text: &str) -> Result<QName, SchemaError> {
        let mut name = decl.at.expand(text)?;
        let scope = self.scope(decl);
        if scope.chameleon && name.namespace.is_none() {
            name.namespace = scope.target.clone();
        }
        Ok(name)
    }
}

type Namespace<'a> = Option<&'a str>;

struct Collector<'a, 'f> {
    files: &'f Files<'a>,
    inline: HashSet<&'a str>,
    seen: HashSet<(*const u8, Namespace<'a>)>,
    waiting: Vec<(At<'a>, Namespace<'a>)>,
    globals: Globals<'a>,
}

impl<'a> Collector<'a, '_> {
    /// Reads a schema later, once per target namespace, which ends circles of imports and includes.
    fn queue(&mut self, root: At<'a>, adopted: Namespace<'a>) {
        let namespace = target(root).or(adopted);
        if self.seen.insert((root.source().as_ptr(), namespace)) {
            self.waiting.push((root, namespace));
        }
    }

    fn schema(&mut self, root: At<'a>, namespace: Namespace<'a>) {
        let qualified = |name: &str| root.attr(name) == Some("qualified");
        let scope = self.globals.scopes.len();
        self.globals.scopes.push(Scope {
            target: namespace.map(Arc::from),
            chameleon: namespace.is_some() && target(root).is_none(),
            elements_qualified: qualified("elementFormDefault"),
            attributes_qualified: qualified("attributeFormDefault"),
            redefines: None,
        });
        for at in root.declarations() {
            let read = match at.local() {
                "import" => self.import(at, namespace),
                "include" => self.include(at, namespace),
                "redefine" => self.redefine(at, namespace, scope),
                "notation" => Ok(()),
                local => match Kind::of(local) {
                    Some(kind) => self.declare(kind, namespace, Decl { at, scope }),
                    None => Err(at.error(format!("<{local}> does not belong in <schema>"))),
                },
            };
            // Only what needs it is hurt.
            self.globals.troubles.extend(read.err());
        }
    }

    fn declare(&mut self, kind: Kind, namespace: Namespace<'a>, decl: Decl<'a>) -> Result<(), SchemaError> {
        let name = QName::new(namespace, decl.at.require("name")?);
        match self.globals.by_name.get(&(kind, name.clone())) {
            // Generated WSDLs repeat whole schemas, and folders hold a file twice: the first one counts. What
            // a `redefine` replaces stays reachable from the replacement.
            Some(first) => {
                if self.globals.scopes[first.scope].redefines.as_ref() == Some(&(kind, name.clone())) {
                    self.globals.replaced.entry((kind, name)).or_insert(decl);
                }
                Ok(())
            }
            None => {
                self.globals.by_name.insert((kind, name.clone()), decl);
                self.globals.in_order.push((kind, name, decl));
                Ok(())
            }
        }
    }

    /// The same namespace, or none, which then takes the including one. Another one is told apart by its own
    /// name, as an import would.
    fn include(&mut self, at: At<'a>, namespace: Namespace<'a>) -> Result<(), SchemaError> {
        let location = at.require("schemaLocation")?;
        let Some(file) = self.files.find(at, location, namespace)? else {
            return Err(elsewhere(at, location));
        };
        self.queue(schema_root(at, file.root())?, namespace);
        Ok(())
    }

    /// An import of the importing namespace is an include; one without a file of its own means every
    /// schema given that has the namespace.
    fn import(&mut self, at: At<'a>, importing: Namespace<'a>) -> Result<(), SchemaError> {
        let namespace = at.attr("namespace").filter(|ns| !ns.is_empty());
        let location = at.attr("schemaLocation").filter(|location| !location.is_empty());
        let found = location.map(|location| self.files.find(at, location, namespace)).transpose();
        if let Ok(Some(Some(file))) = found
            && let Ok(root) = schema_root(at, file.root())
        {
            self.queue(root, namespace);
            if target(root).or(namespace) == namespace {
                return Ok(());
            }
        }
        if matches!(namespace, Some(XSD | XML | SOAP_ENCODING))
            || namespace == importing
            || namespace.is_some_and(|namespace| self.inline.contains(namespace))
        {
            return Ok(());
        }
        let given: Vec<_> = self.files.documents_of((XSD, "schema"), namespace).collect();
        let none = given.is_empty();
        given.into_iter().for_each(|root| self.queue(root, None));
        match (found, location) {
            (Err(error), _) if none => Err(error),
            (Ok(Some(None)), Some(location)) if none => Err(elsewhere(at, location)),
            _ => Ok(()),
        }
    }

    /// The declarations of another file, some of them replaced by those among the children of `at`, which
    /// may refer to what they replace.
    fn redefine(&mut self, at: At<'a>, namespace: Namespace<'a>, scope: usize) -> Result<(), SchemaError> {
        let own = self.globals.scopes[scope].clone();
        for child in at.declarations() {
            let (Some(kind), Some(name)) = (Kind::of(child.local()), child.attr("name")) else { continue };
            let scope = self.globals.scopes.len();
            let redefines = Some((kind, QName::new(namespace, name)));
            self.globals.scopes.push(Scope { redefines, ..own.clone() });
            if let Err(error) = self.declare(kind, namespace, Decl { at: child, scope }) {
                self.globals.troubles.push(error);
            }
        }
        self.include(at, namespace)
    }
}

fn target<'a>(root: At<'a>) -> Namespace<'a> {
    root.attr("targetNamespace").filter(|namespace| !namespace.is_empty())
}

fn schema_root<'a>(from: At<'a>, root: At<'a>) -> Result<At<'a>, SchemaError> {
    if root.is(XSD, "schema") {
        return Ok(root);
    }
    Err(from.error(format!("{} is not an XML Schema", root.file.name)))
}
