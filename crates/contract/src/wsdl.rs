//! WSDL 1.1: which documents make up one contract, and which of its bindings is used.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::binding;
use super::contract::SoapVersion;
use super::document::{At, File, XSD};
use super::error::{Location, SchemaError};
use super::globals::Globals;
use super::locate::{Files, elsewhere};
use super::name::QName;
use super::read;
use super::service::Wsdl;

/// Namespace of WSDL 1.1.
pub(super) const WSDL: &str = "http://schemas.xmlsoap.org/wsdl/";
const SOAP11: &str = "http://schemas.xmlsoap.org/wsdl/soap/";
const SOAP12: &str = "http://schemas.xmlsoap.org/wsdl/soap12/";

/// One model for each WSDL that no other imports.
pub(super) fn read_all(files: &Files<'_>) -> Result<Vec<Wsdl>, SchemaError> {
    let wsdls: Vec<_> = files.iter().filter(|file| file.root().is(WSDL, "definitions")).collect();
    let mut imported = HashSet::new();
    for file in &wsdls {
        for import in file.root().children().filter(|child| child.is(WSDL, "import")) {
            let target = imported_file(files, import)?;
            if target.name != file.name {
                imported.insert(&*target.name);
            }
        }
    }
    let mut roots: Vec<_> = wsdls.iter().filter(|file| !imported.contains(&*file.name)).collect();
    if roots.is_empty() {
        // WSDLs that import each other in a circle: any of them holds the whole.
        roots.extend(wsdls.first());
    }
    if roots.is_empty() {
        let file = files.iter().next().map_or_else(|| "wsdl".into(), |file| file.name.clone());
        return Err(SchemaError::new(Location { file, line: 0 }, "is no WSDL 1.1 document"));
    }
    roots.into_iter().map(|file| wsdl(files, file.root())).collect()
}

/// The file that a `wsdl:import` means: by its location, or by namespace when that is a web address.
fn imported_file<'a>(files: &Files<'a>, import: At<'a>) -> Result<&'a File<'a>, SchemaError> {
    let location = import.require("location")?;
    let found = files.find(import, location)?;
    let by_namespace = || {
        let mut same = files.documents_of((WSDL, "definitions"), import.attr("namespace"));
        same.find(|root| root.file.name != import.file.name).map(|root| root.file)
    };
    found.or_else(by_namespace).ok_or_else(|| elsewhere(import, location))
}

fn wsdl(files: &Files<'_>, root: At<'_>) -> Result<Wsdl, SchemaError> {
    let definitions = Definitions::gather(files, root)?;
    let schema = read::read(&Globals::collect(files, &definitions.schemas)?)?;
    let bound = definitions.ports()?;
    let ports =
        bound.iter().map(|port| binding::read(&definitions, port, &schema)).collect::<Result<_, _>>()?;
    Ok(Wsdl {
        name: root.file.name.clone(),
        target_namespace: root.attr("targetNamespace").map(Into::into),
        ports,
        left_out: Vec::new(),
        doc: root.doc().or_else(|| definitions.services.first()?.doc()),
        schema: Arc::new(schema),
    })
}

/// A binding and where it is offered.
pub(super) struct Bound<'a> {
    pub(super) binding: At<'a>,
    /// The port, or the binding when no service offers it.
    pub(super) offered: At<'a>,
    pub(super) version: SoapVersion,
    pub(super) address: Option<&'a str>,
}

impl<'a> Bound<'a> {
    /// The child of `parent` that is in the SOAP namespace of this binding.
    pub(super) fn soap(&self, parent: At<'a>, local: &str) -> Option<At<'a>> {
        self.soap_all(parent, local).next()
    }

    /// All of them.
    pub(super) fn soap_all(&self, parent: At<'a>, local: &str) -> impl Iterator<Item = At<'a>> {
        let namespace = namespace(self.version);
        parent.children().filter(move |child| child.is(namespace, local))
    }
}

fn namespace(version: SoapVersion) -> &'static str {
    match version {
        SoapVersion::V11 => SOAP11,
        SoapVersion::V12 => SOAP12,
    }
}

/// What a WSDL and those it imports define.
pub(super) struct Definitions<'a> {
    messages: HashMap<QName, At<'a>>,
    port_types: HashMap<QName, At<'a>>,
    bindings: HashMap<QName, At<'a>>,
    bindings_in_order: Vec<At<'a>>,
    services: Vec<At<'a>>,
    schemas: Vec<At<'a>>,
}

impl<'a> Definitions<'a> {
    fn gather(files: &Files<'a>, root: At<'a>) -> Result<Self, SchemaError> {
        let mut definitions = Definitions {
            messages: HashMap::new(),
            port_types: HashMap::new(),
            bindings: HashMap::new(),
            bindings_in_order: Vec::new(),
            services: Vec::new(),
            schemas: Vec::new(),
        };
        let mut seen = HashSet::from([root.file.name.clone()]);
        let mut waiting = vec![root];
        while let Some(document) = waiting.pop() {
            for child in document.children() {
                definitions.add(document, child)?;
                if child.is(WSDL, "import") {
                    let file = imported_file(files, child)?;
                    if seen.insert(file.name.clone()) {
                        waiting.push(file.root());
                    }
                }
            }
            if document.is(XSD, "schema") {
                definitions.schemas.push(document);
            } else if !document.is(WSDL, "definitions") {
                return Err(document.error("is neither a WSDL 1.1 nor an XML Schema document"));
            }
        }
        Ok(definitions)
    }

    fn add(&mut self, document: At<'a>, child: At<'a>) -> Result<(), SchemaError> {
        let into = match child.local_in(WSDL) {
            "types" => {
                self.schemas.extend(child.children().filter(|schema| schema.is(XSD, "schema")));
                return Ok(());
            }
            "service" => {
                self.services.push(child);
                return Ok(());
            }
            "message" => &mut self.messages,
            "portType" => &mut self.port_types,
            "binding" => {
                self.bindings_in_order.push(child);
                &mut self.bindings
            }
            _ => return Ok(()),
        };
        let name = QName::new(document.attr("targetNamespace"), child.require("name")?);
        match into.insert(name, child) {
            Some(first) => {
                Err(child.error(format!("{} is already defined in {}", child.local(), first.location())))
            }
            None => Ok(()),
        }
    }

    /// SOAP bindings in the order of the service's ports; all of them when there is no service.
    fn ports(&self) -> Result<Vec<Bound<'a>>, SchemaError> {
        let mut ports = Vec::new();
        for port in self.services.iter().flat_map(|service| service.children()) {
            if port.is(WSDL, "port") {
                let binding = find(&self.bindings, port, "binding")?;
                let address = [SOAP11, SOAP12].iter().find_map(|namespace| {
                    port.children().find(|child| child.is(namespace, "address"))?.attr("location")
                });
                ports.extend(soap_version(binding).map(|version| Bound {
                    binding,
                    offered: port,
                    version,
                    address,
                }));
            }
        }
        if self.services.is_empty() {
            let bindings = self.bindings_in_order.iter();
            ports.extend(bindings.filter_map(|binding| {
                Some(Bound {
                    binding: *binding,
                    offered: *binding,
                    version: soap_version(*binding)?,
                    address: None,
                })
            }));
        }
        Ok(ports)
    }

    pub(super) fn port_type(&self, binding: At<'a>) -> Result<At<'a>, SchemaError> {
        find(&self.port_types, binding, "type")
    }

    pub(super) fn message(&self, reference: At<'a>) -> Result<At<'a>, SchemaError> {
        find(&self.messages, reference, "message")
    }
}

/// What the attribute `reference` of `at` names.
fn find<'a>(among: &HashMap<QName, At<'a>>, at: At<'a>, reference: &str) -> Result<At<'a>, SchemaError> {
    let name = at.expand(at.require(reference)?)?;
    among.get(&name).copied().ok_or_else(|| at.error(format!("{reference} {name} is not defined")))
}

/// `None` for a binding of another kind, such as HTTP GET.
fn soap_version(binding: At<'_>) -> Option<SoapVersion> {
    binding.children().find_map(|child| match child {
        _ if child.is(SOAP11, "binding") => Some(SoapVersion::V11),
        _ if child.is(SOAP12, "binding") => Some(SoapVersion::V12),
        _ => None,
    })
}
