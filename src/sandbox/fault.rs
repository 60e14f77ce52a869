//! How the upstreams refuse: the faults of both SOAP versions.

use jiff::Timestamp;

use super::catalogue::{System, find, text};
use super::element::Element;
use super::front::Objection;
use super::service::Service;
use super::xml::{Content, Xml, shape};
use crate::soap::envelope::{SOAP_11, SOAP_12};
use crate::soap::schema::{QName, SoapVersion};
use crate::types::time::danish_zone;

/// Whose fault it is, and the two that SOAP itself defines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Blame {
    Sender,
    Receiver,
    VersionMismatch,
    MustUnderstand,
}

/// A fault and the HTTP status with which it is answered.
pub(crate) struct Fault {
    pub(crate) status: u16,
    pub(crate) xml: Xml,
}

impl Fault {
    /// A code of DFDG in `FaultDetails`; `text` in place of the catalogue's.
    ///
    /// Faults of DFDG's own making bring a stack trace, as the real ones may: it must never reach anybody.
    pub(crate) fn dfdg(code: u32, text_instead: Option<&str>) -> Self {
        let text = text_instead.unwrap_or_else(|| text(System::Dfdg, code));
        let mut children = vec![Element::text("ErrorCode", code.to_string()), Element::text("Message", text)];
        if matches!(code, 1009 | 1011 | 1100) {
            children.push(Element::text("InnerException", "Sandbox.InnerException: secret"));
            children.push(Element::text("StackTrace", "   at Sandbox.PersonRegistrationService.Secret()"));
        }
        children.push(Element::text("Source", "PersonRegistrationService"));
        let blame = if (1009..=1100).contains(&code) && code != 1010 && code != 1014 {
            Blame::Receiver
        } else {
            Blame::Sender
        };
        Self::new(Service::Registration, blame, text, Some(&Element::of("FaultDetails", children)))
    }

    /// A code of Integrationsplatformen in `ServiceFaultDetailer`.
    pub(crate) fn ipl(
        service: Service,
        code: u32,
        details: Option<String>,
        correlation: &str,
        now: Timestamp,
    ) -> Self {
        let mut children = vec![
            Element::text("CorrelationID", correlation),
            // Nine decimals and no zone, as has been seen.
            Element::text(
                "Timestamp",
                now.to_zoned(danish_zone().clone()).strftime("%Y-%m-%dT%H:%M:%S.%9f").to_string(),
            ),
            Element::text(
                "ErrorCode",
                find(System::Ipl, code)
                    .map_or_else(|| format!("IPL{code:06}"), |known| known.code.to_owned()),
            ),
            Element::text("ErrorMessage", text(System::Ipl, code)),
        ];
        children.extend(details.map(|details| Element::text("Details", details)));
        let (blame, reason) =
            if code == 2 { (Blame::Sender, "Input error") } else { (Blame::Receiver, "Internal error") };
        if blame == Blame::Receiver {
            let source =
                [("SourceSystemName", "Ungedatabasen"), ("ErrorCode", "500"), ("Details", "exeption - UDB")];
            let source = source.into_iter().map(|(name, text)| Element::text(name, text)).collect();
            children.push(Element::of("SourceSystemError", source));
        }
        Self::new(service, blame, reason, Some(&Element::of("ServiceFaultDetailer", children)))
    }

    /// A fault without detail.
    pub(crate) fn bare(service: Service, blame: Blame, reason: &str) -> Self {
        Self::new(service, blame, reason, None)
    }

    /// The fault for a message that the strict front refuses; `None` where HTTP alone answers (415).
    pub(crate) fn of_objection(
        service: Service,
        objection: &Objection,
        correlation: &str,
        now: Timestamp,
    ) -> Option<Self> {
        let platform = service.version() == SoapVersion::V12;
        Some(match objection {
            Objection::MediaType => return None,
            Objection::Version => {
                Self::bare(service, Blame::VersionMismatch, "The envelope is of another SOAP version")
            }
            Objection::NotUnderstood => {
                Self::bare(service, Blame::MustUnderstand, "A header block is not understood")
            }
            Objection::Signature(error) => {
                Self::bare(service, Blame::Sender, &format!("The Security header is refused: {error}"))
            }
            Objection::Message(reason) if platform => {
                Self::ipl(service, 2, Some(reason.clone()), correlation, now)
            }
            Objection::Message(reason) => Self::bare(service, Blame::Sender, reason),
            Objection::Invalid(reasons) if platform => {
                Self::ipl(service, 2, Some(reasons.join("; ")), correlation, now)
            }
            Objection::Invalid(_) | Objection::Refused(_) => {
                Self::dfdg(objection.rule(service)?.code(), None)
            }
        })
    }

    fn new(service: Service, blame: Blame, reason: &str, detail: Option<&Element>) -> Self {
        let contract = service.contract();
        let detail = detail.and_then(|detail| {
            let declared = contract.operations.first()?.faults.first()?;
            Some(shape(&contract.schema, *declared, detail))
        });
        match service.version() {
            SoapVersion::V11 => Self { status: 500, xml: v11(blame, reason, detail) },
            SoapVersion::V12 => {
                let status = if blame == Blame::Sender { 400 } else { 500 };
                Self { status, xml: v12(blame, reason, detail) }
            }
        }
    }
}

fn english(mut xml: Xml) -> Xml {
    xml.attributes.push(("xml:lang", "en".to_owned()));
    xml
}

fn v11(blame: Blame, reason: &str, detail: Option<Xml>) -> Xml {
    let code = match blame {
        Blame::Sender => "Client",
        Blame::Receiver => "Server",
        Blame::VersionMismatch => "VersionMismatch",
        Blame::MustUnderstand => "MustUnderstand",
    };
    let code = Xml::new(QName::new(None, "faultcode"), Content::EnvelopeName(code));
    let mut children = vec![code, english(Xml::text(None, "faultstring", reason))];
    children.extend(detail.map(|detail| Xml::of(None, "detail", vec![detail])));
    Xml::of(Some(SOAP_11), "Fault", children)
}

fn v12(blame: Blame, reason: &str, detail: Option<Xml>) -> Xml {
    let soap = Some(SOAP_12);
    let code = match blame {
        Blame::Sender => "Sender",
        Blame::Receiver => "Receiver",
        Blame::VersionMismatch => "VersionMismatch",
        Blame::MustUnderstand => "MustUnderstand",
    };
    let value = Xml::new(QName::new(soap, "Value"), Content::EnvelopeName(code));
    let mut children = vec![
        Xml::of(soap, "Code", vec![value]),
        Xml::of(soap, "Reason", vec![english(Xml::text(soap, "Text", reason))]),
    ];
    children.extend(detail.map(|detail| Xml::of(soap, "Detail", vec![detail])));
    Xml::of(soap, "Fault", children)
}
