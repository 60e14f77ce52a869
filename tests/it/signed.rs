//! Signed messages as they leave: every route of Ungedatabasen, in every algorithm and SOAP version, each attempt anew.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use roxmltree::Document;
use serde_json::{Value, json};
use ungebro::config::{Config, DigestMethod, SignatureMethod, Signing, Verify};
use ungebro::soap::security::{DigestAlgorithm, SignatureAlgorithm, TrustAnchors, Verifier};

use crate::support::app::App;
use crate::support::contract::{ROUTES, Route};
use crate::support::exchange::{self, CPR, code_row, hent_svar, indberetning_svar, numbers_of};
use crate::support::sample::Extent;
use crate::support::secured::identity;
use crate::support::upstream::{Received, Reply, soap_namespace};
use crate::support::youth::numbers;

const SHA256: (SignatureMethod, DigestMethod) = (SignatureMethod::RsaSha256, DigestMethod::Sha256);
const SHA1: (SignatureMethod, DigestMethod) = (SignatureMethod::RsaSha1, DigestMethod::Sha1);
const MIXED: (SignatureMethod, DigestMethod) = (SignatureMethod::RsaSha1, DigestMethod::Sha256);

/// Name, key, algorithms, SOAP version: 1.1 where a WSDL says so.
const VARIANTS: [(&str, &str, (SignatureMethod, DigestMethod), &str); 5] = [
    ("sha256", "rsa-3072", SHA256, "1.2"),
    ("soap11", "rsa-3072", SHA256, "1.1"),
    ("sha1", "rsa-3072", SHA1, "1.2"),
    ("mixed", "rsa-2048", MIXED, "1.2"),
    ("rsa-4096", "rsa-4096", SHA256, "1.2"),
];

/// Everything that a canonical form treats in a way of its own, and the letters of the language.
const TEXT: &str = "Ærø på ny: blåbærgrød,\r\n\t<ø> & \"å\" ÆØÅ é 🚲";

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)
}

fn sign(config: &mut Config, key: &str, (signature, digest): (SignatureMethod, DigestMethod)) {
    config.udb.as_mut().unwrap().signing = Some(Signing {
        identity: identity(&data(&format!("signed/identities/{key}.pem"))),
        signature,
        digest,
        verify: Verify::Off,
        trust_anchors: None,
    });
}

fn verifier() -> Verifier {
    let read = |name: &str| std::fs::read(data(&format!("signed/identities/{name}.pem"))).unwrap();
    let anchors = TrustAnchors::from_pem(&[read("root"), read("issuing")].concat()).unwrap();
    Verifier::new(anchors, SignatureAlgorithm::RsaSha1, DigestAlgorithm::Sha1)
}

/// Path and body of a call that says as much as the route can say.
fn call_of(route: &Route) -> (String, Value) {
    let exchange::Request { path, mut body, .. } = exchange::request(route, Extent::Full);
    match route.id.as_str() {
        "queryYouthContacts" => body = json!({ "cprs": numbers(100) }),
        "reportYouth" => body["jobWishes"]["text"] = json!(TEXT),
        _ => {}
    }
    (path, body)
}

/// Nobody has contact persons; reports are accepted.
fn answer(received: &Received, version: &str) -> Reply {
    let message = received.message();
    let content = match message.find("Hent") {
        Some(_) => hent_svar(false, None, numbers_of(&message).iter().map(|cpr| code_row(cpr, 18)).collect()),
        None => indberetning_svar("<Ok>true</Ok>"),
    };
    Reply::message(version, &content)
}

/// The first look-up by number breaks off, so that the gateway sends it again; all else is sent again by the client.
async fn sent_twice(app: &App, route: &Route, version: &'static str) -> [Received; 2] {
    let (path, body) = call_of(route);
    let call = || app.call_of(route, &path).json(&body).send();
    app.upstream.answers(move |received| answer(received, version));
    let repeated = !route.writes() && route.id != "listYouthContactChanges";
    if repeated {
        let broken = std::sync::atomic::AtomicBool::new(false);
        app.upstream.answers(move |received| match broken.swap(true, std::sync::atomic::Ordering::Relaxed) {
            false => Reply::Close,
            true => answer(received, version),
        });
    } else {
        assert_eq!(call().await.status, route.status, "{}", route.id);
    }
    let answer = call().await;
    assert_eq!(answer.status, route.status, "{}: {}", route.id, answer.text());
    let received = app.upstream.take();
    if repeated {
        assert_eq!(received[0].message(), received[1].message(), "{}", route.id);
    }
    received.try_into().unwrap()
}

/// What must differ between two messages: ids, times, signature.
fn marks(received: &Received) -> Vec<String> {
    let document = Document::parse(&received.body).unwrap();
    let elements = document.descendants().filter(|node| node.is_element());
    let ids = elements.clone().flat_map(|node| node.attributes()).filter(|it| it.name() == "Id");
    let texts = elements.filter(|node| ["Created", "SignatureValue"].contains(&node.tag_name().name()));
    let ids = ids.map(|id| id.value().to_owned());
    ids.chain(texts.map(|node| node.text().unwrap().to_owned())).collect()
}

/// Leaves messages for the verifiers of `tests/peers/verify_signatures.sh`.
fn dump(name: &str, received: &Received) {
    if let Some(folder) = std::env::var_os("UNGEBRO_DUMP_SIGNED") {
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(Path::new(&folder).join(name), &received.body).unwrap();
    }
}

#[tokio::test]
async fn every_message_to_the_platform_is_signed_and_each_attempt_anew() {
    let verifier = verifier();
    for (variant, key, algorithms, version) in VARIANTS {
        let app = App::with(|config| {
            sign(config, key, algorithms);
            config.udb.as_mut().unwrap().common.wsdl_dir =
                (version == "1.1").then(|| data("wsdl-official/a/udb"));
        })
        .await;
        for route in ROUTES.iter().filter(|route| route.upstream == "udb") {
            let sent = sent_twice(&app, route, version).await;
            for (index, received) in sent.iter().enumerate() {
                let document = Document::parse(&received.body).unwrap();
                assert_eq!(document.root_element().tag_name().namespace(), Some(soap_namespace(version)));
                let verified = verifier.verify(received.body.as_bytes(), Timestamp::now()).unwrap();
                let body = std::str::from_utf8(verified.body()).unwrap();
                check_content(route, &Document::parse(body).unwrap());
                dump(&format!("{}.{variant}.{}.xml", route.id, index + 1), received);
            }
            let [first, second] = sent.map(|received| marks(&received));
            assert_eq!((first.len(), second.len()), (5, 5), "{}", route.id);
            assert!(first.iter().all(|mark| !second.contains(mark)), "{}: {first:?}", route.id);
        }
    }
}

/// What the signature covers is what the client said.
fn check_content(route: &Route, body: &Document<'_>) {
    let texts = |name: &str| -> Vec<String> {
        let named = body.descendants().filter(|node| node.tag_name().name() == name);
        named.map(|node| node.text().unwrap_or_default().to_owned()).collect()
    };
    match route.id.as_str() {
        "getYouthContacts" => assert_eq!(texts("CPRNr"), [CPR]),
        "queryYouthContacts" => {
            let (mut sent, mut asked) = (texts("CPRNr"), numbers(100));
            sent.sort();
            asked.sort();
            assert_eq!(sent, asked);
        }
        "listYouthContactChanges" => assert_eq!(texts("SidenSidst").len(), 1),
        _ => assert!(texts("JobOnsker").contains(&TEXT.to_owned()), "{:?}", texts("JobOnsker")),
    }
}
