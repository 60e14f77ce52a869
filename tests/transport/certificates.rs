//! Certificates made for a test.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    PKCS_RSA_SHA256, RsaKeySize, date_time_ymd,
};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, SupportedProtocolVersion};
use rustls_pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use ungebro::config::{Identity, IdentityFiles};

/// First day of validity and the day after the last, as year, month, day.
pub(crate) type Days = ((i32, u8, u8), (i32, u8, u8));

pub(crate) const ALWAYS: Days = ((2000, 1, 1), (2100, 1, 1));

/// An authority that signs servers and clients.
pub(crate) struct Authority(CertifiedIssuer<'static, KeyPair>);

pub(crate) struct Certified {
    pub(crate) der: CertificateDer<'static>,
    pem: String,
    key: KeyPair,
}

impl Authority {
    pub(crate) fn new(name: &str) -> Self {
        let mut params = named(name, ALWAYS);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    pub(crate) fn pem_file(&self, folder: &Path) -> PathBuf {
        write(folder, "ca.pem", &self.0.pem())
    }

    pub(crate) fn server(&self, host: &str) -> Certified {
        let mut params = CertificateParams::new([host.to_owned()]).unwrap();
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        self.sign(params, KeyPair::generate().unwrap())
    }

    /// RSA 3072, as OCES3 certificates have it.
    pub(crate) fn client(&self, name: &str, days: Days) -> Certified {
        let mut params = named(name, days);
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        let key = KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_3072).unwrap();
        self.sign(params, key)
    }

    fn sign(&self, params: CertificateParams, key: KeyPair) -> Certified {
        let certificate = params.signed_by(&key, &self.0).unwrap();
        Certified { der: certificate.der().clone(), pem: certificate.pem(), key }
    }

    /// A server that speaks one version of TLS and wants client certificates of `clients`.
    pub(crate) fn server_config(
        &self,
        host: &str,
        version: &'static SupportedProtocolVersion,
        clients: Option<&Authority>,
    ) -> Arc<ServerConfig> {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_protocol_versions(&[version])
            .unwrap();
        let builder = match clients {
            None => builder.with_no_client_auth(),
            Some(authority) => {
                let mut roots = RootCertStore::empty();
                roots.add(authority.0.der().clone()).unwrap();
                let roots = Arc::new(roots);
                builder.with_client_cert_verifier(
                    WebPkiClientVerifier::builder_with_provider(roots, provider).build().unwrap(),
                )
            }
        };
        let own = self.server(host);
        let key = PrivatePkcs8KeyDer::from(own.key.serialize_der());
        Arc::new(builder.with_single_cert(vec![own.der], key.into()).unwrap())
    }
}

impl Certified {
    pub(crate) fn pem(&self) -> String {
        self.pem.clone() + &self.key.serialize_pem()
    }

    /// Writes certificate and key to a file and returns the configuration that names it.
    pub(crate) fn identity(&self, folder: &Path) -> Identity {
        Identity { current: self.files(folder, "identity.pem"), next: None }
    }

    pub(crate) fn files(&self, folder: &Path, name: &str) -> IdentityFiles {
        IdentityFiles { path: write(folder, name, &self.pem()), password_file: None }
    }
}

fn named(name: &str, (first, end): Days) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.not_before = date_time_ymd(first.0, first.1, first.2);
    params.not_after = date_time_ymd(end.0, end.1, end.2);
    params
}

fn write(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path
}
