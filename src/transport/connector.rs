//! Makes connections: name, TCP, proxy, TLS.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use http::Uri;
use http::uri::Scheme;
use rustls_pki_types::ServerName;
use tokio::io::AsyncReadExt;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::connection::Connection;
use super::counted::Counted;
use super::error::Unreachable;
use super::proxy::Proxy;
use super::tls::Tls;

/// Under TLS 1.3 a server refuses a client certificate after the handshake is over for the client.
const REFUSAL_WAIT: Duration = Duration::from_millis(500);

pub(super) struct Connector {
    pub(super) timeout: Duration,
    pub(super) proxy: Option<Proxy>,
    pub(super) tls: Tls,
}

impl Connector {
    /// A connection for requests to `url`, made within the time for connecting.
    pub(super) async fn connect(&self, url: &Uri) -> Result<Connection, Unreachable> {
        timeout(self.timeout, self.connect_slowly(url)).await.unwrap_or(Err(Unreachable::Timeout))
    }

    /// Makes a connection, waits whether the client certificate is refused, and closes it.
    /// Says which TLS version was spoken.
    pub(super) async fn probe(&self, url: &Uri) -> Result<Option<&'static str>, Unreachable> {
        timeout(self.timeout + REFUSAL_WAIT, async {
            if url.scheme() != Some(&Scheme::HTTPS) {
                return self.reach(url).await.map(|_| None);
            }
            let mut stream = self.secure(url).await?;
            let version = stream.get_ref().1.protocol_version().and_then(|version| version.as_str());
            match timeout(REFUSAL_WAIT, stream.read_u8()).await {
                Ok(Err(error)) => Err(Unreachable::Tls(error.to_string())),
                Ok(Ok(_)) | Err(_) => Ok(version),
            }
        })
        .await
        .unwrap_or(Err(Unreachable::Timeout))
    }

    async fn connect_slowly(&self, url: &Uri) -> Result<Connection, Unreachable> {
        let settings = self.tls.current();
        if url.scheme() == Some(&Scheme::HTTPS) {
            let stream = self.secure(url).await?;
            let gauge = stream.get_ref().0.gauge();
            Connection::start(stream, gauge, url, settings).await
        } else {
            let stream = self.reach(url).await?;
            let gauge = stream.gauge();
            Connection::start(stream, gauge, url, settings).await
        }
    }

    async fn secure(&self, url: &Uri) -> Result<TlsStream<Counted>, Unreachable> {
        let mut stream = self.reach(url).await?;
        let (host, port) = (host(url), port(url));
        if let Some(proxy) = &self.proxy {
            proxy.open(&mut stream, &format!("{}:{port}", url.host().unwrap_or_default())).await?;
        }
        let name =
            ServerName::try_from(host.to_owned()).map_err(|error| Unreachable::Tls(error.to_string()))?;
        TlsConnector::from(self.tls.current()).connect(name, stream).await.map_err(|error| {
            match error.kind() {
                // What rustls itself finds wrong.
                io::ErrorKind::InvalidData => Unreachable::Tls(error.to_string()),
                _ => Unreachable::Lost(error),
            }
        })
    }

    async fn reach(&self, url: &Uri) -> Result<Counted, Unreachable> {
        let (host, port) = match &self.proxy {
            Some(proxy) => (proxy.host.as_str(), proxy.port),
            None => (host(url), port(url)),
        };
        let addresses: Vec<SocketAddr> =
            lookup_host((host, port)).await.map_err(Unreachable::Name)?.collect();
        let stream = self.reach_one_of(&addresses).await?;
        // A request is one small write or two: waiting for more to send only costs time.
        stream.set_nodelay(true).map_err(Unreachable::Refused)?;
        Counted::new(stream).map_err(Unreachable::Refused)
    }

    /// One address after the other, each with its share of the time.
    async fn reach_one_of(&self, addresses: &[SocketAddr]) -> Result<TcpStream, Unreachable> {
        let share = self.timeout / addresses.len().max(1) as u32;
        let mut last = Unreachable::Name(io::ErrorKind::NotFound.into());
        for address in addresses {
            match timeout(share, TcpStream::connect(address)).await {
                Ok(Ok(stream)) => return Ok(stream),
                Ok(Err(error)) => last = Unreachable::Refused(error),
                Err(_) => last = Unreachable::Timeout,
            }
        }
        Err(last)
    }
}

/// Without the brackets around an IPv6 address.
fn host(url: &Uri) -> &str {
    url.host().unwrap_or_default().trim_start_matches('[').trim_end_matches(']')
}

fn port(url: &Uri) -> u16 {
    let usual = if url.scheme() == Some(&Scheme::HTTPS) { 443 } else { 80 };
    url.port_u16().unwrap_or(usual)
}
