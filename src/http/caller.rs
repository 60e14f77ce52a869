//! A caller whose rights for one route were checked; there is no other way to get one.

use std::marker::PhantomData;
use std::sync::Arc;

use actix_web::http::header::{self, AUTHORIZATION};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;

use super::Route;
use super::context::RequestContext;
use super::incoming::Incoming;
use super::rate_limit::Ask;
use super::respond::{CORRELATION_ID, insert, reply_response};
use crate::auth::{AuthorityRefusal, Identity, TokenError, choose};
use crate::gateway::Gateway;
use crate::gateway::compile::Compiled;
use crate::gateway::exchange::{Answered, Message};
use crate::gateway::reply::Reply;
use crate::gateway::supply::OnBehalf;
use crate::operation::{ParameterKind, Spec};
use crate::problem::redact::Secrets;
use crate::problem::{Place, Problem, names};
use crate::shape::reason::Reason;
use crate::shape::value::Value;
use crate::types::Authority;

/// Somebody who may use the route `R`.
pub struct Caller<R> {
    gateway: Gateway,
    identity: Arc<Identity>,
    authority: Authority,
    context: RequestContext,
    route: PhantomData<R>,
}

impl<R: Route> Caller<R> {
    /// Checks token, scopes and authority for the route, in this order (behaviour sections 2 and 3).
    pub(super) async fn admit(request: &HttpRequest, gateway: &Gateway) -> Result<Self, Problem> {
        let compiled = gateway.route(R::SPEC.id);
        let token = bearer(request).map_err(unauthorized)?;
        let verified = gateway.verifier.verify(token, (gateway.clock)()).await;
        let identity = verified.map_err(unauthorized)?;
        check_scopes(&identity, &R::SPEC)?;
        let requested = single_header(request, "x-authority").map_err(|()| {
            refused_authority(Reason::Header("must be sent once, as text", "skal sendes én gang, som tekst"))
        })?;
        let authority = choose(&identity, &compiled.kinds, requested).map_err(no_authority)?;
        let persons =
            u32::from(!R::SPEC.parameters.iter().all(|parameter| parameter.kind == ParameterKind::Guid));
        gateway.rate_limits.charge(request, &identity, Ask { requests: 1, persons })?;
        Ok(Self {
            gateway: gateway.clone(),
            identity,
            authority,
            context: RequestContext::get(request),
            route: PhantomData,
        })
    }

    /// Counts the persons that only the body names.
    pub(super) fn charge_persons(&self, request: &HttpRequest, persons: usize) -> Result<(), Problem> {
        let persons = u32::try_from(persons).unwrap_or(u32::MAX);
        self.gateway.rate_limits.charge(request, &self.identity, Ask { requests: 0, persons })
    }

    /// The route, as the WSDL in force and the configuration have it.
    pub fn compiled(&self) -> &Compiled {
        self.gateway.route(R::SPEC.id)
    }

    /// The gateway.
    pub fn gateway(&self) -> &Gateway {
        &self.gateway
    }

    /// The request's id and language.
    pub fn context(&self) -> RequestContext {
        self.context
    }

    /// On whose behalf the call is made.
    pub fn who(&self) -> OnBehalf<'_> {
        OnBehalf { identity: &self.identity, authority: &self.authority }
    }

    /// Sends a registration once and answers with what `render` makes of the upstream's answer.
    pub async fn register(
        &self,
        incoming: Incoming<'_>,
        render: impl FnOnce(Answered) -> Result<Reply, Problem> + Send + 'static,
    ) -> Result<HttpResponse, Problem> {
        let message = self.message(incoming)?;
        let reply = self.gateway.write(|gateway| &gateway.route(R::SPEC.id).wire, message, render).await?;
        Ok(reply_response(&self.gateway, reply))
    }

    /// A problem as a document, for answers that hold several.
    pub fn problem_document(&self, problem: &Problem) -> serde_json::Value {
        problem.document(&self.gateway.config.server.base_path, Some(self.context.id), self.context.language)
    }

    /// Names the platform's exchange in an answer.
    pub fn correlate(&self, response: &mut HttpResponseBuilder, correlation_id: Option<&str>) {
        insert(response, CORRELATION_ID, correlation_id);
    }

    /// A JSON document that the client may keep for itself and ask about again (RFC 9110 section 8.8.3).
    pub fn cacheable(
        &self,
        if_none_match: Option<&str>,
        correlation_id: Option<&str>,
        body: Vec<u8>,
    ) -> HttpResponse {
        let tag = hmac::sign(&self.gateway.cursor_key, &[b"etag", &body[..]].concat());
        let tag = format!("\"{}\"", BASE64.encode(&tag.as_ref()[..16]));
        let known = if_none_match.is_some_and(|tags| {
            tags.split(',').map(str::trim).any(|known| known == "*" || known.trim_start_matches("W/") == tag)
        });
        let mut response = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
        response.insert_header((header::CACHE_CONTROL, "private, no-cache"));
        response.insert_header((header::ETAG, tag));
        response.insert_header((header::VARY, "Authorization, X-Authority, X-CivilRegistrationIdentifier"));
        self.correlate(&mut response, correlation_id);
        if known {
            return response.finish();
        }
        response.insert_header((header::CONTENT_TYPE, "application/json"));
        response.body(body)
    }

    fn message(&self, incoming: Incoming<'_>) -> Result<Message, Problem> {
        let wire = &self.compiled().wire;
        let mut root = incoming.sent_parameters;
        root.extend(self.gateway.supply(wire.supplied.iter().copied(), self.who())?);
        root.extend(incoming.body);
        let header_values = self.gateway.supply_headers(wire.service.headers, self.who())?;
        let secrets = Secrets::of(root.iter().chain(&header_values));
        let mut body = Vec::with_capacity(2048);
        wire.request.write(&Value::Object(root), &mut body);
        let mut headers = Vec::with_capacity(1024);
        let header_values = Value::Object(header_values);
        wire.headers.iter().for_each(|header| header.write(&header_values, &mut headers));
        Ok(Message { headers, body, secrets })
    }
}

fn bearer(request: &HttpRequest) -> Result<&str, TokenError> {
    let mut values = request.headers().get_all(AUTHORIZATION);
    let value = values.next().ok_or(TokenError::Missing)?;
    if values.next().is_some() {
        return Err(TokenError::Malformed);
    }
    let (scheme, token) =
        value.to_str().ok().and_then(|text| text.split_once(' ')).ok_or(TokenError::Malformed)?;
    if scheme.eq_ignore_ascii_case("bearer") { Ok(token.trim()) } else { Err(TokenError::Missing) }
}

fn unauthorized(error: TokenError) -> Problem {
    let Some(challenge) = error.challenge() else {
        return Problem::own(names::KEYS_UNAVAILABLE).after(10);
    };
    let mut problem = Problem::own(names::UNAUTHORIZED);
    problem.challenge = Some(format!("Bearer error=\"{challenge}\", error_description=\"{error}\""));
    problem
}

fn check_scopes(identity: &Identity, spec: &Spec) -> Result<(), Problem> {
    let missing: Vec<&str> =
        spec.scopes.names().iter().copied().filter(|scope| !identity.scopes.contains(*scope)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let missing = missing.join(" ");
    let mut problem = Problem::own(names::SCOPE_MISSING)
        .saying(format!("Missing: {missing}."), format!("Der mangler: {missing}."));
    problem.challenge =
        Some(format!("Bearer error=\"insufficient_scope\", scope=\"{}\"", spec.scopes.names().join(" ")));
    Err(problem)
}

fn no_authority(refusal: AuthorityRefusal) -> Problem {
    match refusal {
        AuthorityRefusal::InvalidHeader(_) => refused_authority(Reason::Header(
            "must be kind:code, for example jobcenter:15101",
            "skal være art:kode, for eksempel jobcenter:15101",
        )),
        AuthorityRefusal::Ambiguous
        | AuthorityRefusal::NotInToken
        | AuthorityRefusal::Missing
        | AuthorityRefusal::NotTrusted => Problem::own(refusal.problem()),
    }
}

fn refused_authority(reason: Reason) -> Problem {
    Problem::own(names::INVALID_HEADER).at(Place::Header("X-Authority"), reason)
}

/// A header that may be sent once; an error when it is sent twice or is not text.
pub(super) fn single_header<'r>(request: &'r HttpRequest, name: &str) -> Result<Option<&'r str>, ()> {
    let mut values = request.headers().get_all(name);
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => value.to_str().map(Some).map_err(|_| ()),
        (Some(_), Some(_)) => Err(()),
    }
}
