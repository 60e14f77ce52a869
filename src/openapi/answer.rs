//! The answer of a route that went well.

use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::schema::ObjectBuilder;
use utoipa::openapi::{Ref, RefOr, Type};

use super::components::Components;
use super::{Options, example, parameter};
use crate::operation::{Effect, Spec};

const LINES: &str = r#"{"cpr":"0101080000","name":"Studievejledningen","phone":"70101010"}
{"end":true,"nextCursor":"djF8MjAyNi0xMS0yMFQxMDowMDowMFp8YWJj"}
"#;

/// The responses of success by status.
pub(super) fn responses(
    spec: &'static Spec,
    options: &Options,
    components: &mut Components,
) -> Vec<(String, RefOr<Response>)> {
    let content = ContentBuilder::new()
        .schema(Some(components.answer(spec)))
        .example(Some(example::of_answer(spec, options)))
        .build();
    let mut response =
        ResponseBuilder::new().description(description(spec)).content("application/json", content);
    if parameter::is_feed(spec) {
        response = response.content("application/x-ndjson", lines());
    }
    let mut responses = vec![(spec.status.to_string(), with_headers(response, headers(spec)).build().into())];
    if parameter::has_entity_tag(spec) {
        let unchanged =
            ResponseBuilder::new().description("Nothing has changed since the answer with that entity tag.");
        let headers = ["X-Request-Id", "ETag", "Cache-Control", "Vary"];
        responses.push(("304".to_owned(), with_headers(unchanged, headers).build().into()));
    }
    responses
}

fn description(spec: &Spec) -> &'static str {
    match (spec.status, spec.effect) {
        (201, _) => "Registered.",
        (_, Effect::Write) => "Done.",
        (_, Effect::Read) => "Found out.",
    }
}

fn headers(spec: &Spec) -> Vec<&'static str> {
    let applies = [
        ("X-Request-Id", true),
        ("X-Correlation-Id", true),
        ("Cache-Control", true),
        ("Location", spec.location.is_some()),
        ("Idempotency-Replayed", spec.effect == Effect::Write),
        ("ETag", parameter::has_entity_tag(spec)),
        ("Vary", parameter::has_entity_tag(spec)),
        ("Cache-Status", parameter::has_entity_tag(spec)),
        ("Link", parameter::is_feed(spec)),
        ("RateLimit-Policy", true),
        ("RateLimit", true),
        ("Deprecation", spec.deprecated),
    ];
    applies.into_iter().filter_map(|(name, applies)| applies.then_some(name)).collect()
}

fn with_headers(response: ResponseBuilder, names: impl IntoIterator<Item = &'static str>) -> ResponseBuilder {
    names.into_iter().fold(response, |response, name| {
        response.header_ref(name, Ref::new(format!("#/components/headers/{name}")))
    })
}

fn lines() -> utoipa::openapi::Content {
    let schema = ObjectBuilder::new().schema_type(Type::String).description(Some(
        "Lines of JSON: each a `YouthContactChange`; the last has `end` and `nextCursor`, or on failure `problem` and `nextCursor`.",
    ));
    ContentBuilder::new().schema(Some(schema)).example(Some(LINES.into())).build()
}
