//! Paths and methods: each route has one address, and tricks lead to no other.

use ungebro::config::RouteSettings;

use crate::gateway::{Server, YOUNG_PERSON};

#[test]
fn another_spelling_of_a_path_is_no_route() {
    let server = Server::start();
    let token = server.token("a");
    let headers = [("Authorization", &*token)];
    for path in [
        "/Youth/0506085001/contacts",
        "/youth/0506085001/Contacts",
        "//youth/0506085001/contacts",
        "/youth//0506085001/contacts",
        "/youth/0506085001//contacts",
        "/youth/0506085001/contacts/",
        "/youth/0506085001/contacts//",
        "/youth/0506085001/./contacts",
        "/youth/0506085001/x/../contacts",
        "/x/../youth/0506085001/contacts",
        "/youth%2f0506085001%2fcontacts",
        "/youth/0506085001%2fcontacts",
        "/youth/0506085001%2Fcontacts",
        "/youth/0506085001%5ccontacts",
        "/youth/0506085001/contacts%00",
        "/youth/0506085001/contacts%20",
        "/youth/0506085001/contacts;a=b",
        "/youth/0506085001/contacts/..",
        "/youth/0506085001/contacts.json",
        "/%2e%2e/youth/0506085001/contacts",
        "/v1/youth/0506085001/contacts",
        "*",
    ] {
        let answer = server.ask(&format!("GET {path}"), &headers);
        assert_eq!((answer.status, &*answer.problem()), (404, "not-found"), "{path}");
    }
}

#[test]
fn what_stands_for_a_number_must_be_one() {
    let server = Server::start();
    let token = server.token("a");
    for segment in [
        "..",
        "%2e%2e",
        ".",
        "0506085001%00",
        "0506085001%20",
        "%20",
        "050608-5001",
        "0506085001%2f",
        "0506085001;x",
        "%d9%a0",
        "*",
        "0000000000",
    ] {
        let answer = server.ask(&format!("GET /youth/{segment}/contacts"), &[("Authorization", &token)]);
        assert_eq!((answer.status, &*answer.problem()), (400, "invalid-cpr"), "{segment}");
        assert!(!answer.body.contains("050608"), "{segment}: the value is not repeated");
    }
}

#[test]
fn a_number_may_be_percent_encoded() {
    let server = Server::start();
    let answer = server.ask("GET /youth/%30506085001/contacts", &[("Authorization", &server.token("a"))]);
    assert_eq!(answer.status, 200);
    assert_eq!(answer.json()["cpr"], YOUNG_PERSON);
}

#[test]
fn methods_that_a_path_does_not_have_are_named_and_refused() {
    let server = Server::start();
    let look_up = format!("/youth/{YOUNG_PERSON}/contacts");
    for method in ["HEAD", "OPTIONS", "TRACE", "POST", "PUT", "PATCH", "DELETE", "PURGE", "get"] {
        let answer = crate::raw::request(server.address, &format!("{method} {look_up}"), &[], "");
        assert_eq!(answer.status, 405, "{method}");
        assert_eq!(answer.header("allow").unwrap(), "GET", "{method}");
        if method == "HEAD" {
            assert_eq!(answer.body, "");
        } else {
            assert_eq!(answer.problem(), "method-not-allowed", "{method}");
        }
    }
}

#[test]
fn reading_registrations_back_is_refused_with_the_reason() {
    let answer = Server::start().ask("GET /persons/0708850001/interviews", &[]);
    assert_eq!((answer.status, &*answer.header("allow").unwrap()), (405, "POST"));
    let detail = answer.json()["detail"].as_str().unwrap().to_owned();
    assert!(detail.contains("No upstream operation reads registrations back"), "{detail}");
}

#[test]
fn headers_that_name_another_method_or_path_are_ignored() {
    let server = Server::start();
    let headers = [
        ("X-HTTP-Method-Override", "GET"),
        ("X-HTTP-Method", "GET"),
        ("X-Method-Override", "GET"),
        ("X-Original-URL", "/version"),
        ("X-Rewrite-URL", "/version"),
        ("X-Forwarded-Prefix", "/x"),
    ];
    assert_eq!(server.ask("POST /version", &headers).status, 405);
    assert_eq!(server.ask("GET /nowhere", &headers).status, 404);
    assert_eq!(server.ask("POST /version?_method=GET", &[]).status, 405);
}

#[test]
fn a_route_that_is_switched_off_is_unknown() {
    let server = Server::configured(|config, _| {
        let off = RouteSettings { enabled: false, authorities: None };
        config.routes.0.insert("getYouthContacts".to_owned(), off);
    });
    assert_eq!(server.look_up("a").status, 404);
}

#[test]
fn a_base_path_is_before_everything() {
    let server = Server::configured(|config, _| config.server.base_path = "/youth/api".to_owned());
    assert_eq!(server.ask("GET /youth/api/version", &[]).status, 200);
    assert_eq!(server.ask("GET /version", &[]).status, 404);
    let refused = server.ask(&format!("GET /youth/api/youth/{YOUNG_PERSON}/contacts"), &[]);
    assert_eq!(refused.json()["type"], "/youth/api/problems/unauthorized");
    assert_eq!(server.ask("GET /nowhere", &[]).json()["type"], "/youth/api/problems/not-found");
}

#[test]
fn the_log_has_the_route_and_never_the_path() {
    let server = Server::start();
    let person = "0101990042";
    server.ask(&format!("GET /youth/{person}/contacts"), &[("Authorization", &server.token("a"))]);
    server.ask(&format!("GET /youth/{person}/nothing"), &[]);
    server.ask(&format!("LOOK{person} /youth/{person}/contacts"), &[]);
    let logged = crate::gateway::logged();
    assert!(logged.contains("/youth/{cpr}/contacts"));
    assert!(!logged.contains(person), "{logged}");
}
