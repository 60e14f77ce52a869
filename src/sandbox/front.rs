//! The strict front: what must hold of a message before the world sees it.

use roxmltree::{Document, Node};

use super::element::Element;
use super::headers;
use super::rules::{Rule, requests};
use super::service::Service;
use super::world::{Caller, Refusal};
use crate::soap::envelope::{self, SOAP_11, SOAP_12};
use crate::soap::schema::{Operation, SoapVersion};
use crate::soap::security::VerifyError;

/// An HTTP request to one of the services.
pub(crate) struct Incoming<'a> {
    pub(crate) content_type: Option<&'a str>,
    pub(crate) soap_action: Option<&'a str>,
    pub(crate) body: &'a [u8],
}

/// What is accepted.
pub(crate) struct Request {
    pub(crate) operation: &'static Operation,
    /// The child of the body.
    pub(crate) message: Element,
    /// Who acts; only DFDG says so.
    pub(crate) caller: Option<Caller>,
}

/// Why a message goes no further.
#[derive(Clone, Debug)]
pub(crate) enum Objection {
    /// The media type is not that of the SOAP version: HTTP 415.
    MediaType,
    /// An envelope of the other version.
    Version,
    /// A header block that must be understood and is not.
    NotUnderstood,
    /// Not a SOAP message, or not one of an operation.
    Message(String),
    /// The body, or what the body must agree with, is invalid.
    Invalid(Vec<String>),
    /// The signature that Integrationsplatformen wants is missing, or does not hold.
    Signature(VerifyError),
    /// A rule of DFDG about the headers.
    Refused(Refusal),
}

impl Objection {
    /// The rule of DFDG that a message breaks; the platform and SOAP itself have none.
    pub(crate) fn rule(&self, service: Service) -> Option<&'static Rule> {
        match self {
            Self::Refused(Refusal(rule)) => Some(rule),
            Self::Invalid(_) if service == Service::Registration => Some(&requests::SCHEMA),
            _ => None,
        }
    }
}

/// Reads a message, strictly.
pub(crate) fn open(
    service: Service,
    incoming: &Incoming<'_>,
    known: &headers::Known,
) -> Result<Request, Objection> {
    check_media_type(service.version(), incoming.content_type)?;
    let text = envelope::text(incoming.body, incoming.content_type)
        .map_err(|it| Objection::Message(it.to_string()))?;
    // roxmltree takes no byte order mark after decoding and, as SOAP, no document type.
    let document = Document::parse(text.trim_start_matches('\u{FEFF}')).map_err(|_| {
        Objection::Message("the request is not well-formed XML without document type".to_owned())
    })?;
    let envelope = Envelope::find(service.version(), &document)?;
    let operation = find_operation(service, incoming, &envelope)?;
    let caller = match service {
        Service::Registration => Some(headers::read(operation, envelope.header, known)?),
        Service::LookUp | Service::Report => None,
    };
    check_understood(operation, service, &envelope)?;
    let violations = service.contract().schema.validate(operation.input.body, envelope.payload);
    if !violations.is_empty() {
        return Err(Objection::Invalid(violations.iter().map(ToString::to_string).collect()));
    }
    let message = Element::read(envelope.payload);
    headers::check_system(&message, known)?;
    Ok(Request { operation, message, caller })
}

fn check_media_type(version: SoapVersion, content_type: Option<&str>) -> Result<(), Objection> {
    let media_type = content_type.and_then(|it| it.split(';').next()).unwrap_or("").trim();
    let right = match version {
        SoapVersion::V11 => "text/xml",
        SoapVersion::V12 => "application/soap+xml",
    };
    if media_type.eq_ignore_ascii_case(right) { Ok(()) } else { Err(Objection::MediaType) }
}

struct Envelope<'d> {
    namespace: &'static str,
    header: Option<Node<'d, 'd>>,
    payload: Node<'d, 'd>,
}

impl<'d> Envelope<'d> {
    fn find(version: SoapVersion, document: &'d Document<'d>) -> Result<Self, Objection> {
        let (namespace, other) = match version {
            SoapVersion::V11 => (SOAP_11, SOAP_12),
            SoapVersion::V12 => (SOAP_12, SOAP_11),
        };
        let root = document.root_element();
        if root.has_tag_name((other, "Envelope")) {
            return Err(Objection::Version);
        }
        if !root.has_tag_name((namespace, "Envelope")) {
            return Err(Objection::Message("the request is not a SOAP envelope".to_owned()));
        }
        let mut parts = root.children().filter(Node::is_element);
        let mut part = parts.next();
        let header = part.filter(|node| node.has_tag_name((namespace, "Header")));
        if header.is_some() {
            part = parts.next();
        }
        let body = part.filter(|node| node.has_tag_name((namespace, "Body")));
        let children: Vec<_> =
            body.iter().flat_map(|body| body.children().filter(Node::is_element)).collect();
        match (children.as_slice(), parts.next()) {
            ([payload], None) => Ok(Self { namespace, header, payload: *payload }),
            _ => Err(Objection::Message("the envelope does not hold one body with one element".to_owned())),
        }
    }

    fn blocks(&self) -> impl Iterator<Item = Node<'d, 'd>> {
        self.header.into_iter().flat_map(|header| header.children().filter(Node::is_element))
    }
}

/// The operation by its request element; SOAP 1.1 names it in `SOAPAction` too, and both must agree.
fn find_operation(
    service: Service,
    incoming: &Incoming<'_>,
    envelope: &Envelope<'_>,
) -> Result<&'static Operation, Objection> {
    let contract = service.contract();
    let name = envelope.payload.tag_name();
    let operation = contract
        .operations
        .iter()
        .find(|operation| {
            contract.schema.element(operation.input.body).name.is(name.namespace(), name.name())
        })
        .ok_or_else(|| Objection::Message("the body holds no request of this service".to_owned()))?;
    let action = match service.version() {
        SoapVersion::V11 => Some(incoming.soap_action.unwrap_or("").trim()),
        SoapVersion::V12 => None,
    };
    let unquoted =
        action.map(|action| action.strip_prefix('"').and_then(|it| it.strip_suffix('"')).unwrap_or(action));
    match (unquoted, operation.soap_action.as_deref()) {
        (Some(given), Some(right)) if given != right => {
            Err(Objection::Message("SOAPAction does not name the operation of the body".to_owned()))
        }
        _ => Ok(operation),
    }
}

const WS_SECURITY: &str = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";

/// A header block with `mustUnderstand` is one of the operation's, or the signature that Integrationsplatformen takes.
fn check_understood(
    operation: &Operation,
    service: Service,
    envelope: &Envelope<'_>,
) -> Result<(), Objection> {
    let schema = &service.contract().schema;
    for block in envelope.blocks() {
        let must = block.attribute((envelope.namespace, "mustUnderstand")).map(str::trim);
        let name = block.tag_name();
        let known = operation
            .input
            .headers
            .iter()
            .any(|id| schema.element(*id).name.is(name.namespace(), name.name()));
        let signature =
            service.version() == SoapVersion::V12 && block.has_tag_name((WS_SECURITY, "Security"));
        if matches!(must, Some("1" | "true")) && !known && !signature {
            return Err(Objection::NotUnderstood);
        }
    }
    Ok(())
}
