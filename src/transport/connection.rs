//! One HTTP/1.1 connection, and whether a request has left on it.

use std::error::Error;
use std::iter;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use http::header::CONTENT_TYPE;
use http::uri::{Authority, Scheme};
use http::{Request, Response, Uri};
use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Incoming};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls::{AlertDescription, ClientConfig};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::task::JoinHandle;

use super::counted::Gauge;
use super::error::{Failure, Unreachable};
use super::exchange::Answer;

/// Of an answer's status line and headers.
const HEAD_LIMIT: usize = 65_536;

pub(super) struct Connection {
    sender: http1::SendRequest<Full<Bytes>>,
    /// Reads and writes; nothing leaves once it has ended.
    task: JoinHandle<()>,
    gauge: Gauge,
    scheme: Option<Scheme>,
    authority: Option<Authority>,
    settings: Arc<ClientConfig>,
    /// Whether it carried an answer before.
    used: bool,
}

/// An exchange that brought no answer.
pub(super) struct Lost {
    pub(super) failure: Failure,
    /// The request came back whole, or was refused by a TLS alert before it could be read.
    pub(super) unread: bool,
}

impl Connection {
    pub(super) async fn start<S>(
        stream: S,
        gauge: Gauge,
        url: &Uri,
        settings: Arc<ClientConfig>,
    ) -> Result<Self, Unreachable>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let (sender, connection) = http1::Builder::new()
            .max_buf_size(HEAD_LIMIT)
            .handshake(TokioIo::new(stream))
            .await
            .map_err(|error| Unreachable::Refused(std::io::Error::other(error)))?;
        let task = tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(error = describe(&error), "connection ended");
            }
        });
        Ok(Self {
            sender,
            task,
            gauge,
            scheme: url.scheme().cloned(),
            authority: url.authority().cloned(),
            settings,
            used: false,
        })
    }

    /// Whether it leads to where `url` is.
    pub(super) fn leads_to(&self, url: &Uri) -> bool {
        self.scheme.as_ref() == url.scheme() && self.authority.as_ref() == url.authority()
    }

    /// Whether it was made under the settings in force.
    pub(super) fn made_under(&self, settings: &Arc<ClientConfig>) -> bool {
        Arc::ptr_eq(&self.settings, settings)
    }

    pub(super) fn is_closed(&self) -> bool {
        self.sender.is_closed()
    }

    /// Whether a request can be written at once, and nothing speaks against it.
    pub(super) fn is_ready(&self) -> bool {
        self.sender.is_ready() && self.gauge.is_silent()
    }

    pub(super) fn written(&self) -> u64 {
        self.gauge.written()
    }

    /// Sends and reads the whole answer.
    pub(super) async fn post(&mut self, request: Request<Full<Bytes>>, limit: usize) -> Result<Answer, Lost> {
        let response = match self.sender.try_send_request(request).await {
            Ok(response) => response,
            Err(mut refused) => {
                let returned = refused.take_message().is_some();
                return Err(self.lost(refused.error(), returned));
            }
        };
        let answer = read(response, limit).await;
        self.used = true;
        answer.map_err(|failure| Lost { failure, unread: false })
    }

    /// Ends it and says how much was ever written on it: nothing more will be.
    pub(super) async fn close(mut self) -> u64 {
        self.task.abort();
        let _ = (&mut self.task).await;
        self.gauge.written()
    }

    fn lost(&self, error: &hyper::Error, returned: bool) -> Lost {
        // A server that speaks of the client's certificate has not read on: RFC 8446, 4.4.2.4.
        let refusal = alert(error).filter(|alert| !self.used && is_refusal(*alert));
        let failure = match refusal {
            Some(alert) => Failure::Unreachable(Unreachable::Tls(format!("refused: {alert:?}"))),
            None if error.is_parse() => Failure::NotHttp(describe(error)),
            None => Failure::Reset(describe(error)),
        };
        Lost { failure, unread: returned || refusal.is_some() }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn read(response: Response<Incoming>, limit: usize) -> Result<Answer, Failure> {
    let status = response.status().as_u16();
    match status {
        200..=299 | 400..=599 => {}
        300..=399 => return Err(Failure::Redirected { status }),
        _ => return Err(Failure::NotHttp(format!("status {status}"))),
    }
    let (head, mut body) = response.into_parts();
    if body.size_hint().lower() > limit as u64 {
        return Err(Failure::TooLarge { limit });
    }
    let mut whole = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| Failure::Reset(describe(&error)))?;
        // Trailers say nothing.
        let data = frame.into_data().unwrap_or_default();
        if data.len() > limit - whole.len() {
            return Err(Failure::TooLarge { limit });
        }
        whole.extend_from_slice(&data);
    }
    let content_type = head.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    Ok(Answer { status, content_type: content_type.map(str::to_owned), body: whole.freeze() })
}

/// What a server says of a client certificate, or of its absence.
fn is_refusal(alert: AlertDescription) -> bool {
    matches!(
        alert,
        AlertDescription::CertificateRequired
            | AlertDescription::NoCertificate
            | AlertDescription::BadCertificate
            | AlertDescription::UnsupportedCertificate
            | AlertDescription::CertificateRevoked
            | AlertDescription::CertificateExpired
            | AlertDescription::CertificateUnknown
            | AlertDescription::UnknownCA
            | AlertDescription::AccessDenied
            | AlertDescription::HandshakeFailure
            | AlertDescription::DecryptError
    )
}

fn alert(error: &hyper::Error) -> Option<AlertDescription> {
    chain(error).find_map(|cause| {
        let io = cause.downcast_ref::<std::io::Error>()?;
        match io.get_ref()?.downcast_ref::<rustls::Error>()? {
            rustls::Error::AlertReceived(alert) => Some(*alert),
            _ => None,
        }
    })
}

fn chain(error: &hyper::Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    iter::successors(Some(error as &(dyn Error + 'static)), |cause| (*cause).source())
}

fn describe(error: &hyper::Error) -> String {
    chain(error).map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
