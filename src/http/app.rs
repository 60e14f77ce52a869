//! Builds the application: layers, routes, and what answers where there is none.

use std::collections::BTreeMap;

use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpRequest, HttpResponse, web};

use super::context::RequestContext;
use super::respond::problem_response;
use super::{Mount, pages};
use crate::gateway::Gateway;
use crate::problem::{Problem, names};
use crate::services;
use crate::telemetry::request::observed;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Mounts every route and page below the base path.
pub fn configure(gateway: &Gateway) -> impl FnOnce(&mut web::ServiceConfig) {
    let gateway = gateway.clone();
    move |config| {
        let mut paths: BTreeMap<&str, Vec<&Mount>> = BTreeMap::new();
        for route in services::routes().filter(|route| gateway.route(route.spec.id).enabled) {
            paths.entry(route.spec.path).or_default().push(route);
        }
        for (path, routes) in paths {
            let mut resource = web::resource(path);
            for route in &routes {
                resource = resource.route((route.route)());
            }
            let allow = routes.iter().map(|route| route.spec.method.as_str()).collect::<Vec<_>>().join(", ");
            let other = move |request: HttpRequest| {
                let mut problem = Problem::own(names::METHOD_NOT_ALLOWED);
                problem.allow = Some(allow.clone());
                async move { problem_response(&request, problem) }
            };
            config.service(resource.default_service(web::to(other)));
        }
        pages::configure(config);
    }
}

/// Answers where nothing is mounted.
pub async fn not_found(request: HttpRequest) -> HttpResponse {
    problem_response(&request, Problem::own(names::NOT_FOUND).for_read())
}

/// The outermost layer: gives the request its id and language, observes it, and marks every answer.
pub async fn observe(
    request: ServiceRequest,
    next: Next<impl actix_web::body::MessageBody + 'static>,
) -> Result<ServiceResponse<impl actix_web::body::MessageBody>, Error> {
    let context = RequestContext::of(request.headers());
    request.extensions_mut().insert(context);
    let mut response = observed(context.id, request, next).await?;
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(&context.id.to_string()) {
        headers.insert(REQUEST_ID, id);
    }
    headers.insert(HeaderName::from_static("x-content-type-options"), HeaderValue::from_static("nosniff"));
    Ok(response)
}
