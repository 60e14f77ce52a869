//! Parameters of requests and headers of answers.

use serde_json::{Value as Json, json};
use utoipa::openapi::header::{Header, HeaderBuilder};
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat};
use utoipa::openapi::{Ref, RefOr, Required, Type};

use super::{Options, example};
use crate::operation::{self, Answers, Effect, Method, ParameterKind, Spec};
use crate::shape::GUID;
use crate::shape::schema::anchored;
use crate::types::AuthorityKind;
use crate::types::cpr::{CPR_PATTERN, test_number_pattern};

const CPR_HEADER: &str = "X-CivilRegistrationIdentifier";

/// People of the sandbox, so that a call can be tried from the documentation of a demo.
const YOUNG_PERSON: &str = "0506085001";
const JOB_SEEKER: &str = "0708850001";

/// The pattern of CPR numbers that name somebody, not anchored.
pub(super) fn cpr_pattern(test_numbers: bool) -> String {
    // STAR's pattern also takes the number that names nobody; the gateway does not.
    let star = CPR_PATTERN.strip_suffix("|0000000000").unwrap_or(CPR_PATTERN);
    if test_numbers { format!("{star}|{}", test_number_pattern()) } else { star.to_owned() }
}

/// The parameters of a route: its path, its query, its headers.
pub(super) fn of_route(spec: &Spec, options: &Options) -> Vec<RefOr<Parameter>> {
    let mut parameters: Vec<RefOr<Parameter>> = Vec::new();
    for parameter in spec.parameters {
        parameters.push(in_path(spec, parameter, options).into());
    }
    for parameter in spec.query {
        parameters.push(in_query(parameter).into());
    }
    if let Some(cpr) = spec.cpr_parameter() {
        parameters.push(cpr_header(cpr.kind, options).into());
    }
    let mut shared = vec!["X-Authority", "X-Purpose"];
    if spec.effect == Effect::Write {
        shared.push("Idempotency-Key");
    }
    if has_entity_tag(spec) {
        shared.push("If-None-Match");
    }
    if is_cached(spec) {
        shared.push("Cache-Control");
    }
    shared.extend(["Accept-Language", "X-Request-Id"]);
    let reference = |name| RefOr::Ref(Ref::new(format!("#/components/parameters/{name}")));
    parameters.extend(shared.into_iter().map(reference));
    parameters
}

/// Whether answers may come from the gateway's cache.
pub(super) fn is_cached(spec: &Spec) -> bool {
    spec.effect == Effect::Read && !is_feed(spec)
}

/// Whether the answer has an entity tag.
pub(super) fn has_entity_tag(spec: &Spec) -> bool {
    is_cached(spec) && spec.method == Method::Get
}

/// Whether the answer comes in pages or as a stream.
pub(super) fn is_feed(spec: &Spec) -> bool {
    spec.answers == Answers::Feed
}

fn in_path(spec: &Spec, parameter: &operation::Parameter, options: &Options) -> Parameter {
    let text = ObjectBuilder::new().schema_type(Type::String);
    let (schema, example) = match parameter.kind {
        ParameterKind::Cpr | ParameterKind::YouthCpr if options.cpr_in_header_only => {
            (text.pattern(Some("^-$")), "-")
        }
        ParameterKind::Cpr | ParameterKind::YouthCpr => {
            let youth = parameter.kind == ParameterKind::YouthCpr;
            let numbers = cpr_pattern(youth && options.test_numbers);
            (text.pattern(Some(anchored(&format!("-|{numbers}")))), person(parameter.kind))
        }
        ParameterKind::Guid => {
            let format = SchemaFormat::Custom("uuid".to_owned());
            let schema = text.format(Some(format)).pattern(Some(anchored(GUID.text)));
            (schema, example::of_identifier(spec, parameter.wire))
        }
        ParameterKind::CvCustomer => (text.pattern(Some("^(?:[0-9]{8})$")), "12345678"),
    };
    let schema = match parameter.wire {
        Some(wire) => schema.extensions(Some([("x-soap-element", wire)].into_iter().collect())),
        None => schema,
    };
    ParameterBuilder::new()
        .name(parameter.name)
        .parameter_in(ParameterIn::Path)
        .required(Required::True)
        .description(Some(parameter.doc))
        .schema(Some(schema))
        .example(Some(json!(example)))
        .build()
}

fn person(kind: ParameterKind) -> &'static str {
    if kind == ParameterKind::YouthCpr { YOUNG_PERSON } else { JOB_SEEKER }
}

fn in_query(parameter: &operation::QueryParameter) -> Parameter {
    let text = ObjectBuilder::new().schema_type(Type::String);
    let schema = if parameter.is_time {
        text.format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
    } else {
        text.min_length(Some(1))
    };
    ParameterBuilder::new()
        .name(parameter.name)
        .parameter_in(ParameterIn::Query)
        .required(Required::False)
        .description(Some(parameter.doc))
        .schema(Some(schema))
        .example(Some(json!(parameter.example)))
        .build()
}

fn cpr_header(kind: ParameterKind, options: &Options) -> Parameter {
    let numbers = cpr_pattern(kind == ParameterKind::YouthCpr && options.test_numbers);
    let schema = ObjectBuilder::new().schema_type(Type::String).pattern(Some(anchored(&numbers)));
    let required = if options.cpr_in_header_only { Required::True } else { Required::False };
    header_parameter(CPR_HEADER, "The CPR number, ten digits, where the path has `-`. Beside a number in the path it must be the same one.", schema, json!(person(kind)))
        .required(required)
        .build()
}

fn header_parameter(name: &str, doc: &str, schema: ObjectBuilder, example: Json) -> ParameterBuilder {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(doc))
        .schema(Some(schema))
        .example(Some(example))
}

/// The headers that most operations take.
pub(super) fn shared() -> Vec<Parameter> {
    let text = || ObjectBuilder::new().schema_type(Type::String);
    let kinds = AuthorityKind::ALL.map(AuthorityKind::as_str).join("|");
    let authority = text().pattern(Some(anchored(&format!("(?:{kinds}):[0-9]{{1,8}}"))));
    [
        header_parameter("X-Authority", "On whose behalf the call is made, `kind:code`. Needed where the token names several authorities that may use the operation.", authority, json!("jobcenter:15101")),
        header_parameter("X-Purpose", "Why personal data are used, for the audit trail: UTF-8, at most 200 characters, no CPR number. Some gateways require it, or take only listed purposes.", text().min_length(Some(1)).max_length(Some(200)), json!("Contact before an interview")),
        header_parameter("Idempotency-Key", "Of the client's choice, 1 to 255 visible ASCII characters. A repeat with the same key within 24 hours gets the first answer again; nothing is sent twice.", text().min_length(Some(1)).max_length(Some(255)).pattern(Some("^[!-~]{1,255}$")), json!("0b9c1f8e-5d57-4a0b-9a1e-3f6f6f0f2f11")),
        header_parameter("If-None-Match", "Entity tags of earlier answers. An answer that has not changed is a 304 without content.", text(), json!("\"pEhMGGhPSuC3GJ0uVVr-OQ\"")),
        header_parameter("Cache-Control", "`no-cache` asks the upstream again instead of the gateway's cache.", text(), json!("no-cache")),
        header_parameter("Accept-Language", "Language of problem texts: `en` (default) or `da`.", text(), json!("da")),
        header_parameter("X-Request-Id", "A UUID of the client's choice for this request. It is answered, logged, and `instance` in problems; in place of anything else the gateway makes one.", text(), json!("5f2b7a86-1d0e-4b7c-9e55-6a1f0c3d2b18")),
    ]
    .map(ParameterBuilder::build)
    .into()
}

/// The headers of answers, by name.
pub(super) fn response_headers() -> Vec<(&'static str, Header)> {
    let header = |of: Type, doc: &str, example: Json| {
        let schema = ObjectBuilder::new().schema_type(of);
        HeaderBuilder::new().schema(Some(schema)).description(Some(doc)).example(Some(example)).build()
    };
    let text = |doc: &str, example: &str| header(Type::String, doc, json!(example));
    vec![
        (
            "X-Request-Id",
            text(
                "The request's id: the client's where it is a UUID.",
                "5f2b7a86-1d0e-4b7c-9e55-6a1f0c3d2b18",
            ),
        ),
        (
            "X-Correlation-Id",
            text(
                "The platform's id of the exchange, where it gave one.",
                "8c1e6f0a-2b3d-4c5e-9f70-1a2b3c4d5e6f",
            ),
        ),
        (
            "Location",
            text(
                "Where the registration is changed or deleted; with `-` for the CPR number where the request had it.",
                "/persons/-/interviews/7d4a1c52-0b3e-4f6a-9c1d-2e5f8a9b0c3d",
            ),
        ),
        (
            "Idempotency-Replayed",
            text(
                "`true` where the answer is that of an earlier request with the same `Idempotency-Key`.",
                "true",
            ),
        ),
        ("ETag", text("The answer's entity tag.", "\"pEhMGGhPSuC3GJ0uVVr-OQ\"")),
        ("Cache-Control", text("Who may keep the answer.", "no-store")),
        (
            "Cache-Status",
            text("Whether the gateway's cache had the answer (RFC 9211).", "ungebro; hit; ttl=41"),
        ),
        (
            "Vary",
            text(
                "The request headers on which the answer depends.",
                "Authorization, X-Authority, X-CivilRegistrationIdentifier",
            ),
        ),
        (
            "Link",
            text(
                "The next page, with `rel=\"next\"`, while there is more.",
                "</youth/contacts?cursor=djF8MjAyNg>; rel=\"next\"",
            ),
        ),
        ("Content-Language", text("The language of the texts.", "en")),
        ("Retry-After", header(Type::Integer, "Seconds after which a repeat makes sense.", json!(1))),
        (
            "WWW-Authenticate",
            text("What is wrong with the token (RFC 6750).", "Bearer error=\"invalid_token\""),
        ),
        (
            "RateLimit-Policy",
            text(
                "The limits that the operator has set on callers, where there are any.",
                "\"requests\";q=50;w=1",
            ),
        ),
        ("RateLimit", text("What is left of them.", "\"requests\";r=49;t=1")),
        ("Deprecation", text("Since when the operation is deprecated (RFC 9745).", operation::PHASED_OUT)),
    ]
}
