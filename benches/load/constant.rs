//! The gateway's server with a constant in place of every look-up, behind the same token check, rate limit of none and
//! audit line: `load_constant CONFIG PORT`. What a hit of the cache costs is seen against it.

use std::net::TcpListener;
use std::sync::Arc;

use actix_web::http::header::AUTHORIZATION;
use actix_web::{HttpRequest, HttpResponse, web};
use jiff::Timestamp;
use ungebro::auth::choose;
use ungebro::call::event::{Event, Looked};
use ungebro::config::Config;
use ungebro::gateway::Gateway;
use ungebro::http::context::RequestContext;
use ungebro::http::server::{self, Options};
use ungebro::services;
use ungebro::services::udb::contacts::GET_YOUTH_CONTACTS;
use ungebro::types::Cpr;

/// As the gateway's program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const ANSWER: &str = r#"{"cpr":"0202000000","contacts":[{"name":"Vejleder Vibeke Dahl","phone":"88881000","email":"kontakt0@skole.example","institutionNumber":151012}]}"#;

type Failure = Box<dyn std::error::Error + Send + Sync>;

#[actix_web::main]
async fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let (Some(config), Some(port)) = (arguments.next(), arguments.next()) else {
        return Err("usage: load_constant CONFIG PORT".into());
    };
    let ids: Vec<_> = services::specs().map(|spec| spec.id).collect();
    let config = Config::load(config.as_ref(), std::env::vars_os(), &ids)?;
    let _telemetry = ungebro::telemetry::start(&config.telemetry)?;
    let listener = TcpListener::bind(("127.0.0.1", port.parse()?))?;
    let gateway = Gateway::build(config, Timestamp::now).await?;
    let constant = |app: &mut web::ServiceConfig| {
        app.route(GET_YOUTH_CONTACTS.path, web::get().to(answer));
    };
    let options = Options { extra: Some(Arc::new(constant)), ..Options::default() };
    // The process is ended by a signal, like any other under test.
    Ok(server::start(gateway, listener, options)?.run(std::future::pending()).await?)
}

async fn answer(request: HttpRequest, cpr: web::Path<String>, gateway: web::Data<Gateway>) -> HttpResponse {
    match checked(&request, &cpr, &gateway).await {
        Some(()) => HttpResponse::Ok().content_type("application/json").body(ANSWER),
        None => HttpResponse::Unauthorized().finish(),
    }
}

/// Token, scope, authority and the line in the trail, as for a look-up.
async fn checked(request: &HttpRequest, cpr: &str, gateway: &Gateway) -> Option<()> {
    let token = request.headers().get(AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")?;
    let identity = gateway.verifier.verify(token, (gateway.clock)()).await.ok()?;
    let route = gateway.routes.served(&GET_YOUTH_CONTACTS)?;
    if !route.spec.scopes.names().iter().all(|scope| identity.scopes.contains(*scope)) {
        return None;
    }
    let authority = choose(&identity, &route.kinds, None).ok()?;
    let cpr = Cpr::parse(cpr)?;
    let mut event = Event::new(RequestContext::get(request).id, identity, Some(&authority), route.spec.id);
    event.person = Some(gateway.hasher.hash(&cpr));
    event.cpr_sent = Some(true);
    let line = Looked { cache: Some("hit"), ..Looked::of(Ok(200)) };
    gateway.audit_reads(&event, [(None, line)]).await.ok()
}
