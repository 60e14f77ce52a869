//! HTTP: routes, who may use them, what comes in, what goes out. XML stays below the gateway.

pub mod app;
mod body;
mod caller;
mod connection;
pub mod context;
mod cors;
mod edge;
mod ending;
pub mod forwarded;
mod headers;
mod health;
mod incoming;
mod listener;
pub mod pages;
pub mod rate_limit;
mod rate_policy;
mod request_headers;
mod respond;
pub mod server;
pub mod tls;

use std::future::Future;

use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use tracing::Instrument;

pub use caller::Caller;
pub use incoming::Incoming;
pub use respond::problem_response;

use crate::gateway::Gateway;
use crate::gateway::exchange::Answered;
use crate::gateway::reply::Reply;
use crate::operation::Spec;
use crate::problem::Problem;
use crate::shape::write;
use crate::telemetry::spans;

/// A route: its definition and what it does. One unit struct implements it for each operationId.
///
/// `answer` needs a [`Caller`] of the same route, which only the check of that route's rights can make:
///
/// ```
/// # use {actix_web::HttpResponse, ungebro::operation::Spec, ungebro::problem::Problem};
/// # use ungebro::http::{Caller, Incoming, Route};
/// # use ungebro::services::dfdg::jobcenter::UpdateJobcenter;
/// struct Checked;
///
/// impl Route for Checked {
///     const SPEC: Spec = UpdateJobcenter::SPEC;
///
///     async fn answer(caller: Caller<Self>, _: Incoming<'_>) -> Result<HttpResponse, Problem> {
///         Ok(HttpResponse::Ok().finish())
///     }
/// }
/// ```
///
/// A route that asks for none does not compile:
///
/// ```compile_fail,E0050
/// # use {actix_web::HttpResponse, ungebro::operation::Spec, ungebro::problem::Problem};
/// # use ungebro::http::{Caller, Incoming, Route};
/// # use ungebro::services::dfdg::jobcenter::UpdateJobcenter;
/// struct Unchecked;
///
/// impl Route for Unchecked {
///     const SPEC: Spec = UpdateJobcenter::SPEC;
///
///     async fn answer(_: Incoming<'_>) -> Result<HttpResponse, Problem> {
///         Ok(HttpResponse::Ok().finish())
///     }
/// }
/// ```
///
/// nor one that makes do with the rights of another:
///
/// ```compile_fail,E0308
/// # use {actix_web::HttpResponse, ungebro::operation::Spec, ungebro::problem::Problem};
/// # use ungebro::http::{Caller, Incoming, Route};
/// # use ungebro::services::dfdg::jobcenter::UpdateJobcenter;
/// struct Borrowing;
///
/// impl Route for Borrowing {
///     const SPEC: Spec = UpdateJobcenter::SPEC;
///
///     async fn answer(caller: Caller<Self>, incoming: Incoming<'_>) -> Result<HttpResponse, Problem> {
///         UpdateJobcenter::answer(caller, incoming).await
///     }
/// }
/// ```
pub trait Route: Sized + 'static {
    /// The definition.
    const SPEC: Spec;

    /// Answers a call whose rights and content were checked. By default it is a registration: sent once, answered with
    /// the members of the upstream's answer.
    fn answer(
        caller: Caller<Self>,
        incoming: Incoming<'_>,
    ) -> impl Future<Output = Result<HttpResponse, Problem>> {
        register(caller, incoming)
    }
}

/// A route as the application mounts it.
pub struct Mount {
    /// The definition.
    pub spec: &'static Spec,
    route: fn() -> actix_web::Route,
}

impl std::fmt::Debug for Mount {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.spec.id)
    }
}

/// Makes a route ready for mounting.
pub const fn mount<R: Route>() -> Mount {
    Mount { spec: const { &R::SPEC }, route: || web::method(method::<R>()).to(handle::<R>) }
}

fn method<R: Route>() -> actix_web::http::Method {
    use crate::operation::Method;
    use actix_web::http::Method as Http;
    match R::SPEC.method {
        Method::Get => Http::GET,
        Method::Post => Http::POST,
        Method::Put => Http::PUT,
        Method::Patch => Http::PATCH,
        Method::Delete => Http::DELETE,
    }
}

async fn handle<R: Route>(
    request: HttpRequest,
    payload: web::Payload,
    gateway: web::Data<Gateway>,
) -> HttpResponse {
    let mut response = checked::<R>(&request, payload, &gateway)
        .await
        .unwrap_or_else(|problem| problem_response(&request, problem.for_effect(R::SPEC.effect)));
    if R::SPEC.deprecated {
        response.headers_mut().insert(DEPRECATION, HeaderValue::from_static(PHASED_OUT));
    }
    response
}

/// The order of checks (behaviour section 2): token, scope, authority; path, query and headers; media type, size, JSON,
/// content. An unauthorised body is never read.
async fn checked<R: Route>(
    request: &HttpRequest,
    payload: web::Payload,
    gateway: &Gateway,
) -> Result<HttpResponse, Problem> {
    let validating = spans::validate();
    let caller = Caller::<R>::admit(request, gateway).instrument(validating.clone()).await?;
    let mut incoming = match Incoming::of_path(request, caller.compiled(), &gateway.config) {
        Ok(incoming) => incoming,
        Err(problem) => return Err(caller.refuse_unread(request, problem).await),
    };
    let bytes = match body::read(request, payload, &R::SPEC, &gateway.config.server).await {
        Ok(bytes) => bytes,
        Err(problem) => return Err(caller.refuse(&incoming, problem).await),
    };
    if let Err(problem) = incoming.take_body(&bytes, caller.compiled(), &gateway.config) {
        return Err(caller.refuse(&incoming, problem).await);
    }
    drop(validating);
    caller.charge_persons(request, &incoming).await?;
    R::answer(caller, incoming).await
}

/// `Deprecation` (RFC 9745).
const DEPRECATION: HeaderName = HeaderName::from_static("deprecation");
/// When the interface description of release 2024-2 called operations phased out or not in use: June 2024.
pub const PHASED_OUT: &str = "@1718409600";

async fn register<R: Route>(caller: Caller<R>, incoming: Incoming<'_>) -> Result<HttpResponse, Problem> {
    let location = incoming.location_template(&R::SPEC);
    caller.register(incoming, move |answered| Ok(registered(&R::SPEC, answered, location))).await
}

fn registered(spec: &'static Spec, answered: Answered, location: Option<String>) -> Reply {
    let members = spec.answer.object.members;
    let mut body = Vec::with_capacity(1024);
    write::object(members, &answered.values, &mut body);
    let identifier = members.iter().position(|member| member.name == "messageIdentifier");
    let identifier = identifier.and_then(|index| answered.values[index].as_text());
    let location = location.zip(identifier).map(|(path, id)| path.replace("{messageIdentifier}", id));
    Reply {
        status: spec.status,
        body: String::from_utf8(body).unwrap_or_default(),
        location,
        correlation_id: answered.correlation_id,
    }
}
