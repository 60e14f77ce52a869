//! Identities that change while the gateway runs: each is looked at in time, and a write under way ends well on the old one.

use std::fs;
use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use tokio::time::{sleep, timeout};
use ungebro::gateway::Gateway;

use crate::support::app;
use crate::support::secured::{OWN, STRANGE, identity, lead_to};

/// A gateway whose identities are all copies in `state`, so that a test may replace them.
async fn gateway(state: &Path) -> Gateway {
    let mut config = app::config("https://localhost:9", state);
    lead_to("https://localhost:9", &mut config);
    let copy = |name: &str| {
        let file = state.join(name);
        fs::copy(&OWN.1.client, &file).unwrap();
        identity(&file)
    };
    config.udb.as_mut().unwrap().common.tls.identity = Some(copy("udb.pem"));
    config.dfdg.as_mut().unwrap().common.tls.identity = Some(copy("dfdg.pem"));
    config.udb.as_mut().unwrap().signing.as_mut().unwrap().identity = copy("signing.pem");
    Gateway::build(config, Timestamp::now).await.unwrap()
}

fn fingerprints(gateway: &Gateway) -> [String; 3] {
    let port = |name| gateway.ports.of(name).unwrap();
    let of = |name| port(name).transport().identity().unwrap().fingerprint.clone();
    let signing = port("udb").signing().unwrap().security().identity().fingerprint.clone();
    [of("udb"), of("dfdg"), signing]
}

#[tokio::test(start_paused = true)]
async fn every_changed_identity_is_noticed_within_fifteen_seconds() {
    let state = tempfile::tempdir().unwrap();
    let gateway = gateway(state.path()).await;
    gateway.watch();
    let before = fingerprints(&gateway);
    for file in ["udb.pem", "dfdg.pem", "signing.pem"] {
        fs::copy(&STRANGE.1.client, state.path().join(file)).unwrap();
    }
    let noticed = async {
        while fingerprints(&gateway).iter().any(|fingerprint| before.contains(fingerprint)) {
            sleep(Duration::from_millis(100)).await;
        }
    };
    timeout(Duration::from_secs(15), noticed).await.unwrap();
}
