//! All global declarations that a WSDL can reach: inline schemas and what they import and include.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::document::{At, XML, XSD};
use super::error::SchemaError;
use super::locate::{Files, elsewhere};
use super::name::QName;

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

/// One `schema` element as it is used: included into another namespace it counts again.
pub(super) struct Scope {
    pub(super) target: Option<Arc<str>>,
    /// Included without a namespace of its own: unprefixed references mean the including namespace.
    chameleon: bool,
    pub(super) elements_qualified: bool,
    pub(super) attributes_qualified: bool,
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
    /// In the order of reading, so that the same files always give the same model.
    pub(super) in_order: Vec<(Kind, QName, Decl<'a>)>,
}

impl<'a> Globals<'a> {
    /// Collects from `roots`, the inline schemas of a WSDL or schema files it imports.
    pub(super) fn collect(files: &Files<'a>, roots: &[At<'a>]) -> Result<Self, SchemaError> {
        let inline = roots.iter().filter_map(|root| root.attr("targetNamespace")).collect();
        let mut collector = Collector {
            files,
            inline,
            seen: HashSet::new(),
            waiting: Vec::new(),
            globals: Globals { scopes: Vec::new(), by_name: HashMap::new(), in_order: Vec::new() },
        };
        // A stack: reversed, so that schemas are read in the order of the WSDL.
        for root in roots.iter().rev() {
            collector.queue(*root, None);
        }
        while let Some((root, adopted)) = collector.waiting.pop() {
            collector.schema(root, adopted)?;
        }
        Ok(collector.globals)
    }

    pub(super) fn scope(&self, decl: Decl<'a>) -> &Scope {
        &self.scopes[decl.scope]
    }

    pub(super) fn get(&self, kind: Kind, name: &QName) -> Option<Decl<'a>> {
        self.by_name.get(&(kind, name.clone())).copied()
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

    fn schema(&mut self, root: At<'a>, namespace: Namespace<'a>) -> Result<(), SchemaError> {
        let qualified = |name: &str| match root.attr(name) {
            None | Some("unqualified") => Ok(false),
            Some("qualified") => Ok(true),
            Some(_) => Err(root.error(format!("{name} is neither qualified nor unqualified"))),
        };
        let scope = self.globals.scopes.len();
        self.globals.scopes.push(Scope {
            target: namespace.map(Arc::from),
            chameleon: namespace.is_some() && target(root).is_none(),
            elements_qualified: qualified("elementFormDefault")?,
            attributes_qualified: qualified("attributeFormDefault")?,
        });
        for at in root.declarations() {
            match at.local() {
                "import" => self.import(at, namespace)?,
                "include" => self.include(at, namespace)?,
                "redefine" => {
                    return Err(at.error("redefine is not supported; write the final types instead"));
                }
                "notation" => {}
                local => match Kind::of(local) {
                    Some(kind) => self.declare(kind, namespace, Decl { at, scope })?,
                    None => return Err(at.error(format!("<{local}> does not belong in <schema>"))),
                },
            }
        }
        Ok(())
    }

    fn declare(&mut self, kind: Kind, namespace: Namespace<'a>, decl: Decl<'a>) -> Result<(), SchemaError> {
        let name = QName::new(namespace, decl.at.require("name")?);
        match self.globals.by_name.get(&(kind, name.clone())) {
            // Generated WSDLs repeat whole schemas, word for word.
            Some(first) if first.at.source() == decl.at.source() => Ok(()),
            Some(first) => {
                let first = first.at.location();
                Err(decl.at.error(format!("{} {name} is already declared in {first}", kind.describe())))
            }
            None => {
                self.globals.by_name.insert((kind, name.clone()), decl);
                self.globals.in_order.push((kind, name, decl));
                Ok(())
            }
        }
    }

    fn include(&mut self, at: At<'a>, namespace: Namespace<'a>) -> Result<(), SchemaError> {
        let location = at.require("schemaLocation")?;
        let Some(file) = self.files.find(at, location)? else {
            return Err(elsewhere(at, location));
        };
        let root = schema_root(at, file.root())?;
        if target(root).is_some_and(|own| Some(own) != namespace) {
            return Err(at.error(format!("{location} has another target namespace; import it instead")));
        }
        self.queue(root, namespace);
        Ok(())
    }

    fn import(&mut self, at: At<'a>, importing: Namespace<'a>) -> Result<(), SchemaError> {
        let namespace = at.attr("namespace").filter(|ns| !ns.is_empty());
        if namespace == importing {
            return Err(at.error("imports its own namespace; include it instead"));
        }
        if matches!(namespace, Some(XSD | XML)) {
            return Ok(());
        }
        let found = match at.attr("schemaLocation") {
            Some(location) => self.files.find(at, location)?,
            None => None,
        };
        if let Some(file) = found {
            let root = schema_root(at, file.root())?;
            if target(root) != namespace {
                return Err(
                    at.error(format!("the schema imported from {} has another target namespace", file.name))
                );
            }
            self.queue(root, None);
            return Ok(());
        }
        if namespace.is_some_and(|namespace| self.inline.contains(namespace)) {
            return Ok(());
        }
        let given: Vec<_> = self.files.documents_of((XSD, "schema"), namespace).collect();
        match at.attr("schemaLocation") {
            Some(location) if given.is_empty() => return Err(elsewhere(at, location)),
            Some(_) | None => given.into_iter().for_each(|root| self.queue(root, None)),
        }
        Ok(())
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
