//! Any envelope's payload in the form that [`super::Signer`] takes.

use bergshamra::c14n::{C14nMode, canonicalize_doc_to};
use bergshamra::xml::NodeSet;
use bergshamra::xml::uppsala::{Document, Parser};

use super::element::Element;
use super::names::{WSU, envelope_namespace};
use crate::soap::schema::SoapVersion;

/// What stands in the Body, in the exclusive canonical form that it has inside a signed Body; `None` where the text is
/// no envelope of this version.
pub fn canonical_payload(soap: SoapVersion, envelope: &str) -> Option<Vec<u8>> {
    let namespace = envelope_namespace(soap);
    let document = parse(envelope.trim_start_matches('\u{feff}'))?;
    let body = Element::root(&document)?.children().find(|child| child.is(namespace, "Body"))?;
    let payload = body.children().next()?;
    let payload = canonical(&document, &NodeSet::tree_without_comments(payload.node(), &document))?;
    // Inside a Body that declares what a signed one declares, nothing of it is declared again.
    let open = format!("<soap:Body xmlns:soap=\"{namespace}\" xmlns:wsu=\"{WSU}\" wsu:Id=\"body\">");
    let around = format!("{open}{}</soap:Body>", String::from_utf8(payload).ok()?);
    let document = parse(&around)?;
    let around = canonical(&document, &NodeSet::all_without_comments(&document))?;
    around.strip_prefix(open.as_bytes())?.strip_suffix(b"</soap:Body>").map(<[u8]>::to_vec)
}

fn parse(text: &str) -> Option<Document<'_>> {
    Parser::new().with_forbid_dtd(true).parse(text).ok()
}

fn canonical(document: &Document<'_>, nodes: &NodeSet) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    canonicalize_doc_to(document, C14nMode::Exclusive, Some(nodes), &[] as &[&str], &mut out).ok()?;
    Some(out)
}
