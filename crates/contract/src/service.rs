//! A WSDL as a model: its ports, what each of them offers, and what stands in each message.

use std::sync::Arc;

use super::contract::SoapVersion;
use super::error::{Location, SchemaError};
use super::model::{ElementId, Schema, TypeId};
use super::name::QName;

/// One WSDL with everything that it imports.
#[derive(Clone, Debug)]
pub struct Wsdl {
    /// File name, relative to the root of what was read.
    pub name: Arc<str>,
    /// `targetNamespace`.
    pub target_namespace: Option<Arc<str>>,
    /// All elements and types.
    pub schema: Arc<Schema>,
    /// SOAP ports in the order of the services; a binding that no service offers is a port of its own name.
    pub ports: Vec<Port>,
    /// Ports that cannot be used at all, by name, and why.
    pub left_out: Vec<(Arc<str>, SchemaError)>,
    /// Everything that could not be read, whether or not an operation needs it.
    pub faults: Vec<SchemaError>,
    /// Text of `wsdl:documentation` of the definitions, else of the first service; untreated.
    pub doc: Option<Arc<str>>,
}

/// A SOAP binding at an address.
#[derive(Clone, Debug)]
pub struct Port {
    /// Name of the port; of the binding when no service offers it.
    pub name: Arc<str>,
    /// The service that offers it; the binding when none does.
    pub service: QName,
    /// The port type that is bound.
    pub port_type: QName,
    /// Which envelope.
    pub soap_version: SoapVersion,
    /// `location` of the address.
    pub address: Option<Arc<str>>,
    /// Operations that can be carried, in the order of the binding.
    pub operations: Vec<Operation>,
    /// Operations that cannot, and why.
    pub left_out: Vec<(Arc<str>, SchemaError)>,
}

/// How the body is composed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Style {
    /// The parts are the children of the body.
    Document,
    /// A wrapper with the operation's name holds the parts.
    Rpc,
}

/// One literal request and its answer.
#[derive(Clone, Debug)]
pub struct Operation {
    /// Name in the binding.
    pub name: Arc<str>,
    /// The port type that declares it; two port types may have operations of one name.
    pub port_type: QName,
    /// `soapAction`; `None` when absent or, in SOAP 1.2, empty.
    pub soap_action: Option<Arc<str>>,
    /// Document or rpc.
    pub style: Style,
    /// What is sent.
    pub input: Message,
    /// What comes back; `None` for a one-way operation.
    pub output: Option<Message>,
    /// Elements that a fault's detail may hold.
    pub faults: Vec<ElementId>,
    /// Text of `wsdl:documentation`, untreated.
    pub doc: Option<Arc<str>>,
    /// Where the binding has it.
    pub location: Location,
}

/// One direction of an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// What is in the body.
    pub body: Body,
    /// Header blocks in the order of the binding.
    pub headers: Vec<HeaderPart>,
}

/// What the SOAP body holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// Nothing.
    Empty,
    /// This one element; for rpc/literal the wrapper, declared on behalf of the WSDL.
    Element(ElementId),
    /// These, by the name of their part, in this order.
    Parts(Vec<(Arc<str>, ElementId)>),
    /// What this type says: the body itself has it.
    Type(TypeId),
}

/// A header block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeaderPart {
    /// The block.
    pub element: ElementId,
    /// Whether the binding says `wsdl:required="true"`.
    pub required: bool,
    /// The message that it is a part of.
    pub message: QName,
    /// Name of the part.
    pub part: Arc<str>,
}
