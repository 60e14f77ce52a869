//! From the model to text: member order, versions, JSON and YAML.

use serde_json::{Map, Value as Json};

use super::{v20, v30};

/// A version of the specification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// OpenAPI 3.1
    V31,
    /// OpenAPI 3.0.3
    V30,
    /// Swagger 2.0
    V20,
}

/// How a document is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// JSON (RFC 8259).
    Json,
    /// YAML 1.2.
    Yaml,
}

/// The document in another version.
pub(super) fn version(document: Json, version: Version) -> Json {
    match version {
        Version::V31 => document,
        Version::V30 => v30::derive(&document),
        Version::V20 => in_order(v20::derive(&v30::derive(&document))),
    }
}

/// The document as text, with a newline at its end.
pub(super) fn text(document: &Json, format: Format) -> String {
    match format {
        Format::Json => {
            let mut text = serde_json::to_string_pretty(document).expect("JSON is written from JSON");
            text.push('\n');
            text
        }
        Format::Yaml => yaml_serde::to_string(document).expect("YAML is written from JSON"),
    }
}

/// The same document with extensions last in each object, by name: the model keeps them in no order.
pub(super) fn in_order(json: Json) -> Json {
    match json {
        Json::Array(items) => items.into_iter().map(in_order).collect(),
        Json::Object(members) => {
            let (mut extensions, others): (Vec<_>, Vec<_>) =
                members.into_iter().partition(|(name, _)| name.starts_with("x-"));
            extensions.sort_by(|(left, _), (right, _)| left.cmp(right));
            let ordered = others.into_iter().chain(extensions);
            Json::Object(ordered.map(|(name, value)| (name, in_order(value))).collect::<Map<_, _>>())
        }
        other => other,
    }
}
