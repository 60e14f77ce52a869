//! What anybody may read, as operations of the document: code lists, problems, health, version.

use serde_json::{Value as Json, json};
use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::path::{HttpMethod, OperationBuilder, ParameterBuilder, ParameterIn, PathItem};
use utoipa::openapi::response::ResponseBuilder;
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder};
use utoipa::openapi::security::SecurityRequirement;
use utoipa::openapi::{Ref, RefOr, Required, Schema, Type};

use super::components::Components;
use super::head::{GATEWAY, REFERENCE};
use super::{Options, VERSION, problem};

struct Page {
    path: &'static str,
    id: &'static str,
    tag: &'static str,
    summary: &'static str,
    description: &'static str,
    schema: (&'static str, ObjectBuilder),
    example: Json,
    /// What the `{name}` of the path is, and an example.
    name: Option<(&'static str, &'static str)>,
    /// What a 503 means.
    unready: Option<&'static str>,
}

/// The pages and their paths.
pub(super) fn paths(options: &Options, components: &mut Components) -> Vec<(&'static str, PathItem)> {
    let published = |page: &Page| page.tag != GATEWAY || !options.admin_elsewhere;
    pages().into_iter().filter(published).map(|page| (page.path, page.item(components))).collect()
}

impl Page {
    fn item(self, components: &mut Components) -> PathItem {
        let schema = components.schema(self.schema.0, self.schema.1);
        let content = ContentBuilder::new().schema(Some(schema)).example(Some(self.example)).build();
        let header = Ref::new("#/components/headers/X-Request-Id");
        let answer = |doc: &str| {
            ResponseBuilder::new()
                .description(doc)
                .content("application/json", content.clone())
                .header_ref("X-Request-Id", header.clone())
                .build()
        };
        let mut operation = OperationBuilder::new()
            .operation_id(Some(self.id))
            .tag(self.tag)
            .summary(Some(self.summary))
            .description(Some(self.description))
            .securities(Some(Vec::<SecurityRequirement>::new()))
            .response("200", answer("Found out."))
            .response("431", problem::too_large(components));
        if let Some(doc) = self.unready {
            operation = operation.response("503", answer(doc));
        }
        if let Some((doc, example)) = self.name {
            let name = ParameterBuilder::new()
                .name("name")
                .parameter_in(ParameterIn::Path)
                .required(Required::True)
                .description(Some(doc))
                .schema(Some(ObjectBuilder::new().schema_type(Type::String).pattern(Some("^[a-z0-9-]+$"))))
                .example(Some(json!(example)))
                .build();
            operation = operation.parameter(name).response("404", problem::not_found(components));
        }
        PathItem::new(HttpMethod::Get, operation.build())
    }
}

fn text(doc: &str) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String).description(Some(doc))
}

fn object(doc: &str, members: Vec<(&str, RefOr<Schema>)>) -> ObjectBuilder {
    let object = ObjectBuilder::new().schema_type(Type::Object).description(Some(doc));
    members.into_iter().fold(object, |object, (name, schema)| object.property(name, schema).required(name))
}

fn pages() -> Vec<Page> {
    vec![
        Page {
            path: "/code-lists/{name}",
            id: "getCodeList",
            tag: REFERENCE,
            summary: "Read a code list",
            description: "The known values of a code list. What is marked as incomplete holds only what is publicly known: other numbers may be in use, and any number in the field's range is passed on. Asked for `text/html` it is a page.",
            schema: ("CodeList", code_list()),
            example: json!({
                "name": "interview-type", "element": "InterviewTypeIdentifier", "complete": false,
                "description": {"en": "Kind of interview.", "da": "Samtalens art."},
                "values": [{"code": 7, "en": "Job interview", "da": "Jobsamtale"}],
            }),
            name: Some(("The list's name, as `x-code-list` has it.", "interview-type")),
            unready: None,
        },
        Page {
            path: "/problems/{name}",
            id: "getProblem",
            tag: REFERENCE,
            summary: "Read about a kind of problem",
            description: "What a kind of problem means, what to do about it, and which upstream codes become it: what `type` of a problem leads to. Asked for `text/html` it is a page.",
            schema: ("ProblemKind", problem_kind()),
            example: json!({
                "name": "cpr-unknown", "title": "Unknown CPR number", "detail": "The upstream does not know the CPR number.",
                "remedy": "Check the number.",
                "statuses": [404],
                "codes": [{"system": "dfdg", "code": "1010", "status": 404, "retryable": false, "outcome": "not-executed", "upstreamText": "Unknown cpr", "operations": ["createInterview"]}],
            }),
            name: Some(("The last part of a problem's `type`.", "cpr-unknown")),
            unready: None,
        },
        Page {
            path: "/health/live",
            id: "getLiveness",
            tag: GATEWAY,
            summary: "Ask whether the process lives",
            description: "Answers as long as the process can answer anything; asks nothing of anybody else.",
            schema: (
                "Liveness",
                object("That the process lives.", vec![("status", text("Always `live`.").into())]),
            ),
            example: json!({"status": "live"}),
            name: None,
            unready: None,
        },
        Page {
            path: "/health/ready",
            id: "getReadiness",
            tag: GATEWAY,
            summary: "Ask whether calls can be taken",
            description: "Ready once the keys of every issuer were loaded, while the audit trail can be written. Breakers and certificates are shown, and do not change the status.",
            schema: (
                "Readiness",
                ObjectBuilder::new()
                    .schema_type(Type::Object)
                    .description(Some("Whether calls can be taken, and what else an operator wants to know."))
                    .property("status", text("`ready` or `not-ready`."))
                    .required("status"),
            ),
            example: json!({"status": "ready"}),
            name: None,
            unready: Some("Not ready yet, or not any more."),
        },
        Page {
            path: "/version",
            id: "getVersion",
            tag: GATEWAY,
            summary: "Read the version",
            description: "The version of the program and of its interface.",
            schema: (
                "Version",
                object("The version.", vec![("version", text("The version (SemVer).").into())]),
            ),
            example: json!({"version": VERSION}),
            name: None,
            unready: None,
        },
    ]
}

fn texts(doc: &str) -> ObjectBuilder {
    object(doc, vec![("en", text("English.").into()), ("da", text("Danish.").into())])
}

fn code_list() -> ObjectBuilder {
    let code = ObjectBuilder::new().schema_type(Type::Integer).description(Some("The number."));
    let value = object(
        "One known value.",
        vec![
            ("code", code.into()),
            ("en", text("Its name in English.").into()),
            ("da", text("Its name in Danish.").into()),
        ],
    );
    let value = value.property("source", text("Where that is known from."));
    let complete = ObjectBuilder::new()
        .schema_type(Type::Boolean)
        .description(Some("Whether these are all values; otherwise only those that are known."));
    object(
        "The known values of a code list.",
        vec![
            ("name", text("The list's name.").into()),
            ("element", text("The upstream's element that it is for.").into()),
            ("description", texts("What it is for.").into()),
            ("complete", complete.into()),
            ("values", ArrayBuilder::new().items(value).description(Some("The known values.")).into()),
        ],
    )
}

fn problem_kind() -> ObjectBuilder {
    let number = |doc: &str| ObjectBuilder::new().schema_type(Type::Integer).description(Some(doc));
    let flag = ObjectBuilder::new()
        .schema_type(Type::Boolean)
        .description(Some("Whether a repeat may succeed later with nobody changing anything."));
    let operations = ArrayBuilder::new()
        .items(text("An operationId."))
        .description(Some("The operations that may answer it."));
    let code = object(
        "An upstream code that becomes the problem.",
        vec![
            ("system", text("Who sends it.").into()),
            ("code", text("The code.").into()),
            ("status", number("The status of the answer.").into()),
            ("retryable", flag.into()),
            ("outcome", text("What is known of a write.").into()),
            ("operations", operations.into()),
        ],
    );
    let code = code
        .property("upstreamText", text("The upstream's text."))
        .property("explanation", text("What the interface description adds."));
    object(
        "A kind of problem.",
        vec![
            ("name", text("Its name.").into()),
            ("title", text("What it is called.").into()),
            ("detail", text("What it means.").into()),
            ("remedy", text("What to do about it.").into()),
            (
                "statuses",
                ArrayBuilder::new()
                    .items(number("A status."))
                    .description(Some("The statuses with which it is answered."))
                    .into(),
            ),
            (
                "codes",
                ArrayBuilder::new()
                    .items(code)
                    .description(Some("The upstream codes that become it."))
                    .into(),
            ),
        ],
    )
}
