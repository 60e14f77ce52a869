//! Faults as the upstreams write them.

use super::exchange::{CORRELATION_ID, DFDG};
use super::upstream::{envelope, soap_namespace};

/// Whose fault a fault says it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Blame {
    Sender,
    Receiver,
}

/// A fault of STAR with a code.
pub(crate) fn dfdg(version: &str, code: &str, text: &str) -> String {
    let text = super::xml::escaped(text);
    let detail = format!(
        "<FaultDetails xmlns=\"http://service.bm.dk/xml/schemas/2011/01/12/\"><ErrorCode>{code}</ErrorCode>\
         <Message>{text}</Message><InnerException>planted-inner</InnerException>\
         <StackTrace>at planted-stack</StackTrace><Source>{DFDG}</Source></FaultDetails>"
    );
    fault(version, Blame::Sender, "See the details", &detail)
}

/// A fault of the integration platform.
pub(crate) fn ipl(blame: Blame, code: &str, text: &str, source_code: Option<&str>) -> String {
    let source = source_code.map(|code| {
        format!(
            "<SourceSystemError><SourceSystemName>Ungedatabasen</SourceSystemName><ErrorCode>{code}</ErrorCode>\
             <Details>planted-inner</Details></SourceSystemError>"
        )
    });
    let detail = format!(
        "<ServiceFaultDetailer xmlns=\"http://ipl.stil.dk/services/ungedatabasen/x\">\
         <CorrelationID>{CORRELATION_ID}</CorrelationID><Timestamp>2026-01-02T03:04:05.123456789</Timestamp>\
         <ErrorCode>{code}</ErrorCode><ErrorMessage>{text}</ErrorMessage><Details>planted-stack</Details>{}\
         </ServiceFaultDetailer>",
        source.unwrap_or_default()
    );
    fault("1.2", blame, "Input error", &detail)
}

/// A fault in its envelope; an empty detail makes a bare one.
pub(crate) fn fault(version: &str, blame: Blame, reason: &str, detail: &str) -> String {
    let namespace = soap_namespace(version);
    let role = match (version, blame) {
        ("1.1", Blame::Sender) => "Client",
        ("1.1", Blame::Receiver) => "Server",
        (_, Blame::Sender) => "Sender",
        (_, Blame::Receiver) => "Receiver",
    };
    let content = match (version, detail) {
        ("1.1", "") => format!("<faultcode>f:{role}</faultcode><faultstring>{reason}</faultstring>"),
        ("1.1", detail) => format!(
            "<faultcode>f:{role}</faultcode><faultstring>{reason}</faultstring><detail>{detail}</detail>"
        ),
        (_, detail) => {
            let detail =
                if detail.is_empty() { String::new() } else { format!("<f:Detail>{detail}</f:Detail>") };
            format!(
                "<f:Code><f:Value>f:{role}</f:Value></f:Code>\
                 <f:Reason><f:Text xml:lang=\"en\">{reason}</f:Text></f:Reason>{detail}"
            )
        }
    };
    envelope(version, &format!("<f:Fault xmlns:f=\"{namespace}\">{content}</f:Fault>"))
}
