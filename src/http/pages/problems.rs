//! Kinds of problems: what each means, what to do, and which upstream codes become it.

use std::collections::BTreeSet;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value as Json, json};

use super::super::respond::problem_response;
use super::html::{Page, either, escape, language_of, wants_page};
use crate::openapi::{operations_inferred_of_code, operations_of, operations_of_code};
use crate::problem::catalogue::{self, Code, Entry};
use crate::problem::{Problem, names};
use crate::types::Language;

/// Every kind.
pub(super) async fn index(request: HttpRequest) -> HttpResponse {
    let language = language_of(&request);
    if !wants_page(&request) {
        let problems = catalogue::entries().iter().map(|entry| {
            json!({ "name": entry.name, "title": entry.title.in_language(language), "statuses": statuses(entry) })
        });
        return json_response(language, json!({ "problems": problems.collect::<Vec<_>>() }));
    }
    let mut page = Page::new(&request, either(language, "Problems", "Problemer"));
    page.paragraph(either(
        language,
        "Every kind of problem that this gateway answers (RFC 9457), with the status and the upstream codes that become it.",
        "Alle de slags problemer, denne gateway svarer med (RFC 9457), med status og de bagvedliggende systemers koder.",
    ));
    let rows: Vec<_> = catalogue::entries().iter().map(|entry| row(&page, entry)).collect();
    let heads = either(language, "Name|Title|Status|Codes", "Navn|Titel|Status|Koder");
    page.table(&heads.split('|').collect::<Vec<_>>(), &rows);
    page.respond()
}

fn row(page: &Page, entry: &Entry) -> Vec<String> {
    let codes: Vec<String> = codes(entry).map(|code| escape(&code.code)).collect();
    vec![
        format!(
            "<a href=\"{}\"><code>{}</code></a>",
            page.path(&format!("/problems/{}", entry.name)),
            escape(&entry.name)
        ),
        escape(entry.title.in_language(page.language())),
        joined(&statuses(entry)),
        codes.join(", "),
    ]
}

/// One kind: what `type` of a problem leads to.
pub(super) async fn one(request: HttpRequest, name: web::Path<String>) -> HttpResponse {
    let Some(entry) = catalogue::find(&name) else {
        return problem_response(&request, Problem::own(names::NOT_FOUND).for_read());
    };
    let language = language_of(&request);
    if wants_page(&request) {
        page(&request, entry)
    } else {
        json_response(language, document(entry, language))
    }
}

fn page(request: &HttpRequest, entry: &Entry) -> HttpResponse {
    let mut page = Page::new(request, entry.title.in_language(language_of(request)));
    let language = page.language();
    let say = |en, da| either(language, en, da);
    page.paragraph(entry.detail.in_language(language));
    page.add(&format!("<h2>{}</h2>", say("What to do", "Hvad man gør")))
        .paragraph(entry.remedy.in_language(language));
    page.add("<dl>");
    let mut facts = vec![
        (say("Name", "Navn"), format!("<code>{}</code>", escape(&entry.name))),
        (say("Status", "Status"), joined(&statuses(entry))),
    ];
    if entry.status.is_some() {
        facts.push((
            say("May succeed later by itself", "Kan lykkes senere af sig selv"),
            yes(language, entry.retryable).to_owned(),
        ));
    }
    if let Some(outcome) = entry.outcome {
        facts.push((
            say("Outcome of a write", "Udfald af en skrivning"),
            format!("<code>{}</code>", outcome.as_str()),
        ));
    }
    for (name, value) in facts {
        page.add(&format!("<dt>{name}</dt><dd>{value}</dd>"));
    }
    page.add("</dl>");
    add_codes(&mut page, entry);
    page.add(&format!("<h2>{}</h2>", say("Operations", "Operationer")));
    let operations = operations_of(entry);
    let operations = operations.iter().map(|id| format!("<code>{id}</code>")).collect::<Vec<_>>().join(" ");
    page.add(&format!("<p>{operations}</p>"));
    page.respond()
}

fn add_codes(page: &mut Page, entry: &Entry) {
    let language = page.language();
    let rows: Vec<_> = codes(entry)
        .map(|code| {
            vec![
                format!("{} <code>{}</code>", code.system.as_str(), escape(&code.code)),
                escape(&[code.upstream_text.as_str(), &code.explanation].join(" ")),
                code.status.to_string(),
                yes(language, code.retryable).to_owned(),
                code.outcome.as_str().to_owned(),
                operations(code, language),
            ]
        })
        .collect();
    if rows.is_empty() {
        return;
    }
    let heads = either(
        language,
        "Code|The upstream's text|Status|Retryable|Outcome|Operations",
        "Kode|Systemets tekst|Status|Kan gentages|Udfald|Operationer",
    );
    page.add(&format!(
        "<h2>{}</h2>",
        either(language, "Upstream codes", "De bagvedliggende systemers koder")
    ));
    page.table(&heads.split('|').collect::<Vec<_>>(), &rows);
}

/// Where the code is expected, and where nothing published says so.
fn operations(code: &Code, language: Language) -> String {
    let inferred = operations_inferred_of_code(code);
    let marked = |id: &str| match inferred.contains(&id) {
        true => format!("{id} ({})", either(language, "inferred", "formodet")),
        false => id.to_owned(),
    };
    operations_of_code(code).into_iter().map(marked).collect::<Vec<_>>().join(", ")
}

fn yes(language: Language, is: bool) -> &'static str {
    if is { either(language, "yes", "ja") } else { either(language, "no", "nej") }
}

fn document(entry: &Entry, language: Language) -> Json {
    let codes = codes(entry).map(|code| {
        json!({
            "system": code.system.as_str(),
            "code": code.code,
            "status": code.status,
            "retryable": code.retryable,
            "outcome": code.outcome,
            "upstreamText": code.upstream_text,
            "explanation": code.explanation,
            "operations": operations_of_code(code),
            "inferredOperations": operations_inferred_of_code(code),
        })
    });
    json!({
        "name": entry.name,
        "title": entry.title.in_language(language),
        "detail": entry.detail.in_language(language),
        "remedy": entry.remedy.in_language(language),
        "statuses": statuses(entry),
        "codes": codes.collect::<Vec<_>>(),
        "operations": operations_of(entry),
    })
}

fn codes(entry: &Entry) -> impl Iterator<Item = &'static Code> {
    let name = entry.name.as_str();
    catalogue::codes().iter().filter(move |code| code.problem.is_some_and(|problem| problem.name == name))
}

fn statuses(entry: &Entry) -> Vec<u16> {
    let all: BTreeSet<u16> = entry.status.into_iter().chain(codes(entry).map(|code| code.status)).collect();
    all.into_iter().collect()
}

fn joined(statuses: &[u16]) -> String {
    statuses.iter().map(u16::to_string).collect::<Vec<_>>().join(", ")
}

pub(super) fn json_response(language: Language, json: Json) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CONTENT_LANGUAGE, language.tag()))
        .insert_header((header::VARY, "Accept, Accept-Language"))
        .json(json)
}
