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

/// One model for each WSDL in `below` (a folder, or one file) that no other imports and that offers something.
pub(super) fn read_all(files: &Files<'_>, below: &str) -> Result<Vec<Wsdl>, SchemaError> {
    let wsdls: Vec<_> = files.iter().filter(|file| file.root().is(WSDL, "definitions")).collect();
    let mut imported = HashSet::new();
    for file in &wsdls {
        for import in file.root().children().filter(|child| child.is(WSDL, "import")) {
            if let Ok(target) = imported_file(files, import)
                && target.name != file.name
            {
                imported.insert(&*target.name);
            }
        }
    }
    let within = |file: &&&File<'_>| {
        below.is_empty() || file.name.strip_prefix(below).is_some_and(|rest| rest.starts_with('/'))
    };
    let mut roots: Vec<_> =
        wsdls.iter().filter(within).filter(|file| !imported.contains(&*file.name)).collect();
    // A file that was asked for is read even when others import it.
    roots.extend(wsdls.iter().filter(|file| *file.name == *below));
    if roots.is_empty() {
        // WSDLs that import each other in a circle: any of them holds the whole.
        roots.extend(wsdls.first());
    }
    if roots.is_empty() {
        let file = files.iter().next().map_or_else(|| "wsdl".into(), |file| file.name.clone());
        let none = || SchemaError::new(Location { file, line: 0 }, "is no WSDL 1.1 document");
        return Err(files.damaged.first().cloned().unwrap_or_else(none));
    }
    let mut read: Vec<_> = roots.into_iter().map(|file| wsdl(files, file.root())).collect();
    if read.iter().any(|wsdl| !wsdl.ports.is_empty()) {
        // The abstract half of a contract, kept beside the one that binds it.
        read.retain(|wsdl| !wsdl.ports.is_empty());
    }
    Ok(read)
}

/// The file that a `wsdl:import` means: by its location, or by namespace when nothing is there.
fn imported_file<'a>(files: &Files<'a>, import: At<'a>) -> Result<&'a File<'a>, SchemaError> {
    let location = import.require("location")?;
    let namespace = import.attr("namespace");
    let found = files.find(import, location, namespace);
    let by_namespace = || {
        let mut same = files.documents_of((WSDL, "definitions"), namespace);
        same.find(|root| root.file.name != import.file.name).map(|root| root.file)
    };
    match found {
        Ok(Some(file)) => Ok(file),
        Ok(None) => by_namespace().ok_or_else(|| elsewhere(import, location)),
        Err(error) => by_namespace().ok_or(error),
    }
}

fn wsdl(files: &Files<'_>, root: At<'_>) -> Wsdl {
    let definitions = Definitions::gather(files, root);
    let globals = Globals::collect(files, &definitions.schemas);
    let mut schema = read::read(&globals);
    let (mut ports, mut left_out) = (Vec::new(), Vec::new());
    let mut faults: Vec<SchemaError> = files.damaged.clone();
    faults.extend(definitions.faults.iter().chain(&globals.troubles).cloned());
    faults.append(&mut schema.faults);
    for offered in definitions.offers() {
        let name = offered.attr("name").unwrap_or_default();
        match definitions.bound(offered).and_then(|bound| match bound {
            Some(bound) => binding::read(&definitions, &bound, &mut schema).map(Some),
            None => Ok(None),
        }) {
            Ok(port) => ports.extend(port),
            Err(reason) => left_out.push((name.into(), reason)),
        }
    }
    Wsdl {
        name: root.file.name.clone(),
        target_namespace: root.attr("targetNamespace").map(Into::into),
        ports,
        left_out,
        faults,
        doc: root.doc().or_else(|| definitions.services.first()?.doc()),
        schema: Arc::new(schema),
    }
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

    /// The first one at any depth.
    pub(super) fn soap_below(&self, parent: At<'a>, local: &str) -> Option<At<'a>> {
        let namespace = namespace(self.version);
        let mut below = parent.node.descendants().map(|node| At { node, ..parent });
        below.find(|each| each.node.is_element() && each.is(namespace, local))
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
#[derive(Default)]
pub(super) struct Definitions<'a> {
    messages: HashMap<QName, At<'a>>,
    port_types: HashMap<QName, At<'a>>,
    bindings: HashMap<QName, At<'a>>,
    bindings_in_order: Vec<At<'a>>,
    services: Vec<At<'a>>,
    schemas: Vec<At<'a>>,
    /// What could not be read; it matters to what needs it.
    faults: Vec<SchemaError>,
}

impl<'a> Definitions<'a> {
    fn gather(files: &Files<'a>, root: At<'a>) -> Self {
        let mut definitions = Definitions::default();
        let mut seen = HashSet::from([root.file.name.clone()]);
        let mut waiting = vec![root];
        while let Some(document) = waiting.pop() {
            for child in document.children() {
                let added = definitions.add(document, child);
                definitions.faults.extend(added.err());
                if child.is(WSDL, "import") {
                    match imported_file(files, child) {
                        Ok(file) if seen.insert(file.name.clone()) => waiting.push(file.root()),
                        Ok(_) => {}
                        Err(error) => definitions.faults.push(error),
                    }
                }
            }
            if document.is(XSD, "schema") {
                definitions.schemas.push(document);
            } else if !document.is(WSDL, "definitions") {
                let fault = document.error("is neither a WSDL 1.1 nor an XML Schema document");
                definitions.faults.push(fault);
            }
        }
        definitions
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
        // Files that repeat a definition mean the same one.
        into.entry(name).or_insert(child);
        Ok(())
    }

    /// The ports in the order of the services; all bindings when there is no service.
    fn offers(&self) -> Vec<At<'a>> {
        if self.services.is_empty() {
            return self.bindings_in_order.clone();
        }
        let ports = self.services.iter().flat_map(|service| service.children());
        ports.filter(|port| port.is(WSDL, "port")).collect()
    }

    /// What a port, or a binding that no service offers, binds; `None` for another kind, such as HTTP GET.
    fn bound(&self, offered: At<'a>) -> Result<Option<Bound<'a>>, SchemaError> {
        let is_port = offered.is(WSDL, "port");
        let binding = if is_port { find(&self.bindings, offered, "binding")? } else { offered };
        let address = [SOAP11, SOAP12].iter().find_map(|namespace| {
            offered.children().find(|child| child.is(namespace, "address"))?.attr("location")
        });
        Ok(soap_version(binding).map(|version| Bound { binding, offered, version, address }))
    }

    pub(super) fn port_type(&self, binding: At<'a>) -> Result<At<'a>, SchemaError> {
        find(&self.port_types, binding, "type")
    }

    pub(super) fn message(&self, reference: At<'a>) -> Result<At<'a>, SchemaError> {
        find(&self.messages, reference, "message")
    }
}

/// What the attribute `reference` of `at` names. Where the namespace is wrong, as in WSDLs put together by
/// hand, the local name decides if only one has it: none of these names is ever on the wire.
fn find<'a>(among: &HashMap<QName, At<'a>>, at: At<'a>, reference: &str) -> Result<At<'a>, SchemaError> {
    let text = at.require(reference)?;
    let name = at.expand(text);
    if let Some(found) = name.as_ref().ok().and_then(|name| among.get(name)) {
        return Ok(*found);
    }
    let local = text.rsplit(':').next().unwrap_or(text);
    let mut same = among.iter().filter(|(name, _)| &*name.local == local);
    match (same.next(), same.next()) {
        (Some((_, found)), None) => Ok(*found),
        _ => Err(at.error(format!("{reference} {} is not defined", name?))),
    }
}

/// `None` for a binding of another kind, such as HTTP GET.
fn soap_version(binding: At<'_>) -> Option<SoapVersion> {
    binding.children().find_map(|child| match child {
        _ if child.is(SOAP11, "binding") => Some(SoapVersion::V11),
        _ if child.is(SOAP12, "binding") => Some(SoapVersion::V12),
        _ => None,
    })
}
