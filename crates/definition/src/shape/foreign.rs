//! XML that nobody declared: read as a tree, written in exclusive canonical form (XML-EXC-C14N 1.0) with the prefixes
//! that its text and attributes use kept.

use super::xml::{MAX_DEPTH, Malformed, Reader, Tag, Token};

/// An element and all that is in it.
pub(super) struct Tree {
    pub(super) tag: Tag,
    pub(super) children: Vec<Child>,
}

pub(super) enum Child {
    Element(Tree),
    Text(String),
}

/// The prefixes that are bound in what was written so far.
#[derive(Default)]
pub(super) struct Scope {
    rendered: Vec<(String, String)>,
}

impl Scope {
    fn uri(&self, prefix: &str) -> &str {
        let found = self.rendered.iter().rev().find(|(known, _)| known == prefix);
        found.map_or("", |(_, uri)| uri.as_str())
    }

    /// How much to keep when an element ends.
    pub(super) fn mark(&self) -> usize {
        self.rendered.len()
    }

    pub(super) fn reset(&mut self, mark: usize) {
        self.rendered.truncate(mark);
    }

    /// Writes the declarations that are not in force yet, by prefix.
    pub(super) fn declare(&mut self, mut wanted: Vec<(String, String)>, out: &mut String) {
        wanted.sort();
        wanted.dedup();
        for (prefix, uri) in wanted {
            if prefix == "xml" || self.uri(&prefix) == uri {
                continue;
            }
            out.push_str(if prefix.is_empty() { " xmlns" } else { " xmlns:" });
            out.push_str(&prefix);
            out.push_str("=\"");
            escape_attribute(&uri, out);
            out.push('"');
            self.rendered.push((prefix, uri));
        }
    }
}

/// Reads the one element that a client sent.
///
/// # Errors
/// Why it is none.
pub(super) fn parse(text: &str) -> Result<Tree, String> {
    let mut reader = Reader::strict(text);
    let failed = |fault: Malformed| match fault {
        Malformed::Dtd => "must not have a document type declaration".to_owned(),
        Malformed::TooDeep => format!("nests deeper than {MAX_DEPTH} levels"),
        _ => {
            "must be one element of well-formed XML, without comments and processing instructions".to_owned()
        }
    };
    let Token::Open(tag) = reader.next().map_err(failed)? else {
        return Err(failed(Malformed::NotXml));
    };
    let tree = subtree(tag, &mut reader).map_err(failed)?;
    match reader.next().map_err(failed)? {
        Token::End => Ok(tree),
        _ => Err(failed(Malformed::NotXml)),
    }
}

/// Reads what is in the element that was opened last, up to its end.
pub(super) fn subtree(mut tag: Tag, reader: &mut Reader<'_>) -> Result<Tree, Malformed> {
    // Everything in force, so that the tree can stand by itself.
    tag.bound = reader.in_force();
    Ok(Tree { tag, children: children(reader)? })
}

/// Reads up to the end of the element that was opened last.
pub(super) fn children(reader: &mut Reader<'_>) -> Result<Vec<Child>, Malformed> {
    let mut found: Vec<Child> = Vec::new();
    loop {
        match reader.next()? {
            Token::Open(tag) => {
                let children = children(reader)?;
                found.push(Child::Element(Tree { tag, children }));
            }
            Token::Text(text) => match found.last_mut() {
                Some(Child::Text(before)) => before.push_str(&text),
                _ => found.push(Child::Text(text)),
            },
            Token::Close => return Ok(found),
            Token::End => return Err(Malformed::NotXml),
        }
    }
}

/// The tree as XML that stands by itself.
pub(super) fn canonical(tree: &Tree) -> String {
    let mut out = String::new();
    write(tree, &mut Scope::default(), &mut out);
    out
}

/// Writes the tree where the prefixes of `scope` are bound.
pub(super) fn write(tree: &Tree, scope: &mut Scope, out: &mut String) {
    let mut kept = Vec::new();
    used(tree, &mut kept);
    let mut bound = Vec::new();
    element(tree, &kept, &mut bound, scope, out);
}

/// Writes children of an element that has these prefixes in force.
pub(super) fn write_children(children: &[Child], scope: &mut Scope, out: &mut String) {
    for child in children {
        match child {
            Child::Element(tree) => write(tree, scope, out),
            Child::Text(text) => escape_text(text, out),
        }
    }
}

/// The prefixes that text and attributes may speak of: what stands before a colon.
fn used(tree: &Tree, found: &mut Vec<String>) {
    tree.tag.attributes.iter().for_each(|attribute| prefixes(&attribute.value, found));
    for child in &tree.children {
        match child {
            Child::Element(tree) => used(tree, found),
            Child::Text(text) => prefixes(text, found),
        }
    }
}

fn prefixes(text: &str, found: &mut Vec<String>) {
    let pieces: Vec<&str> = text.split(':').collect();
    for before in pieces.iter().take(pieces.len().saturating_sub(1)) {
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
        let prefix = before.rsplit(|c: char| !is_name(c)).next().unwrap_or_default();
        if !prefix.is_empty()
            && prefix.len() < 64
            && !found.iter().any(|known| known == prefix)
            && found.len() < 64
        {
            found.push(prefix.to_owned());
        }
    }
}

fn element(
    tree: &Tree,
    kept: &[String],
    bound: &mut Vec<(String, String)>,
    scope: &mut Scope,
    out: &mut String,
) {
    let (mark, bound_before) = (scope.mark(), bound.len());
    let tag = &tree.tag;
    bound.extend(tag.bound.iter().cloned());
    let mut wanted = vec![(tag.prefix.clone(), tag.namespace.clone())];
    let prefixed = tag.attributes.iter().filter(|attribute| !attribute.prefix.is_empty());
    wanted.extend(prefixed.map(|attribute| (attribute.prefix.clone(), attribute.namespace.clone())));
    let spoken = tag.bound.iter().filter(|(prefix, _)| kept.contains(prefix));
    wanted.extend(spoken.cloned());
    out.push('<');
    push_name(&tag.prefix, &tag.local, out);
    scope.declare(wanted, out);
    let mut attributes: Vec<_> = tag.attributes.iter().collect();
    attributes.sort_by(|a, b| (&a.namespace, &a.local).cmp(&(&b.namespace, &b.local)));
    for attribute in attributes {
        out.push(' ');
        push_name(&attribute.prefix, &attribute.local, out);
        out.push_str("=\"");
        escape_attribute(&attribute.value, out);
        out.push('"');
    }
    out.push('>');
    for child in &tree.children {
        match child {
            Child::Element(tree) => element(tree, kept, bound, scope, out),
            Child::Text(text) => escape_text(text, out),
        }
    }
    out.push_str("</");
    push_name(&tag.prefix, &tag.local, out);
    out.push('>');
    scope.reset(mark);
    bound.truncate(bound_before);
}

pub(super) fn push_name(prefix: &str, local: &str, out: &mut String) {
    if !prefix.is_empty() {
        out.push_str(prefix);
        out.push(':');
    }
    out.push_str(local);
}

/// Text as canonical XML writes it.
pub(super) fn escape_text(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\r' => out.push_str("&#xD;"),
            c => out.push(c),
        }
    }
}

/// A value of an attribute as canonical XML writes it.
pub(super) fn escape_attribute(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '"' => out.push_str("&quot;"),
            '\t' => out.push_str("&#x9;"),
            '\n' => out.push_str("&#xA;"),
            '\r' => out.push_str("&#xD;"),
            c => out.push(c),
        }
    }
}
