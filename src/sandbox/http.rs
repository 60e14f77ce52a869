//! The sandbox over HTTP: the three paths of the real services, and what a developer needs beside them.

use std::sync::Arc;

use actix_web::body::SizedStream;
use actix_web::http::StatusCode;
use actix_web::http::header::{ACCEPT, ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_TYPE, HeaderName, LOCATION};
use actix_web::{HttpRequest, HttpResponse, web};
use bytes::Bytes;
use futures_util::stream;

use super::front::Incoming;
use super::outgoing::Outgoing;
use super::page::Page;
use super::service::Service;
use super::spoil::Delivery;
use super::{Sandbox, examples, locked};
use crate::types::Language;

/// The largest request that is read.
const LIMIT: usize = 1 << 20;

impl Sandbox {
    /// Mounts the three services, each with its `?wsdl`, and `/sandbox`.
    ///
    /// Use as `App::new().configure(sandbox.configure())`.
    pub fn configure(self: &Arc<Self>) -> impl FnOnce(&mut web::ServiceConfig) + Clone + use<> {
        let sandbox = Arc::clone(self);
        move |app| {
            for service in Service::ALL {
                app.service(resource(service, &sandbox));
            }
            app.service(examples(&sandbox))
                .service(reset(&sandbox))
                .service(calls(&sandbox))
                .service(page(&sandbox));
        }
    }

    pub(crate) fn page(&self, language: Language) -> Page<'_> {
        let world = locked(&self.world);
        Page {
            language,
            now: self.now(),
            gateway: self.gateway.get(),
            presets: world.presets(),
            size: world.size(),
            calls: locked(&self.calls).newest_first(),
        }
    }
}

fn resource(service: Service, sandbox: &Arc<Sandbox>) -> actix_web::Resource {
    let sandbox = Arc::clone(sandbox);
    web::resource(service.path())
        .app_data(web::PayloadConfig::new(LIMIT))
        .route(web::get().to(move |request: HttpRequest| async move { wsdl(service, &request) }))
        .route(web::post().to(move |request: HttpRequest, body: Bytes| {
            let sandbox = Arc::clone(&sandbox);
            async move { call(&sandbox, service, &request, &body).await }
        }))
}

/// What the documentation fills in.
fn examples(sandbox: &Arc<Sandbox>) -> actix_web::Resource {
    let sandbox = Arc::clone(sandbox);
    web::resource("/sandbox/examples").route(web::get().to(move || {
        let examples = examples::examples(&locked(&sandbox.world).presets());
        async move { HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(examples) }
    }))
}

/// A form comes back to the page, a program gets 204.
fn reset(sandbox: &Arc<Sandbox>) -> actix_web::Resource {
    let sandbox = Arc::clone(sandbox);
    web::resource("/sandbox/reset").route(web::post().to(move |request: HttpRequest| {
        sandbox.reset();
        let browser = header(&request, ACCEPT).is_some_and(|accept| accept.contains("text/html"));
        async move {
            if browser {
                HttpResponse::SeeOther().insert_header((LOCATION, "../sandbox")).finish()
            } else {
                HttpResponse::NoContent().finish()
            }
        }
    }))
}

fn calls(sandbox: &Arc<Sandbox>) -> actix_web::Resource {
    let sandbox = Arc::clone(sandbox);
    web::resource("/sandbox/calls").route(web::get().to(move || {
        let calls = locked(&sandbox.calls).newest_first();
        async move { HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(calls) }
    }))
}

fn page(sandbox: &Arc<Sandbox>) -> actix_web::Resource {
    let sandbox = Arc::clone(sandbox);
    web::resource("/sandbox").route(web::get().to(move |request: HttpRequest| {
        let html = sandbox.page(language(&request)).html();
        async move {
            HttpResponse::Ok()
                .content_type("text/html; charset=utf-8")
                .insert_header((CACHE_CONTROL, "no-store"))
                .insert_header((
                    "Content-Security-Policy",
                    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
                ))
                .body(html)
        }
    }))
}

fn language(request: &HttpRequest) -> Language {
    let asked = request.query_string().split('&').find_map(|part| part.strip_prefix("lang="));
    Language::negotiate(asked.or_else(|| header(request, ACCEPT_LANGUAGE)))
}

fn header(request: &HttpRequest, name: HeaderName) -> Option<&str> {
    request.headers().get(name).and_then(|value| value.to_str().ok())
}

fn wsdl(service: Service, request: &HttpRequest) -> HttpResponse {
    let asked = request.query_string().split('&').any(|part| {
        let name = part.split('=').next().unwrap_or_default();
        name.eq_ignore_ascii_case("wsdl") || name.eq_ignore_ascii_case("singleWsdl")
    });
    if !asked {
        return HttpResponse::MethodNotAllowed().insert_header(("Allow", "POST")).finish();
    }
    let connection = request.connection_info();
    let plain = |character: char| character.is_ascii_alphanumeric() || ".-_:[]".contains(character);
    if !connection.host().chars().all(plain) {
        return HttpResponse::BadRequest().finish();
    }
    let base = format!("{}://{}", connection.scheme(), connection.host());
    HttpResponse::Ok().content_type("text/xml; charset=utf-8").body(service.wsdl_at(&base))
}

async fn call(sandbox: &Sandbox, service: Service, request: &HttpRequest, body: &[u8]) -> HttpResponse {
    let incoming = Incoming {
        content_type: header(request, CONTENT_TYPE),
        soap_action: header(request, HeaderName::from_static("soapaction")),
        body,
    };
    let outgoing = sandbox.respond(service, &incoming);
    locked(&sandbox.calls).record(sandbox.now(), service, body, &outgoing);
    if !outgoing.delay.is_zero() {
        tokio::time::sleep(outgoing.delay).await;
    }
    deliver(outgoing)
}

fn deliver(outgoing: Outgoing) -> HttpResponse {
    let status = StatusCode::from_u16(outgoing.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = HttpResponse::build(status);
    response.insert_header((CONTENT_TYPE, outgoing.content_type));
    if let Some(location) = outgoing.location {
        response.insert_header((LOCATION, location));
    }
    let half = match outgoing.delivery {
        Delivery::Whole => return response.body(outgoing.body),
        Delivery::Nothing => 0,
        Delivery::Half => outgoing.body.len() / 2,
    };
    // The whole length is announced; a body that then fails makes the server close the connection.
    let sent = Bytes::copy_from_slice(&outgoing.body[..half]);
    let sent = (half > 0).then_some(Ok(sent));
    let gone = Err(std::io::Error::from(std::io::ErrorKind::ConnectionAborted));
    let whole = outgoing.body.len() as u64;
    response.body(SizedStream::new(whole, stream::iter(sent.into_iter().chain([gone]))))
}
