//! The chain: each line holds the hash of the line before it, and its own.
//!
//! A line is one JSON object, its last two members `"prev"` and `"hash"`, and a line feed:
//!
//! ```text
//! {"time":…,"prev":"<64 hex>","hash":"<64 hex>"}
//! ```
//!
//! `hash` is SHA-256 over the line's exact bytes without the member `hash` (nor the comma before it) and without
//! the line feed, so over `{"time":…,"prev":"<64 hex>"}`. `prev` is the `hash` of the line before, across files;
//! 64 zeros where a chain begins.

use aws_lc_rs::digest::{Context, SHA256};

use super::digest::Digest;

const PREV: &[u8] = b",\"prev\":\"";
const HASH: &[u8] = b",\"hash\":\"";

/// Longest line in bytes, its line feed included. A longer one is refused, so that reading needs no more memory.
pub(super) const LONGEST_LINE: usize = 128 * 1024;

/// What chaining adds to a draft.
pub(super) const ADDED: usize = PREV.len() + HASH.len() + 2 * Digest::LENGTH + "\"\"}\n".len();

/// The end of a chain, to which lines are added.
#[derive(Clone, Copy)]
pub(super) struct Chain {
    head: Digest,
}

impl Chain {
    pub(super) fn after(head: Digest) -> Self {
        Self { head }
    }

    pub(super) fn head(&self) -> Digest {
        self.head
    }

    /// Adds the line of `draft` (see `Record::draft`) to `lines`; it is the head from now on.
    pub(super) fn add(&mut self, draft: &[u8], lines: &mut Vec<u8>) {
        let start = lines.len();
        lines.extend_from_slice(draft);
        lines.extend_from_slice(PREV);
        lines.extend_from_slice(self.head.as_bytes());
        lines.push(b'"');
        self.head = hash(&lines[start..]);
        lines.extend_from_slice(HASH);
        lines.extend_from_slice(self.head.as_bytes());
        lines.extend_from_slice(b"\"}\n");
    }
}

/// What a line says of its place in the chain.
pub(super) struct Link {
    pub(super) prev: Digest,
    /// What the line says its hash is.
    pub(super) hash: Digest,
    /// What its hash is.
    pub(super) actual: Digest,
}

impl Link {
    /// Reads a line without its line feed; `None` when it does not end like a line of a trail.
    pub(super) fn read(line: &[u8]) -> Option<Self> {
        let (body, hash) = split_last_member(line.strip_suffix(b"}")?, HASH)?;
        let (start, prev) = split_last_member(body, PREV)?;
        start.starts_with(b"{").then(|| Self { prev, hash, actual: self::hash(body) })
    }

    /// Whether nobody changed the line, or whoever did also changed its hash.
    pub(super) fn is_whole(&self) -> bool {
        self.hash == self.actual
    }
}

/// `…<name><64 hex>"` -> `…` and the digest.
fn split_last_member<'a>(text: &'a [u8], name: &[u8]) -> Option<(&'a [u8], Digest)> {
    let (rest, digits) = text.strip_suffix(b"\"")?.split_last_chunk::<{ Digest::LENGTH }>()?;
    Some((rest.strip_suffix(name)?, Digest::parse(digits)?))
}

fn hash(body: &[u8]) -> Digest {
    let mut context = Context::new(&SHA256);
    context.update(body);
    context.update(b"}");
    Digest::of_bytes(context.finish().as_ref())
}
