//! Answers spoiled on their way: the bytes, or how they are delivered.

use super::outgoing::Outgoing;
use super::trouble::Spoil;

/// How the body reaches the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Delivery {
    /// Whole.
    Whole,
    /// The connection is closed before the first byte.
    Nothing,
    /// The connection is closed after half of the body, which was announced in full.
    Half,
}

/// A page as a proxy or load balancer shows it.
pub(crate) const HTML: &str = "<!DOCTYPE html><html><head><title>Driftsforstyrrelser</title></head><body><h1>Vi arbejder på sagen</h1><br></body></html>";

/// How large an oversized answer is.
const OVERSIZED: usize = 8 << 20;
/// How many elements a too deep answer nests.
const DEPTH: usize = 50_000;

/// Spoils an answer.
pub(crate) fn spoil(how: Spoil, outgoing: &mut Outgoing) {
    match how {
        Spoil::NotXml => outgoing.body = replaced(&outgoing.body, "Body>", "Bdoy>"),
        Spoil::CutOff => outgoing.body.truncate(outgoing.body.len() / 2),
        Spoil::Oversized => {
            let padding = format!("<!--{}-->", "x".repeat(OVERSIZED));
            insert_in_body(outgoing, &padding);
        }
        Spoil::Html => html(outgoing),
        Spoil::Empty => outgoing.body.clear(),
        Spoil::Dtd => insert_after_declaration(outgoing, DTD),
        Spoil::WrongRoot => outgoing.body = wrong_root(&outgoing.body),
        Spoil::Trailing => outgoing.body.extend_from_slice(b"<more/>"),
        Spoil::TooDeep => {
            let nest = ["<d>".repeat(DEPTH), "</d>".repeat(DEPTH)].concat();
            insert_in_body(outgoing, &nest);
        }
        Spoil::Dropped => outgoing.delivery = Delivery::Nothing,
        Spoil::DroppedMidway => outgoing.delivery = Delivery::Half,
    }
}

/// Adds a header block that need not be understood.
pub(crate) fn add_header(outgoing: &mut Outgoing) {
    let header = "<s:Header><t:Trace xmlns:t=\"urn:sandbox:trace\">1</t:Trace></s:Header><s:Body>";
    outgoing.body = replaced(&outgoing.body, "<s:Body>", header);
}

const DTD: &str = "<!DOCTYPE s [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">]>";

fn html(outgoing: &mut Outgoing) {
    outgoing.status = 200;
    outgoing.content_type = "text/html; charset=utf-8".to_owned();
    outgoing.body = HTML.into();
}

fn replaced(body: &[u8], from: &str, to: &str) -> Vec<u8> {
    String::from_utf8_lossy(body).replacen(from, to, 1).into_bytes()
}

fn insert_in_body(outgoing: &mut Outgoing, what: &str) {
    outgoing.body = replaced(&outgoing.body, "</s:Body>", &format!("{what}</s:Body>"));
}

fn insert_after_declaration(outgoing: &mut Outgoing, what: &str) {
    outgoing.body = replaced(&outgoing.body, "?>", &format!("?>{what}"));
}

/// Another operation's answer in place of this one's.
fn wrong_root(body: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(body);
    let (before, rest) = text.split_once("<s:Body>").unwrap_or((&text, ""));
    let after = rest.rsplit_once("</s:Body>").map_or("", |(_, after)| after);
    format!("{before}<s:Body><PingResponse xmlns=\"urn:sandbox:ping\"><Status>up</Status></PingResponse></s:Body>{after}")
        .into_bytes()
}
