//! Where an issuer's key set is read from: a file, a URL or memory.

use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use reqwest::{Client, Url};
use tokio::io::AsyncReadExt;

use crate::config::JwksSource;

/// No key set is near this size; an endless answer must not fill the memory.
const MAX_OCTETS: usize = 1024 * 1024;
/// For the whole fetch, from the name look-up to the last octet.
const TIMEOUT: Duration = Duration::from_secs(5);

/// A place that can be read again and again.
pub(super) enum Source {
    File(PathBuf),
    Url(Client, Url),
    Memory(String),
}

/// A configured source that can never be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SourceError {
    /// Not a URL.
    #[error("the address of the key set is not a URL")]
    NotAUrl,
    /// Neither https nor a loopback address.
    #[error("the address of the key set must be https, or http to a loopback address")]
    NotSecure,
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
}

impl Source {
    pub(super) fn new(configured: &JwksSource) -> Result<Self, SourceError> {
        match configured {
            JwksSource::File(path) => Ok(Self::File(path.clone())),
            JwksSource::Url(url) => Self::url(url),
            JwksSource::Memory(document) => Ok(Self::Memory(document.clone())),
        }
    }

    fn url(text: &str) -> Result<Self, SourceError> {
        let url = Url::parse(text).map_err(|_| SourceError::NotAUrl)?;
        let secure = match url.scheme() {
            "https" => true,
            "http" => is_loopback(&url),
            _ => false,
        };
        if !secure {
            return Err(SourceError::NotSecure);
        }
        Ok(Self::Url(client()?, url))
    }

    /// Reads the document, at most 1 MiB of it in at most five seconds.
    pub(super) async fn read(&self) -> Result<Vec<u8>, ReadError> {
        match self {
            Self::File(path) => read_file(path).await,
            Self::Url(client, url) => fetch(client, url.clone()).await,
            Self::Memory(document) => Ok(document.clone().into_bytes()),
        }
    }
}

fn is_loopback(url: &Url) -> bool {
    let Some(host) = url.host_str() else {
        return false;
    };
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// A client that goes straight to the issuer: a proxy or a redirect could put another's keys in
/// place of the issuer's.
fn client() -> Result<Client, SourceError> {
    let builder = || {
        Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(TIMEOUT)
            // Fetches are minutes apart; a kept connection would only be found dead.
            .pool_max_idle_per_host(0)
    };
    // The system's trust store knows an organisation's own authority; an image without one
    // still knows the public ones.
    if let Ok(client) = builder().build() {
        return Ok(client);
    }
    builder().tls_backend_preconfigured(public_roots()?).build().map_err(|_| SourceError::Tls)
}

fn public_roots() -> Result<rustls::ClientConfig, SourceError> {
    let mut roots = rustls::RootCertStore::empty();
    roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
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
