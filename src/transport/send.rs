//! One attempt: a connection, a request, an answer.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HOST, PROXY_AUTHORIZATION, USER_AGENT};
use http::uri::Scheme;
use http::{HeaderName, HeaderValue, Request, Uri};
use http_body_util::Full;
use tokio::time::{Instant, timeout_at};

use super::Transport;
use super::connection::{Connection, Lost};
use super::error::{CallError, Failure, Sent};
use super::exchange::{Answer, Exchange};

pub(super) const AGENT: HeaderValue =
    HeaderValue::from_static(concat!("ungebro/", env!("CARGO_PKG_VERSION")));
const SOAP_ACTION: HeaderName = HeaderName::from_static("soapaction");

impl Transport {
    /// One attempt, without limits, breaker or retry.
    ///
    /// # Errors
    ///
    /// What went wrong, and whether the request may have arrived.
    pub async fn send(&self, exchange: &Exchange) -> Result<Answer, CallError> {
        self.send_before(exchange, Instant::now() + self.shared.timeout).await
    }

    pub(super) async fn send_before(
        &self,
        exchange: &Exchange,
        deadline: Instant,
    ) -> Result<Answer, CallError> {
        let settings = self.shared.connector.tls.current();
        if let Some(idle) = self.pool.take(&exchange.url, &settings) {
            match self.post(idle, exchange, deadline).await {
                // The upstream had closed it: a new connection tells how the upstream is.
                Err(CallError { failure: Failure::Reset(_), sent: Sent::No }) => {}
                done => return done,
            }
        }
        let fresh = match timeout_at(deadline, self.shared.connector.connect(&exchange.url)).await {
            Ok(Ok(fresh)) => fresh,
            Ok(Err(why)) => return Err(unsent(Failure::Unreachable(why))),
            Err(_) => return Err(unsent(Failure::Timeout)),
        };
        self.post(fresh, exchange, deadline).await
    }

    async fn post(
        &self,
        mut connection: Connection,
        exchange: &Exchange,
        deadline: Instant,
    ) -> Result<Answer, CallError> {
        let before = connection.written();
        let request = self.request(exchange);
        let limit = self.shared.response_limit;
        let lost = match timeout_at(deadline, connection.post(request, limit)).await {
            Ok(Ok(answer)) => {
                // Settings may have changed under way: an old connection is not kept.
                if connection.made_under(&self.shared.connector.tls.current()) {
                    self.pool.put(connection);
                }
                return Ok(answer);
            }
            Ok(Err(lost)) => lost,
            Err(_) => Lost { failure: Failure::Timeout, unread: false },
        };
        let untouched = connection.close().await == before;
        let sent = if lost.unread || untouched { Sent::No } else { Sent::Maybe };
        Err(CallError { failure: lost.failure, sent })
    }

    fn request(&self, exchange: &Exchange) -> Request<Full<Bytes>> {
        let mut request = Request::new(Full::new(exchange.body.clone()));
        *request.method_mut() = http::Method::POST;
        let headers = request.headers_mut();
        headers.extend(exchange.headers.clone());
        headers.insert(HOST, host(&exchange.url));
        headers.insert(USER_AGENT, AGENT);
        headers.insert(CONTENT_TYPE, exchange.content_type.clone());
        if let Some(action) = &exchange.soap_action {
            headers.insert(SOAP_ACTION, action.clone());
        }
        // Through TLS a proxy only hands on; without, it wants the whole address (RFC 9112, 3.2.2).
        let proxy = self.shared.connector.proxy.as_ref();
        let proxy = proxy.filter(|_| exchange.url.scheme() != Some(&Scheme::HTTPS));
        if let Some(authorization) = proxy.and_then(|proxy| proxy.authorization.clone()) {
            headers.insert(PROXY_AUTHORIZATION, authorization);
        }
        *request.uri_mut() = match proxy {
            Some(_) => exchange.url.clone(),
            None => path_of(&exchange.url),
        };
        request
    }
}

pub(super) fn unsent(failure: Failure) -> CallError {
    CallError { failure, sent: Sent::No }
}

pub(super) fn path_of(url: &Uri) -> Uri {
    url.path_and_query().map_or_else(Uri::default, |path| Uri::from(path.clone()))
}

/// Without user information, which is no part of it (RFC 9110, 4.2.4).
pub(super) fn host(url: &Uri) -> HeaderValue {
    let authority = url.authority().map_or("", |authority| authority.as_str());
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    HeaderValue::from_str(host).unwrap_or(HeaderValue::from_static(""))
}
