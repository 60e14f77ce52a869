//! The documentation: Swagger UI from the binary, in the frame of the other pages.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use reqwest::Url;

use super::super::respond::problem_response;
use super::html::{escape, language_of, navigation, policy};
use super::{Demo, asset};
use crate::gateway::Gateway;
use crate::problem::{Problem, names};

/// The frame; Swagger UI speaks English only, and so does the page around it.
pub(super) async fn page(request: HttpRequest, gateway: web::Data<Gateway>) -> HttpResponse {
    let base = &gateway.config.server.base_path;
    let token = Demo::of(&request).map_or("", |demo| demo.token.as_str());
    let html = format!(
        "<!doctype html><html lang=\"en\" class=\"light\"><head><meta charset=\"utf-8\"><title>Documentation · ungebro</title>\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <link rel=\"icon\" href=\"{base}/assets/icon.svg\" type=\"image/svg+xml\">\
         <link rel=\"stylesheet\" href=\"{base}/docs/swagger-ui.css\">\
         <link rel=\"stylesheet\" href=\"{base}/assets/style.css\">\
         <link rel=\"stylesheet\" href=\"{base}/docs/docs.css\">\
         <script src=\"{base}/docs/swagger-ui-bundle.js\" defer></script>\
         <script src=\"{base}/docs/docs.js\" defer></script></head><body>\
         <a class=\"skip\" href=\"#documentation\">To the content</a>{navigation}\
         <main id=\"documentation\" data-document=\"{base}/openapi.json\" data-redirect=\"{base}/docs/oauth2-redirect.html\" data-token=\"{token}\">\
         <noscript><p>This page needs JavaScript. The document itself: <a href=\"{base}/openapi.json\">openapi.json</a>.</p></noscript>\
         </main></body></html>",
        navigation = navigation(language_of(&request), base, false),
        token = escape(token),
    );
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .insert_header(docs_policy(&gateway))
        .body(html)
}

/// Swagger UI styles elements one by one and draws its icons from `data:`; calls go to the gateway and to where tokens are had.
fn docs_policy(gateway: &Gateway) -> (header::HeaderName, String) {
    let addresses = [&gateway.config.server.public_url, &gateway.config.auth.token_url];
    let origins = addresses.into_iter().flatten().filter_map(|address| Url::parse(address).ok());
    let origins: String = origins.map(|url| format!(" {}", url.origin().ascii_serialization())).collect();
    policy(&format!(
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
         connect-src 'self'{origins}; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
    ))
}

/// One of the page's files: ours, or Swagger UI's.
pub(super) async fn file(request: HttpRequest, name: web::Path<String>) -> HttpResponse {
    match name.as_str() {
        "docs.js" => asset("text/javascript; charset=utf-8", include_bytes!("docs.js")),
        "docs.css" => asset("text/css; charset=utf-8", include_bytes!("docs.css")),
        name
        @ ("swagger-ui.css" | "swagger-ui-bundle.js" | "oauth2-redirect.html" | "oauth2-redirect.js") => {
            swagger_file(name)
        }
        _ => problem_response(&request, Problem::own(names::NOT_FOUND).for_read()),
    }
}

fn swagger_file(name: &str) -> HttpResponse {
    let config = std::sync::Arc::new(utoipa_swagger_ui::Config::default());
    let Ok(Some(file)) = utoipa_swagger_ui::serve(name, config) else {
        return HttpResponse::NotFound().finish();
    };
    let mut response = HttpResponse::Ok();
    if file.gzpipped {
        response.insert_header(header::ContentEncoding::Gzip);
    }
    response
        .content_type(file.content_type)
        .insert_header((header::CACHE_CONTROL, "public, max-age=3600"))
        .body(file.bytes.into_owned())
}
