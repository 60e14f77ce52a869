//! The sandbox over HTTP: the three paths of the real services, and what a developer needs beside them.

use std::sync::Arc;

use actix_web::body::BodyStream;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, HeaderName, LOCATION};
use actix_web::{HttpRequest, HttpResponse, web};
use bytes::Bytes;
use futures_util::stream;

use super::Sandbox;
use super::exchange::Outgoing;
use super::front::Incoming;
use super::service::Service;
use super::spoil::Delivery;

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
            app.service(reset(&sandbox));
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

fn reset(sandbox: &Arc<Sandbox>) -> actix_web::Resource {
    let sandbox = Arc::clone(sandbox);
    web::resource("/sandbox/reset").route(web::post().to(move || {
        sandbox.reset();
        async { HttpResponse::NoContent().finish() }
    }))
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
    let base = format!("{}://{}", connection.scheme(), connection.host());
    HttpResponse::Ok().content_type("text/xml; charset=utf-8").body(service.wsdl_at(&base))
}

async fn call(sandbox: &Sandbox, service: Service, request: &HttpRequest, body: &[u8]) -> HttpResponse {
    let header = |name: HeaderName| request.headers().get(name).and_then(|value| value.to_str().ok());
    let incoming = Incoming {
        content_type: header(CONTENT_TYPE),
        soap_action: header(HeaderName::from_static("soapaction")),
        body,
    };
    let outgoing = sandbox.respond(service, &incoming);
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
    // A body that fails makes the server close the connection.
    let sent = Bytes::copy_from_slice(&outgoing.body[..half]);
    let sent = (half > 0).then_some(Ok(sent));
    let gone = Err(std::io::Error::from(std::io::ErrorKind::ConnectionAborted));
    response.body(BodyStream::new(stream::iter(sent.into_iter().chain([gone]))))
}
