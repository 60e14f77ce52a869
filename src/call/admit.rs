//! First step: may this caller use this route? Nothing of a request is read before.

use std::sync::Arc;

use tokio::time::Instant;

use super::event::Event;
use super::{Incoming, OnBehalf, Request, RequestContext};
use crate::auth::{AuthorityRefusal, Identity, TokenError, choose};
use crate::config::RequireKey;
use crate::gateway::Gateway;
use crate::operation::{Effect, ParameterKind, Spec};
use crate::problem::{Place, Problem, names};
use crate::rate::{Ask, RateState};
use crate::route::Route;
use crate::shape::reason::Reason;
use crate::telemetry::metrics;
use crate::types::Authority;

/// Somebody who may use a route, and that route. Only [`admit`] makes one, and nobody is answered without:
///
/// ```compile_fail,E0451
/// # use ungebro::call::Admitted;
/// fn anybody(gateway: ungebro::gateway::Gateway, route: std::sync::Arc<ungebro::route::Route>) -> Admitted {
///     Admitted { gateway, route, ..panic!() }
/// }
/// ```
///
/// What answers a call takes one, so a call without a check does not compile:
///
/// ```compile_fail,E0061
/// # use ungebro::call::{Answer, Incoming};
/// # use ungebro::problem::Problem;
/// async fn unchecked(incoming: Incoming<'_>) -> Result<Answer, Problem> {
///     ungebro::answers::answer(incoming).await
/// }
/// ```
///
/// nor can the rights for one route serve another: the route that is answered is the admitted one.
///
/// ```
/// # use ungebro::call::{Admitted, Answer, Incoming};
/// # use ungebro::problem::Problem;
/// async fn checked(admitted: Admitted, incoming: Incoming<'_>) -> Result<Answer, Problem> {
///     ungebro::answers::answer(admitted, incoming).await
/// }
/// ```
pub struct Admitted {
    gateway: Gateway,
    route: Arc<Route>,
    identity: Arc<Identity>,
    authority: Authority,
    context: RequestContext,
}

/// Checks token, scopes and authority for the route, in this order (behaviour sections 2 and 3). What is refused after
/// the token was accepted is recorded.
///
/// # Errors
/// Why the caller may not; 429 where the caller's limits are used up.
pub async fn admit(
    gateway: &Gateway,
    route: &Arc<Route>,
    request: &Request<'_>,
) -> Result<Admitted, Problem> {
    let token = bearer(request).map_err(|error| unauthorized(request, error))?;
    let verified = gateway.verifier.verify(token, (gateway.clock)()).await;
    let identity = verified.map_err(|error| unauthorized(request, error))?;
    let context = request.context;
    let authority = match authorize(request, &identity, route) {
        Ok(authority) => authority,
        Err(problem) => {
            let mut event = Event::new(context.id, identity, None, route.spec.id);
            event.person = Incoming::cpr_as_written(request).map(|cpr| gateway.hasher.hash(&cpr));
            return Err(gateway.audit_refusal(&event, problem).await);
        }
    };
    let admitted =
        Admitted { gateway: gateway.clone(), route: Arc::clone(route), identity, authority, context };
    let ask = Ask { requests: 1, persons: persons_in_path(route.spec) };
    let supplied = gateway.check_supply(&route.wire, admitted.who());
    match supplied.and_then(|()| admitted.charge(request, ask)) {
        Ok(()) => Ok(admitted),
        Err(problem) => Err(admitted.refuse_unread(request, problem).await),
    }
}

impl Admitted {
    /// The call as the audit trail sees it.
    pub fn event(&self, incoming: &Incoming<'_>) -> Event {
        let spec = self.route.spec;
        let mut event =
            Event::new(self.context.id, Arc::clone(&self.identity), Some(&self.authority), spec.id);
        event.person = incoming.cpr.as_ref().map(|cpr| self.gateway.hasher.hash(cpr));
        event.cpr_sent = event.person.is_some().then_some(incoming.sends_person(spec));
        event.resource = incoming.resource(spec).map(str::to_owned);
        event.purpose.clone_from(&incoming.purpose);
        event
    }

    /// Records a refusal and hands it back.
    pub async fn refuse(&self, incoming: &Incoming<'_>, problem: Problem) -> Problem {
        self.gateway.audit_refusal(&self.event(incoming), problem).await
    }

    /// Whether the write has the key that its caller must send.
    ///
    /// # Errors
    /// 400 `idempotency-key-required`.
    pub fn check_key(&self, incoming: &Incoming<'_>) -> Result<(), Problem> {
        let config = &self.gateway.config;
        let issuer = &config.auth.issuers[self.identity.issuer_index];
        let required = issuer.require_idempotency_key.unwrap_or(config.server.require_idempotency_key);
        let missing = self.route.spec.effect == Effect::Write && incoming.idempotency_key.is_none();
        match required {
            RequireKey::Writes if missing => Err(Problem::own(names::IDEMPOTENCY_KEY_REQUIRED)),
            RequireKey::Writes | RequireKey::Off => Ok(()),
        }
    }

    /// Records a refusal of a request whose path could not be read, and hands it back.
    pub async fn refuse_unread(&self, request: &Request<'_>, problem: Problem) -> Problem {
        let mut event = Event::new(
            self.context.id,
            Arc::clone(&self.identity),
            Some(&self.authority),
            self.route.spec.id,
        );
        event.person = Incoming::cpr_as_written(request).map(|cpr| self.gateway.hasher.hash(&cpr));
        self.gateway.audit_refusal(&event, problem).await
    }

    /// Counts the persons that only the body names.
    ///
    /// # Errors
    /// Too many of them, 429.
    pub async fn charge_persons(
        &self,
        request: &Request<'_>,
        incoming: &Incoming<'_>,
    ) -> Result<(), Problem> {
        let persons = u32::try_from(incoming.persons_in_body(self.route.spec)).unwrap_or(u32::MAX);
        match self.charge(request, Ask { requests: 0, persons }) {
            Ok(()) => Ok(()),
            Err(problem) => Err(self.refuse(incoming, problem).await),
        }
    }

    /// Whether this caller may be shown anybody, where only the answer tells how many there are; a refusal is recorded.
    ///
    /// # Errors
    /// 429 `rate-limited`.
    pub async fn may_be_shown_persons(&self, event: &Event) -> Result<(), Problem> {
        match self.has_persons_left() {
            Ok(()) => Ok(()),
            Err(problem) => Err(self.gateway.audit_refusal(event, problem).await),
        }
    }

    /// The same, unrecorded: nobody was refused yet.
    ///
    /// # Errors
    /// 429 `rate-limited`.
    pub fn has_persons_left(&self) -> Result<(), Problem> {
        self.gateway.rate_limits.check_persons(&self.identity, Instant::now())
    }

    /// Counts the persons whom an answer shows, and says what is left.
    pub fn was_shown(&self, persons: usize) -> Option<RateState> {
        let persons = u32::try_from(persons).unwrap_or(u32::MAX);
        self.gateway.rate_limits.take_shown(&self.identity, persons, Instant::now())
    }

    fn charge(&self, request: &Request<'_>, ask: Ask) -> Result<(), Problem> {
        let (state, result) = self.gateway.rate_limits.take(&self.identity, ask, Instant::now());
        if state.is_some() {
            *request.rate.borrow_mut() = state;
        }
        result
    }

    /// The route that was checked.
    pub fn route(&self) -> &Arc<Route> {
        &self.route
    }

    /// The gateway.
    pub fn gateway(&self) -> &Gateway {
        &self.gateway
    }

    /// Who calls.
    pub fn identity(&self) -> &Arc<Identity> {
        &self.identity
    }

    /// On whose behalf the call is made.
    pub fn who(&self) -> OnBehalf<'_> {
        OnBehalf { identity: &self.identity, authority: &self.authority }
    }

    /// A problem as a document, for answers that hold several.
    pub fn problem_document(&self, problem: &Problem) -> serde_json::Value {
        problem.document(&self.gateway.config.server.base_path, Some(self.context.id), self.context.language)
    }
}

/// How many persons the path of a route names, apart from those that only an identifier stands for.
fn persons_in_path(spec: &Spec) -> u32 {
    u32::from(!spec.parameters.iter().all(|parameter| parameter.kind == ParameterKind::Guid))
}

/// Scopes, then authority: the part of admission that needs no waiting.
fn authorize(request: &Request<'_>, identity: &Identity, route: &Route) -> Result<Authority, Problem> {
    check_scopes(identity, route.spec)?;
    let requested = request.single("x-authority").map_err(|()| {
        refused_authority(Reason::Header("must be sent once, as text", "skal sendes én gang, som tekst"))
    })?;
    choose(identity, &route.kinds, requested).map_err(no_authority)
}

fn bearer<'r>(request: &'r Request<'_>) -> Result<&'r str, TokenError> {
    let (value, another) = request.headers.first("authorization").ok_or(TokenError::Missing)?;
    if another {
        return Err(TokenError::Malformed);
    }
    let text = std::str::from_utf8(value).map_err(|_| TokenError::Malformed)?;
    let (scheme, token) = text.split_once(' ').ok_or(TokenError::Malformed)?;
    if scheme.eq_ignore_ascii_case("bearer") { Ok(token.trim()) } else { Err(TokenError::Missing) }
}

/// The refusal of a token, counted and with its reason.
fn unauthorized(request: &Request<'_>, error: TokenError) -> Problem {
    metrics::token_refused(error.reason());
    if error == TokenError::KeysUnavailable {
        return Problem::own(names::KEYS_UNAVAILABLE).after(10);
    }
    let mut problem = Problem::own(names::UNAUTHORIZED);
    problem.reason = Some(error.reason());
    problem.challenge = Some(match error.challenge() {
        Some(challenge) => format!("Bearer error=\"{challenge}\", error_description=\"{error}\""),
        None => "Bearer".to_owned(),
    });
    if let TokenError::MissingClaim(claim) = error {
        return problem.saying(
            format!("The claim {claim} is missing or not usable."),
            format!("Claimet {claim} mangler eller kan ikke bruges."),
        );
    }
    if lacks_scheme(request) {
        return problem.saying(
            "The header must be: Authorization: Bearer, a space, and the token.",
            "Headeren skal være: Authorization: Bearer, et mellemrum og tokenet.",
        );
    }
    problem
}

/// Whether what was sent is not introduced by the word Bearer, as people who paste a token forget.
fn lacks_scheme(request: &Request<'_>) -> bool {
    let sent = request.headers.first("authorization");
    sent.is_some_and(|(value, _)| value.get(..7).is_none_or(|start| !start.eq_ignore_ascii_case(b"bearer ")))
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
