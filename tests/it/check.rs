//! `ungebro check`: everything at once, without and with the network.

use jiff::Timestamp;
use ungebro::check::{self, Finding, Report, Severity};
use ungebro::config::{Config, IdentityFiles};
use ungebro::soap::schema::load_dir;

use crate::support::app;
use crate::support::secured::{self, OWN, STRANGE, identity, lead_to};
use crate::support::upstream::{Reply, Upstream};

async fn findings(change: impl FnOnce(&mut Config, &std::path::Path)) -> Vec<Finding> {
    let state = tempfile::tempdir().unwrap();
    let mut config = app::config("http://127.0.0.1:9", state.path());
    change(&mut config, state.path());
    let mut report = Report::default();
    check::configuration(&config, Timestamp::now(), &mut report).await;
    report.findings
}

fn texts(findings: &[Finding], severity: Severity) -> Vec<&str> {
    findings.iter().filter(|finding| finding.severity == severity).map(|finding| &*finding.text).collect()
}

#[tokio::test]
async fn a_sound_configuration_has_nothing_to_say() {
    assert_eq!(findings(|_, _| {}).await, []);
}

#[tokio::test]
async fn certificates_are_named_with_their_days() {
    let found = findings(|config, _| {
        config.udb.as_mut().unwrap().common.tls.identity = Some(identity(&OWN.1.client));
        let next = IdentityFiles { path: STRANGE.1.client.clone(), password_file: None };
        config.udb.as_mut().unwrap().common.tls.identity.as_mut().unwrap().next = Some(next);
    })
    .await;
    let ok = texts(&found, Severity::Ok);
    assert!(ok[0].starts_with("upstreams.udb.tls.identity: ") && ok[0].contains("364 days left"), "{ok:?}");
    assert!(ok[1].starts_with("upstreams.udb.tls.next_identity: "), "{ok:?}");
}

#[tokio::test]
async fn no_fault_hides_another() {
    let found = findings(|config, state| {
        let broken = |name: &str, text: &str| {
            let file = state.join(name);
            std::fs::write(&file, text).unwrap();
            file
        };
        config.dfdg.as_mut().unwrap().common.tls.identity = Some(identity(&broken("id.pem", "nothing")));
        config.dfdg.as_mut().unwrap().common.tls.ca_file = Some(broken("ca.pem", "nothing"));
        config.audit.previous_cpr_hash_key_files = vec![broken("short.key", "short")];
        config.code_lists_file = Some(broken("lists.json", "["));
        config.udb.as_mut().unwrap().common.wsdl_dir = Some(state.to_owned());
    })
    .await;
    let errors = texts(&found, Severity::Error);
    for part in ["id.pem", "ca.pem", "short.key", "code_lists_file", "no *.wsdl file"] {
        let about = errors.iter().filter(|error| error.contains(part)).count();
        assert!(about > 0, "{part}: {errors:#?}");
    }
}

#[tokio::test]
async fn every_service_is_tried_and_its_tls_named() {
    let base = secured::start();
    let state = tempfile::tempdir().unwrap();
    let mut config = app::config("http://127.0.0.1:9", state.path());
    lead_to(&base, &mut config);
    config.dfdg.as_mut().unwrap().common.tls.identity = None;
    let mut report = Report::default();
    check::connect(&config, Timestamp::now(), &mut report).await;
    let ok = texts(&report.findings, Severity::Ok);
    let connected = ["HentInstitutionKontakt", "IndberetningKontaktJobOgUddOensker"];
    assert_eq!(ok, connected.map(|service| format!("{service}: connected, TLSv1_3")));
    let errors = texts(&report.findings, Severity::Error);
    assert!(errors.len() == 1 && errors[0].starts_with("PersonRegistrationService: "), "{errors:?}");
}

#[tokio::test]
async fn the_wsdls_that_the_services_serve_are_saved_and_read_back() {
    let base = secured::start();
    let state = tempfile::tempdir().unwrap();
    let mut config = app::config("http://127.0.0.1:9", state.path());
    lead_to(&base, &mut config);
    let mut report = Report::default();
    let saved = state.path().join("wsdl");
    check::fetch(&config, &saved, Timestamp::now(), &mut report).await;
    assert!(report.is_usable(), "{:?}", report.findings);
    assert_eq!(load_dir(&saved.join("udb"), None).unwrap().len(), 2);
    assert_eq!(load_dir(&saved.join("dfdg"), None).unwrap().len(), 1);
    check::fetch(&config, &saved, Timestamp::now(), &mut report).await;
    assert!(!report.is_usable(), "what is there is not written over");
}

/// The messages of a WSDL moved to schemas at `?xsd=…`, in folders and in a circle.
#[tokio::test]
async fn imports_are_followed_on_the_same_host_and_renamed() {
    let upstream = Upstream::start().await;
    let whole = ungebro::services::dfdg::SERVICE.wsdl;
    let (head, rest) = whole.split_once("<wsdl:types>").unwrap();
    let (types, tail) = rest.split_once("</wsdl:types>").unwrap();
    let declaration = regex::Regex::new("xmlns:[a-z]+=\"[^\"]+\"").unwrap();
    let namespaces: Vec<_> = declaration.find_iter(head).map(|found| found.as_str()).collect();
    let namespaces = namespaces.join(" ");
    let mut served = std::collections::HashMap::new();
    let mut imports = String::new();
    for (number, schema) in types.split("<xs:schema ").skip(1).enumerate() {
        let namespace = schema.split('"').nth(1).unwrap();
        let schema = schema.split("</xs:schema>").next().unwrap();
        let schema = schema
            .replace("<xs:import namespace=\"", "<xs:import schemaLocation=\"svc?xsd=xsd-of-\" namespace=\"");
        served
            .insert(namespace.to_owned(), (number, format!("<xs:schema {namespaces} {schema}</xs:schema>")));
        imports +=
            &format!("<xs:import namespace=\"{namespace}\" schemaLocation=\"/deep/svc?xsd=xsd{number}\"/>");
    }
    let numbers: Vec<_> =
        served.iter().map(|(namespace, (number, _))| (namespace.clone(), *number)).collect();
    let documents: std::collections::HashMap<_, _> = served
        .into_values()
        .map(|(number, mut text)| {
            for (namespace, other) in &numbers {
                let from = format!("svc?xsd=xsd-of-\" namespace=\"{namespace}\"");
                text = text.replace(&from, &format!("svc?xsd=xsd{other}\" namespace=\"{namespace}\""));
            }
            (format!("/deep/svc?xsd=xsd{number}"), text)
        })
        .collect();
    let wsdl = format!("{head}<wsdl:types><xs:schema>{imports}</xs:schema></wsdl:types>{tail}");
    upstream.answers(move |received| match documents.get(&received.path) {
        Some(schema) => Reply::xml(200, schema.clone()),
        None if received.path.ends_with("PersonRegistrationService.svc?wsdl") => {
            Reply::xml(200, wsdl.clone())
        }
        None => Reply::Redirect,
    });
    let state = tempfile::tempdir().unwrap();
    let config = app::config(&upstream.url, state.path());
    let mut report = Report::default();
    check::fetch(&config, &state.path().join("wsdl"), Timestamp::now(), &mut report).await;
    let errors = texts(&report.findings, Severity::Error);
    assert_eq!(errors.len(), 2, "{errors:#?}");
    assert!(errors.iter().all(|error| error.contains("redirects")), "{errors:#?}");
    let contracts = load_dir(&state.path().join("wsdl/dfdg"), None).unwrap();
    assert!(contracts[0].operation("CreatePersonInterview").is_some());
}
