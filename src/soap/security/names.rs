//! The names that WS-Security and XML Signature give to things.

use crate::soap::schema::SoapVersion;

pub(super) const WSSE: &str =
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";
pub(super) const WSU: &str =
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd";
pub(super) const DS: &str = "http://www.w3.org/2000/09/xmldsig#";

pub(super) const EXCLUSIVE_C14N: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
pub(super) const X509_V3: &str =
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0#X509v3";
pub(super) const BASE64_BINARY: &str =
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary";

const SOAP_11: &str = "http://schemas.xmlsoap.org/soap/envelope/";
const SOAP_12: &str = "http://www.w3.org/2003/05/soap-envelope";

/// The SOAP 1.2 role that names whoever reads the message last; the same as naming none.
pub(super) const ULTIMATE_RECEIVER: &str = "http://www.w3.org/2003/05/soap-envelope/role/ultimateReceiver";

/// The namespace of the envelope.
pub(super) const fn envelope_namespace(soap: SoapVersion) -> &'static str {
    match soap {
        SoapVersion::V11 => SOAP_11,
        SoapVersion::V12 => SOAP_12,
    }
}

/// The SOAP version whose envelope namespace this is.
pub(super) fn soap_version(namespace: &str) -> Option<SoapVersion> {
    match namespace {
        SOAP_11 => Some(SoapVersion::V11),
        SOAP_12 => Some(SoapVersion::V12),
        _ => None,
    }
}
