//! Every route, with all members and with only the required ones: what arrives upstream, what the client gets.

use regex::Regex;
use roxmltree::Node;
use serde_json::json;

use crate::support::app::{App, FUND_TYPE, token_for};
use crate::support::contract::{ROUTES, Route};
use crate::support::exchange::{
    self, CORRELATION_ID, CPR, Request, namespace_of, request, usual_reply, version_of,
};
use crate::support::sample::Extent;
use crate::support::token::Token;
use crate::support::upstream::{Received, Reply, envelope, soap_namespace};
use crate::support::xml::Element;

#[test]
fn the_contract_has_29_routes_over_24_operations() {
    let mut operations: Vec<_> = ROUTES.iter().map(|route| &route.operation).collect();
    operations.sort();
    operations.dedup();
    assert_eq!((ROUTES.len(), operations.len()), (29, 24));
}

#[tokio::test]
async fn every_route_sends_each_member_to_its_element() {
    let app = App::start().await;
    app.upstream.answers(usual_reply);
    for route in ROUTES.iter() {
        for extent in Extent::BOTH {
            let Request { path, body, message } = request(route, extent);
            let call = app.call_of(route, &path).json_unless_null(&body);
            let answer = call.send().await;
            assert_eq!(answer.status, route.status, "{} {extent:?}: {}", route.id, answer.text());
            let received = app.upstream.take_one();
            check_transport(route, &received);
            check_message(route, &received, &message);
            dump("", route, extent, "xml", &received.body);
            if let Reply::Answer { body, .. } = usual_reply(&received) {
                dump("answers", route, extent, "usual.xml", &body);
            }
            if !route.body.is_empty() {
                dump("bodies", route, extent, "json", body.to_string());
            }
        }
    }
}

/// SOAP version, content type and action are those of behaviour section 9.
fn check_transport(route: &Route, received: &Received) {
    let version = version_of(&route.operation);
    let document = roxmltree::Document::parse(&received.body).unwrap();
    assert_eq!(document.root_element().tag_name().namespace(), Some(soap_namespace(version)));
    let header = |name: &str| received.headers.get(name).map(String::as_str);
    let (path, content_type, action) = match route.upstream.as_str() {
        "dfdg" => (
            "/9/PersonRegistrationService.svc",
            "text/xml; charset=utf-8",
            Some(format!(
                "\"http://service.bm.dk/pjaktass/9/PersonRegistrationService#{}\"",
                route.operation
            )),
        ),
        _ if route.operation == "HentInstitutionKontakt" => (
            "/services/Ungedatabasen/HentInstitutionKontakt/v1.0",
            "application/soap+xml; charset=utf-8",
            None,
        ),
        _ => (
            "/services/Ungedatabasen/IndberetningKontaktJobOgUddOensker/v1",
            "application/soap+xml; charset=utf-8",
            None,
        ),
    };
    assert_eq!(received.path, path);
    assert_eq!(header("content-type"), Some(content_type));
    assert_eq!(header("soapaction"), action.as_deref());
    for name in ["authorization", "x-civilregistrationidentifier", "cookie"] {
        assert_eq!(header(name), None, "{name} is the client's own");
    }
}

/// Elements, order, values and namespaces are those of the contract.
fn check_message(route: &Route, received: &Received, expected: &Element) {
    let mut message = received.message();
    if route.upstream == "udb" {
        let transaction = message.at(&["Identifier", "SystemTransactionID"].map(str::to_owned));
        let id = transaction.text.replace(String::new()).unwrap();
        assert!(uuid::Uuid::try_parse(&id).is_ok(), "SystemTransactionID {id}");
    }
    assert_eq!(message.leaves(), expected.leaves(), "{}", route.id);
    let document = roxmltree::Document::parse(&received.body).unwrap();
    for node in body_child(&document).descendants().filter(Node::is_element) {
        let around: Vec<_> = node.ancestors().skip(1).map(|node| node.tag_name().name()).collect();
        let name = node.tag_name().name();
        let namespace = namespace_of(&route.operation, &around, name);
        assert_eq!(node.tag_name().namespace(), Some(namespace), "{}: {name}", route.id);
    }
}

fn body_child<'d>(document: &'d roxmltree::Document<'d>) -> Node<'d, 'd> {
    let body = document
        .root_element()
        .children()
        .find(|node| node.has_tag_name((node.tag_name().namespace().unwrap_or(""), "Body")));
    body.unwrap().first_element_child().unwrap()
}

/// Leaves requests for the libxml2 check of `tests/peers/validate_messages.py`, answers and bodies for `fuzz/seeds.py`.
pub(crate) fn dump(kind: &str, route: &Route, extent: Extent, ending: &str, content: impl AsRef<[u8]>) {
    if let Some(folder) = std::env::var_os("UNGEBRO_DUMP_MESSAGES") {
        let folder = std::path::Path::new(&folder).join(kind);
        let name = format!("{}.{}-{extent:?}.{ending}", route.operation, route.id);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(name), content).unwrap();
    }
}

#[tokio::test]
async fn every_answer_of_star_becomes_its_json() {
    let app = App::start().await;
    for route in ROUTES.iter().filter(|route| route.upstream == "dfdg") {
        for extent in Extent::BOTH {
            let Request { path, body, .. } = request(route, Extent::Minimal);
            let answered = exchange::answer(route, extent);
            let message = envelope("1.1", &answered.message.xml(exchange::DFDG));
            dump("answers", route, extent, "xml", &message);
            app.upstream.always(Reply::xml(200, message));
            let call = app.call_of(route, &path).json_unless_null(&body);
            let answer = call.send().await;
            assert_eq!(
                (answer.status, answer.json()),
                (route.status, answered.json),
                "{} {extent:?}",
                route.id
            );
            assert_eq!(answer.header("cache-control"), Some("no-store"));
        }
    }
}

#[tokio::test]
async fn an_answer_names_the_exchange_of_the_platform() {
    let app = App::start().await;
    app.upstream.answers(usual_reply);
    for route in ROUTES.iter().filter(|route| route.upstream == "udb" && route.id != "queryYouthContacts") {
        let Request { path, body, .. } = request(route, Extent::Minimal);
        let answer = app.call_of(route, &path).json(&body).send().await;
        assert_eq!(answer.header("x-correlation-id"), Some(CORRELATION_ID), "{}", route.id);
    }
}

/// The texts of the two SOAP headers towards STAR; `RegistrationDateTime` is checked to be a time.
fn headers_of(received: &Received) -> Vec<(String, String)> {
    let document = roxmltree::Document::parse(&received.body).unwrap();
    let header = document.root_element().first_element_child().unwrap();
    assert_eq!(header.tag_name().name(), "Header");
    let blocks = header.children().filter(Node::is_element).map(Element::read);
    let mut leaves: Vec<_> = blocks.flat_map(|block| block.leaves()).collect();
    let times = Regex::new(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?[+-]\d\d:\d\d$").unwrap();
    for (path, text) in &mut leaves {
        if path.ends_with("RegistrationDateTime") {
            assert!(times.is_match(text), "{text}");
            *text = "now".to_owned();
        }
    }
    leaves
}

#[tokio::test]
async fn star_is_told_who_calls_for_whom() {
    let app = App::with(|config| config.dfdg.as_mut().unwrap().system_user_identifier = None).await;
    app.upstream.answers(usual_reply);
    let kinds = [
        ("jobcenter:15101", "8"),
        ("external-operator:12345678", "4"),
        ("unemployment-fund:7", &*FUND_TYPE.to_string()),
    ];
    for route in ROUTES.iter().filter(|route| route.upstream == "dfdg") {
        for (authority, organisation_type) in kinds {
            let (kind, code) = authority.split_once(':').unwrap();
            if !route.authorities.iter().any(|known| known == kind) {
                continue;
            }
            let scopes = route.scopes.join(" ");
            let callers = [
                (Token::caseworker(&scopes, authority), "Mette Blå Sørensen", "2", "sagsbehandler-17"),
                (Token::system(&scopes, authority), "natjob", "3", "natjob"),
            ];
            for (token, name, user_type, identifier) in callers {
                let Request { path, body, .. } = request(route, Extent::Minimal);
                let call = app.call(&route.method, &path).token(&token).json_unless_null(&body);
                assert_eq!(call.send().await.status, route.status);
                let user = "/RequestUserMetadataHeader/RequestUserStructure";
                let organisation = "/RequestUserMetadataHeader/RequestOrganisationStructure";
                let expected = [
                    (format!("{user}/UserFullName"), name),
                    (format!("{user}/RequestUserTypeIdentifier/CodeListItemIdentifier"), user_type),
                    (format!("{user}/UserIdentifier"), identifier),
                    (
                        format!("{organisation}/OrganisationTypeIdentifier/CodeListItemIdentifier"),
                        organisation_type,
                    ),
                    (format!("{organisation}/OrganisationCode"), code),
                    ("/RequestUserMetadataHeader/RegistrationDateTime".to_owned(), "now"),
                    ("/ActiveOrganisationHeader/OrganisationTypeIdentifier".to_owned(), organisation_type),
                    ("/ActiveOrganisationHeader/OrganisationCode".to_owned(), code),
                ];
                let expected = expected.map(|(path, text)| (path, text.to_owned()));
                assert_eq!(headers_of(&app.upstream.take_one()), expected, "{}", route.id);
            }
        }
    }
}

#[tokio::test]
async fn the_headers_towards_star_stand_in_their_namespaces() {
    let app = App::start().await;
    app.upstream.answers(usual_reply);
    let route = crate::support::contract::route("updateJobcenter");
    let Request { path, body, .. } = request(route, Extent::Full);
    app.call_of(route, &path).json(&body).send().await;
    let received = app.upstream.take_one();
    let document = roxmltree::Document::parse(&received.body).unwrap();
    let header = document.root_element().first_element_child().unwrap();
    let elements = header.descendants().filter(Node::is_element).skip(1);
    let named: Vec<_> =
        elements.map(|node| (node.tag_name().name(), node.tag_name().namespace().unwrap())).collect();
    let metadata = "http://service.bm.dk/RequestUserMetadata/2015/01/21/";
    let user = "http://service.bm.dk/pjaktass/2015/01/21/RequestUserStructure/";
    let organisation = "http://service.bm.dk/pjaktass/2015/01/21/RequestOrganisationStructure/";
    let code_list = "http://service.bm.dk/pjaktass/2013/06/07/CodeListBase/";
    let active = "http://rep.oio.dk/ams.dk/xml/schemas/2005/09/01/";
    let expected = [
        ("RequestUserMetadataHeader", metadata),
        ("RequestUserStructure", user),
        ("UserFullName", user),
        (
            "RequestUserTypeIdentifier",
            "http://service.bm.dk/pjaktass/2015/01/21/RequestUserTypeIdentifierCodeList/",
        ),
        ("CodeListItemIdentifier", code_list),
        ("UserIdentifier", user),
        ("RequestOrganisationStructure", organisation),
        ("OrganisationTypeIdentifier", organisation),
        ("CodeListItemIdentifier", code_list),
        ("OrganisationCode", organisation),
        ("RegistrationDateTime", metadata),
        ("ActiveOrganisationHeader", active),
        ("OrganisationTypeIdentifier", active),
        ("OrganisationCode", active),
    ];
    assert_eq!(named, expected);
}

#[tokio::test]
async fn a_program_is_named_as_the_configuration_says() {
    let app = App::with(|config| {
        config.dfdg.as_mut().unwrap().system_user_identifier = Some("CVR:12345678-UUID:1".to_owned())
    })
    .await;
    app.upstream.answers(usual_reply);
    let route = crate::support::contract::route("deleteGroupMarking");
    let scopes = route.scopes.join(" ");
    let caseworker = Token::caseworker(&scopes, "jobcenter:15101");
    let system = Token::system(&scopes, "jobcenter:15101");
    let by_azp = caseworker.clone().without("client_id").with("azp", "sagsbehandler-17");
    let by_type = caseworker.clone().with("idtyp", "app");
    for (token, name, user_type, identifier) in [
        (system.clone(), "natjob", "3", "CVR:12345678-UUID:1"),
        (system.with("name", "Natligt job"), "Natligt job", "3", "CVR:12345678-UUID:1"),
        (by_azp, "Mette Blå Sørensen", "3", "CVR:12345678-UUID:1"),
        (by_type, "Mette Blå Sørensen", "3", "CVR:12345678-UUID:1"),
        (caseworker, "Mette Blå Sørensen", "2", "sagsbehandler-17"),
    ] {
        let Request { path, .. } = request(route, Extent::Full);
        assert_eq!(app.call(&route.method, &path).token(&token).send().await.status, 200);
        let texts: Vec<_> = headers_of(&app.upstream.take_one()).into_iter().map(|(_, text)| text).collect();
        assert_eq!(texts[..3], [name, user_type, identifier]);
    }
}

#[tokio::test]
async fn a_caseworker_without_a_usable_name_is_refused_towards_star() {
    let app = App::start().await;
    app.upstream.answers(usual_reply);
    let route = crate::support::contract::route("deleteGroupMarking");
    let token = token_for(route);
    let Request { path, .. } = request(route, Extent::Full);
    for (token, accepted) in [
        (token.clone().without("name"), false),
        (token.clone().with("name", "å".repeat(141)), false),
        (token.clone().with("name", "å".repeat(140)), true),
        (token.clone().with("name", "a\u{1}b"), false),
        (token.clone().with("name", ""), false),
        (token.clone().with("name", 7), false),
    ] {
        let answer = app.call(&route.method, &path).token(&token).send().await;
        match accepted {
            true => assert_eq!(answer.status, 200),
            false => assert_eq!(answer.refusal(), (403, "user-name-missing".to_owned())),
        }
        assert_eq!(app.upstream.take().len(), usize::from(accepted));
    }
}

#[tokio::test]
async fn a_route_without_a_body_ignores_one() {
    let app = App::start().await;
    app.upstream.answers(usual_reply);
    let route = crate::support::contract::route("deleteGroupMarking");
    let Request { path, .. } = request(route, Extent::Full);
    let answer = app.call_of(route, &path).json(&json!({"correctionComment": "x"})).send().await;
    assert_eq!(answer.status, 200);
    assert!(!app.upstream.take_one().body.contains("CorrectionComment"));
}

#[tokio::test]
async fn creations_say_where_what_they_created_is() {
    let app = App::start().await;
    app.upstream.answers(usual_reply);
    for (route, location) in [
        ("createInterview", Some("/persons/{cpr}/interviews/{id}")),
        ("addInterviewParticipant", Some("/persons/{cpr}/interviews/{interview}/participants/{id}")),
        ("createCategoryAndInterview", Some("/persons/{cpr}/interviews/{id}")),
        ("createContactGroup", Some("/persons/{cpr}/contact-groups/{id}")),
        ("createHealthLimitation", Some("/persons/{cpr}/health-limitations/{id}")),
        ("createGroupMarking", Some("/persons/{cpr}/group-markings/{id}")),
        ("createConsent", Some("/persons/{cpr}/consents/{id}")),
        // Nothing can be done at an address of these.
        ("createCategory", None),
        ("correctCategory", None),
        ("updateInterview", None),
        ("updateJobcenter", None),
    ] {
        let route = crate::support::contract::route(route);
        for cpr in [CPR, "-"] {
            let Request { path, body, .. } = request(route, Extent::Minimal);
            let written = path.replace(CPR, cpr);
            let call = app.call_of(route, &written).header("X-CivilRegistrationIdentifier", CPR).json(&body);
            let interview = written.split('/').nth(4).unwrap_or("").to_owned();
            let expected = location.map(|location| {
                let filled = location.replace("{cpr}", cpr).replace("{interview}", &interview);
                filled.replace("{id}", exchange::RECEIPT_ID)
            });
            let answer = call.send().await;
            assert_eq!(
                (answer.status, answer.header("location")),
                (route.status, expected.as_deref()),
                "{}",
                route.id
            );
        }
    }
}

#[tokio::test]
async fn an_interview_without_an_identifier_has_no_location() {
    let app = App::start().await;
    let route = crate::support::contract::route("createInterview");
    let Request { path, body, .. } = request(route, Extent::Minimal);
    let answered = exchange::answer(route, Extent::Minimal);
    app.upstream.always(Reply::xml(200, envelope("1.1", &answered.message.xml(exchange::DFDG))));
    let answer = app.call_of(route, &path).json(&body).send().await;
    assert_eq!((answer.status, answer.header("location")), (201, None));
}
