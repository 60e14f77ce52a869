//! The documentation: our own page, without anything from elsewhere (docs/openapi.md says why not another's).

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use reqwest::Url;
use serde_json::{Map, Value as Json, json};

use super::super::respond::problem_response;
use super::html::{either, escape, language_of, navigation, policy};
use super::{Demo, asset};
use crate::gateway::Gateway;
use crate::problem::{Problem, names};

/// The page's scripts; `docs.js` loads the others.
const SCRIPTS: [(&str, &[u8]); 9] = [
    ("docs.js", include_bytes!("docs/docs.js")),
    ("document.js", include_bytes!("docs/document.js")),
    ("elements.js", include_bytes!("docs/elements.js")),
    ("login.js", include_bytes!("docs/login.js")),
    ("operation.js", include_bytes!("docs/operation.js")),
    ("request.js", include_bytes!("docs/request.js")),
    ("schema.js", include_bytes!("docs/schema.js")),
    ("snippets.js", include_bytes!("docs/snippets.js")),
    ("words.js", include_bytes!("docs/words.js")),
];

/// The frame; the scripts fill it.
pub(super) async fn page(request: HttpRequest, gateway: web::Data<Gateway>) -> HttpResponse {
    let base = &gateway.config.server.base_path;
    let language = language_of(&request);
    let say = |en, da| either(language, en, da);
    let token = Demo::of(&request).map_or("", |demo| demo.token.as_str());
    let preloads: String = SCRIPTS
        .iter()
        .map(|(name, _)| format!("<link rel=\"modulepreload\" href=\"{base}/docs/{name}\">"))
        .collect();
    let html = format!(
        "<!doctype html><html lang=\"{tag}\"><head><meta charset=\"utf-8\"><title>{title} · ungebro</title>\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <link rel=\"icon\" href=\"{base}/assets/icon.svg\" type=\"image/svg+xml\">\
         <link rel=\"stylesheet\" href=\"{base}/assets/style.css\">\
         <link rel=\"stylesheet\" href=\"{base}/docs/docs.css\">{preloads}\
         <script type=\"module\" src=\"{base}/docs/docs.js\"></script></head><body>\
         <a class=\"skip\" href=\"#operation\">{skip}</a>{navigation}\
         <main id=\"documentation\" data-base=\"{base}\" data-documents=\"{documents}\" data-oauth=\"{oauth}\" data-token=\"{token}\" data-examples=\"{examples}\">\
         <noscript><p>{needs_script} <a href=\"{base}/openapi.json\">openapi.json</a></p></noscript>\
         </main></body></html>",
        tag = language.tag(),
        title = say("Documentation", "Dokumentation"),
        skip = say("To the content", "Til indholdet"),
        navigation = navigation(&request, language, base),
        documents = escape(
            &json!([{ "name": "all", "title": "ungebro", "url": format!("{base}/openapi.json") }])
                .to_string()
        ),
        oauth = escape(&oauth(&gateway).to_string()),
        token = escape(token),
        examples = Demo::of(&request).map_or("", |_| "/sandbox/examples"),
        needs_script = say(
            "This page needs JavaScript. The document itself:",
            "Siden kræver JavaScript. Selve dokumentet:"
        ),
    );
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .insert_header((header::CONTENT_LANGUAGE, language.tag()))
        .insert_header((header::VARY, "Accept-Language"))
        .insert_header(docs_policy(&gateway))
        .body(html)
}

/// What the page needs to let somebody log in.
fn oauth(gateway: &Gateway) -> Json {
    let (auth, docs) = (&gateway.config.auth, &gateway.config.docs);
    let parameters: Map<String, Json> =
        docs.parameters.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
    json!({
        "authorizationUrl": auth.authorization_url,
        "tokenUrl": auth.token_url,
        "clientId": docs.client_id,
        "redirectUri": docs.redirect_url,
        "scopes": docs.scopes.as_ref().map(|scopes| scopes.join(" ")),
        "parameters": parameters,
    })
}

/// Calls go to the gateway and to where tokens are had.
fn docs_policy(gateway: &Gateway) -> (header::HeaderName, String) {
    let addresses = [&gateway.config.server.public_url, &gateway.config.auth.token_url];
    let origins = addresses.into_iter().flatten().filter_map(|address| Url::parse(address).ok());
    let origins: String = origins.map(|url| format!(" {}", url.origin().ascii_serialization())).collect();
    policy(&format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'{origins}; \
         form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
    ))
}

/// One of the page's files.
pub(super) async fn file(request: HttpRequest, name: web::Path<String>) -> HttpResponse {
    if name.as_str() == "docs.css" {
        return asset("text/css; charset=utf-8", include_bytes!("docs/docs.css"));
    }
    match SCRIPTS.iter().find(|(known, _)| *known == name.as_str()) {
        Some((_, script)) => asset("text/javascript; charset=utf-8", script),
        None => problem_response(&request, Problem::own(names::NOT_FOUND).for_read()),
    }
}
