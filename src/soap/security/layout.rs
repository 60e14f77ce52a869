//! Where the parts of a signed envelope are; anything that could be taken for another is refused.

use std::collections::HashMap;

use bergshamra::xml::Document;

use super::element::Element;
use super::error::{SignedPart, VerifyError};
use super::names::{DS, ULTIMATE_RECEIVER, WSSE, WSU, envelope_namespace, soap_version};
use super::timestamp::Validity;
use crate::soap::schema::SoapVersion;

/// The parts of an envelope with one Security header and one signature.
pub(super) struct Layout<'d> {
    pub(super) soap: SoapVersion,
    pub(super) body: Element<'d>,
    pub(super) security: Element<'d>,
    pub(super) timestamp: Element<'d>,
    pub(super) signature: Element<'d>,
    header: Element<'d>,
    ids: HashMap<&'d str, Element<'d>>,
}

impl<'d> Layout<'d> {
    /// Finds the parts. They are told by their place, never by searching the document for a
    /// name or an id: wrapping attacks live on readers that find another element than the
    /// signature does.
    pub(super) fn read(document: &'d Document<'d>) -> Result<Self, VerifyError> {
        let envelope = Element::root(document).ok_or(VerifyError::NotXml)?;
        let Some(signature) = single(envelope, DS, "Signature", VerifyError::SeveralSignatures)? else {
            return Err(VerifyError::Unsigned);
        };
        let soap = envelope
            .namespace()
            .and_then(soap_version)
            .filter(|soap| envelope.is(envelope_namespace(*soap), "Envelope"))
            .ok_or(VerifyError::NotAnEnvelope)?;
        let namespace = envelope_namespace(soap);
        single(envelope, namespace, "Body", VerifyError::SeveralBodies)?;
        let security = single(envelope, WSSE, "Security", VerifyError::SeveralSecurityHeaders)?
            .ok_or(VerifyError::Misplaced)?;
        let [header, body] =
            envelope.exactly(namespace, ["Header", "Body"]).map_err(|_| VerifyError::NotAnEnvelope)?;
        let for_us = security.is_child_of(header) && !names_another_role(security, namespace);
        if !for_us || !signature.is_child_of(security) {
            return Err(VerifyError::Misplaced);
        }
        let timestamp = security.only(WSU, "Timestamp")?;
        let ids = ids(envelope)?;
        Ok(Self { soap, body, security, timestamp, signature, header, ids })
    }

    /// The element that a same-document reference (`#id`) names.
    pub(super) fn resolve(&self, uri: &str) -> Option<Element<'d>> {
        self.ids.get(uri.strip_prefix('#')?).copied()
    }

    /// Which part of the message an element is; nothing when it is none.
    pub(super) fn part(&self, element: Element<'d>) -> Option<SignedPart> {
        let in_header = element.is_child_of(self.header) && element != self.security;
        let in_security = element.is_child_of(self.security) && element != self.signature;
        if element == self.body {
            Some(SignedPart::Body)
        } else if element == self.timestamp {
            Some(SignedPart::Timestamp)
        } else {
            (in_header || in_security).then_some(SignedPart::Header)
        }
    }

    /// From when to when the message says that it is good.
    pub(super) fn validity(&self) -> Result<Validity, VerifyError> {
        let instant = |element: Element<'_>, name| {
            let text = element.text().ok_or(VerifyError::Malformed(name))?;
            text.trim().parse().map_err(|_| VerifyError::Malformed(name))
        };
        let created = instant(self.timestamp.only(WSU, "Created")?, "Created")?;
        let has_expiry = self.timestamp.children().any(|child| child.is(WSU, "Expires"));
        let expires =
            has_expiry.then(|| instant(self.timestamp.only(WSU, "Expires")?, "Expires")).transpose()?;
        Ok(Validity { created, expires })
    }
}

/// The only element of that name in the whole document, if there is one.
fn single<'d>(
    root: Element<'d>,
    namespace: &str,
    name: &str,
    several: VerifyError,
) -> Result<Option<Element<'d>>, VerifyError> {
    let mut found = root.tree().filter(|element| element.is(namespace, name));
    let first = found.next();
    match found.next() {
        Some(_) => Err(several),
        None => Ok(first),
    }
}

/// Whether a header is meant for some other node on the message's way.
fn names_another_role(header: Element<'_>, soap: &str) -> bool {
    header.attributes().any(|(namespace, name, value)| {
        namespace == Some(soap)
            && matches!(name, "role" | "actor")
            && !value.is_empty()
            && value != ULTIMATE_RECEIVER
    })
}

/// Every attribute that anybody could take for an id: `wsu:Id`, `Id`, `ID`, `xml:id`, and
/// SAML's. None may occur twice.
fn ids<'d>(root: Element<'d>) -> Result<HashMap<&'d str, Element<'d>>, VerifyError> {
    let mut ids = HashMap::new();
    for element in root.tree() {
        for (_, name, value) in element.attributes() {
            let is_id = name.eq_ignore_ascii_case("id") || name == "AssertionID";
            if is_id && ids.insert(value, element).is_some() {
                return Err(VerifyError::DuplicateId);
            }
        }
    }
    Ok(ids)
}
