//! Swagger 2.0 (<https://swagger.io/specification/v2/>) from OpenAPI 3.0, flat enough for Power Platform's custom connectors.
//!
//! No `oneOf`, `anyOf` or `allOf`; parameters and answers stand where they are used; nested objects too, since a bare
//! reference has no room for a summary. References lead to `definitions` only.

use serde_json::{Map, Value as Json, json};

use super::microsoft;
use super::v30::{map, operations};

type Members = Map<String, Json>;

/// The document in the oldest version.
pub(super) fn derive(document: &Json) -> Json {
    let components = &document["components"];
    let mut old = Map::new();
    old.insert("swagger".to_owned(), json!("2.0"));
    old.insert("info".to_owned(), document["info"].clone());
    address(document["servers"][0]["url"].as_str().unwrap_or("/"), &mut old);
    old.insert("consumes".to_owned(), json!(["application/json"]));
    old.insert("produces".to_owned(), json!(["application/json", "application/problem+json"]));
    old.insert("tags".to_owned(), document["tags"].clone());
    let mut paths = json!({ "paths": document["paths"] });
    for operation in operations(&mut paths) {
        *operation = Derive { components }.operation(operation);
    }
    old.insert("paths".to_owned(), paths["paths"].take());
    old.insert("definitions".to_owned(), Derive { components }.definitions());
    old.insert("securityDefinitions".to_owned(), security_definitions(&components["securitySchemes"]));
    let mut old = Json::Object(old);
    drop_unused(&mut old);
    old
}

/// `host`, `basePath` and `schemes`; without a host it is the one that serves the document.
fn address(server: &str, old: &mut Members) {
    let (scheme, rest) =
        server.split_once("://").map_or((None, server), |(scheme, rest)| (Some(scheme), rest));
    let (host, path) = match (scheme, rest.find('/')) {
        (None, _) => ("", rest),
        (Some(_), Some(slash)) => rest.split_at(slash),
        (Some(_), None) => (rest, "/"),
    };
    if let Some(scheme) = scheme {
        old.insert("host".to_owned(), json!(host));
        old.insert("schemes".to_owned(), json!([scheme]));
    }
    old.insert("basePath".to_owned(), json!(path));
}

struct Derive<'d> {
    components: &'d Json,
}

impl Derive<'_> {
    fn operation(&self, operation: &Members) -> Members {
        let mut old = Map::new();
        for (name, value) in operation {
            match name.as_str() {
                "parameters" => {
                    old.insert(name.clone(), self.parameters(operation));
                }
                "requestBody" if !operation.contains_key("parameters") => {
                    old.insert("parameters".to_owned(), self.parameters(operation));
                }
                "requestBody" => {}
                "responses" => {
                    let responses = value.as_object().into_iter().flatten();
                    let responses =
                        responses.map(|(status, response)| (status.clone(), self.response(response)));
                    old.insert(name.clone(), responses.collect());
                }
                "security" => {
                    // One way in is all that Power Platform takes.
                    let first = value.as_array().into_iter().flatten().take(1).cloned();
                    old.insert(name.clone(), first.collect());
                }
                _ => {
                    old.insert(name.clone(), value.clone());
                }
            }
        }
        microsoft::mark_operation(&mut old);
        old
    }

    fn parameters(&self, operation: &Members) -> Json {
        let parameters = operation.get("parameters").and_then(Json::as_array).into_iter().flatten();
        let mut old: Vec<Json> =
            parameters.map(|parameter| self.parameter(self.resolved(parameter))).collect();
        if let Some(body) = operation.get("requestBody") {
            let schema = self.schema(&body["content"]["application/json"]["schema"]);
            let description = &body["description"];
            old.push(json!({
                "name": "body", "in": "body", "required": true, "description": description, "schema": schema,
                "x-ms-summary": "Body",
            }));
        }
        Json::Array(old)
    }

    fn parameter(&self, parameter: &Json) -> Json {
        let mut old = Map::new();
        for name in ["name", "in", "description", "required"] {
            old.insert(name.to_owned(), parameter[name].clone());
        }
        let schema = self.schema(&parameter["schema"]);
        old.extend(schema.as_object().cloned().unwrap_or_default());
        old.insert("x-example".to_owned(), parameter["example"].clone());
        microsoft::mark_parameter(&mut old);
        Json::Object(old)
    }

    fn response(&self, response: &Json) -> Json {
        let response = self.resolved(response);
        let mut old = Map::new();
        old.insert("description".to_owned(), response["description"].clone());
        // Streams are left out: the old version has one schema for each answer.
        let content = response["content"].as_object().into_iter().flatten();
        if let Some((media, content)) =
            content.filter(|(media, _)| media.ends_with("json")).find(|(media, _)| !media.contains("ndjson"))
        {
            old.insert("schema".to_owned(), self.schema(&content["schema"]));
            if let Some(example) = self.example(content) {
                old.insert("examples".to_owned(), json!({ media: example }));
            }
        }
        // A problem's headers, the same everywhere, would take a third of the size that Power Platform allows.
        let problem = response["content"].get("application/problem+json").is_some();
        if let Some(headers) = response["headers"].as_object().filter(|_| !problem) {
            let headers =
                headers.iter().map(|(name, header)| (name.clone(), self.header(self.resolved(header))));
            old.insert("headers".to_owned(), headers.collect());
        }
        Json::Object(old)
    }

    fn header(&self, header: &Json) -> Json {
        let mut old = self.schema(&header["schema"]).as_object().cloned().unwrap_or_default();
        old.insert("description".to_owned(), header["description"].clone());
        Json::Object(old)
    }

    /// The one example, or the first of several.
    fn example(&self, content: &Json) -> Option<Json> {
        let first = || {
            content["examples"]
                .as_object()?
                .values()
                .next()
                .map(|example| self.resolved(example)["value"].clone())
        };
        content.get("example").cloned().or_else(first)
    }

    fn definitions(&self) -> Json {
        let schemas = self.components["schemas"].as_object().into_iter().flatten();
        schemas.map(|(name, schema)| (name.clone(), self.schema(schema))).collect()
    }

    fn schema(&self, schema: &Json) -> Json {
        map(schema, &|schema| self.flat(schema))
    }

    fn flat(&self, mut schema: Members) -> Members {
        if let Some(Json::String(target)) = schema.get_mut("$ref") {
            *target = target.replace("#/components/schemas/", "#/definitions/");
        }
        if let Some(nullable) = schema.remove("nullable") {
            schema.insert("x-nullable".to_owned(), nullable);
        }
        if let Some(Json::Array(parts)) = schema.remove("allOf") {
            schema = self.inlined(&parts[0], schema);
        }
        microsoft::mark_properties(&mut schema);
        schema
    }

    /// The object that a reference names, with what stood beside the reference.
    fn inlined(&self, reference: &Json, beside: Members) -> Members {
        let name =
            reference["$ref"].as_str().and_then(|target| target.rsplit('/').next()).unwrap_or_default();
        let target = self.schema(&self.components["schemas"][name]);
        let mut schema = target.as_object().cloned().unwrap_or_default();
        schema.extend(beside);
        schema
    }

    fn resolved<'j>(&'j self, json: &'j Json) -> &'j Json {
        let target = json["$ref"].as_str().and_then(|target| target.strip_prefix("#/components"));
        target.and_then(|pointer| self.components.pointer(pointer)).unwrap_or(json)
    }
}

/// A token in the header as a key; OAuth 2.0 with the one flow that the old version has room for.
fn security_definitions(schemes: &Json) -> Json {
    if let Some(flows) = schemes[super::security::OAUTH]["flows"].as_object() {
        let old = |flow: &str| match flow {
            "authorizationCode" => "accessCode",
            "clientCredentials" => "application",
            _ => "implicit",
        };
        let flow = flows.get_key_value("authorizationCode").or_else(|| flows.iter().next());
        if let Some((name, flow)) = flow {
            let mut definition = json!({ "type": "oauth2", "flow": old(name), "scopes": flow["scopes"] });
            for address in ["authorizationUrl", "tokenUrl"] {
                if let Some(url) = flow.get(address) {
                    definition[address] = url.clone();
                }
            }
            return json!({ super::security::OAUTH: definition });
        }
    }
    json!({ super::security::BEARER: {
        "type": "apiKey", "name": "Authorization", "in": "header",
        "description": "The word Bearer, a space, and a signed token.",
    }})
}

/// Takes away definitions that nothing refers to any more, since they stand where they are used.
fn drop_unused(document: &mut Json) {
    loop {
        let mut used = Vec::new();
        targets(document, &mut used);
        let Some(definitions) = document["definitions"].as_object_mut() else { return };
        let before = definitions.len();
        definitions.retain(|name, _| used.iter().any(|target| target == name));
        if definitions.len() == before {
            return;
        }
    }
}

fn targets(json: &Json, used: &mut Vec<String>) {
    match json {
        Json::Array(items) => items.iter().for_each(|item| targets(item, used)),
        Json::Object(members) => {
            for (name, value) in members {
                match value.as_str().and_then(|target| target.strip_prefix("#/definitions/")) {
                    Some(target) if name == "$ref" => used.push(target.to_owned()),
                    _ => targets(value, used),
                }
            }
        }
        _ => {}
    }
}
