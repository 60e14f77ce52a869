//! `ds:Signature` as far as it is understood: one narrow profile, everything else is refused.

use rustls_pki_types::CertificateDer;

use super::algorithm::{DigestAlgorithm, SignatureAlgorithm};
use super::element::Element;
use super::error::{SignedPart, VerifyError};
use super::layout::Layout;
use super::names::{BASE64_BINARY, DS, EXCLUSIVE_C14N, WSSE, X509_V3};

/// What a signature says, before any of it is believed.
pub(super) struct Signature<'d> {
    pub(super) signed_info: Canonical<'d>,
    pub(super) algorithm: SignatureAlgorithm,
    pub(super) value: Vec<u8>,
    pub(super) references: Vec<Reference<'d>>,
    /// The certificate of the key, then whatever came with it.
    pub(super) certificates: Vec<CertificateDer<'static>>,
}

/// A part of the message and the digest that it should have.
pub(super) struct Reference<'d> {
    pub(super) part: SignedPart,
    pub(super) target: Canonical<'d>,
    pub(super) algorithm: DigestAlgorithm,
    pub(super) digest: Vec<u8>,
}

/// An element to be canonicalised, with the prefixes that are to be kept although they are not
/// visibly used (`InclusiveNamespaces`, RFC 3741 section 3).
pub(super) struct Canonical<'d> {
    pub(super) element: Element<'d>,
    pub(super) prefixes: Vec<&'d str>,
}

impl<'d> Signature<'d> {
    pub(super) fn read(layout: &Layout<'d>) -> Result<Self, VerifyError> {
        // No ds:Object: nothing that is signed may be hidden inside the signature.
        let [signed_info, value, key_info] =
            layout.signature.exactly(DS, ["SignedInfo", "SignatureValue", "KeyInfo"])?;
        let canonicalization = signed_info.only(DS, "CanonicalizationMethod")?;
        if canonicalization.attribute("Algorithm") != Some(EXCLUSIVE_C14N) {
            return Err(VerifyError::AlgorithmRefused);
        }
        let method = signed_info.only(DS, "SignatureMethod")?.attribute("Algorithm");
        let algorithm = SignatureAlgorithm::ALL
            .into_iter()
            .find(|algorithm| method == Some(algorithm.uri()))
            .ok_or(VerifyError::AlgorithmRefused)?;
        Ok(Self {
            signed_info: Canonical { element: signed_info, prefixes: inclusive_prefixes(canonicalization) },
            algorithm,
            value: value.base64().ok_or(VerifyError::Malformed("SignatureValue"))?,
            references: references(layout, signed_info)?,
            certificates: certificates(layout, key_info)?,
        })
    }
}

/// Every reference, each to a part of its own; Body and Timestamp must be among them.
fn references<'d>(layout: &Layout<'d>, signed_info: Element<'d>) -> Result<Vec<Reference<'d>>, VerifyError> {
    let mut references: Vec<Reference<'d>> = Vec::new();
    for child in signed_info.children().filter(|child| child.is(DS, "Reference")) {
        let reference = reference(layout, child)?;
        if references.iter().any(|other| other.target.element == reference.target.element) {
            return Err(VerifyError::ReferenceRefused);
        }
        references.push(reference);
    }
    for part in [SignedPart::Body, SignedPart::Timestamp] {
        if !references.iter().any(|reference| reference.part == part) {
            return Err(VerifyError::NotCovered(part));
        }
    }
    Ok(references)
}

fn reference<'d>(layout: &Layout<'d>, reference: Element<'d>) -> Result<Reference<'d>, VerifyError> {
    let [transforms, method, value] = reference.exactly(DS, ["Transforms", "DigestMethod", "DigestValue"])?;
    let target = reference
        .attribute("URI")
        .and_then(|uri| layout.resolve(uri))
        .ok_or(VerifyError::ReferenceRefused)?;
    let part = layout.part(target).ok_or(VerifyError::ReferenceRefused)?;
    let [transform] = transforms.exactly(DS, ["Transform"]).map_err(|_| VerifyError::TransformRefused)?;
    if transform.attribute("Algorithm") != Some(EXCLUSIVE_C14N) {
        return Err(VerifyError::TransformRefused);
    }
    let algorithm = DigestAlgorithm::ALL
        .into_iter()
        .find(|algorithm| method.attribute("Algorithm") == Some(algorithm.uri()))
        .ok_or(VerifyError::AlgorithmRefused)?;
    let target = Canonical { element: target, prefixes: inclusive_prefixes(transform) };
    let digest = value.base64().ok_or(VerifyError::Malformed("DigestValue"))?;
    Ok(Reference { part, target, algorithm, digest })
}

fn inclusive_prefixes(method: Element<'_>) -> Vec<&str> {
    method
        .children()
        .filter(|child| child.is(EXCLUSIVE_C14N, "InclusiveNamespaces"))
        .filter_map(|child| child.attribute("PrefixList"))
        .flat_map(str::split_ascii_whitespace)
        .collect()
}

/// The certificates that `KeyInfo` points to in the header or holds itself.
fn certificates(
    layout: &Layout<'_>,
    key_info: Element<'_>,
) -> Result<Vec<CertificateDer<'static>>, VerifyError> {
    let holder = key_info.only(WSSE, "SecurityTokenReference").unwrap_or(key_info);
    let mut children = holder.children();
    let (Some(key), None) = (children.next(), children.next()) else {
        return Err(VerifyError::Malformed("KeyInfo"));
    };
    if key.is(WSSE, "Reference") {
        return Ok(vec![token(layout, key)?]);
    }
    if !key.is(DS, "X509Data") {
        return Err(VerifyError::CertificateMissing);
    }
    let certificates: Vec<_> = key
        .children()
        .filter(|child| child.is(DS, "X509Certificate"))
        .map(|child| child.base64().map(CertificateDer::from))
        .collect::<Option<_>>()
        .ok_or(VerifyError::Malformed("X509Certificate"))?;
    if certificates.is_empty() {
        return Err(VerifyError::CertificateMissing);
    }
    Ok(certificates)
}

/// The certificate in the `BinarySecurityToken` that a token reference names.
fn token(layout: &Layout<'_>, reference: Element<'_>) -> Result<CertificateDer<'static>, VerifyError> {
    let token = reference
        .attribute("URI")
        .and_then(|uri| layout.resolve(uri))
        .filter(|token| token.is_child_of(layout.security))
        .filter(|token| token.is(WSSE, "BinarySecurityToken"))
        .ok_or(VerifyError::CertificateMissing)?;
    let says = |name, only| token.attribute(name).is_none_or(|value| value == only);
    if !says("ValueType", X509_V3) || !says("EncodingType", BASE64_BINARY) {
        return Err(VerifyError::CertificateMissing);
    }
    token.base64().map(CertificateDer::from).ok_or(VerifyError::Malformed("BinarySecurityToken"))
}
