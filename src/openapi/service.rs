//! What anybody may read, as operations of the document: code lists, problems, health, version.

use serde_json::{Value as Json, json};
use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::path::{HttpMethod, OperationBuilder, ParameterBuilder, ParameterIn, PathItem};
use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::schema::ObjectBuilder;
use utoipa::openapi::security::SecurityRequirement;
use utoipa::openapi::{Ref, Required, Type};

use super::components::Components;
use super::head::{GATEWAY, REFERENCE};
use super::{Options, VERSION, problem, service_schema as schema};

/// A page as a program reads it.
struct Page {
    path: &'static str,
    id: &'static str,
    tag: &'static str,
    summary: &'static str,
    description: &'static str,
    /// The component of its answer.
    schema: (&'static str, ObjectBuilder),
    example: Json,
    /// What the `{name}` of the path is, and an example.
    name: Option<(&'static str, &'static str)>,
    /// What a 503 with the same content means.
    unready: Option<&'static str>,
}

/// The pages and their paths.
pub(super) fn paths(options: &Options, components: &mut Components) -> Vec<(&'static str, PathItem)> {
    let mut pages = Vec::from(reference_pages());
    if !options.admin_elsewhere {
        pages.extend(gateway_pages());
    }
    pages.into_iter().map(|page| (page.path, page.item(components))).collect()
}

impl Page {
    fn item(self, components: &mut Components) -> PathItem {
        let schema = components.schema(self.schema.0, self.schema.1);
        let answer = |doc: &str| answer(doc, schema.clone(), self.example.clone());
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
                .example(Some(json!(example)));
            operation = operation.parameter(name).response("404", problem::not_found(components));
        }
        PathItem::new(HttpMethod::Get, operation.build())
    }
}

fn answer(doc: &str, schema: Ref, example: Json) -> Response {
    let content = ContentBuilder::new().schema(Some(schema)).example(Some(example)).build();
    ResponseBuilder::new()
        .description(doc)
        .content("application/json", content)
        .header_ref("X-Request-Id", Ref::new("#/components/headers/X-Request-Id"))
        .build()
}

fn reference_pages() -> [Page; 4] {
    let list = json!({
        "name": "interview-type", "element": "InterviewTypeIdentifier",
        "description": {"en": "Kind of interview.", "da": "Samtalens art."}, "complete": false,
    });
    let mut whole_list = list.clone();
    whole_list["values"] = json!([{"code": 7, "en": "Job interview", "da": "Jobsamtale"}]);
    let kind =
        json!({"name": "cpr-unknown", "title": "DFDG does not know the CPR number", "statuses": [404]});
    let mut whole_kind = kind.clone();
    whole_kind["detail"] = json!("The CPR number has the right form, but DFDG does not know it.");
    whole_kind["remedy"] = json!("Check the number for typing errors.");
    whole_kind["operations"] = json!(["createInterview"]);
    whole_kind["codes"] = json!([{
        "system": "dfdg", "code": "1010", "status": 404, "retryable": false, "outcome": "not-executed",
        "upstreamText": "Unknown cpr", "explanation": "", "operations": ["createInterview"],
        "inferredOperations": [],
    }]);
    [
        Page {
            path: "/code-lists",
            id: "listCodeLists",
            tag: REFERENCE,
            summary: "List the code lists",
            description: "Every code list of which something is known here. Asked for `text/html` it is a page.",
            schema: (
                "CodeListIndex",
                schema::index("codeLists", "The code lists.", schema::code_list_head()),
            ),
            example: json!({ "codeLists": [list] }),
            name: None,
            unready: None,
        },
        Page {
            path: "/code-lists/{name}",
            id: "getCodeList",
            tag: REFERENCE,
            summary: "Read a code list",
            description: "The known values of a code list. What is marked as incomplete holds only what is known: other numbers may be in use, and any number in the member's range is passed on. Asked for `text/html` it is a page.",
            schema: ("CodeList", schema::code_list()),
            example: whole_list,
            name: Some(("The list's name, as `x-code-list` has it.", "interview-type")),
            unready: None,
        },
        Page {
            path: "/problems",
            id: "listProblems",
            tag: REFERENCE,
            summary: "List the kinds of problems",
            description: "Every kind of problem that this gateway answers. Asked for `text/html` it is a page.",
            schema: (
                "ProblemKinds",
                schema::index("problems", "The kinds of problems.", schema::problem_head()),
            ),
            example: json!({ "problems": [kind] }),
            name: None,
            unready: None,
        },
        Page {
            path: "/problems/{name}",
            id: "getProblem",
            tag: REFERENCE,
            summary: "Read about a kind of problem",
            description: "What a kind of problem means, what to do about it, and which upstream codes become it: what `type` of a problem leads to. Asked for `text/html` it is a page.",
            schema: ("ProblemKind", schema::problem_kind()),
            example: whole_kind,
            name: Some(("The last part of a problem's `type`.", "cpr-unknown")),
            unready: None,
        },
    ]
}

fn gateway_pages() -> [Page; 3] {
    [
        Page {
            path: "/health/live",
            id: "getLiveness",
            tag: GATEWAY,
            summary: "Ask whether the process lives",
            description: "Answers as long as the process can answer anything; asks nothing of anybody else.",
            schema: ("Liveness", schema::liveness()),
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
            schema: ("Readiness", schema::readiness()),
            example: json!({
                "status": "ready", "stopping": false,
                "issuers": [{"issuer": "https://idp.example.dk/", "loaded": true, "keys": 2, "ageSeconds": 41}],
                "audit": {"writable": true},
                "upstreams": [
                    {"name": "udb", "breaker": "closed", "certificateDaysLeft": 412},
                    {"name": "dfdg", "breaker": "closed", "certificateDaysLeft": 412},
                ],
                "certificateDaysLeft": {"listener": null, "signing": 412},
            }),
            name: None,
            unready: Some("Not ready yet, or not any more."),
        },
        Page {
            path: "/version",
            id: "getVersion",
            tag: GATEWAY,
            summary: "Read the version",
            description: "The version of the program and of its interface.",
            schema: ("Version", schema::version()),
            example: json!({"name": "ungebro", "version": VERSION}),
            name: None,
            unready: None,
        },
    ]
}
