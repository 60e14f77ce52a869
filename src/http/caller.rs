//! A caller whose rights for one route were checked; there is no other way to get one.

use std::marker::PhantomData;
use std::sync::Arc;

use actix_web::http::header::{self, AUTHORIZATION};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use tokio::time::Instant;

use super::Route;
use super::context::RequestContext;
use super::incoming::Incoming;
use super::rate_limit::Ask;
use super::rate_policy::RateState;
use super::respond::{CACHE_STATUS, CORRELATION_ID, insert, reply_response};
use crate::auth::{AuthorityRefusal, Identity, TokenError, choose};
use crate::gateway::Gateway;
use crate::gateway::compile::Compiled;
use crate::gateway::event::{Event, Looked as Seen};
use crate::gateway::exchange::{Answered, Envelope};
use crate::gateway::reply::Reply;
use crate::gateway::supply::OnBehalf;
use crate::gateway::write::{Claimed, Write};
use crate::idempotency::{Fingerprint, KeyName, Scope};
use crate::operation::{ParameterKind, Spec};
use crate::problem::{Place, Problem, names};
use crate::services::udb::known::{Document, Looked, Source};
use crate::shape::reason::Reason;
use crate::shape::write;
use crate::types::{Authority, Cpr};

/// Somebody who may use the route `R`.
pub struct Caller<R> {
    gateway: Gateway,
    identity: Arc<Identity>,
    authority: Authority,
    context: RequestContext,
    route: PhantomData<R>,
}

impl<R: Route> Caller<R> {
    /// Checks token, scopes and authority for the route, in this order (behaviour sections 2 and 3). What is refused
    /// after the token was accepted is recorded.
    pub(super) async fn admit(request: &HttpRequest, gateway: &Gateway) -> Result<Self, Problem> {
        let compiled = gateway.route(R::SPEC.id);
        let context = RequestContext::get(request);
        let token = bearer(request).map_err(unauthorized)?;
        let verified = gateway.verifier.verify(token, (gateway.clock)()).await;
        let identity = verified.map_err(unauthorized)?;
        match authorize(request, &identity, compiled) {
            Ok(authority) => {
                let caller =
                    Self { gateway: gateway.clone(), identity, authority, context, route: PhantomData };
                let ask = Ask { requests: 1, persons: persons_in_path(&R::SPEC) };
                let supplied = gateway.check_supply(&compiled.wire, caller.who());
                match supplied.and_then(|()| caller.charge(request, ask)) {
                    Ok(()) => Ok(caller),
                    Err(problem) => Err(caller.refuse_unread(request, problem).await),
                }
            }
            Err(problem) => {
                let mut event = Event::new(context.id, identity, None, R::SPEC.id);
                event.person = Incoming::cpr_as_written(request).map(|cpr| gateway.hasher.hash(&cpr));
                Err(gateway.audit_refusal(&event, problem).await)
            }
        }
    }

    /// The call as the audit trail sees it.
    pub fn event(&self, incoming: &Incoming<'_>) -> Event {
        let mut event =
            Event::new(self.context.id, Arc::clone(&self.identity), Some(&self.authority), R::SPEC.id);
        event.person = incoming.cpr.as_ref().map(|cpr| self.gateway.hasher.hash(cpr));
        event.cpr_sent = event.person.is_some().then_some(incoming.sends_person(&R::SPEC));
        event.resource = incoming.resource(&R::SPEC).map(str::to_owned);
        event.purpose.clone_from(&incoming.purpose);
        event
    }

    /// Records a refusal and hands it back.
    pub async fn refuse(&self, incoming: &Incoming<'_>, problem: Problem) -> Problem {
        self.gateway.audit_refusal(&self.event(incoming), problem).await
    }

    /// Records a refusal of a request whose path could not be read, and hands it back.
    pub(super) async fn refuse_unread(&self, request: &HttpRequest, problem: Problem) -> Problem {
        let mut event =
            Event::new(self.context.id, Arc::clone(&self.identity), Some(&self.authority), R::SPEC.id);
        event.person = Incoming::cpr_as_written(request).map(|cpr| self.gateway.hasher.hash(&cpr));
        self.gateway.audit_refusal(&event, problem).await
    }

    /// The contact persons of young people for this caller's authority.
    pub async fn contacts_of(&self, numbers: &[Cpr], incoming: &Incoming<'_>) -> Vec<Looked> {
        self.gateway.contacts_of(numbers, &self.identity, &self.authority, incoming.no_cache).await
    }

    /// Counts the persons that only the body names; too many are a refusal.
    pub(super) async fn charge_persons(
        &self,
        request: &HttpRequest,
        incoming: &Incoming<'_>,
    ) -> Result<(), Problem> {
        let persons = u32::try_from(incoming.persons_in_body(&R::SPEC)).unwrap_or(u32::MAX);
        match self.charge(request, Ask { requests: 0, persons }) {
            Ok(()) => Ok(()),
            Err(problem) => Err(self.refuse(incoming, problem).await),
        }
    }

    /// Whether this caller may be shown anybody, where only the answer tells how many there are; a refusal is recorded.
    pub async fn may_be_shown_persons(&self, event: &Event) -> Result<(), Problem> {
        match self.has_persons_left() {
            Ok(()) => Ok(()),
            Err(problem) => Err(self.gateway.audit_refusal(event, problem).await),
        }
    }

    /// The same, unrecorded: nobody was refused yet.
    pub fn has_persons_left(&self) -> Result<(), Problem> {
        self.gateway.rate_limits.check_persons(&self.identity, Instant::now())
    }

    /// Counts the persons whom an answer shows, and says what is left.
    pub fn was_shown(&self, persons: usize) -> Option<RateState> {
        let persons = u32::try_from(persons).unwrap_or(u32::MAX);
        self.gateway.rate_limits.take_shown(&self.identity, persons, Instant::now())
    }

    fn charge(&self, request: &HttpRequest, ask: Ask) -> Result<(), Problem> {
        self.gateway.rate_limits.charge(request, &self.identity, ask)
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

    /// Sends a registration once and answers with what `render` makes of the upstream's answer; under an idempotency
    /// key that was used before, with the answer of then.
    pub async fn register(
        &self,
        incoming: Incoming<'_>,
        render: impl FnOnce(Answered) -> Result<Reply, Problem> + Send + 'static,
    ) -> Result<HttpResponse, Problem> {
        let event = self.event(&incoming);
        let key = self.key(&incoming);
        let ready = match self.message(incoming) {
            Ok(message) => self.claim(key).await.map(|claimed| (message, claimed)),
            Err(problem) => Err(problem),
        };
        let (message, ticket) = match ready {
            Err(problem) => return Err(self.gateway.audit_refusal(&event, problem).await),
            Ok((message, None)) => (message, None),
            Ok((message, Some(Claimed::Fresh(ticket)))) => (message, Some(ticket)),
            Ok((_, Some(Claimed::Replay(result)))) => return self.replay(&event, result).await,
        };
        let write = Write { route: R::SPEC.id, message, event, ticket };
        let reply = self.gateway.write(write, render).await?;
        Ok(reply_response(&self.gateway, reply, false))
    }

    async fn claim(&self, key: Option<(KeyName, Fingerprint)>) -> Result<Option<Claimed>, Problem> {
        let Some((name, fingerprint)) = key else { return Ok(None) };
        self.gateway.claim(&name, &fingerprint).await.map(Some)
    }

    /// The idempotency key's name in the store, and what else may stand under it.
    fn key(&self, incoming: &Incoming<'_>) -> Option<(KeyName, Fingerprint)> {
        let key = incoming.idempotency_key.as_ref()?;
        let store = &self.gateway.idempotency;
        let scope = Scope {
            issuer: &self.identity.issuer,
            client: self.identity.client.as_deref(),
            subject: &self.identity.subject,
            authority: &self.authority,
        };
        let mut body = Vec::new();
        let mut values = incoming.body.as_slice();
        for part in R::SPEC.body {
            let (own, rest) = values.split_at(part.object.members.len());
            write::object(part.object.members, own, &mut body);
            values = rest;
        }
        let query = incoming.query.iter().flat_map(|(name, value)| [name.as_bytes(), value.as_bytes()]);
        let fingerprint =
            store.fingerprint(R::SPEC.id, &self.authority, incoming.path_values(), query, [&body]);
        Some((store.name(&scope, key), fingerprint))
    }

    /// The answer of an earlier call again; it discloses as much as then, so it is recorded like a look-up.
    async fn replay(&self, event: &Event, result: Result<Reply, Problem>) -> Result<HttpResponse, Problem> {
        let line = Seen::of(result.as_ref().map(|reply| reply.status));
        self.gateway.audit_reads(event, [(None, line)]).await?;
        let mut replayed = result.map(|reply| reply_response(&self.gateway, reply, true));
        if let Err(problem) = &mut replayed {
            problem.replayed = true;
        }
        replayed
    }

    fn message(&self, incoming: Incoming<'_>) -> Result<Envelope, Problem> {
        let wire = &self.compiled().wire;
        let Incoming { sent_parameters: mut root, body, .. } = incoming;
        root.extend(self.gateway.supply(wire.supplied.iter().copied(), self.who())?);
        root.extend(body);
        let headers = self.gateway.supply_headers(wire.service.headers, self.who())?;
        Ok(wire.write(headers, root))
    }

    /// A problem as a document, for answers that hold several.
    pub fn problem_document(&self, problem: &Problem) -> serde_json::Value {
        problem.document(&self.gateway.config.server.base_path, Some(self.context.id), self.context.language)
    }

    /// Names the platform's exchange in an answer.
    pub fn correlate(&self, response: &mut HttpResponseBuilder, correlation_id: Option<&str>) {
        insert(response, CORRELATION_ID, correlation_id);
    }

    /// A young person's document, which the client may keep for itself and ask about again (RFC 9110 section 8.8.3).
    pub fn cacheable(&self, incoming: &Incoming<'_>, document: &Document, looked: &Looked) -> HttpResponse {
        let tags = incoming.if_none_match.as_deref().unwrap_or("");
        let known = tags
            .split(',')
            .map(str::trim)
            .any(|known| known == "*" || known.trim_start_matches("W/") == document.tag);
        let mut response = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
        response.insert_header((header::CACHE_CONTROL, "private, no-cache"));
        response.insert_header((header::ETAG, document.tag.as_str()));
        response.insert_header((header::VARY, "Authorization, X-Authority, X-CivilRegistrationIdentifier"));
        response.insert_header((CACHE_STATUS, looked.source.header()));
        if !matches!(looked.source, Source::Hit { .. }) {
            self.correlate(&mut response, looked.known.correlation_id.as_deref());
        }
        if known {
            return response.finish();
        }
        response.insert_header((header::CONTENT_TYPE, "application/json"));
        response.body(document.json.clone())
    }
}

/// How many persons the path of a route names, apart from those that only an identifier stands for.
fn persons_in_path(spec: &Spec) -> u32 {
    u32::from(!spec.parameters.iter().all(|parameter| parameter.kind == ParameterKind::Guid))
}

/// Scopes, then authority: the part of admission that needs no waiting.
fn authorize(request: &HttpRequest, identity: &Identity, compiled: &Compiled) -> Result<Authority, Problem> {
    check_scopes(identity, compiled.spec)?;
    let requested = single_header(request, "x-authority").map_err(|()| {
        refused_authority(Reason::Header("must be sent once, as text", "skal sendes én gang, som tekst"))
    })?;
    choose(identity, &compiled.kinds, requested).map_err(no_authority)
}

fn bearer(request: &HttpRequest) -> Result<&str, TokenError> {
    let mut values = request.headers().get_all(AUTHORIZATION);
    let value = values.next().ok_or(TokenError::Missing)?;
    if values.next().is_some() {
        return Err(TokenError::Malformed);
    }
    let text = std::str::from_utf8(value.as_bytes()).map_err(|_| TokenError::Malformed)?;
    let (scheme, token) = text.split_once(' ').ok_or(TokenError::Malformed)?;
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
