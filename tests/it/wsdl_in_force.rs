//! Official WSDLs in `wsdl_dir`: what is sent is valid under them, what is written after them is read.

use std::path::PathBuf;

use roxmltree::{Document, Node};
use serde_json::{Value, json};
use ungebro::config::{Config, RouteSettings};
use ungebro::route::binding::Binding;
use ungebro::route::differences;
use ungebro::soap::schema::{Child, Contract, ElementId, Operation, Schema, SoapVersion, Type, load_dir};

use crate::messages::dump;
use crate::support::app::App;
use crate::support::contract::{ROUTES, Route, route};
use crate::support::exchange::{self, CORRELATION_ID, CPR, request};
use crate::support::sample::Extent;
use crate::support::upstream::{Received, Reply, soap_namespace};
use crate::support::xml::Element;

const SETS: [&str; 2] = ["a", "b"];

/// The spellings that one element has in the documents.
const SAME: [[&str; 2]; 5] = [
    ["STARInstitutionNummer", "StarInstitutionNummer"],
    ["SenesteRegistrering", "SenesteRegistering"],
    ["FejlKode", "Fejlkode"],
    ["FejlTekst", "Fejltekst"],
    ["UddannelseRegistreringstid", "UddannelsesRegistreringstid"],
];

fn folder(set: &str, upstream: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/wsdl-official").join(set).join(upstream)
}

/// Puts a set of WSDLs in the place of the bundled ones.
pub(crate) fn use_set(config: &mut Config, set: &str) {
    config.udb.as_mut().unwrap().common.wsdl_dir = Some(folder(set, "udb"));
    config.dfdg.as_mut().unwrap().common.wsdl_dir = Some(folder(set, "dfdg"));
}

struct Official(Vec<Contract>);

impl Official {
    fn load(set: &str) -> Self {
        Self(
            ["udb", "dfdg"]
                .into_iter()
                .flat_map(|upstream| load_dir(&folder(set, upstream), None).unwrap())
                .collect(),
        )
    }

    fn operation(&self, name: &str) -> (&Schema, &Operation) {
        let found = |contract: &'_ Contract| contract.operation(name).is_some();
        let contract = self.0.iter().find(|contract| found(contract)).unwrap();
        (&contract.schema, contract.operation(name).unwrap())
    }
}

fn version(operation: &Operation) -> &'static str {
    match operation.soap_version {
        SoapVersion::V11 => "1.1",
        SoapVersion::V12 => "1.2",
    }
}

fn elements<'d>(node: Node<'d, 'd>) -> Vec<Node<'d, 'd>> {
    node.children().filter(Node::is_element).collect()
}

/// Envelope, headers, action and body are those of the WSDL.
fn check(route: &Route, received: &Received, official: &Official) {
    let (schema, operation) = official.operation(&route.operation);
    let document = Document::parse(&received.body).unwrap();
    let envelope = document.root_element();
    assert_eq!(envelope.tag_name().namespace(), Some(soap_namespace(version(operation))), "{}", route.id);
    let parts = elements(envelope);
    let valid = |id: ElementId, node: Node<'_, '_>| {
        let violations = schema.validate(id, node);
        assert!(violations.is_empty(), "{}: {violations:?}\n{}", route.id, received.body);
    };
    let headers = if parts.len() == 2 { elements(parts[0]) } else { Vec::new() };
    assert_eq!(headers.len(), operation.input.headers.len(), "{}", route.id);
    operation.input.headers.iter().zip(headers).for_each(|(id, node)| valid(*id, node));
    valid(operation.input.body, parts.last().unwrap().first_element_child().unwrap());
    let header = |name: &str| received.headers.get(name).map(String::as_str);
    let action = operation.soap_action.as_deref().unwrap();
    match operation.soap_version {
        SoapVersion::V11 => {
            assert_eq!(header("soapaction"), Some(&*format!("\"{action}\"")));
            assert_eq!(header("content-type"), Some("text/xml; charset=utf-8"));
        }
        SoapVersion::V12 => {
            assert_eq!(header("soapaction"), None);
            let content_type = format!("application/soap+xml; charset=utf-8; action=\"{action}\"");
            assert_eq!(header("content-type"), Some(&*content_type));
        }
    }
}

/// The texts of a message, in no order: names and places are the WSDL's.
fn texts(message: &Element) -> Vec<String> {
    let leaves = message.leaves().into_iter();
    let texts = leaves.filter(|(path, text)| !path.ends_with("/SystemTransactionID") && !text.is_empty());
    let mut texts: Vec<_> = texts.map(|(_, text)| text).collect();
    texts.sort();
    texts
}

/// The start and end tag of an element, without their brackets.
fn tags(schema: &Schema, id: ElementId) -> (String, String) {
    let name = &schema.element(id).name;
    match &name.namespace {
        Some(namespace) => (format!("p:{} xmlns:p=\"{namespace}\"", name.local), format!("p:{}", name.local)),
        None => (name.local.to_string(), name.local.to_string()),
    }
}

/// An element of an answer, written as the WSDL has it.
fn written(schema: &Schema, id: ElementId, element: &Element) -> String {
    let declared = schema.element(id);
    let (open, close) = tags(schema, id);
    let children = schema.children(declared.type_id);
    // The contract wraps the values of code lists; the WSDL may not, or otherwise.
    let text = match element.children.as_slice() {
        [only] if only.name == "CodeListItemIdentifier" => &only.text,
        _ => &element.text,
    };
    let content = match (text, schema.element_type(id)) {
        (Some(text), Type::Complex(_)) if !children.is_empty() => {
            let holder = children.iter().find(|child| child.min > 0).unwrap();
            written(schema, holder.element, &Element::leaf("", text))
        }
        (Some(text), _) => text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"),
        (None, _) => {
            let is = |name: &str, local: &str| {
                name == local || SAME.iter().any(|same| same.contains(&name) && same.contains(&local))
            };
            let named = |child: ElementId| {
                let local = schema.element(child).name.local.to_string();
                element.children.iter().filter(move |given| is(&given.name, &local))
            };
            let written = |child: ElementId| named(child).map(move |given| written(schema, child, given));
            let required_nil = |child: &Child| {
                let nil = child.min > 0 && schema.element(child.element).nillable;
                let (open, _) = tags(schema, child.element);
                let xsi = "http://www.w3.org/2001/XMLSchema-instance";
                nil.then(|| format!("<{open} xmlns:xsi=\"{xsi}\" xsi:nil=\"true\"/>"))
            };
            let one = |child: &Child| match written(child.element).collect::<String>() {
                none if none.is_empty() => required_nil(child).unwrap_or_default(),
                some => some,
            };
            children.iter().map(one).collect()
        }
    };
    format!("<{open}>{content}</{close}>")
}

/// The answer in an envelope of the WSDL's version; it is valid itself.
fn reply(official: &Official, operation: &str, answer: &Element) -> Reply {
    let (schema, operation) = official.operation(operation);
    let message = written(schema, operation.output.body, answer);
    let document = Document::parse(&message).unwrap();
    let violations = schema.validate(operation.output.body, document.root_element());
    assert!(violations.is_empty(), "{violations:?}\n{message}");
    Reply::message(version(operation), &message)
}

fn platform_answer(message: Element) -> Element {
    let identifier = vec![
        Element::leaf("SystemName", "ungebro-test"),
        Element::leaf("SystemTransactionID", CORRELATION_ID),
    ];
    Element::with(
        "Response",
        vec![
            Element::with("Identifier", identifier),
            Element::leaf("CorrelationID", CORRELATION_ID),
            Element::with("Message", vec![message]),
        ],
    )
}

fn leaves(name: &str, texts: &[(&str, &str)]) -> Element {
    Element::with(name, texts.iter().map(|(name, text)| Element::leaf(name, text)).collect())
}

fn contacts() -> Element {
    let row = leaves(
        "ElevKontaktPerson",
        &[
            ("CPRNr", CPR),
            ("KontaktPerson", "Søs & Bo"),
            ("KontaktTelefon", "70101010"),
            ("InstitutionNummer", "281047"),
        ],
    );
    platform_answer(Element::with(
        "HentSvar",
        vec![
            Element::leaf("FindesFlereKontaktPersoner", "false"),
            Element::leaf("SenesteRegistrering", "2026-02-03T04:05:06Z"),
            row,
        ],
    ))
}

/// Without the members that the set has no element for.
fn sendable(set: &str, body: &mut Value, message: &mut Element) {
    if set == "b" {
        strip(message);
        for pointer in ["", "/interview"] {
            if let Some(object) = body.pointer_mut(pointer).and_then(Value::as_object_mut) {
                object.remove("bookingIdentifier");
            }
        }
    }
}

fn strip(element: &mut Element) {
    element.children.retain(|child| child.name != "BookingIdentifier");
    element.children.iter_mut().for_each(strip);
}

/// What `docs/going-live.md` promises to follow, and a text that only WSDLs with it have.
const FEATURES: [(&str, &str); 17] = [
    ("import", "<xs:import "),
    ("include", "<xs:include "),
    ("a location beside", "schemaLocation=\"./"),
    ("a location above", "schemaLocation=\"../"),
    ("element ref", "<xs:element ref="),
    ("extension", "<xs:extension "),
    ("abstract types", "abstract=\"true\""),
    ("restriction of content", "<xs:complexContent>\n      <xs:restriction "),
    ("attributes", "<xs:attribute "),
    ("required attributes", "use=\"required\""),
    ("nillable", "nillable=\"true\""),
    ("choice", "<xs:choice"),
    ("all", "<xs:all>"),
    ("any", "<xs:any "),
    ("type within itself", "name=\"RelatedInterview\" type=\"prs:PersonInterviewType\""),
    ("form", "form=\"qualified\""),
    ("unqualified elements", "elementFormDefault=\"unqualified\""),
];

/// So that an edit of the sets cannot quietly take something out of the tests below.
#[test]
fn the_sets_use_everything_that_is_followed() {
    let files = SETS.map(|set| ["udb", "dfdg"].map(|upstream| texts_below(&folder(set, upstream))));
    let text = files.concat().concat();
    for (feature, mark) in FEATURES {
        assert!(text.contains(mark), "no {feature}");
    }
}

fn texts_below(folder: &std::path::Path) -> String {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let text = |path: PathBuf| match path.is_dir() {
        true => texts_below(&path),
        false => std::fs::read_to_string(path).unwrap(),
    };
    entries.map(text).collect()
}

#[tokio::test]
async fn every_request_is_valid_under_the_wsdl_in_force() {
    for set in SETS {
        let official = Official::load(set);
        let app = App::with(|config| use_set(config, set)).await;
        for route in ROUTES.iter() {
            for extent in Extent::BOTH {
                let exchange::Request { path, mut body, mut message } = request(route, extent);
                sendable(set, &mut body, &mut message);
                let call = app.call_of(route, &path).json_unless_null(&body);
                let answer = call.send().await;
                let received = app.upstream.take();
                assert!(!received.is_empty(), "{set} {} {extent:?}: {}", route.id, answer.text());
                check(route, &received[0], &official);
                dump(&format!("official-{set}"), route, extent, "xml", &received[0].body);
                assert_eq!(texts(&received[0].message()), texts(&message), "{set} {}", route.id);
            }
        }
    }
}

#[tokio::test]
async fn answers_written_after_the_wsdl_in_force_are_read() {
    for set in SETS {
        let official = Official::load(set);
        let app = App::with(|config| use_set(config, set)).await;
        for route in ROUTES.iter().filter(|route| route.upstream == "dfdg") {
            for extent in Extent::BOTH {
                let exchange::Request { path, mut body, mut message } = request(route, Extent::Minimal);
                sendable(set, &mut body, &mut message);
                let mut answered = exchange::answer(route, extent);
                sendable(set, &mut answered.json, &mut answered.message);
                app.upstream.always(reply(&official, &route.operation, &answered.message));
                let call = app.call_of(route, &path).json_unless_null(&body);
                let answer = call.send().await;
                assert_eq!(
                    (answer.status, answer.json()),
                    (route.status, answered.json),
                    "{set} {}",
                    route.id
                );
            }
        }
    }
}

#[tokio::test]
async fn answers_of_the_platform_are_read_in_either_spelling() {
    for set in SETS {
        let official = Official::load(set);
        let app = App::with(|config| use_set(config, set)).await;
        app.upstream.always(reply(&official, "HentInstitutionKontakt", &contacts()));
        let contact = json!({ "name": "Søs & Bo", "phone": "70101010", "institutionNumber": 281047 });
        let one = app.call_of(route("getYouthContacts"), &format!("/youth/{CPR}/contacts")).send().await;
        assert_eq!(one.json()["contacts"], json!([contact]), "{set}: {}", one.text());
        let exchange::Request { path, .. } = request(route("listYouthContactChanges"), Extent::Full);
        let page = app.call_of(route("listYouthContactChanges"), &path).send().await;
        assert_eq!(page.json()["latestRegistration"], "2026-02-03T04:05:06Z", "{set}");
        let fault = leaves("Fejl", &[("Fejlkode", "280"), ("Fejltekst", "Fremdateret")]);
        let answer =
            platform_answer(Element::with("IndberetningSvar", vec![Element::leaf("Ok", "true"), fault]));
        app.upstream.always(reply(&official, "IndberetningKontaktJobOgUddOensker", &answer));
        let exchange::Request { path, body, .. } = request(route("reportYouth"), Extent::Full);
        let report = app.call_of(route("reportYouth"), &path).json(&body).send().await;
        assert_eq!(report.json()["warning"]["code"], "280", "{set}");
    }
}

#[tokio::test]
async fn a_member_without_an_element_is_refused_with_its_pointer() {
    let app = App::with(|config| use_set(config, "b")).await;
    for (id, pointer) in [
        ("createInterview", "/bookingIdentifier"),
        ("createCategoryAndInterview", "/interview/bookingIdentifier"),
    ] {
        let exchange::Request { path, body, .. } = request(route(id), Extent::Full);
        let answer = app.call_of(route(id), &path).json(&body).send().await;
        let pointers: Vec<_> = answer.json()["errors"]
            .as_array()
            .unwrap()
            .iter()
            .map(|error| error["pointer"].clone())
            .collect();
        assert_eq!((answer.status, pointers), (422, vec![json!(pointer)]));
        let mut more = body.clone();
        more["notKnown"] = json!(1);
        let answer = app.call_of(route(id), &path).json(&more).send().await;
        assert_eq!(answer.places(), ["/notKnown", pointer], "with every other fault");
        assert!(app.upstream.take().is_empty());
    }
}

#[tokio::test]
async fn what_the_client_leaves_out_of_a_required_element_is_sent_as_nil() {
    let app = App::with(|config| use_set(config, "b")).await;
    let exchange::Request { path, .. } = request(route("reportYouth"), Extent::Full);
    let body =
        json!({ "jobWishes": { "text": "Noget udendørs", "registeredAt": "2026-01-15T08:00:00+01:00" } });
    app.call_of(route("reportYouth"), &path).json(&body).send().await;
    let received = app.upstream.take_one();
    check(route("reportYouth"), &received, &Official::load("b"));
    let document = Document::parse(&received.body).unwrap();
    let nil = ("http://www.w3.org/2001/XMLSchema-instance", "nil");
    let nils: Vec<_> = document
        .descendants()
        .filter(|node| node.has_attribute(nil))
        .map(|node| node.tag_name().name())
        .collect();
    assert_eq!(nils, ["KommuneKontakt", "UddannelsesOnsker"]);
}

fn binding(change: impl FnOnce(&mut Config)) -> Binding {
    let state = tempfile::tempdir().unwrap();
    let mut config = crate::support::app::config("http://127.0.0.1:9", state.path());
    change(&mut config);
    Binding::of(&config)
}

#[test]
fn the_bundled_wsdls_differ_in_nothing() {
    let binding = binding(|_| {});
    assert_eq!((differences::lines(&binding.differences), binding.faults.len()), (Vec::new(), 0));
}

#[test]
fn each_difference_is_said_once_with_its_consequence() {
    let binding = binding(|config| use_set(config, "b"));
    assert!(binding.faults.is_empty(), "{:?}", binding.faults);
    let lines = differences::lines(&binding.differences);
    for expected in [
        "createInterview and updateInterview cannot send bookingIdentifier: no element BookingIdentifier",
        "createCategoryAndInterview cannot send interview.bookingIdentifier: no element BookingIdentifier",
        "createCategoryAndInterview may be refused for interview.agreementDescription: at most 2000 characters upstream, 3000 here",
    ] {
        assert!(lines.iter().any(|line| line == expected), "{lines:#?}");
    }
}

/// A copy of a set's WSDLs with one text in place of another.
fn changed(upstream: &str, from: &str, to: &str) -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    let mut changed = false;
    for entry in std::fs::read_dir(folder("b", upstream)).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        changed |= text.contains(from);
        std::fs::write(copy.path().join(path.file_name().unwrap()), text.replace(from, to)).unwrap();
    }
    assert!(changed, "{from}");
    copy
}

#[test]
fn a_route_that_cannot_work_is_named_and_one_that_is_switched_off_does_not_count() {
    let legal_basis = "<xs:complexType name=\"CreatePersonInterviewRequestType\">\n        <xs:sequence>";
    let with = format!("{legal_basis}<xs:element name=\"LegalBasis\" type=\"xs:string\"/>");
    let dfdg = changed("dfdg", legal_basis, &with);
    let faults = |off: &[&'static str]| {
        let binding = binding(|config| {
            config.dfdg.as_mut().unwrap().common.wsdl_dir = Some(dfdg.path().to_owned());
            for id in off {
                config.routes.0.insert((*id).to_owned(), RouteSettings { enabled: false, authorities: None });
            }
        });
        binding.faults.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let fault = "createInterview: cannot fill CreatePersonInterviewRequest/LegalBasis: the upstream requires it, and the route has nothing for it";
    assert_eq!(faults(&[]), [fault]);
    assert_eq!(faults(&["createInterview"]), [""; 0]);
}

#[test]
fn a_feed_without_its_time_cannot_work() {
    let udb = changed("udb", "SidenSidst", "SidenHvornaar");
    let binding =
        binding(|config| config.udb.as_mut().unwrap().common.wsdl_dir = Some(udb.path().to_owned()));
    let faults: Vec<_> = binding.faults.iter().map(ToString::to_string).collect();
    assert_eq!(faults, ["listYouthContactChanges: cannot send since: no element SidenSidst"]);
}

#[test]
fn a_missing_operation_names_every_route_over_it() {
    let udb = changed("udb", "HentInstitutionKontakt", "HentKontakt");
    let binding =
        binding(|config| config.udb.as_mut().unwrap().common.wsdl_dir = Some(udb.path().to_owned()));
    let faults: Vec<_> = binding.faults.iter().map(ToString::to_string).collect();
    let expected = ["getYouthContacts", "queryYouthContacts", "listYouthContactChanges"]
        .map(|route| format!("{route}: no WSDL has the operation HentInstitutionKontakt"));
    assert_eq!(faults, expected);
}

#[test]
fn a_list_that_the_upstream_takes_less_of_is_said() {
    let udb =
        changed("udb", "type=\"tns:ElevType\" maxOccurs=\"100\"", "type=\"tns:ElevType\" maxOccurs=\"50\"");
    let binding =
        binding(|config| config.udb.as_mut().unwrap().common.wsdl_dir = Some(udb.path().to_owned()));
    let lines = differences::lines(&binding.differences);
    let expected = "queryYouthContacts may be refused for cprs: the upstream takes at most 50 of them";
    assert!(lines.iter().any(|line| line == expected), "{lines:#?}");
}
