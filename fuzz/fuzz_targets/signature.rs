//! Signed answers: nothing is accepted whose Body is not one that the key signed.
#![no_main]

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;
use ungebro::soap::security::{DigestAlgorithm, SignatureAlgorithm, TrustAnchors, Verifier};

/// A moment at which the golden documents hold.
const NOW: &str = "2027-01-02T03:04:05Z";

struct Known {
    verifier: Verifier,
    now: Timestamp,
    bodies: Vec<Vec<u8>>,
}

static KNOWN: LazyLock<Known> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/data/signed");
    let pem = |name: &str| fs::read(folder.join("identities").join(name)).expect("a certificate");
    let anchors = TrustAnchors::from_pem(&[pem("root.pem"), pem("issuing.pem")].concat()).expect("anchors");
    let verifier = Verifier::new(anchors, SignatureAlgorithm::RsaSha1, DigestAlgorithm::Sha1);
    let now = NOW.parse().expect("an instant");
    let golden = fs::read_dir(folder.join("golden")).expect("the golden documents");
    let bodies = golden.map(|file| {
        let document = fs::read(file.expect("a file").path()).expect("a document");
        verifier.verify(&document, now).expect("it holds").body().to_vec()
    });
    let bodies = bodies.collect();
    Known { verifier, now, bodies }
});

fuzz_target!(|data: &[u8]| {
    let known = &*KNOWN;
    if let Ok(verified) = known.verifier.verify(data, known.now) {
        assert!(known.bodies.iter().any(|body| body == verified.body()));
    }
});
