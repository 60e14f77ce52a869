//! A parsed WSDL or XSD file, and a node that knows in which file and on which line it stands.

use std::sync::Arc;

use roxmltree::{Document, Node, ParsingOptions};

use super::error::{Location, SchemaError};
use super::name::QName;

/// Namespace of XML Schema.
pub(super) const XSD: &str = "http://www.w3.org/2001/XMLSchema";
/// Namespace of `xml:lang` and its like.
pub(super) const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// Deepest nesting read; schemas that people write stay below 30.
const MAX_DEPTH: u32 = 100;
const MAX_NODES: u32 = 2_000_000;

/// One parsed file.
pub(super) struct File<'a> {
    pub(super) name: Arc<str>,
    document: Document<'a>,
    line_starts: Vec<usize>,
}

impl<'a> File<'a> {
    /// Parses `text`, whose entities are already put in.
    pub(super) fn parse(name: &str, text: &'a str) -> Result<Self, SchemaError> {
        let options = ParsingOptions { allow_dtd: false, nodes_limit: MAX_NODES, entity_resolver: None };
        let document = Document::parse_with_options(text, options).map_err(|error| {
            let location = Location { file: name.into(), line: error.pos().row };
            SchemaError::new(location, reason(&error))
        })?;
        let line_starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        let file = Self { name: name.into(), document, line_starts };
        file.refuse_deep_nesting()?;
        Ok(file)
    }

    pub(super) fn root(&'a self) -> At<'a> {
        At { file: self, node: self.document.root_element() }
    }

    /// Everything that follows walks the tree by recursion, so depth is settled once, here.
    fn refuse_deep_nesting(&self) -> Result<(), SchemaError> {
        let mut depths = Vec::new();
        for node in self.document.descendants() {
            let depth = node.parent().map_or(0, |parent| depths[parent.id().get_usize()] + 1);
            if depth > MAX_DEPTH {
                let location = Location { file: self.name.clone(), line: self.line(node.range().start) };
                return Err(SchemaError::new(location, format!("nested deeper than {MAX_DEPTH} levels")));
            }
            depths.push(depth);
        }
        Ok(())
    }

    fn line(&self, offset: usize) -> u32 {
        let line = self.line_starts.partition_point(|start| *start <= offset);
        u32::try_from(line).unwrap_or(u32::MAX)
    }
}

/// What the parser says, without the names and characters it quotes: an import may lead to a file that is
/// none of the caller's business.
fn reason(error: &roxmltree::Error) -> &'static str {
    match error {
        roxmltree::Error::UnknownNamespace(..) => "an unknown namespace prefix",
        roxmltree::Error::UnknownEntityReference(..) => "an unknown entity",
        roxmltree::Error::DuplicatedAttribute(..) => "an attribute twice",
        roxmltree::Error::UnexpectedCloseTag(..) => "an end tag that does not fit its start tag",
        roxmltree::Error::NodesLimitReached => "has too many elements",
        _ => "is not well-formed XML",
    }
}

/// An element of a file.
#[derive(Clone, Copy)]
pub(super) struct At<'a> {
    pub(super) file: &'a File<'a>,
    pub(super) node: Node<'a, 'a>,
}

impl<'a> At<'a> {
    pub(super) fn local(self) -> &'a str {
        self.node.tag_name().name()
    }

    pub(super) fn is(self, namespace: &str, local: &str) -> bool {
        self.node.tag_name().namespace() == Some(namespace) && self.local() == local
    }

    /// Local name when the element is in the namespace, else an empty string.
    pub(super) fn local_in(self, namespace: &str) -> &'a str {
        if self.node.tag_name().namespace() == Some(namespace) { self.local() } else { "" }
    }

    /// The element that this one is a child of.
    pub(super) fn parent(self) -> Option<At<'a>> {
        Some(At { file: self.file, node: self.node.parent_element()? })
    }

    /// Child elements of any namespace.
    pub(super) fn children(self) -> impl Iterator<Item = At<'a>> {
        self.node.children().filter(Node::is_element).map(move |node| At { file: self.file, node })
    }

    /// Child elements of XML Schema that declare something, so without `annotation`.
    pub(super) fn declarations(self) -> impl Iterator<Item = At<'a>> {
        self.children().filter(|child| !matches!(child.local_in(XSD), "" | "annotation"))
    }

    /// Text of the `documentation` children of this node or, in XML Schema, of its annotation.
    pub(super) fn doc(self) -> Option<Arc<str>> {
        let annotations = self.children().filter(|child| child.is(XSD, "annotation"));
        let notes = annotations.flat_map(At::children).chain(self.children());
        let texts: Vec<String> = notes
            .filter(|note| note.local() == "documentation")
            .map(|note| {
                note.node.descendants().filter_map(|each| each.text().filter(|_| each.is_text())).collect()
            })
            .filter(|text: &String| !text.trim().is_empty())
            .collect();
        (!texts.is_empty()).then(|| texts.join("\n").into())
    }

    /// An attribute in no namespace, trimmed as the types of all attributes read here demand.
    pub(super) fn attr(self, name: &str) -> Option<&'a str> {
        self.node.attribute(name).map(str::trim)
    }

    pub(super) fn require(self, name: &str) -> Result<&'a str, SchemaError> {
        self.attr(name).ok_or_else(|| self.error(format!("<{}> without {name}", self.local())))
    }

    /// An `xs:boolean` attribute; `false` when absent.
    pub(super) fn flag(self, name: &str) -> Result<bool, SchemaError> {
        match self.attr(name) {
            None | Some("false" | "0") => Ok(false),
            Some("true" | "1") => Ok(true),
            Some(_) => Err(self.error(format!("{name} is neither true nor false"))),
        }
    }

    /// Expands `prefix:local` with the declarations in scope; no prefix means the default namespace.
    pub(super) fn expand(self, text: &str) -> Result<QName, SchemaError> {
        let (prefix, local) = match text.split_once(':') {
            Some((prefix, local)) => (Some(prefix), local),
            None => (None, text),
        };
        let namespace = self.node.lookup_namespace_uri(prefix);
        match prefix {
            Some("xml") => Ok(QName::new(Some(XML), local)),
            Some(prefix) if namespace.is_none() => {
                Err(self.error(format!("prefix {prefix} of {text} is not declared")))
            }
            Some(_) | None if local.is_empty() => Err(self.error(format!("a name is missing in {text:?}"))),
            Some(_) | None => Ok(QName::new(namespace, local)),
        }
    }

    pub(super) fn location(self) -> Location {
        Location { file: self.file.name.clone(), line: self.file.line(self.node.range().start) }
    }

    pub(super) fn error(self, reason: impl Into<String>) -> SchemaError {
        SchemaError::new(self.location(), reason)
    }

    /// The source text of the element.
    pub(super) fn source(self) -> &'a str {
        &self.file.document.input_text()[self.node.range()]
    }
}
