//! Faults of both SOAP versions and of both upstreams, read into one form.

use quick_xml::events::Event;

use super::envelope::{Malformed, XmlReader};

/// Whose fault it is, as SOAP says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// `Client` (1.1) or `Sender` (1.2): the message was refused as it is.
    Sender,
    /// `Server` or `Receiver`: the message could not be processed.
    Receiver,
    /// Anything else, or nothing.
    Other,
}

/// A SOAP fault. `Debug` prints nothing of its texts and codes: they can quote the request.
#[derive(Clone, PartialEq, Eq)]
pub struct Fault {
    /// Whose fault it is.
    pub role: Role,
    /// `ErrorCode` of `FaultDetails` (STAR) or `ServiceFaultDetailer` (the platform).
    pub code: Option<String>,
    /// `Message` or `ErrorMessage`, else the fault's own reason.
    pub text: Option<String>,
    /// `CorrelationID` of the platform.
    pub correlation_id: Option<String>,
    /// `ErrorCode` of `SourceSystemError`.
    pub source_code: Option<String>,
}

impl std::fmt::Debug for Fault {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Fault")
            .field("role", &self.role)
            .field("has_code", &self.code.is_some())
            .finish_non_exhaustive()
    }
}

impl Fault {
    /// Reads the content of the `Fault` element that was just opened, up to its end.
    ///
    /// `StackTrace`, `InnerException` and `Details` are never taken: they may hold internals or quote the request.
    pub(super) fn read(reader: &mut XmlReader<'_>) -> Result<Self, Malformed> {
        let mut fault =
            Self { role: Role::Other, code: None, text: None, correlation_id: None, source_code: None };
        let mut reason = None;
        let mut path: Vec<String> = Vec::new();
        loop {
            match reader.read()? {
                Event::Start(start) => {
                    path.push(start.local_name().as_ref().to_owned());
                    let names: Vec<&str> = path.iter().map(String::as_str).collect();
                    let Some(place) = place(&names) else { continue };
                    let nil = reader.is_nil();
                    let text = reader.text(false)?.trim().to_owned();
                    path.pop();
                    if !nil && !text.is_empty() {
                        fault.set(place, text, &mut reason);
                    }
                }
                Event::End(_) if path.pop().is_none() => break,
                _ => {}
            }
        }
        fault.text = fault.text.or(reason);
        Ok(fault)
    }

    fn set(&mut self, place: Place, text: String, reason: &mut Option<String>) {
        match place {
            Place::Role => self.role = role(&text),
            Place::Reason => _ = reason.get_or_insert(text),
            Place::Code => self.code = Some(text),
            Place::Message => self.text = Some(text),
            Place::Correlation => self.correlation_id = Some(text),
            Place::SourceCode => self.source_code = Some(text),
        }
    }
}

enum Place {
    Role,
    Reason,
    Code,
    Message,
    Correlation,
    SourceCode,
}

fn place(path: &[&str]) -> Option<Place> {
    match path {
        ["faultcode"] | ["Code", "Value"] => Some(Place::Role),
        ["faultstring"] | ["Reason", "Text"] => Some(Place::Reason),
        ["detail" | "Detail", _, "ErrorCode"] => Some(Place::Code),
        ["detail" | "Detail", _, "Message" | "ErrorMessage"] => Some(Place::Message),
        ["detail" | "Detail", _, "CorrelationID"] => Some(Place::Correlation),
        ["detail" | "Detail", _, "SourceSystemError", "ErrorCode"] => Some(Place::SourceCode),
        _ => None,
    }
}

fn role(code: &str) -> Role {
    match code.rsplit(':').next().and_then(|local| local.split('.').next()) {
        Some("Client" | "Sender") => Role::Sender,
        Some("Server" | "Receiver") => Role::Receiver,
        _ => Role::Other,
    }
}
