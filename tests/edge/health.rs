//! Health, readiness and version, on the main port or one of their own.

use std::path::PathBuf;
use std::time::Duration;

use ungebro::config::{AuditOutput, JwksSource};

use crate::gateway::Server;
use crate::raw::request;

#[test]
fn a_gateway_that_can_take_calls_is_ready_and_says_how_its_parts_are() {
    let server = Server::start();
    assert_eq!(server.ask("GET /health/live", &[]).json()["status"], "live");
    let ready = server.ask("GET /health/ready", &[]);
    assert_eq!(ready.status, 200);
    let body = ready.json();
    assert_eq!(body["status"], "ready");
    assert_eq!(body["audit"]["writable"], true);
    assert_eq!(body["issuers"][0]["loaded"], true);
    assert_eq!(body["upstreams"][0]["name"], "udb");
    assert_eq!(body["upstreams"][1]["breaker"], "closed");
    assert_eq!(server.ask("GET /version", &[]).json()["version"], env!("CARGO_PKG_VERSION"));
    let head = server.ask("HEAD /health/ready", &[]);
    assert_eq!((head.status, &*head.body), (200, ""));
}

#[test]
fn a_trail_that_cannot_be_written_makes_it_not_ready() {
    let mut trail = PathBuf::new();
    let server = Server::configured(|config, folder| {
        trail = folder.join("audit.jsonl");
        config.audit.output = AuditOutput::File(trail.clone());
    });
    assert_eq!(server.ask("GET /health/ready", &[]).status, 200);
    std::fs::remove_file(&trail).unwrap();
    // The trail's own look at its file comes once a second.
    let lost = (0..100).map(|_| {
        std::thread::sleep(Duration::from_millis(100));
        server.ask("GET /health/ready", &[])
    });
    let answer = lost.into_iter().find(|answer| answer.status != 200).unwrap();
    assert_eq!((answer.status, answer.json()["status"].as_str()), (503, Some("not-ready")));
    assert_eq!(answer.json()["audit"]["writable"], false);
    assert_eq!(server.ask("GET /health/live", &[]).status, 200);
}

#[test]
fn keys_that_were_never_loaded_make_it_not_ready() {
    let server = Server::configured(|config, folder| {
        config.auth.issuers[0].jwks = JwksSource::File(folder.join("missing.json"));
    });
    let answer = server.ask("GET /health/ready", &[]);
    assert_eq!(answer.status, 503);
    assert_eq!(answer.json()["issuers"][0]["loaded"], false);
    let refused = server.look_up("a");
    assert_eq!((refused.status, &*refused.problem()), (503, "keys-unavailable"));
    assert!(refused.header("retry-after").is_some());
}

#[test]
fn an_admin_listener_has_them_instead() {
    let server = Server::configured(|config, _| {
        config.server.admin_listen = Some("127.0.0.1:0".parse().unwrap());
        config.server.base_path = "/api".to_owned();
    });
    let admin = server.admin.unwrap();
    for path in ["/health/live", "/health/ready", "/version"] {
        let line = format!("GET {path}");
        assert_eq!(request(admin, &line, &[], "").status, 200, "{path}");
        assert_eq!(server.ask(&line, &[]).status, 404, "{path}");
        assert_eq!(server.ask(&format!("GET /api{path}"), &[]).status, 404, "{path}");
    }
    let token = server.token("a");
    let path = "GET /api/youth/0506085001/contacts";
    assert_eq!(request(admin, path, &[("Authorization", &token)], "").status, 404);
    assert_eq!(server.ask(path, &[("Authorization", &token)]).status, 200);
}
