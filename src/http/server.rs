//! The listeners: one application a worker thread, and an orderly end.

use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::middleware::from_fn;
use actix_web::{App, web};
use tokio::time::Instant;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::app;
use super::cors::Cors;
use super::edge::Edge;
use super::ending::Ending;
use super::listener::{Terms, listen};
use super::tls::Certificate;
use crate::gateway::Gateway;
use crate::transport::identity::IdentityError;

/// The accepting thread is told to pause, not waited for; a listener closed under it would make it complain.
const PAUSES_WITHIN: Duration = Duration::from_millis(100);

/// More to mount beside the gateway: the sandbox, in the demo.
pub type Extra = Arc<dyn Fn(&mut web::ServiceConfig) + Send + Sync>;

/// What a server has besides its gateway.
#[derive(Clone, Default)]
pub struct Options {
    /// More to mount.
    pub extra: Option<Extra>,
    /// Whether pages of this machine may call, whatever their port.
    pub localhost_origins: bool,
}

/// Why a server cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// An address cannot be listened on.
    #[error("{address}: {source}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        source: std::io::Error,
    },
    /// The listener's certificate or key.
    #[error("server.tls: {0}")]
    Certificate(#[from] IdentityError),
    /// The listener's TLS settings.
    #[error("server.tls: {0}")]
    Tls(#[from] rustls::Error),
    /// A listener was lost.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

/// What the server's own pages know of it.
pub(super) struct Server {
    pub(super) certificate: Option<Arc<Certificate>>,
    pub(super) stopping: CancellationToken,
}

/// A server that listens.
pub struct Running {
    /// Where.
    pub address: SocketAddr,
    /// Where health, metrics and version are, unless they are on `address`.
    pub admin_address: Option<SocketAddr>,
    /// The certificate of `address`, where TLS is spoken there.
    pub certificate: Option<Arc<Certificate>>,
    main: actix_web::dev::Server,
    admin: Option<actix_web::dev::Server>,
    /// The listener once more, to close it while the server still answers.
    door: TcpListener,
    stopping: CancellationToken,
    gateway: Gateway,
}

impl std::fmt::Debug for Running {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Running").field("address", &self.address).finish_non_exhaustive()
    }
}

/// Makes the server on a bound listener, and its admin listener where one is configured; [`Running::run`] runs it.
///
/// # Errors
/// When the certificate cannot be used or an address is taken.
pub fn start(gateway: Gateway, listener: TcpListener, options: Options) -> Result<Running, StartError> {
    let settings = &gateway.config.server;
    let certificate = settings.tls.as_ref().map(Certificate::load).transpose()?.map(Arc::new);
    if let Some(certificate) = &certificate {
        certificate.warn_if_invalid(gateway.clock);
        tokio::spawn(Arc::clone(certificate).watch());
    }
    let tls = certificate.as_ref().map(Certificate::settings).transpose()?;
    let stopping = CancellationToken::new();
    let terms = Terms {
        request_timeout: settings.request_timeout,
        max_connections: settings.max_connections,
        workers: None,
        tls: tls.map(|tls| TlsAcceptor::from(Arc::new(tls))),
        stopping: stopping.clone(),
    };
    let server = web::Data::new(Server { certificate: certificate.clone(), stopping: stopping.clone() });
    let admin = match settings.admin_listen {
        Some(address) => {
            let listener =
                TcpListener::bind(address).map_err(|source| StartError::Listen { address, source })?;
            let address = listener.local_addr()?;
            Some((address, serve_admin(&gateway, listener, &terms, server.clone())?))
        }
        None => None,
    };
    let address = listener.local_addr()?;
    let door = listener.try_clone()?;
    let main = serve_main(&gateway, listener, terms, server, options)?;
    let admin_address = admin.as_ref().map(|(address, _)| *address);
    let admin = admin.map(|(_, server)| server);
    Ok(Running { address, admin_address, certificate, main, admin, door, stopping, gateway })
}

fn serve_main(
    gateway: &Gateway,
    listener: TcpListener,
    terms: Terms,
    server: web::Data<Server>,
    options: Options,
) -> std::io::Result<actix_web::dev::Server> {
    let gateway = gateway.clone();
    let cors = Cors {
        origins: gateway.config.server.cors_allowed_origins.clone(),
        localhost: options.localhost_origins,
    };
    let edge =
        Arc::new(Edge::new(&gateway.config.server, cors, gateway.tasks.clone(), terms.stopping.clone()));
    listen(listener, terms, move || {
        let gateway = gateway.for_worker();
        let (edge, extra) = (Arc::clone(&edge), options.extra.clone());
        App::new()
            .wrap(from_fn(move |request, next| Arc::clone(&edge).pass(request, next)))
            .app_data(web::Data::new(gateway.clone()))
            .app_data(server.clone())
            .configure(|config| {
                if let Some(extra) = &extra {
                    extra(config);
                }
            })
            .service(web::scope(&gateway.config.server.base_path).configure(app::configure(&gateway)))
            .default_service(web::to(app::not_found))
    })
}

/// Health, metrics and version, without TLS: this listener is for the operator's own network.
fn serve_admin(
    gateway: &Gateway,
    listener: TcpListener,
    terms: &Terms,
    server: web::Data<Server>,
) -> std::io::Result<actix_web::dev::Server> {
    let terms = Terms {
        tls: None,
        workers: Some(1),
        // It goes on while the calls under way end, to say that the server is not ready.
        stopping: CancellationToken::new(),
        ..terms.clone()
    };
    let gateway = gateway.clone();
    // Whoever asks for health must not hold up the end.
    let tasks = TaskTracker::new();
    let edge = Arc::new(Edge::new(&gateway.config.server, Cors::default(), tasks, terms.stopping.clone()));
    listen(listener, terms, move || {
        let edge = Arc::clone(&edge);
        App::new()
            .wrap(from_fn(move |request, next| Arc::clone(&edge).pass(request, next)))
            .app_data(web::Data::new(gateway.clone()))
            .app_data(server.clone())
            .configure(app::admin)
            .default_service(web::to(app::not_found))
    })
}

impl Running {
    /// Serves until `stop` is done; then takes no more calls and finishes those under way within the grace time.
    ///
    /// A request is counted before it asks whether the server is stopping (`Edge::pass`), and the count is looked at
    /// after the server began to: so nothing begins that is not waited for, and what begins later is refused.
    ///
    /// # Errors
    /// When a listener is lost.
    pub async fn run(self, stop: impl Future<Output = ()>) -> std::io::Result<()> {
        let Self { main, admin, door, stopping, gateway, .. } = self;
        let (main_handle, admin_handle) = (main.handle(), admin.as_ref().map(actix_web::dev::Server::handle));
        let ended = CancellationToken::new();
        let ending = async {
            stop.await;
            let (began, grace) = (Instant::now(), gateway.config.server.shutdown_grace);
            tracing::info!("stopping");
            stopping.cancel();
            gateway.tasks.close();
            let ending = Ending {
                calls: async {
                    main_handle.pause().await;
                    tokio::time::sleep(PAUSES_WITHIN.min(grace / 4)).await;
                    closed(door);
                    gateway.tasks.wait().await;
                },
                give_up: || gateway.given_up.cancel(),
                // The calls live on the workers' threads, which must outlast them.
                answers: async { main_handle.stop(true).await },
                keys: gateway.idempotency.drained(),
                trail: async {
                    if gateway.audit.close().await.is_err() {
                        tracing::error!("the audit trail could not be closed");
                    }
                },
            };
            ending.within(began, grace).await;
            if let Some(admin) = &admin_handle {
                // Done as soon as it is told; whoever asks for health must not hold up the end.
                drop(ServerHandle::stop(admin, false));
            }
            ended.cancel();
        };
        let admin = async {
            match admin {
                Some(admin) => admin.await,
                None => Ok(()),
            }
        };
        let (served, administered, ()) = tokio::join!(until(&ended, main), until(&ended, admin), ending);
        served.and(administered)
    }
}

/// Serves until the end; what has not stopped by itself then is cut off.
async fn until(
    ended: &CancellationToken,
    serving: impl Future<Output = std::io::Result<()>>,
) -> std::io::Result<()> {
    tokio::select! {
        biased;
        served = serving => served,
        () = ended.cancelled() => Ok(()),
    }
}

/// Closes a listener for good: who comes now is refused, instead of waiting for an answer that never comes.
fn closed(listener: TcpListener) {
    // Only streams have `shutdown` in the standard library; for the system it is the same call.
    let stream = TcpStream::from(OwnedFd::from(listener));
    if let Err(error) = stream.shutdown(Shutdown::Both) {
        tracing::warn!(%error, "the listener could not be closed early");
    }
}
