//! What anybody may read: problems, documents, health, version.

use actix_web::{HttpRequest, HttpResponse, web};

use super::context::RequestContext;
use super::respond::problem_response;
use crate::problem::{Problem, catalogue, names};

/// Mounts the pages.
pub(super) fn configure(config: &mut web::ServiceConfig) {
    config.route("/problems/{name}", web::get().to(problem));
    config.route("/metrics", web::get().to(crate::telemetry::scrape::answer));
}

/// The page of a kind of problem: what it means, which codes become it, what to do.
async fn problem(request: HttpRequest, name: web::Path<String>) -> HttpResponse {
    let Some(entry) = catalogue::find(&name) else {
        return problem_response(&request, Problem::own(names::NOT_FOUND));
    };
    let language = RequestContext::get(&request).language;
    HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(format!(
        "{}\n\n{}\n\n{}\n",
        entry.title.in_language(language),
        entry.detail.in_language(language),
        entry.remedy.in_language(language)
    ))
}
