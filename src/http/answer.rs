//! A call between HTTP and the road: what the road is given of a request, and what becomes of its answer.

use std::cell::RefCell;
use std::sync::Arc;

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use actix_web::{HttpMessage, HttpRequest, HttpResponse, web};
use tracing::Instrument;

use super::body;
use super::respond::{answer_response, problem_response};
use crate::answers;
use crate::call::{self, Answer, Headers, Incoming, Request, RequestContext};
use crate::gateway::Gateway;
use crate::operation::{Effect, Method, PHASED_OUT};
use crate::problem::Problem;
use crate::route::Route;
use crate::telemetry::spans;

/// `Deprecation` (RFC 9745).
const DEPRECATION: HeaderName = HeaderName::from_static("deprecation");

/// The route as the application mounts it.
pub(super) fn mounted(route: &Arc<Route>) -> actix_web::Route {
    let method = method(route.spec.method);
    let route = Arc::clone(route);
    web::method(method).to(move |request: HttpRequest, payload: web::Payload, gateway: web::Data<Gateway>| {
        handle(Arc::clone(&route), request, payload, gateway)
    })
}

fn method(method: Method) -> actix_web::http::Method {
    use actix_web::http::Method as Http;
    match method {
        Method::Get => Http::GET,
        Method::Post => Http::POST,
        Method::Put => Http::PUT,
        Method::Patch => Http::PATCH,
        Method::Delete => Http::DELETE,
    }
}

async fn handle(
    route: Arc<Route>,
    request: HttpRequest,
    payload: web::Payload,
    gateway: web::Data<Gateway>,
) -> HttpResponse {
    let mut response = match answered(&gateway, &route, &request, payload).await {
        Ok(answer) => answer_response(answer),
        Err(problem) => problem_response(&request, problem.of_call(route.spec.effect == Effect::Write)),
    };
    if route.spec.deprecated {
        response.headers_mut().insert(DEPRECATION, HeaderValue::from_static(PHASED_OUT));
    }
    response
}

async fn answered(
    gateway: &Gateway,
    route: &Arc<Route>,
    http: &HttpRequest,
    payload: web::Payload,
) -> Result<Answer, Problem> {
    let value = |name| (name, http.match_info().query(name));
    let request = Request {
        context: RequestContext::get(http),
        headers: http.headers(),
        path: route.spec.parameters.iter().map(|parameter| value(parameter.name)).collect(),
        query: http.query_string(),
        rate: RefCell::default(),
    };
    let answered = checked(gateway, route, &request, (http, payload)).await;
    if let Some(rate) = request.rate.take() {
        http.extensions_mut().insert(rate);
    }
    answered
}

/// The order of checks (behaviour section 2): token, scope, authority; path, query and headers; media type, size, JSON,
/// content. An unauthorised body is never read.
async fn checked(
    gateway: &Gateway,
    route: &Arc<Route>,
    request: &Request<'_>,
    (http, payload): (&HttpRequest, web::Payload),
) -> Result<Answer, Problem> {
    let validating = spans::validate();
    let admitted = call::admit(gateway, route, request).instrument(validating.clone()).await?;
    let mut incoming = match Incoming::of_path(request, route, &gateway.config) {
        Ok(incoming) => incoming,
        Err(problem) => return Err(admitted.refuse_unread(request, problem).await),
    };
    if let Err(problem) = admitted.check_key(&incoming) {
        return Err(admitted.refuse(&incoming, problem).await);
    }
    let bytes = match body::read(http, payload, route.spec, &gateway.config.server).await {
        Ok(bytes) => bytes,
        Err(problem) => return Err(admitted.refuse(&incoming, problem).await),
    };
    if let Err(problem) = incoming.take_body(&bytes, route, &gateway.config) {
        return Err(admitted.refuse(&incoming, problem).await);
    }
    drop(validating);
    admitted.charge_persons(request, &incoming).await?;
    answers::answer(admitted, incoming).await
}

impl Headers for HeaderMap {
    fn first(&self, name: &str) -> Option<(&[u8], bool)> {
        let mut values = self.get_all(name);
        let first = values.next()?;
        Some((first.as_bytes(), values.next().is_some()))
    }
}
