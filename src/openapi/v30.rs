//! OpenAPI 3.0.3 (<https://spec.openapis.org/oas/v3.0.3>) from 3.1: what JSON Schema could say more of, said the older way.

use serde_json::{Map, Value as Json, json};

/// The document in the older version.
pub(super) fn derive(document: &Json) -> Json {
    let mut document = map(document, &older);
    document["openapi"] = json!("3.0.3");
    let license =
        json!({ "name": document["info"]["license"]["name"], "url": "https://spdx.org/licenses/MIT.html" });
    document["info"]["license"] = license;
    document
}

/// Applies a change to every object that may be a schema, innermost first. Examples and extensions stay as they are.
pub(super) fn map(json: &Json, change: &impl Fn(Map<String, Json>) -> Map<String, Json>) -> Json {
    match json {
        Json::Array(items) => items.iter().map(|item| map(item, change)).collect(),
        Json::Object(members) => {
            let inner = members.iter().map(|(name, value)| {
                let value = match (name.as_str(), value) {
                    ("example" | "examples" | "enum" | "default", value) => value.clone(),
                    (name, value) if name.starts_with("x-") => value.clone(),
                    // Its members are named by us: one may be called like a keyword.
                    ("properties", Json::Object(properties)) => {
                        properties.iter().map(|(name, schema)| (name.clone(), map(schema, change))).collect()
                    }
                    (_, value) => map(value, change),
                };
                (name.clone(), value)
            });
            Json::Object(change(inner.collect()))
        }
        other => other.clone(),
    }
}

/// `null` among the types becomes `nullable`, and the first of several examples the only one.
fn older(mut schema: Map<String, Json>) -> Map<String, Json> {
    if let Some(Json::Array(types)) = schema.get("type") {
        let first = types.iter().find(|name| *name != "null").cloned();
        schema.insert("type".to_owned(), first.unwrap_or_else(|| json!("object")));
        schema.insert("nullable".to_owned(), json!(true));
    }
    if let Some(Json::Array(choices)) = schema.get("oneOf") {
        let others: Vec<Json> = choices.iter().filter(|choice| choice["type"] != "null").cloned().collect();
        if others.len() < choices.len() {
            replace(&mut schema, "oneOf", "allOf", Json::Array(others));
            schema.insert("type".to_owned(), json!("object"));
            schema.insert("nullable".to_owned(), json!(true));
        }
    }
    if let Some(Json::Array(examples)) = schema.get("examples") {
        let first = examples.first().cloned().unwrap_or_default();
        replace(&mut schema, "examples", "example", first);
    }
    // What must not all be `null`: `minProperties` beside it comes near enough.
    schema.remove("not");
    schema
}

/// Puts another member in the place of one.
pub(super) fn replace(object: &mut Map<String, Json>, old: &str, new: &str, value: Json) {
    let renamed = std::mem::take(object)
        .into_iter()
        .map(|(name, kept)| if name == old { (new.to_owned(), value.clone()) } else { (name, kept) });
    *object = renamed.collect();
}

/// Every operation of a document.
pub(super) fn operations(document: &mut Json) -> impl Iterator<Item = &mut Map<String, Json>> {
    let paths = document["paths"].as_object_mut().into_iter().flatten();
    paths
        .flat_map(|(_, item)| item.as_object_mut().into_iter().flatten())
        .filter_map(|(_, operation)| operation.as_object_mut())
}
