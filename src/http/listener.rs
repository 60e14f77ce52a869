//! Takes connections, with or without TLS, and hands them to the application of each worker thread.

use std::net::TcpListener;
use std::num::NonZero;
use std::rc::Rc;
use std::time::Duration;

use actix_http::error::DispatchError;
use actix_http::{HttpService, KeepAlive, Protocol, Request};
use actix_service::{IntoServiceFactory, ServiceFactory, ServiceFactoryExt, fn_service, map_config};
use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{AppConfig, Extensions, Response, Server};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use tokio_util::either::Either;
use tokio_util::sync::CancellationToken;

use super::connection::{Activity, Connection, Patience};

/// Longer than load balancers keep a connection they do not use, so that it is they who close it.
const IDLE: Duration = Duration::from_secs(75);
/// How long a client may take none of an answer.
const STALLED: Duration = Duration::from_secs(30);
/// Seconds for the last answers to leave, once all requests were answered or given up.
const LEAVING: u64 = 2;

/// What holds for all connections of a listener.
#[derive(Clone)]
pub(super) struct Terms {
    /// For the TLS handshake, and for a client to send the head of a request.
    pub(super) request_timeout: Duration,
    /// At the same time, over all workers.
    pub(super) max_connections: usize,
    /// Worker threads; `None`: one for each processor.
    pub(super) workers: Option<usize>,
    /// Where TLS is spoken.
    pub(super) tls: Option<TlsAcceptor>,
    /// Cancelled when the server stops.
    pub(super) stopping: CancellationToken,
}

/// What a connection tells each of its requests.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) activity: Rc<Activity>,
    pub(super) over_tls: bool,
}

type Plain = Connection<TcpStream>;
type Stream = Either<Plain, TlsStream<Plain>>;

/// Serves `application` on a bound listener; each worker thread makes its own.
pub(super) fn listen<A, F, S, B>(
    listener: TcpListener,
    terms: Terms,
    application: A,
) -> std::io::Result<Server>
where
    A: Fn() -> F + Clone + Send + 'static,
    F: IntoServiceFactory<S, Request>,
    S: ServiceFactory<Request, Config = AppConfig, Error = Error> + 'static,
    S::InitError: std::fmt::Debug,
    S::Response: Into<Response<B>>,
    <S::Service as actix_service::Service<Request>>::Future: 'static,
    S::Service: 'static,
    B: MessageBody + 'static,
{
    let address = listener.local_addr()?;
    let workers =
        terms.workers.unwrap_or_else(|| std::thread::available_parallelism().map_or(2, NonZero::get));
    let server = Server::build()
        .disable_signals()
        .workers(workers)
        .max_concurrent_connections(terms.max_connections.div_ceil(workers))
        .shutdown_timeout(LEAVING)
        .listen(address.to_string(), listener, move || {
            let application = application().into_factory().map_err(|error| error.error_response());
            let accepting = terms.clone();
            fn_service(move |stream| accept(stream, accepting.clone())).and_then(
                HttpService::build()
                    .keep_alive(KeepAlive::Timeout(IDLE))
                    .client_request_timeout(terms.request_timeout)
                    .client_disconnect_timeout(Duration::from_secs(1))
                    // Who closes its side has gone away, as everywhere else: nobody waits for the answer.
                    .h1_allow_half_closed(false)
                    .local_addr(address)
                    .on_connect_ext(|stream: &Stream, data: &mut Extensions| {
                        data.insert(Line::of(stream));
                    })
                    .finish(map_config(application, |()| AppConfig::default())),
            )
        })?;
    Ok(server.run())
}

async fn accept(
    stream: TcpStream,
    terms: Terms,
) -> Result<(Stream, Protocol, Option<std::net::SocketAddr>), DispatchError> {
    let peer = stream.peer_addr().ok();
    // Answers are written whole: waiting for more to send only delays them.
    stream.set_nodelay(true).map_err(DispatchError::Io)?;
    let patience = Patience { request: terms.request_timeout, idle: IDLE, answer: STALLED };
    let connection = Connection::new(stream, patience, terms.stopping);
    let Some(tls) = terms.tls else {
        return Ok((Either::Left(connection), Protocol::Http1, peer));
    };
    let stream = tls.accept(connection).await.map_err(DispatchError::Io)?;
    let (connection, session) = stream.get_ref();
    let protocol = match session.alpn_protocol() {
        Some(b"h2") => Protocol::Http2,
        _ => Protocol::Http1,
    };
    connection.activity.multiplexed.set(protocol == Protocol::Http2);
    Ok((Either::Right(stream), protocol, peer))
}

impl Line {
    fn of(stream: &Stream) -> Self {
        match stream {
            Either::Left(connection) => Self { activity: Rc::clone(&connection.activity), over_tls: false },
            Either::Right(tls) => Self { activity: Rc::clone(&tls.get_ref().0.activity), over_tls: true },
        }
    }
}
