//! The way through an HTTP proxy.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use http::uri::{Authority, Scheme};
use http::{HeaderValue, Uri};
use percent_encoding::percent_decode_str;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::counted::Counted;
use super::error::{TransportError, Unreachable};

const ANSWER_LIMIT: usize = 8192;

/// An HTTP proxy, with `user:password@` where it asks for them.
#[derive(Clone)]
pub(super) struct Proxy {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) authorization: Option<HeaderValue>,
}

impl Proxy {
    pub(super) fn parse(address: &str) -> Result<Self, TransportError> {
        let uri: Uri = address.parse().map_err(|_| TransportError::Proxy("is no address"))?;
        if uri.scheme() != Some(&Scheme::HTTP) {
            return Err(TransportError::Proxy("must begin with http://"));
        }
        let authority = uri.authority().ok_or(TransportError::Proxy("names no host"))?;
        Ok(Self {
            // Brackets belong to the URL, not to the address of IPv6.
            host: authority.host().trim_start_matches('[').trim_end_matches(']').to_owned(),
            port: authority.port_u16().unwrap_or(80),
            authorization: authorization(authority)?,
        })
    }

    /// Asks the proxy for a tunnel to `target`, a host and port.
    pub(super) async fn open(&self, stream: &mut Counted, target: &str) -> Result<(), Unreachable> {
        let mut request = format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n").into_bytes();
        if let Some(authorization) = &self.authorization {
            request.extend_from_slice(b"Proxy-Authorization: ");
            request.extend_from_slice(authorization.as_bytes());
            request.extend_from_slice(b"\r\n");
        }
        request.extend_from_slice(b"\r\n");
        stream.write_all(&request).await.map_err(lost)?;
        let answer = read_head(stream).await?;
        match answer.strip_prefix(b"HTTP/1.").and_then(|rest| rest.get(1..5)) {
            Some(b" 200") => Ok(()),
            Some(status) => Err(Unreachable::Proxy(format!("refused:{}", String::from_utf8_lossy(status)))),
            None => Err(Unreachable::Proxy("answered no HTTP".to_owned())),
        }
    }
}

fn authorization(authority: &Authority) -> Result<Option<HeaderValue>, TransportError> {
    let Some((credentials, _)) = authority.as_str().rsplit_once('@') else {
        return Ok(None);
    };
    let plain: Vec<u8> = percent_decode_str(credentials).collect();
    let mut value = HeaderValue::from_str(&format!("Basic {}", BASE64_STANDARD.encode(plain)))
        .map_err(|_| TransportError::Proxy("has unusable credentials"))?;
    value.set_sensitive(true);
    Ok(Some(value))
}

/// To the empty line; byte by byte, so that nothing of what follows is taken.
async fn read_head(stream: &mut Counted) -> Result<Vec<u8>, Unreachable> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if head.len() == ANSWER_LIMIT {
            return Err(Unreachable::Proxy("answered too much".to_owned()));
        }
        head.push(stream.read_u8().await.map_err(lost)?);
    }
    Ok(head)
}

fn lost(error: std::io::Error) -> Unreachable {
    Unreachable::Proxy(error.to_string())
}
