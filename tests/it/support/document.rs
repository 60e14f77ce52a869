//! The published document as a judge: what is answered must be what it describes.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};

use jsonschema::Validator;
use serde_json::{Value, json};
use ungebro::openapi::{self, Options};

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| openapi::document(&Options::default()));
static VALIDATORS: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> = LazyLock::new(Mutex::default);

/// Checks an answer of an operation of the document; other paths and methods are nobody's.
pub(crate) fn check(method: &str, path: &str, status: u16, content_type: &str, body: &[u8]) {
    let Some(operation) = operation(method, path) else { return };
    let place = format!("{} {status}", operation["operationId"]);
    let response = resolved(&operation["responses"][status.to_string()]);
    if content_type == "application/problem+json" {
        let problem = parsed(body, &place);
        valid(&json!({ "$ref": "#/components/schemas/Problem" }), &problem, &place);
        let name = problem["type"].as_str().and_then(|of| of.rsplit('/').next()).unwrap_or_default();
        // An upstream may send any code; a route that is switched off is no operation any more.
        if problem.get("code").is_none() && name != "not-found" {
            assert!(response["x-problems"].get(name).is_some(), "{place}: {name} is not documented");
        }
        return;
    }
    assert!(response.is_object(), "{place} is not documented");
    if status == 304 {
        return;
    }
    let content = &response["content"][content_type];
    assert!(content.is_object(), "{place}: {content_type} is not documented");
    if content_type == "application/x-ndjson" {
        let lines: Vec<_> = body.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).collect();
        for line in lines.iter().rev().skip(1) {
            valid(
                &json!({ "$ref": "#/components/schemas/YouthContactChange" }),
                &parsed(line, &place),
                &place,
            );
        }
        return;
    }
    valid(&content["schema"], &parsed(body, &place), &place);
}

fn parsed(body: &[u8], place: &str) -> Value {
    serde_json::from_slice(body).unwrap_or_else(|error| panic!("{place}: {error}"))
}

fn operation(method: &str, path: &str) -> Option<&'static Value> {
    let path = path.split('?').next().unwrap_or_default();
    let same = |template: &str| {
        let (mut template, mut path) = (template.split('/'), path.split('/'));
        loop {
            match (template.next(), path.next()) {
                (None, None) => return true,
                (Some(one), Some(other)) if one == other || (one.starts_with('{') && !other.is_empty()) => {}
                _ => return false,
            }
        }
    };
    let paths = DOCUMENT["paths"].as_object()?;
    // A path without parameters goes before one with them.
    let exact = paths.get(path);
    let item = exact.or_else(|| paths.iter().find(|(template, _)| same(template)).map(|(_, item)| item))?;
    item.get(method.to_lowercase())
}

fn resolved(json: &'static Value) -> &'static Value {
    let target = json["$ref"].as_str().and_then(|target| target.strip_prefix('#'));
    target.and_then(|pointer| DOCUMENT.pointer(pointer)).unwrap_or(json)
}

fn valid(schema: &Value, value: &Value, place: &str) {
    let validator = {
        let mut known = VALIDATORS.lock().unwrap();
        let made = known.entry(schema.to_string()).or_insert_with(|| Arc::new(validator(schema)));
        Arc::clone(made)
    };
    let faults: Vec<_> = validator.iter_errors(value).map(|fault| fault.to_string()).collect();
    assert!(faults.is_empty(), "{place}: {faults:?}");
}

fn validator(schema: &Value) -> Validator {
    let whole = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "allOf": [schema],
        "components": { "schemas": DOCUMENT["components"]["schemas"] },
    });
    jsonschema::options().should_validate_formats(true).build(&whole).unwrap()
}
