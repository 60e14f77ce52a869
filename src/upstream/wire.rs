//! How the messages of one operation look: decided at start, from the WSDL in force.

use http::{HeaderValue, Uri};

use crate::operation::Supply;
use crate::shape::value::Value;
use crate::soap::decode::Pattern;
use crate::soap::envelope::Envelope;
use crate::soap::schema::SoapVersion;
use crate::soap::template::Template;

/// How an operation's messages look.
#[derive(Debug)]
pub struct Wire {
    /// The operation.
    pub operation: &'static str,
    /// Where it is called.
    pub url: Uri,
    /// The envelope's version.
    pub version: SoapVersion,
    /// The content type of requests, with the action where SOAP 1.2 has one.
    pub content_type: HeaderValue,
    /// `SOAPAction` of SOAP 1.1.
    pub soap_action: Option<HeaderValue>,
    /// The request.
    pub request: Template,
    /// The header blocks, in the order of the WSDL.
    pub headers: Vec<Template>,
    /// What fills the request besides parameters and body, in the order of the root object.
    pub supplied: Vec<Supply>,
    /// What fills the header blocks, in the order of the templates' root object.
    pub header_supplies: Vec<Supply>,
    /// Local name of the answer's element.
    pub answer_root: String,
    /// The answer; its first value is the platform's correlation id.
    pub answer: Pattern,
}

impl Wire {
    /// The envelope with the values of the SOAP headers and of the message, each in the order of its template.
    pub fn write(&self, headers: Vec<Value<'_>>, message: Vec<Value<'_>>) -> Envelope {
        let (headers, message) = (Value::Object(headers), Value::Object(message));
        let header_blocks =
            |out: &mut Vec<u8>| self.headers.iter().for_each(|header| header.write(&headers, out));
        Envelope::write(self.version, header_blocks, |out| self.request.write(&message, out))
    }
}
