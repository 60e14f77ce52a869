//! One WSDL: its operations and the messages they exchange.

use std::sync::Arc;

use super::error::{Location, SchemaError};
use super::model::{ElementId, Schema};
use super::service::{self, Body, Style, Wsdl};

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
    /// The part of a WSDL that one SOAP version offers: `prefer` where the WSDL has it, else that of its
    /// first port. Of two ports the first that has an operation gives it.
    ///
    /// # Errors
    /// The WSDL has no SOAP binding, or none of its operations can be called.
    pub(super) fn of(wsdl: Wsdl, prefer: Option<SoapVersion>) -> Result<Self, SchemaError> {
        let misbound = wsdl.left_out.iter().map(|(_, reason)| reason);
        if let Some(fault) = wsdl.faults.iter().chain(misbound).next() {
            return Err(fault.clone());
        }
        let version = prefer
            .filter(|version| wsdl.ports.iter().any(|port| port.soap_version == *version))
            .or_else(|| wsdl.ports.first().map(|port| port.soap_version))
            .ok_or_else(|| {
                let whole = Location { file: wsdl.name.clone(), line: 0 };
                let reason = wsdl.left_out.first().map(|(_, reason)| reason.clone());
                reason.unwrap_or_else(|| SchemaError::new(whole, "has no SOAP binding"))
            })?;
        let (mut operations, mut unusable, mut address) = (Vec::<Operation>::new(), Vec::new(), None);
        for port in wsdl.ports.into_iter().filter(|port| port.soap_version == version) {
            address = address.or(port.address);
            unusable.extend(port.left_out);
            for offered in port.operations {
                if operations.iter().any(|known| known.name == offered.name) {
                    continue;
                }
                let name = offered.name.clone();
                match Operation::of(offered, version) {
                    Ok(operation) => operations.push(operation),
                    Err(reason) => unusable.push((name, reason)),
                }
            }
        }
        match unusable.first() {
            Some((_, reason)) if operations.is_empty() => Err(reason.clone()),
            Some(_) | None => Ok(Self {
                target_namespace: wsdl.target_namespace,
                soap_version: version,
                operations,
                unusable,
                address,
                schema: Arc::unwrap_or_clone(wsdl.schema),
            }),
        }
    }

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

impl Operation {
    fn of(offered: service::Operation, soap_version: SoapVersion) -> Result<Self, SchemaError> {
        let refuse = |reason: &str| SchemaError::new(offered.location.clone(), reason);
        if offered.style == Style::Rpc {
            let reason = format!("operation {} is rpc style; only document style is supported", offered.name);
            return Err(refuse(&reason));
        }
        let single = |message: service::Message| match message.body {
            Body::Element(body) => {
                Ok(Message { body, headers: message.headers.iter().map(|header| header.element).collect() })
            }
            Body::Empty => Err(refuse("the body has no part")),
            Body::Parts(_) => Err(refuse("the body has a second part; only one is supported")),
            Body::Type(_) => Err(refuse("the part has no element=; parts by type= are not supported")),
        };
        let Some(output) = offered.output else {
            return Err(refuse("has no output; only request and answer are supported"));
        };
        Ok(Self {
            name: offered.name,
            soap_version,
            soap_action: offered.soap_action,
            input: single(offered.input)?,
            output: single(output)?,
            faults: offered.faults,
            location: offered.location.clone(),
        })
    }
}
