//! `[server]`: the listener and what it takes from clients.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;
use reqwest::Url;

use super::auth::RequireKey;
use super::fault::Reason;
use super::node::Node;
use super::section::Section;
use super::value::{boolean, file, http_url, integer, seconds, text};

/// `[server]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// `listen`: where the API answers.
    pub listen: SocketAddr,
    /// `admin_listen`: health, metrics and version here instead of on `listen`.
    pub admin_listen: Option<SocketAddr>,
    /// `public_url`: the address that the OpenAPI documents name; without a trailing slash.
    pub public_url: Option<String>,
    /// `base_path`: before every path; empty, or with a leading and without a trailing slash.
    pub base_path: String,
    /// `cpr_in_path`: whether `{cpr}` may hold a number, and not only `-`.
    pub cpr_in_path: bool,
    /// `require_idempotency_key`: for callers whose issuer says nothing else.
    pub require_idempotency_key: RequireKey,
    /// `cors_allowed_origins`: exact origins, lower case, without a trailing slash.
    pub cors_allowed_origins: Vec<String>,
    /// `trusted_proxies`: who may set `Forwarded` and `X-Forwarded-*`.
    pub trusted_proxies: Vec<IpNet>,
    /// `body_limit_bytes`
    pub body_limit_bytes: usize,
    /// `header_limit_bytes`
    pub header_limit_bytes: usize,
    /// `max_connections`
    pub max_connections: usize,
    /// `request_timeout_seconds`: for a client to send its request.
    pub request_timeout: Duration,
    /// `shutdown_grace_seconds`
    pub shutdown_grace: Duration,
    /// `[server.tls]`: TLS on the listener itself.
    pub tls: Option<ServerTls>,
}

/// `[server.tls]`: PEM files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerTls {
    /// `certificate`: the chain, the server's own certificate first.
    pub certificate: PathBuf,
    /// `key`
    pub key: PathBuf,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::UNSPECIFIED, 8080)),
            admin_listen: None,
            public_url: None,
            base_path: String::new(),
            cpr_in_path: true,
            require_idempotency_key: RequireKey::Off,
            cors_allowed_origins: Vec::new(),
            trusted_proxies: Vec::new(),
            body_limit_bytes: 65_536,
            header_limit_bytes: 16_384,
            max_connections: 10_000,
            request_timeout: Duration::from_secs(10),
            shutdown_grace: Duration::from_secs(25),
            tls: None,
        }
    }
}

impl Server {
    pub(super) fn read(section: &mut Section<'_>) -> Self {
        let default = Self::default();
        let server = Self {
            listen: section.or("listen", default.listen, socket_address),
            admin_listen: section.optional("admin_listen", socket_address),
            public_url: section.optional("public_url", public_url),
            base_path: section.or("base_path", default.base_path, base_path),
            cpr_in_path: section.or("cpr_in_path", default.cpr_in_path, boolean),
            require_idempotency_key: section.or("require_idempotency_key", RequireKey::Off, RequireKey::read),
            cors_allowed_origins: section.list("cors_allowed_origins", Vec::new(), origin),
            trusted_proxies: section.list("trusted_proxies", Vec::new(), network),
            body_limit_bytes: section.or(
                "body_limit_bytes",
                default.body_limit_bytes,
                integer(1024..=1 << 30),
            ),
            header_limit_bytes: section.or(
                "header_limit_bytes",
                default.header_limit_bytes,
                integer(1024..=1 << 20),
            ),
            max_connections: section.or("max_connections", default.max_connections, integer(1..=1_000_000)),
            request_timeout: section.or(
                "request_timeout_seconds",
                default.request_timeout,
                seconds(0.1..=3600.0),
            ),
            shutdown_grace: section.or(
                "shutdown_grace_seconds",
                default.shutdown_grace,
                seconds(0.0..=3600.0),
            ),
            tls: section.optional_table("tls", ServerTls::read).flatten(),
        };
        // Port 0 is another one for each listener.
        if server.admin_listen == Some(server.listen) && server.listen.port() != 0 {
            section.fault("admin_listen", Reason::rule("must differ from listen"));
        }
        server
    }
}

impl ServerTls {
    fn read(section: &mut Section<'_>) -> Option<Self> {
        let certificate = section.required("certificate", file);
        let key = section.required("key", file);
        Some(Self { certificate: certificate?, key: key? })
    }
}

fn socket_address(node: &Node) -> Result<SocketAddr, Reason> {
    text(node)?.parse().ok().ok_or(Reason::rule("must be an IP address and a port, such as 0.0.0.0:8080"))
}

fn public_url(node: &Node) -> Result<String, Reason> {
    let url = http_url(node)?;
    if url.contains('?') {
        return Err(Reason::rule("must not have a query"));
    }
    Ok(url.trim_end_matches('/').to_owned())
}

fn base_path(node: &Node) -> Result<String, Reason> {
    let path = text(node)?;
    let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let plain = |segment: &str| !["", ".", ".."].contains(&segment) && segment.bytes().all(unreserved);
    match path.strip_prefix('/') {
        None if path.is_empty() => Ok(path),
        Some(segments) if segments.split('/').all(plain) => Ok(path),
        _ => Err(Reason::rule(
            "must be empty or such as /youth/api: a slash before each segment, none at the end",
        )),
    }
}

/// An origin as browsers send it (RFC 6454 section 6.2), so that it can be compared as text.
fn origin(node: &Node) -> Result<String, Reason> {
    let text = text(node)?;
    let as_sent = Url::parse(&text)
        .ok()
        .filter(|url| ["http", "https"].contains(&url.scheme()))
        .map(|url| url.origin().ascii_serialization());
    if as_sent.as_deref() == Some(text.as_str()) {
        return Ok(text);
    }
    Err(Reason::rule("must be an origin as browsers send it, such as https://app.example.dk"))
}

fn network(node: &Node) -> Result<IpNet, Reason> {
    text(node)?.parse().ok().ok_or(Reason::rule("must be a network, such as 10.0.0.0/8 or 192.0.2.7/32"))
}
