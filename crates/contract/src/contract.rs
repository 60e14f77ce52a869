//! One WSDL: its operations and the messages they exchange.

use std::sync::Arc;

use super::error::{Location, SchemaError};
use super::model::{ElementId, Schema};

/// One WSDL: what its service offers and in which shape.
#[derive(Debug)]
pub struct Contract {
    /// `targetNamespace` of the WSDL.
    pub target_namespace: Option<Arc<str>>,
    /// SOAP version of the binding that was chosen; every operation has the same.
    pub soap_version: SoapVersion,
    /// Operations that can be called, in the order of the binding.
    pub operations: Vec<Operation>,
    /// Operations that the WSDL has but that cannot be called (one-way, rpc style, `type=` parts), and why.
    pub unusable: Vec<(Arc<str>, SchemaError)>,
    /// `location` of the port.
    pub address: Option<Arc<str>>,
    /// All elements and types.
    pub schema: Schema,
}

impl Contract {
    /// The operation of this name.
    pub fn operation(&self, name: &str) -> Option<&Operation> {
        self.operations.iter().find(|operation| &*operation.name == name)
    }
}

/// Version of the envelope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SoapVersion {
    /// SOAP 1.1.
    V11,
    /// SOAP 1.2.
    V12,
}

/// One document/literal request and its answer.
#[derive(Clone, Debug)]
pub struct Operation {
    /// Name in the binding.
    pub name: Arc<str>,
    /// Which envelope.
    pub soap_version: SoapVersion,
    /// `soapAction`; `None` when absent or, in SOAP 1.2, empty.
    pub soap_action: Option<Arc<str>>,
    /// What is sent.
    pub input: Message,
    /// What comes back.
    pub output: Message,
    /// Elements that a fault's detail may hold.
    pub faults: Vec<ElementId>,
    /// Where the binding has it.
    pub location: Location,
}

/// One direction of an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The one child of the SOAP body.
    pub body: ElementId,
    /// Header blocks in the order of the binding.
    pub headers: Vec<ElementId>,
}
