//! Builds the application: routes, and what answers where there is none.

use std::collections::BTreeMap;
use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, Resource, Scope, web};

use super::respond::problem_response;
use super::{answer, health, metrics, pages};
use crate::gateway::Gateway;
use crate::operation::Method;
use crate::problem::{Problem, names};
use crate::route::Route;

/// Mounts every route and page below the base path.
pub fn configure(gateway: &Gateway) -> impl FnOnce(&mut web::ServiceConfig) {
    let gateway = gateway.clone();
    move |config| {
        // Below one scope for each person or customer the rest of a path is mostly fixed text: a route is found with one
        // pattern, not with one for each route before it.
        let mut scopes: BTreeMap<&str, Scope> = BTreeMap::new();
        for (path, routes) in gateway.routes.tree() {
            let (above, below) = split_at_parameter(path);
            let resource = mounted(below, &routes);
            if above.is_empty() {
                config.service(resource);
            } else {
                let scope = scopes.remove(above).unwrap_or_else(|| web::scope(above));
                scopes.insert(above, scope.service(resource));
            }
        }
        scopes.into_values().for_each(|scope| _ = config.service(scope));
        pages::configure(config);
        if gateway.config.server.admin_listen.is_none() {
            admin(config);
        }
    }
}

/// A path with the routes of its methods.
fn mounted(path: &str, routes: &[&Arc<Route>]) -> Resource {
    let methods: Vec<_> = routes.iter().map(|route| route.spec.method.as_str()).collect();
    let resource = resource(path, &methods.join(", "));
    routes.iter().fold(resource, |resource, route| resource.route(answer::mounted(route)))
}

/// A path up to the end of its first parameter, and the rest; all of it is the rest where there is none.
fn split_at_parameter(path: &str) -> (&str, &str) {
    path.find('}').map_or(("", path), |end| path.split_at(end + 1))
}

/// Mounts what is for the operator: on the admin listener where there is one.
pub fn admin(config: &mut web::ServiceConfig) {
    health::configure(config);
    config.service(resource("/metrics", "GET").route(web::get().to(metrics::answer)));
}

/// A path on which every method that `allow` does not name is answered with 405.
pub(super) fn resource(path: &str, allow: &str) -> Resource {
    let allow = allow.to_owned();
    web::resource(path).default_service(web::to(move |request: HttpRequest| {
        let problem = method_not_allowed(request.method().as_str(), &allow);
        async move { problem_response(&request, problem) }
    }))
}

fn method_not_allowed(method: &str, allow: &str) -> Problem {
    let mut problem = Problem::own(names::METHOD_NOT_ALLOWED);
    problem.allow = Some(allow.to_owned());
    let reads = |method: &str| [Method::Get.as_str(), "HEAD"].contains(&method);
    if reads(method) && !allow.split(", ").any(reads) {
        return problem.for_read().saying(
            "No upstream operation reads registrations back: here they can only be made, changed and deleted.",
            "Ingen operation læser registreringer tilbage: her kan de kun oprettes, ændres og slettes.",
        );
    }
    problem
}

/// Answers where nothing is mounted.
pub async fn not_found(request: HttpRequest) -> HttpResponse {
    problem_response(&request, Problem::own(names::NOT_FOUND).for_read())
}
