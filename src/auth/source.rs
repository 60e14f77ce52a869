//! Where an issuer's key set is read from: a file, a URL or memory.

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use reqwest::{Client, Url};
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use serde::Deserialize;
use tokio::io::AsyncReadExt;

use crate::config::{Issuer, JwksSource};

/// No key set is near this size; an endless answer must not fill the memory.
const MAX_OCTETS: usize = 1024 * 1024;
/// For the whole fetch, from the name look-up to the last octet.
const TIMEOUT: Duration = Duration::from_secs(5);

/// A place that can be read again and again.
pub(super) enum Source {
    File(PathBuf),
    Url(Client, Url),
    Discovery { client: Client, url: Url, issuer: String },
    Memory(String),
}

/// A configured source that can never be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SourceError {
    /// Not a URL.
    #[error("the address of the key set is not a URL")]
    NotAUrl,
    /// Neither https nor a loopback address.
    #[error("the address of the key set must be https, or http to a loopback address")]
    NotSecure,
    /// Not a file of PEM certificates.
    #[error("ca_file {0} holds no certificates that can be read")]
    Authorities(PathBuf),
    /// Not an http URL.
    #[error("the proxy's address is not an http URL")]
    Proxy,
    /// No TLS client could be set up.
    #[error("no TLS client could be set up for the key set")]
    Tls,
}

/// Why one attempt to read a key set failed. Nothing of the address or the answer is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// No such file, or no right to read it.
    #[error("the file could not be read: {0}")]
    File(std::io::ErrorKind),
    /// The issuer is slow.
    #[error("no answer within five seconds")]
    Timeout,
    /// The issuer is away.
    #[error("no connection, or it broke")]
    Connection,
    /// The issuer refuses.
    #[error("answered with status {0}")]
    Status(u16),
    /// No key set is that large.
    #[error("larger than 1 MiB")]
    TooLarge,
    /// Not of the form of RFC 7517.
    #[error("not a JSON Web Key Set")]
    NotAKeySet,
    /// Not of the form of OpenID Connect Discovery.
    #[error("the issuer's configuration document names no key set")]
    NotAConfiguration,
    /// The document is somebody else's (OpenID Connect Discovery 1.0, section 4.3).
    #[error("the issuer's configuration document names another issuer")]
    AnotherIssuer,
    /// Neither https nor a loopback address.
    #[error("the issuer's configuration document names a key set that is neither https nor on this machine")]
    KeySetNotSecure,
}

impl Source {
    pub(super) fn new(issuer: &Issuer) -> Result<Self, SourceError> {
        match &issuer.jwks {
            JwksSource::File(path) => Ok(Self::File(path.clone())),
            JwksSource::Url(url) => Ok(Self::Url(client(issuer)?, secure(url)?)),
            JwksSource::Discovery { url, issuer: name } => {
                Ok(Self::Discovery { client: client(issuer)?, url: secure(url)?, issuer: name.clone() })
            }
            JwksSource::Memory(document) => Ok(Self::Memory(document.clone())),
        }
    }

    /// Reads the document, at most 1 MiB of it in at most five seconds, twice that where it must be discovered.
    pub(super) async fn read(&self) -> Result<Vec<u8>, ReadError> {
        match self {
            Self::File(path) => read_file(path).await,
            Self::Url(client, url) => fetch(client, url.clone()).await,
            Self::Discovery { client, url, issuer } => {
                let configuration = fetch(client, url.clone()).await?;
                fetch(client, discovered(&configuration, issuer)?).await
            }
            Self::Memory(document) => Ok(document.clone().into_bytes()),
        }
    }
}

fn secure(text: &str) -> Result<Url, SourceError> {
    let url = Url::parse(text).map_err(|_| SourceError::NotAUrl)?;
    if is_secure(&url) { Ok(url) } else { Err(SourceError::NotSecure) }
}

fn is_secure(url: &Url) -> bool {
    match url.scheme() {
        "https" => true,
        "http" => is_loopback(url),
        _ => false,
    }
}

/// What is used of an OpenID Provider's metadata.
#[derive(Deserialize)]
struct Configuration {
    issuer: String,
    jwks_uri: String,
}

/// Where the issuer's configuration document says that its keys are.
fn discovered(document: &[u8], issuer: &str) -> Result<Url, ReadError> {
    let configuration: Configuration =
        serde_json::from_slice(document).map_err(|_| ReadError::NotAConfiguration)?;
    if configuration.issuer != issuer {
        return Err(ReadError::AnotherIssuer);
    }
    let url = Url::parse(&configuration.jwks_uri).map_err(|_| ReadError::NotAConfiguration)?;
    if is_secure(&url) { Ok(url) } else { Err(ReadError::KeySetNotSecure) }
}

fn is_loopback(url: &Url) -> bool {
    let Some(host) = url.host_str() else {
        return false;
    };
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// A client that goes straight to the issuer, or through the proxy that is configured: a proxy of the environment or a
/// redirect could put another's keys in place of the issuer's.
fn client(issuer: &Issuer) -> Result<Client, SourceError> {
    let proxy = issuer.proxy.as_ref().map(reqwest::Proxy::all).transpose().map_err(|_| SourceError::Proxy)?;
    let builder = || {
        let builder = Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(TIMEOUT)
            // Fetches are minutes apart; a kept connection would only be found dead.
            .pool_max_idle_per_host(0);
        match &proxy {
            Some(proxy) => builder.proxy(proxy.clone()),
            None => builder,
        }
    };
    if let Some(path) = &issuer.ca_file {
        let trusting = builder().tls_backend_preconfigured(trusting(configured_roots(path)?)?);
        return trusting.build().map_err(|_| SourceError::Tls);
    }
    // The system's trust store knows an organisation's own authority; an image without one
    // still knows the public ones.
    if let Ok(client) = builder().build() {
        return Ok(client);
    }
    let mut roots = RootCertStore::empty();
    roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    builder().tls_backend_preconfigured(trusting(roots)?).build().map_err(|_| SourceError::Tls)
}

fn configured_roots(path: &Path) -> Result<RootCertStore, SourceError> {
    let unusable = || SourceError::Authorities(path.to_owned());
    let pem = std::fs::read(path).map_err(|_| unusable())?;
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(&pem) {
        roots.add(certificate.map_err(|_| unusable())?).map_err(|_| unusable())?;
    }
    if roots.is_empty() { Err(unusable()) } else { Ok(roots) }
}

fn trusting(roots: RootCertStore) -> Result<rustls::ClientConfig, SourceError> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|_| SourceError::Tls)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(config)
}

async fn read_file(path: &PathBuf) -> Result<Vec<u8>, ReadError> {
    let failed = |error: std::io::Error| ReadError::File(error.kind());
    let file = tokio::fs::File::open(path).await.map_err(failed)?;
    let mut document = Vec::new();
    file.take(MAX_OCTETS as u64 + 1).read_to_end(&mut document).await.map_err(failed)?;
    within_limit(document)
}

async fn fetch(client: &Client, url: Url) -> Result<Vec<u8>, ReadError> {
    let request = client.get(url).header("accept", "application/json");
    let mut response = request.send().await.map_err(failure)?;
    if response.status() != reqwest::StatusCode::OK {
        return Err(ReadError::Status(response.status().as_u16()));
    }
    let mut document = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(failure)? {
        document.extend_from_slice(&chunk);
        document = within_limit(document)?;
    }
    Ok(document)
}

fn within_limit(document: Vec<u8>) -> Result<Vec<u8>, ReadError> {
    if document.len() > MAX_OCTETS {
        return Err(ReadError::TooLarge);
    }
    Ok(document)
}

fn failure(error: reqwest::Error) -> ReadError {
    if error.is_timeout() { ReadError::Timeout } else { ReadError::Connection }
}
