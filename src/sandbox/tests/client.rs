//! A SOAP client that writes requests by the bundled schemas and reads answers strictly.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use roxmltree::{Document, Node};

use crate::sandbox::element::Element;
use crate::sandbox::front::Incoming;
use crate::sandbox::outgoing::Outgoing;
use crate::sandbox::service::Service;
use crate::sandbox::style::USUAL;
use crate::sandbox::world::{Organisation, local};
use crate::sandbox::xml::{Xml, shape};
use crate::sandbox::{Sandbox, SandboxOptions};
use crate::soap::envelope::{SOAP_11, SOAP_12};
use crate::soap::schema::SoapVersion;

/// A Saturday in winter, at one in the afternoon by the Danish clock.
pub(super) const NOW: &str = "2026-11-21T12:00:00Z";

pub(super) struct Client {
    pub(super) sandbox: Sandbox,
    pub(super) organisation: (Organisation, &'static str),
}

pub(super) fn now() -> Timestamp {
    NOW.parse().unwrap()
}

/// A point in time so many hours from now, as DFDG writes it.
pub(super) fn hours(hours: i64) -> String {
    local(now() + SignedDuration::from_hours(hours))
}

/// A point in time so many days from now.
pub(super) fn days(days: i64) -> String {
    hours(24 * days)
}

impl Client {
    /// A client of a fresh sandbox, for jobcentre 15101.
    pub(super) fn new() -> Self {
        let clock = Arc::new(now);
        let sandbox = Sandbox::new(SandboxOptions { clock, seed: Some(1), ..SandboxOptions::default() });
        Self { sandbox, organisation: (Organisation::Jobcenter, "15101") }
    }

    /// The same for another authority from now on.
    pub(super) fn acting_for(&mut self, organisation: Organisation, code: &'static str) -> &mut Self {
        self.organisation = (organisation, code);
        self
    }

    /// The answer to an operation: its own content, or the code with which it was refused.
    pub(super) fn call(&self, operation: &str, request: Element) -> Result<Element, String> {
        read(&self.send(operation, &request))
    }

    /// The code with which an operation is refused, `ok` where it is not.
    pub(super) fn code(&self, operation: &str, request: Element) -> String {
        self.call(operation, request).err().unwrap_or_else(|| "ok".to_owned())
    }

    /// The HTTP answer to an operation.
    pub(super) fn send(&self, operation: &str, request: &Element) -> Outgoing {
        let (service, body) = self.envelope(operation, request);
        let action = action(operation);
        self.post(service, &body, action.as_deref())
    }

    pub(super) fn post(&self, service: Service, body: &[u8], action: Option<&str>) -> Outgoing {
        let content_type = match service.version() {
            SoapVersion::V11 => "text/xml; charset=utf-8",
            SoapVersion::V12 => "application/soap+xml; charset=utf-8",
        };
        self.sandbox
            .respond(service, &Incoming { content_type: Some(content_type), soap_action: action, body })
    }

    /// The whole request as it goes over the wire.
    pub(super) fn envelope(&self, operation: &str, request: &Element) -> (Service, Vec<u8>) {
        let (service, operation) = Service::with_operation(operation).unwrap();
        let schema = &service.contract().schema;
        let namespace = match service.version() {
            SoapVersion::V11 => SOAP_11,
            SoapVersion::V12 => SOAP_12,
        };
        let headers = operation.input.headers.iter().map(|id| shape(schema, *id, &self.headers())).collect();
        let body = shape(schema, operation.input.body, &wrapped(service, request));
        let parts =
            vec![Xml::of(Some(namespace), "Header", headers), Xml::of(Some(namespace), "Body", vec![body])];
        (service, USUAL.write(&Xml::of(Some(namespace), "Envelope", parts)))
    }

    /// The content of both headers; the schema takes from it what each has.
    fn headers(&self) -> Element {
        let (organisation, code) = self.organisation;
        let number = match organisation {
            Organisation::ExternalOperator => "4",
            Organisation::Municipality => "7",
            Organisation::Jobcenter => "8",
            Organisation::UnemploymentFund => "12",
            Organisation::Company => "24",
        };
        let organisation = || {
            vec![Element::text("OrganisationTypeIdentifier", number), Element::text("OrganisationCode", code)]
        };
        let user = vec![
            Element::text("UserFullName", "Sagsbehandler Åse"),
            Element::text("RequestUserTypeIdentifier", "2"),
            Element::text("UserIdentifier", "aase"),
        ];
        let mut children = organisation();
        children.push(Element::of("RequestUserStructure", user));
        children.push(Element::of("RequestOrganisationStructure", organisation()));
        children.push(Element::text("RegistrationDateTime", hours(0)));
        Element::of("Headers", children)
    }
}

/// The `SOAPAction` of an operation, quoted.
pub(super) fn action(operation: &str) -> Option<String> {
    let (_, operation) = Service::with_operation(operation)?;
    operation.soap_action.as_ref().map(|action| format!("\"{action}\""))
}

fn wrapped(service: Service, request: &Element) -> Element {
    if service == Service::Registration {
        return request.clone();
    }
    let transaction = Element::text("SystemTransactionID", "6f2a1c1e-0000-4000-8000-000000000001");
    let identifier = Element::of("Identifier", vec![Element::text("SystemName", "ungebro"), transaction]);
    Element::of("Request", vec![identifier, Element::of("Message", vec![request.clone()])])
}

/// The content of an answer, or the code of a fault, checked against the schema.
pub(super) fn read(outgoing: &Outgoing) -> Result<Element, String> {
    let text = std::str::from_utf8(&outgoing.body).unwrap();
    let document = Document::parse(text).unwrap_or_else(|error| panic!("{error}: {text}"));
    let body = document
        .root_element()
        .children()
        .find(|node| node.has_tag_name((document.root_element().tag_name().namespace().unwrap(), "Body")))
        .unwrap();
    let content = body.children().find(Node::is_element).unwrap();
    if content.tag_name().name() == "Fault" {
        let code = content.descendants().find(|node| node.tag_name().name() == "ErrorCode");
        return Err(code.and_then(|node| node.text()).unwrap_or("bare").to_owned());
    }
    let name = outgoing.operation.as_deref().unwrap();
    let (service, operation) = Service::with_operation(name).unwrap();
    let violations = service.contract().schema.validate(operation.output.body, content);
    assert!(violations.is_empty(), "{violations:?} in {text}");
    let answer = Element::read(content);
    Ok(match service {
        Service::Registration => answer.children.into_iter().next().unwrap(),
        Service::LookUp | Service::Report => answer.child("Message").unwrap().children[0].clone(),
    })
}
