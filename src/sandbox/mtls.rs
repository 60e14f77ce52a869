//! `--mtls`: certificates of an authority of the sandbox's own, and a server that asks for one of them.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DistinguishedName, DnType, ExtendedKeyUsagePurpose,
    IsCa, KeyPair, KeyUsagePurpose, PKCS_RSA_SHA256, RsaKeySize, date_time_ymd,
};
use rustls::crypto::aws_lc_rs::default_provider;
use rustls::server::{VerifierBuilderError, WebPkiClientVerifier};
use rustls::{RootCertStore, ServerConfig};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;

use crate::config::IdentityFiles;
use crate::transport::identity::{Identity, IdentityError};

const DAYS: i64 = 365;

/// The files of a state folder; each but the authority's own holds a chain and its key.
#[derive(Debug, Clone)]
pub struct Certificates {
    /// Certificate of the authority.
    pub authority: PathBuf,
    /// The server.
    pub server: PathBuf,
    /// A client, for TLS and for signatures: RSA 3072, as OCES3 certificates are.
    pub client: PathBuf,
    /// What answers are signed with.
    pub answers: PathBuf,
}

/// Why there are no certificates.
#[derive(Debug, thiserror::Error)]
pub enum CertificatesError {
    /// The state folder.
    #[error("{}: {error}", file.display())]
    File {
        /// The file at fault.
        file: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// Making them.
    #[error("certificates cannot be made: {0}")]
    Made(#[from] rcgen::Error),
    /// Reading them again.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// Using them.
    #[error("certificates cannot be used: {0}")]
    Tls(#[from] rustls::Error),
    /// Using the authority.
    #[error("certificates cannot be used: {0}")]
    Verifier(#[from] VerifierBuilderError),
}

impl Certificates {
    /// The certificates of a folder; made for `hosts` where they are not there or no longer valid.
    ///
    /// The authority's key is forgotten at once, so that it vouches for nobody else.
    ///
    /// # Errors
    /// A folder that cannot be written.
    pub fn prepare(folder: &Path, hosts: &[String], now: Timestamp) -> Result<Self, CertificatesError> {
        let file = |name: &str| folder.join(name);
        let certificates = Self {
            authority: file("ca.pem"),
            server: file("server.pem"),
            client: file("client.pem"),
            answers: file("answers.pem"),
        };
        if !certificates.are_usable(now) {
            fs::create_dir_all(folder)
                .map_err(|error| CertificatesError::File { file: folder.to_owned(), error })?;
            certificates.make(hosts, now)?;
        }
        Ok(certificates)
    }

    /// What a server needs that asks every client for a certificate of the authority.
    ///
    /// # Errors
    /// Files that were changed since.
    pub fn server_config(&self) -> Result<ServerConfig, CertificatesError> {
        let server = load(&self.server)?;
        let mut roots = RootCertStore::empty();
        let authority = fs::read(&self.authority)
            .map_err(|error| CertificatesError::File { file: self.authority.clone(), error })?;
        roots.add_parsable_certificates(CertificateDer::pem_slice_iter(&authority).filter_map(Result::ok));
        let provider = Arc::new(default_provider());
        let clients =
            WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider)).build()?;
        let builder = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_client_cert_verifier(clients);
        Ok(builder.with_single_cert(server.chain, server.key)?)
    }

    /// The identity with which answers are signed.
    ///
    /// # Errors
    /// A file that was changed since.
    pub fn answers_identity(&self) -> Result<Identity, CertificatesError> {
        load(&self.answers)
    }

    fn are_usable(&self, now: Timestamp) -> bool {
        let valid = |file: &Path| load(file).is_ok_and(|identity| identity.check_validity(now).is_ok());
        self.authority.is_file()
            && [&self.server, &self.client, &self.answers].into_iter().all(|file| valid(file))
    }

    fn make(&self, hosts: &[String], now: Timestamp) -> Result<(), CertificatesError> {
        let mut params = named("ungebro sandbox authority", now);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let authority = CertifiedIssuer::self_signed(params, KeyPair::generate()?)?;
        let mut server = named("ungebro sandbox", now);
        server.subject_alt_names = CertificateParams::new(hosts)?.subject_alt_names;
        server.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let mut client = named("ungebro sandbox client", now);
        client.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        let answers = named("ungebro sandbox platform", now);
        let rsa = || KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_3072);
        let certified = [
            (&self.server, server, KeyPair::generate()?),
            (&self.client, client, rsa()?),
            (&self.answers, answers, rsa()?),
        ];
        for (file, mut params, key) in certified {
            params.key_usages = vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::KeyEncipherment];
            let certificate = params.signed_by(&key, &authority)?;
            write(file, &format!("{}{}", certificate.pem(), key.serialize_pem()))?;
        }
        write(&self.authority, &authority.pem())
    }
}

fn named(name: &str, now: Timestamp) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    let ymd =
        |day: Date| date_time_ymd(day.year().into(), day.month().unsigned_abs(), day.day().unsigned_abs());
    let today = now.to_zoned(TimeZone::UTC).date();
    params.not_before = ymd(today.saturating_sub(Span::new().days(1)));
    params.not_after = ymd(today.saturating_add(Span::new().days(DAYS)));
    params
}

fn load(file: &Path) -> Result<Identity, CertificatesError> {
    Ok(Identity::load(&IdentityFiles { path: file.to_owned(), password_file: None })?)
}

/// Keys are for nobody but who runs the sandbox.
fn write(file: &Path, text: &str) -> Result<(), CertificatesError> {
    let opened = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(file);
    opened
        .and_then(|mut opened| opened.write_all(text.as_bytes()))
        .map_err(|error| CertificatesError::File { file: file.to_owned(), error })
}
