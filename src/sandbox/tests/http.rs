//! The sandbox over HTTP.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::http::header::{ACCEPT, ALLOW, LOCATION};
use actix_web::test::{TestRequest, call_service, init_service, read_body};
use actix_web::{App, HttpServer};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::client::{Client, action, now};
use super::samples::{MADS, create_interview, look_up};
use crate::sandbox::service::Service;
use crate::sandbox::{Gateway, Sandbox, SandboxOptions};
use crate::soap::schema::load_str;

fn sandbox() -> Arc<Sandbox> {
    Arc::new(Sandbox::new(SandboxOptions { clock: Arc::new(now), ..SandboxOptions::default() }))
}

#[actix_web::test]
async fn each_service_serves_its_wsdl_with_the_address_asked_for() {
    let app = init_service(App::new().configure(sandbox().configure())).await;
    for service in Service::ALL {
        for query in ["?wsdl", "?WSDL", "?singleWsdl"] {
            let request = TestRequest::get()
                .uri(&format!("{}{query}", service.path()))
                .insert_header(("Host", "box.test:81"));
            let body = read_body(call_service(&app, request.to_request()).await).await;
            let contract =
                load_str(&[("a.wsdl", std::str::from_utf8(&body).unwrap())], None).unwrap().remove(0);
            assert_eq!(contract.address.as_deref(), Some(&*format!("http://box.test:81{}", service.path())));
        }
        let answer = call_service(&app, TestRequest::get().uri(service.path()).to_request()).await;
        assert_eq!(
            (answer.status(), answer.headers().get(ALLOW).unwrap()),
            (StatusCode::METHOD_NOT_ALLOWED, &"POST".parse().unwrap())
        );
    }
}

#[actix_web::test]
async fn calls_are_kept_as_soap_shown_escaped_and_forgotten_on_reset() {
    let sandbox = sandbox();
    sandbox.stand_behind(Gateway {
        base_url: "http://127.0.0.1:8080".to_owned(),
        token: Some("t<o>k\"en".to_owned()),
        token_of_all: None,
    });
    let app = init_service(App::new().configure(sandbox.configure())).await;
    let (service, body) = Client::new().envelope("HentInstitutionKontakt", &look_up(&["0506085007"]));
    let send = TestRequest::post()
        .uri(service.path())
        .insert_header(("Content-Type", "application/soap+xml"))
        .set_payload(body);
    assert_eq!(call_service(&app, send.to_request()).await.status(), StatusCode::OK);
    let calls = || TestRequest::get().uri("/sandbox/calls").to_request();
    let kept: Vec<Value> = actix_web::test::call_and_read_body_json(&app, calls()).await;
    assert_eq!(
        (kept.len(), &kept[0]["operation"], &kept[0]["status"]),
        (1, &"HentInstitutionKontakt".into(), &200.into())
    );
    assert!(kept[0]["request"].as_str().unwrap().contains("<CPRNr>0506085007</CPRNr>"));
    let page = TestRequest::get().uri("/sandbox?lang=da").to_request();
    let page = String::from_utf8(read_body(call_service(&app, page).await).await.to_vec()).unwrap();
    assert!(
        page.contains("Sandkasse")
            && page.contains("&lt;CPRNr&gt;0506085007")
            && page.contains("t&lt;o&gt;k&quot;en")
    );
    let reset = TestRequest::post().uri("/sandbox/reset").insert_header((ACCEPT, "text/html")).to_request();
    let answer = call_service(&app, reset).await;
    assert_eq!(
        (answer.status(), answer.headers().get(LOCATION).unwrap()),
        (StatusCode::SEE_OTHER, &"../sandbox".parse().unwrap())
    );
    let answer = call_service(&app, TestRequest::post().uri("/sandbox/reset").to_request()).await;
    assert_eq!(answer.status(), StatusCode::NO_CONTENT);
    let kept: Vec<Value> = actix_web::test::call_and_read_body_json(&app, calls()).await;
    assert!(kept.is_empty());
}

#[actix_web::test]
async fn a_request_that_is_too_large_is_refused() {
    let app = init_service(App::new().configure(sandbox().configure())).await;
    let large = TestRequest::post().uri(Service::LookUp.path()).set_payload(vec![b' '; 2 << 20]).to_request();
    assert_eq!(call_service(&app, large).await.status(), StatusCode::PAYLOAD_TOO_LARGE);
}

/// All bytes that a raw connection gets for an interview with a trigger.
async fn raw(number: &str) -> String {
    let sandbox = sandbox();
    let configure = sandbox.configure();
    let server = HttpServer::new(move || App::new().configure(configure.clone()))
        .workers(1)
        .bind("127.0.0.1:0")
        .unwrap();
    let address = server.addrs()[0];
    let server = server.run();
    let handle = server.handle();
    let running = actix_web::rt::spawn(server);
    let (service, body) = Client::new().envelope("CreatePersonInterview", &create_interview(MADS));
    let body = String::from_utf8(body).unwrap().replace(MADS, &format!("010199{number}"));
    let head = format!(
        "POST {} HTTP/1.1\r\nHost: a\r\nContent-Type: text/xml\r\nSOAPAction: {}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        service.path(),
        action("CreatePersonInterview").unwrap(),
        body.len(),
    );
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    stream.write_all([head, body].concat().as_bytes()).await.unwrap();
    let mut received = Vec::new();
    let _ = stream.read_to_end(&mut received).await;
    handle.stop(false).await;
    running.await.unwrap().unwrap();
    String::from_utf8_lossy(&received).into_owned()
}

#[actix_web::test]
async fn a_dropped_connection_says_nothing_or_half() {
    assert!(raw("7000").await.starts_with("HTTP/1.1 "));
    assert_eq!(raw("7023").await, "");
    let half = raw("7024").await;
    assert!(!half.contains("</s:Envelope>"), "{half}");
}
