//! Code lists: what is known of them, as a page or as JSON.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value as Json, json};

use super::super::respond::problem_response;
use super::Demo;
use super::html::{Page, either, escape, language_of, wants_page};
use super::problems::json_response;
use crate::code_lists::{CodeList, CodeLists, Texts};
use crate::gateway::Gateway;
use crate::problem::{Problem, names};
use crate::types::Language;

/// The lists of the configuration, or those that a demo brings along.
fn lists<'r>(request: &'r HttpRequest, gateway: &'r Gateway) -> &'r CodeLists {
    Demo::of(request).map_or(&gateway.code_lists, |demo| &demo.code_lists)
}

/// Every list.
pub(super) async fn index(request: HttpRequest, gateway: web::Data<Gateway>) -> HttpResponse {
    let language = language_of(&request);
    let lists = lists(&request, &gateway);
    if !wants_page(&request) {
        let all = lists.iter().map(|(name, list)| {
            json!({ "name": name, "element": list.element, "description": list.description, "complete": list.complete })
        });
        return json_response(language, json!({ "codeLists": all.collect::<Vec<_>>() }));
    }
    let mut page = Page::new(&request, either(language, "Code lists", "Kodelister"));
    page.paragraph(either(
        language,
        "What is known of the code lists that the upstreams use. They are open: a number that does not stand here is passed on, and the upstream decides.",
        "Hvad der vides om de kodelister, de bagvedliggende systemer bruger. De er åbne: Et tal, der ikke står her, sendes videre, og systemet afgør, om det gælder.",
    ));
    let rows: Vec<_> = lists
        .iter()
        .map(|(name, list)| {
            let path = page.path(&format!("/code-lists/{name}"));
            vec![
                format!("<a href=\"{path}\"><code>{name}</code></a>"),
                escape(in_language(&list.description, language)),
                list.values.len().to_string(),
                extent(list, language).to_owned(),
            ]
        })
        .collect();
    if rows.is_empty() {
        page.paragraph(either(
            language,
            "This gateway has no code lists.",
            "Denne gateway har ingen kodelister.",
        ));
    } else {
        let heads =
            either(language, "Name|What it is for|Values|Extent", "Navn|Hvad den bruges til|Værdier|Omfang");
        page.table(&heads.split('|').collect::<Vec<_>>(), &rows);
    }
    page.respond()
}

/// One list.
pub(super) async fn one(
    request: HttpRequest,
    name: web::Path<String>,
    gateway: web::Data<Gateway>,
) -> HttpResponse {
    let Some(list) = lists(&request, &gateway).get(&name) else {
        return problem_response(&request, Problem::own(names::NOT_FOUND).for_read());
    };
    if wants_page(&request) {
        page(&request, &name, list)
    } else {
        json_response(language_of(&request), document(&name, list))
    }
}

fn document(name: &str, list: &CodeList) -> Json {
    let mut document = json!({ "name": name });
    if let (Json::Object(document), Ok(Json::Object(list))) = (&mut document, serde_json::to_value(list)) {
        document.extend(list);
    }
    document
}

fn page(request: &HttpRequest, name: &str, list: &CodeList) -> HttpResponse {
    let mut page = Page::new(request, name);
    let language = page.language();
    page.paragraph(in_language(&list.description, language));
    page.add(&format!("<p><code>{}</code></p>", escape(&list.element)));
    page.add(&format!("<p class=\"note\">{}</p>", escape(extent(list, language))));
    let rows: Vec<_> = list
        .values
        .iter()
        .map(|value| {
            let text = either(language, &value.en, &value.da);
            vec![value.code.to_string(), escape(text), escape(value.source.as_deref().unwrap_or(""))]
        })
        .collect();
    if !rows.is_empty() {
        let heads = either(language, "Code|Meaning|Source", "Kode|Betydning|Kilde");
        page.table(&heads.split('|').collect::<Vec<_>>(), &rows);
    }
    page.respond()
}

fn extent(list: &CodeList, language: Language) -> &'static str {
    match list.complete {
        true => either(language, "Complete.", "Komplet."),
        false => either(language, "Incomplete: only what is known.", "Ufuldstændig: kun det, der er kendt."),
    }
}

fn in_language(texts: &Texts, language: Language) -> &str {
    either(language, &texts.en, &texts.da)
}
