//! One route as an operation of the document.

use serde_json::json;
use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::extensions::Extensions;
use utoipa::openapi::path::{HttpMethod, Operation, OperationBuilder, PathItem};
use utoipa::openapi::request_body::{RequestBody, RequestBodyBuilder};
use utoipa::openapi::{Deprecated, RefOr, Required};

use super::components::Components;
use super::{Options, answer, example, parameter, problem, security};
use crate::operation::{Method, Spec};

/// The route on its path; routes on the same path join.
pub(super) fn path_item(spec: &'static Spec, options: &Options, components: &mut Components) -> PathItem {
    let method = match spec.method {
        Method::Get => HttpMethod::Get,
        Method::Post => HttpMethod::Post,
        Method::Put => HttpMethod::Put,
        Method::Patch => HttpMethod::Patch,
        Method::Delete => HttpMethod::Delete,
    };
    PathItem::new(method, operation(spec, options, components))
}

fn operation(spec: &'static Spec, options: &Options, components: &mut Components) -> Operation {
    let mut operation = OperationBuilder::new()
        .operation_id(Some(spec.id))
        .tag(spec.tag)
        .summary(Some(spec.summary))
        .description(Some(description(spec, options)))
        .securities(Some(security::requirements(spec, options)))
        .deprecated(spec.deprecated.then_some(Deprecated::True))
        .extensions(Some(extensions(spec, options)));
    for parameter in parameter::of_route(spec, options) {
        operation = match parameter {
            RefOr::T(parameter) => operation.parameter(parameter),
            RefOr::Ref(reference) => operation.parameter_ref(reference),
        };
    }
    if let Some(body) = body(spec, options, components) {
        operation = operation.request_body(Some(body));
    }
    let responses = answer::responses(spec, options, components)
        .into_iter()
        .chain(problem::responses(spec, options, components));
    for (status, response) in responses {
        operation = operation.response(status, response);
    }
    operation.build()
}

fn description(spec: &Spec, options: &Options) -> String {
    let scopes: Vec<String> = spec.scopes.names().iter().map(|scope| format!("`{scope}`")).collect();
    let kinds: Vec<String> = options.kinds(spec).iter().map(|kind| format!("`{kind}`")).collect();
    let plural = if scopes.len() > 1 { "scopes" } else { "scope" };
    format!(
        "{}\n\nNeeds the {plural} {} and an authority of kind {} (kinds inferred from the codes that the interface descriptions list). Calls the upstream's `{}`.",
        spec.description,
        scopes.join(" and "),
        kinds.join(" or "),
        spec.operation,
    )
}

fn extensions(spec: &Spec, options: &Options) -> Extensions {
    let kinds: Vec<_> = options.kinds(spec).iter().map(|kind| kind.as_str()).collect();
    Extensions::from_iter([
        ("x-soap-operation", json!(spec.operation)),
        ("x-ungebro-authorities", json!(kinds)),
        ("x-ungebro-scopes", json!(spec.scopes.names())),
    ])
}

fn body(spec: &'static Spec, options: &Options, components: &mut Components) -> Option<RequestBody> {
    let schema = components.body(spec)?;
    let examples = example::of_body(spec, options);
    let content = ContentBuilder::new().schema(Some(schema)).examples_from_iter(examples).build();
    let first = spec.body.first()?.object;
    let body = RequestBodyBuilder::new().description(Some(first.doc)).required(Some(Required::True));
    Some(body.content("application/json", content).build())
}
