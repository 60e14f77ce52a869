//! What anybody may read: the documentation, the documents, kinds of problems, code lists.

mod code_lists;
mod docs;
mod documents;
mod home;
pub(crate) mod html;
mod problems;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, guard, web};

use crate::code_lists::CodeLists;

/// What a demo shows on its pages and no other gateway does. Registered as application data.
#[derive(Clone, Default)]
pub struct Demo {
    /// A token that the documentation begins with.
    pub token: String,
    /// The code lists.
    pub code_lists: CodeLists,
    /// Days by which the times of examples are moved.
    pub days_later: i64,
}

impl std::fmt::Debug for Demo {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Demo").field("days_later", &self.days_later).finish_non_exhaustive()
    }
}

impl Demo {
    fn of(request: &HttpRequest) -> Option<&web::Data<Self>> {
        request.app_data()
    }
}

/// Mounts the pages.
pub(super) fn configure(config: &mut web::ServiceConfig) {
    let get = || web::route().guard(guard::Any(guard::Get()).or(guard::Head()));
    let pages = [
        ("/", get().to(home::page)),
        ("/docs", get().to(docs::page)),
        ("/docs/", get().to(docs::page)),
        ("/docs/{file}", get().to(docs::file)),
        ("/assets/style.css", get().to(style)),
        ("/assets/icon.svg", get().to(icon)),
        ("/problems", get().to(problems::index)),
        ("/problems/{name}", get().to(problems::one)),
        ("/code-lists", get().to(code_lists::index)),
        ("/code-lists/{name}", get().to(code_lists::one)),
    ];
    for (path, route) in pages.into_iter().chain(documents::routes()) {
        config.service(super::app::resource(path, "GET, HEAD").route(route));
    }
}

async fn style() -> HttpResponse {
    asset("text/css; charset=utf-8", include_bytes!("style.css"))
}

async fn icon() -> HttpResponse {
    asset("image/svg+xml", include_bytes!("icon.svg"))
}

/// A file of the binary: kept for an hour, since another version has other files.
fn asset(content_type: &str, bytes: &'static [u8]) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(content_type)
        .insert_header((header::CACHE_CONTROL, "public, max-age=3600"))
        .body(bytes)
}
