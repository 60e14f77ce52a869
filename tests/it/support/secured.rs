//! The sandbox as the real upstreams are: mutual TLS, and signatures where Integrationsplatformen wants them.

use std::path::Path;
use std::sync::{Arc, LazyLock, mpsc};

use actix_web::{App, HttpServer};
use jiff::Timestamp;
use tempfile::TempDir;
use ungebro::config::{Config, DigestMethod, Identity, IdentityFiles, SignatureMethod, Signing, Tls, Verify};
use ungebro::sandbox::mtls::Certificates;
use ungebro::sandbox::{Sandbox, SandboxOptions, Signatures};
use ungebro::services::{dfdg, udb};

/// Certificates of the sandbox, and of an authority that it does not know.
pub(crate) static OWN: LazyLock<(TempDir, Certificates)> = LazyLock::new(prepare);
pub(crate) static STRANGE: LazyLock<(TempDir, Certificates)> = LazyLock::new(prepare);

fn prepare() -> (TempDir, Certificates) {
    let folder = tempfile::tempdir().unwrap();
    let hosts = ["localhost".to_owned(), "127.0.0.1".to_owned()];
    let certificates = Certificates::prepare(folder.path(), &hosts, Timestamp::now()).unwrap();
    (folder, certificates)
}

/// A sandbox until its thread ends with the tests; says where it is.
pub(crate) fn start() -> String {
    let certificates = &OWN.1;
    let anchors = std::fs::read(&certificates.authority).unwrap();
    let answers = certificates.answers_identity().unwrap();
    let signatures = Some(Arc::new(Signatures::new(&anchors, Some(&answers)).unwrap()));
    let (started, address) = mpsc::channel();
    std::thread::spawn(move || {
        let configure =
            Arc::new(Sandbox::new(SandboxOptions { signatures, ..SandboxOptions::default() })).configure();
        actix_web::rt::System::new().block_on(async move {
            let server = HttpServer::new(move || App::new().configure(configure.clone())).workers(1);
            let server = server.bind_rustls_0_23("127.0.0.1:0", OWN.1.server_config().unwrap()).unwrap();
            started.send(server.addrs()[0]).unwrap();
            server.disable_signals().run().await.unwrap();
        });
    });
    format!("https://{}", address.recv().unwrap())
}

/// Leads a configuration to the sandbox, with the identity that is made for it.
pub(crate) fn lead_to(base: &str, config: &mut Config) {
    config.udb.as_mut().unwrap().hent_institution_kontakt =
        format!("{base}{}", udb::HENT_INSTITUTION_KONTAKT.path);
    config.udb.as_mut().unwrap().indberetning_kontakt_job_og_udd_oensker =
        format!("{base}{}", udb::INDBERETNING.path);
    config.dfdg.as_mut().unwrap().endpoint = format!("{base}{}", dfdg::SERVICE.path);
    for common in [&mut config.udb.as_mut().unwrap().common, &mut config.dfdg.as_mut().unwrap().common] {
        common.tls = Tls { identity: Some(identity(&OWN.1.client)), ca_file: Some(OWN.1.authority.clone()) };
    }
    config.udb.as_mut().unwrap().signing = Some(Signing {
        identity: identity(&OWN.1.client),
        signature: SignatureMethod::RsaSha256,
        digest: DigestMethod::Sha256,
        verify: Verify::Require,
        trust_anchors: Some(OWN.1.authority.clone()),
    });
}

pub(crate) fn identity(file: &Path) -> Identity {
    Identity { current: IdentityFiles { path: file.to_owned(), password_file: None }, next: None }
}
