//! `[server]`: the listener and what it takes from clients.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;

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
