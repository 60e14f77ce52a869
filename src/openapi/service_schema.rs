//! Schemas of what anybody may read.

use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, SchemaType};
use utoipa::openapi::{RefOr, Schema, Type};

fn text(doc: &str) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String).description(Some(doc))
}

fn integer(doc: &str) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::Integer).description(Some(doc))
}

fn flag(doc: &str) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::Boolean).description(Some(doc))
}

/// An integer, or `null` where there is none.
fn maybe(doc: &str) -> ObjectBuilder {
    integer(doc).schema_type(SchemaType::from_iter([Type::Integer, Type::Null]))
}

fn list(doc: &str, of: ObjectBuilder) -> ArrayBuilder {
    ArrayBuilder::new().items(of).description(Some(doc))
}

/// An object all of whose members are there.
fn object<const N: usize>(doc: &str, members: [(&str, RefOr<Schema>); N]) -> ObjectBuilder {
    with(ObjectBuilder::new().schema_type(Type::Object).description(Some(doc)), members)
}

fn with<const N: usize>(object: ObjectBuilder, members: [(&str, RefOr<Schema>); N]) -> ObjectBuilder {
    members.into_iter().fold(object, |object, (name, schema)| object.property(name, schema).required(name))
}

/// Several of a kind, under one name.
pub(super) fn index(name: &str, doc: &str, of: ObjectBuilder) -> ObjectBuilder {
    object(doc, [(name, list(doc, of).into())])
}

pub(super) fn code_list_head() -> ObjectBuilder {
    let texts = object("What it is for.", [("en", text("English.").into()), ("da", text("Danish.").into())]);
    object(
        "What is known of a code list.",
        [
            ("name", text("The list's name.").into()),
            ("element", text("The upstream's element that it is for.").into()),
            ("description", texts.into()),
            (
                "complete",
                flag("Whether all values are known; otherwise there are only those that are.").into(),
            ),
        ],
    )
}

pub(super) fn code_list() -> ObjectBuilder {
    let value = object(
        "One known value.",
        [
            ("code", integer("The number.").into()),
            ("en", text("Its name in English.").into()),
            ("da", text("Its name in Danish.").into()),
        ],
    );
    let value = value.property("source", text("Where that is known from."));
    with(code_list_head(), [("values", list("The known values.", value).into())])
}

pub(super) fn problem_head() -> ObjectBuilder {
    object(
        "A kind of problem.",
        [
            ("name", text("Its name.").into()),
            ("title", text("What it is called, in Danish or English.").into()),
            ("statuses", list("The statuses with which it is answered.", integer("A status.")).into()),
        ],
    )
}

pub(super) fn problem_kind() -> ObjectBuilder {
    let operations = || list("The operations that may answer it.", text("An operationId."));
    let code = object(
        "An upstream code that becomes the problem.",
        [
            ("system", text("Who sends it.").into()),
            ("code", text("The code.").into()),
            ("status", integer("The status of the answer.").into()),
            ("retryable", flag("Whether a repeat may succeed later with nobody changing anything.").into()),
            ("outcome", text("What is known of a write.").into()),
            ("upstreamText", text("The upstream's text; may be empty.").into()),
            ("explanation", text("What the interface description adds; may be empty.").into()),
            ("operations", operations().into()),
            (
                "inferredOperations",
                list(
                    "Those of them for which no interface description lists the code.",
                    text("An operationId."),
                )
                .into(),
            ),
        ],
    );
    let members = [
        ("detail", text("What it means.").into()),
        ("remedy", text("What to do about it.").into()),
        ("codes", list("The upstream codes that become it.", code).into()),
        ("operations", operations().into()),
    ];
    with(problem_head(), members)
}

pub(super) fn liveness() -> ObjectBuilder {
    object("That the process lives.", [("status", text("Always `live`.").into())])
}

pub(super) fn version() -> ObjectBuilder {
    let members =
        [("name", text("Always `ungebro`.").into()), ("version", text("The version (SemVer).").into())];
    object("The version.", members)
}

pub(super) fn readiness() -> ObjectBuilder {
    let issuer = object(
        "One issuer of tokens.",
        [
            ("issuer", text("Its name.").into()),
            ("loaded", flag("Whether its keys were ever loaded.").into()),
            ("keys", integer("How many keys there are.").into()),
            ("ageSeconds", maybe("How long ago they were loaded.").into()),
        ],
    );
    let upstream = object(
        "One upstream.",
        [
            ("name", text("Its name.").into()),
            ("breaker", text("`closed`, `open` or `half-open`.").into()),
            ("certificateDaysLeft", maybe("Days until the client certificate expires.").into()),
        ],
    );
    let certificates = object(
        "Days until the gateway's other certificates expire.",
        [
            ("listener", maybe("That of the listener.").into()),
            ("signing", maybe("That which signs messages.").into()),
        ],
    );
    let audit = object("The audit trail.", [("writable", flag("Whether it can be written.").into())]);
    object(
        "Whether calls can be taken, and what else an operator wants to know.",
        [
            ("status", text("`ready` or `not-ready`.").into()),
            ("stopping", flag("Whether the process is about to end.").into()),
            ("issuers", list("Whose tokens are taken.", issuer).into()),
            ("audit", audit.into()),
            ("upstreams", list("The upstreams.", upstream).into()),
            ("certificateDaysLeft", certificates.into()),
        ],
    )
}
