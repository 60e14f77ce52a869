//! The problems of each operation: which kinds, which upstream codes become them, and the schema of all.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};
use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::example::{Example, ExampleBuilder};
use utoipa::openapi::extensions::Extensions;
use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, SchemaFormat};
use utoipa::openapi::{Ref, RefOr, Type};
use uuid::Uuid;

use super::components::Components;
use super::{Options, parameter};
use crate::operation::{Effect, Spec};
use crate::problem::catalogue::{self, Code, Entry};
use crate::problem::{Outcome, Place, Problem, names};
use crate::services;
use crate::shape::reason::Reason;
use crate::types::Language;

/// The request of the examples.
const INSTANCE: Uuid = Uuid::from_u128(0x5f2b7a86_1d0e_4b7c_9e55_6a1f0c3d2b18);

/// One kind of problem that a route may answer.
pub(super) struct Listed {
    /// The kind.
    pub entry: &'static Entry,
    /// Whether the gateway itself makes it.
    pub own: bool,
    /// The upstream codes that become it on this route.
    pub codes: Vec<&'static Code>,
    /// The operation that answers it; none where the gateway alone does.
    pub operation: &'static str,
}

/// The problems of a route by status.
pub(super) fn of_route(spec: &Spec) -> BTreeMap<u16, Vec<Listed>> {
    let mut problems: BTreeMap<u16, Vec<Listed>> = BTreeMap::new();
    for entry in own(spec).map(catalogue::entry) {
        let listed = Listed { entry, own: true, codes: Vec::new(), operation: spec.operation };
        problems.entry(entry.status.unwrap_or(500)).or_default().push(listed);
    }
    for code in catalogue::codes().iter().filter(|code| is_of(code, spec)) {
        let Some(entry) = code.problem else { continue };
        let listed = problems.entry(code.status).or_default();
        match listed.iter_mut().find(|listed| std::ptr::eq(listed.entry, entry)) {
            Some(known) => known.codes.push(code),
            None => listed.push(Listed { entry, own: false, codes: vec![code], operation: spec.operation }),
        }
    }
    problems
}

fn is_of(code: &Code, spec: &Spec) -> bool {
    spec.service.systems.contains(&code.system) && code.is_expected_of(spec.operation)
}

/// The operations that may answer a kind of problem.
pub fn operations_of(entry: &Entry) -> Vec<&'static str> {
    let answers =
        |spec: &&Spec| of_route(spec).values().flatten().any(|listed| std::ptr::eq(listed.entry, entry));
    services::specs().filter(answers).map(|spec| spec.id).collect()
}

/// The operations of which an upstream code is expected.
pub fn operations_of_code(code: &Code) -> Vec<&'static str> {
    services::specs().filter(|spec| is_of(code, spec)).map(|spec| spec.id).collect()
}

/// Those of them whose interface description does not list it.
pub fn operations_inferred_of_code(code: &Code) -> Vec<&'static str> {
    let inferred = |spec: &&Spec| is_of(code, spec) && code.is_inferred_for(spec.operation);
    services::specs().filter(inferred).map(|spec| spec.id).collect()
}

/// The gateway's own problems on a route, in the order of its checks.
fn own(spec: &Spec) -> impl Iterator<Item = &'static str> {
    let write = spec.effect == Effect::Write;
    let body = !spec.body.is_empty();
    let cpr = spec.cpr_parameter().is_some();
    let identifier = spec.parameters.iter().any(|parameter| !parameter.kind.is_cpr());
    let named_user = !spec.service.headers.is_empty();
    [
        (true, names::UNAUTHORIZED),
        (true, names::KEYS_UNAVAILABLE),
        (true, names::SCOPE_MISSING),
        (true, names::AUTHORITY_MISSING),
        (true, names::AUTHORITY_NOT_IN_TOKEN),
        (true, names::AUTHORITY_NOT_TRUSTED),
        (true, names::AUTHORITY_NOT_CONFIGURED),
        (true, names::AUTHORITY_AMBIGUOUS),
        (named_user, names::USER_NAME_MISSING),
        (true, names::RATE_LIMITED),
        (cpr, names::INVALID_CPR),
        (cpr, names::CPR_IN_PATH_REFUSED),
        (identifier, names::INVALID_IDENTIFIER),
        (true, names::INVALID_PARAMETER),
        (true, names::INVALID_HEADER),
        (true, names::PURPOSE_REQUIRED),
        (true, names::REQUEST_TIMEOUT),
        (true, names::URI_TOO_LONG),
        (true, names::HEADER_TOO_LARGE),
        (body, names::UNSUPPORTED_MEDIA_TYPE),
        (body, names::BODY_TOO_LARGE),
        (body, names::MALFORMED_JSON),
        (body, names::VALIDATION_FAILED),
        (write, names::IDEMPOTENCY_KEY_REQUIRED),
        (write, names::IDEMPOTENCY_KEY_REUSED),
        (write, names::IDEMPOTENCY_IN_PROGRESS),
        (write, names::OUTCOME_UNKNOWN),
        (write, names::IDEMPOTENCY_UNAVAILABLE),
        (true, names::AUDIT_UNAVAILABLE),
        (true, names::OVERLOADED),
        (true, names::INTERNAL_ERROR),
        (true, names::UPSTREAM_UNAVAILABLE),
        (true, names::UPSTREAM_UNREACHABLE),
        (true, names::UPSTREAM_TIMEOUT),
        (true, names::UPSTREAM_MALFORMED),
        (true, names::UPSTREAM_REJECTED),
        (parameter::is_feed(spec), names::FEED_STALLED),
    ]
    .into_iter()
    .filter_map(|(applies, name)| applies.then_some(name))
}

/// The responses of a route's problems.
pub(super) fn responses(
    spec: &Spec,
    options: &Options,
    components: &mut Components,
) -> Vec<(String, RefOr<Response>)> {
    let mut responses = Vec::new();
    for (status, listed) in of_route(spec) {
        let response = response(spec.effect, &listed, options, components);
        let reason = actix_web::http::StatusCode::from_u16(status)
            .ok()
            .and_then(|status| status.canonical_reason())
            .unwrap_or("Problem");
        let read = if spec.effect == Effect::Read { "OnRead" } else { "" };
        let name = format!("{}{read}", reason.replace(' ', ""));
        let own = listed.iter().all(|listed| listed.codes.is_empty());
        let response = if own { components.response(&name, response) } else { response.into() };
        responses.push((status.to_string(), response));
    }
    responses
}

fn response(effect: Effect, listed: &[Listed], options: &Options, components: &mut Components) -> Response {
    let mut examples: Vec<(String, RefOr<Example>)> = Vec::new();
    for listed in listed {
        for problem in listed.each() {
            let name = problem.name_of_example(effect);
            let example = components.example(name.clone(), || problem.example(effect, options));
            examples.push((name, RefOr::Ref(example)));
        }
    }
    let content = ContentBuilder::new()
        .schema(Some(Ref::from_schema_name("Problem")))
        .examples_from_iter(examples)
        .build();
    let header = |name: &str| Ref::new(format!("#/components/headers/{name}"));
    let mut response = ResponseBuilder::new()
        .description(description(listed))
        .content("application/problem+json", content)
        .extensions(Some(Extensions::from_iter([("x-problems", names_and_codes(listed))])))
        .header_ref("X-Request-Id", header("X-Request-Id"))
        .header_ref("Content-Language", header("Content-Language"));
    let limited = listed.iter().any(|listed| listed.entry.name == names::RATE_LIMITED);
    let wanted = [
        ("RateLimit-Policy", limited),
        ("RateLimit", limited),
        ("Retry-After", listed.iter().any(|listed| listed.entry.retry_after)),
        ("WWW-Authenticate", listed.iter().any(|listed| challenges(listed.entry))),
        ("X-Correlation-Id", listed.iter().any(|listed| !listed.codes.is_empty())),
    ];
    for (name, _) in wanted.into_iter().filter(|(_, wanted)| *wanted) {
        response = response.header_ref(name, header(name));
    }
    response.build()
}

fn challenges(entry: &Entry) -> bool {
    [names::UNAUTHORIZED, names::SCOPE_MISSING].contains(&entry.name.as_str())
}

fn description(listed: &[Listed]) -> String {
    let mut text = String::from(if listed.len() == 1 { "The problem" } else { "One of the problems" });
    text.push('\n');
    for listed in listed {
        text.push_str(&format!("\n* `{}`: {}", listed.entry.name, listed.entry.title.en));
        let written = |code: &&Code| match code.is_inferred_for(listed.operation) {
            true => format!("{} (inferred)", code.code),
            false => code.code.clone(),
        };
        let codes: Vec<String> = listed.codes.iter().map(written).collect();
        match (codes.len(), listed.own) {
            (0, _) => {}
            (_, true) => text.push_str(&format!(" (also upstream code {})", codes.join(", "))),
            (_, false) => text.push_str(&format!(" (upstream code {})", codes.join(", "))),
        }
    }
    text
}

fn names_and_codes(listed: &[Listed]) -> Json {
    let pairs = listed.iter().map(|listed| {
        let codes = listed.codes.iter().map(|code| json!(format!("{} {}", code.system.as_str(), code.code)));
        (listed.entry.name.clone(), codes.collect())
    });
    Json::Object(pairs.collect::<Map<_, _>>())
}

/// One problem of the examples: the gateway's own, or of one code.
struct Shown {
    entry: &'static Entry,
    code: Option<&'static Code>,
}

impl Listed {
    fn each(&self) -> impl Iterator<Item = Shown> {
        let entry = self.entry;
        let own = self.own.then_some(Shown { entry, code: None });
        own.into_iter().chain(self.codes.iter().map(move |code| Shown { entry, code: Some(code) }))
    }
}

impl Shown {
    fn name_of_example(&self, effect: Effect) -> String {
        let read = if effect == Effect::Read { "-on-read" } else { "" };
        match self.code {
            Some(code) => format!("{}-{}{read}", self.entry.name, code.code),
            None => format!("{}{read}", self.entry.name),
        }
    }

    fn example(&self, effect: Effect, options: &Options) -> Example {
        let problem = match self.code {
            Some(code) => Problem::of_code(code),
            None => Some(own_example(self.entry)),
        };
        let problem = problem.expect("a listed code has a problem").of_call(effect == Effect::Write);
        let title = &self.entry.title.en;
        let summary = match self.code {
            Some(code) => format!("{title} ({})", code.code),
            None => title.clone(),
        };
        ExampleBuilder::new().summary(summary).value(Some(document(problem, self.code, options))).build()
    }
}

/// A problem of the gateway's own, with what it says of a request where it says that.
fn own_example(entry: &'static Entry) -> Problem {
    let problem = Problem::own(&entry.name);
    match entry.name.as_str() {
        names::VALIDATION_FAILED => problem
            .at(Place::Pointer("/interviewTime".to_owned()), Reason::NoOffset)
            .at(Place::Pointer("/agreementDescription".to_owned()), Reason::Missing),
        names::UNAUTHORIZED => {
            let mut problem = problem;
            problem.reason = Some("token-expired");
            problem
        }
        names::INVALID_CPR => problem.at(Place::Parameter("cpr"), Reason::NotCpr),
        names::INVALID_IDENTIFIER => problem.at(Place::Parameter("interviewId"), Reason::NotGuid),
        names::INVALID_PARAMETER => {
            problem.at(Place::Parameter("since"), Reason::NotOneOf(&["since", "cursor"]))
        }
        names::INVALID_HEADER => problem.at(
            Place::Header("X-Authority"),
            Reason::Header("must be kind:code, for example jobcenter:15101", ""),
        ),
        names::UPSTREAM_MALFORMED | names::UPSTREAM_REJECTED | names::UPSTREAM_TIMEOUT => {
            problem.with_outcome(Outcome::Unknown)
        }
        _ => problem,
    }
}

/// The document of an example.
pub(super) fn document(mut problem: Problem, code: Option<&Code>, options: &Options) -> Json {
    problem.upstream_text = code.map(|code| code.upstream_text.clone()).filter(|text| !text.is_empty());
    problem.document(&options.base_path, Some(INSTANCE), Language::English)
}

/// Why a token may be refused.
const REASONS: [&str; 9] = [
    "token-missing",
    "token-malformed",
    "token-expired",
    "token-not-yet-valid",
    "issuer-unknown",
    "audience-wrong",
    "key-unknown",
    "signature-wrong",
    "claim-missing",
];

fn known_names() -> Json {
    catalogue::entries().iter().map(|entry| json!(entry.name)).collect()
}

/// The schema of a problem (behaviour of RFC 9457, with the gateway's members).
pub(super) fn schema() -> ObjectBuilder {
    let text = |doc: &str| ObjectBuilder::new().schema_type(Type::String).description(Some(doc));
    let words = |doc: &str, words: &[&str]| text(doc).enum_values(Some(words.iter().copied()));
    let uri = |doc: &str| text(doc).format(Some(SchemaFormat::Custom("uri-reference".to_owned())));
    let boolean = |doc: &str| ObjectBuilder::new().schema_type(Type::Boolean).description(Some(doc));
    let status = ObjectBuilder::new()
        .schema_type(Type::Integer)
        .description(Some("The status of the answer."))
        .minimum(Some(400))
        .maximum(Some(599));
    let errors = ArrayBuilder::new()
        .items(Ref::from_schema_name("ProblemError"))
        .description(Some("What is wrong in the request, each at its place."));
    let object = ObjectBuilder::new()
        .schema_type(Type::Object)
        .description(Some("What went wrong (RFC 9457), whose doing it is, and whether a write was carried out."))
        .property("type", uri("Which kind of problem it is: `/problems/<name>`, which is also a page about it."))
        .property("name", text("Which kind of problem it is: the last part of `type`, whatever stands before it. New ones may come.").extensions(Some(Extensions::from_iter([("x-extensible-enum", known_names())]))))
        .property("title", text("The kind of problem, in Danish or English."))
        .property("status", status)
        .property("detail", text("What happened, in Danish or English. Never a value of the request."))
        .property("instance", uri("The request: `urn:uuid:` and its `X-Request-Id`."))
        .property("system", words("Where the problem arose: Ungedatabasen, DFDG, STIL's integration platform, or this gateway.", &["udb", "dfdg", "ipl", "gateway"]))
        .property("reason", text("Why the token was refused. New ones may come.").extensions(Some(Extensions::from_iter([("x-extensible-enum", json!(REASONS))]))))
        .property("code", text("The upstream's code."))
        .property("sourceCode", text("The code of the system behind the integration platform."))
        .property("severity", words("How grave the upstream calls it.", &["hard", "soft"]))
        .property("correlationId", text("The platform's id of the exchange, for its support."))
        .property("upstreamText", text("The upstream's own text, without values of the request."))
        .property("retryable", boolean("Whether the same request may succeed later with nobody changing anything; on a write only where it was not carried out."))
        .property("outcome", words("On a write: whether it was carried out.", &["not-executed", "executed", "unknown"]))
        .property("errors", errors);
    let required = ["type", "name", "title", "status", "detail", "system", "retryable"];
    required.into_iter().fold(object, ObjectBuilder::required)
}

/// The schema of one refused part of a request.
pub(super) fn error_schema() -> ObjectBuilder {
    let text = |doc: &str| ObjectBuilder::new().schema_type(Type::String).description(Some(doc));
    ObjectBuilder::new()
        .schema_type(Type::Object)
        .description(Some("One refused part of a request: a pointer, a parameter or a header, and why."))
        .property("pointer", text("Where in the body: a JSON pointer (RFC 6901)."))
        .property("parameter", text("Which path or query parameter."))
        .property("header", text("Which header."))
        .property("detail", text("Why it was refused, in Danish or English."))
        .required("detail")
}

/// The response of a page that does not exist.
pub(super) fn not_found(components: &mut Components) -> RefOr<Response> {
    of_page("NotFoundPage", names::NOT_FOUND, components)
}

/// The response to a request of a page with too much in its headers.
pub(super) fn too_large(components: &mut Components) -> RefOr<Response> {
    of_page("RequestHeaderFieldsTooLargeOnRead", names::HEADER_TOO_LARGE, components)
}

fn of_page(component: &str, problem: &str, components: &mut Components) -> RefOr<Response> {
    let listed = Listed { entry: catalogue::entry(problem), own: true, codes: Vec::new(), operation: "" };
    let response = response(Effect::Read, &[listed], &Options::default(), components);
    components.response(component, response)
}
