//! The listener: one application a worker thread, and an orderly end.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use actix_web::dev::ServerHandle;
use actix_web::middleware::from_fn;
use actix_web::{App, HttpServer, web};

use super::app;
use crate::gateway::Gateway;

/// More to mount beside the gateway: the sandbox, in the demo.
pub type Extra = Arc<dyn Fn(&mut web::ServiceConfig) + Send + Sync>;

/// A server that listens.
pub struct Running {
    /// Where.
    pub address: SocketAddr,
    handle: ServerHandle,
    server: actix_web::dev::Server,
    gateway: Gateway,
}

impl std::fmt::Debug for Running {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Running").field("address", &self.address).finish_non_exhaustive()
    }
}

/// Makes the server on a bound listener; [`Running::run`] runs it.
pub fn start(gateway: Gateway, listener: TcpListener, extra: Option<Extra>) -> std::io::Result<Running> {
    let address = listener.local_addr()?;
    let settings = gateway.config.server.clone();
    let for_workers = gateway.clone();
    let server = HttpServer::new(move || {
        let gateway = for_workers.for_worker();
        let extra = extra.clone();
        App::new()
            .wrap(from_fn(app::observe))
            .app_data(web::Data::new(gateway.clone()))
            .configure(|config| {
                if let Some(extra) = &extra {
                    extra(config);
                }
            })
            .service(web::scope(&gateway.config.server.base_path).configure(app::configure(&gateway)))
            .default_service(web::to(app::not_found))
    })
    .disable_signals()
    .max_connections(settings.max_connections)
    .client_request_timeout(settings.request_timeout)
    .shutdown_timeout(settings.shutdown_grace.as_secs())
    .listen(listener)?
    .run();
    Ok(Running { address, handle: server.handle(), server, gateway })
}

impl Running {
    /// Serves until `stop` is done; then takes no more calls and finishes those under way.
    pub async fn run(self, stop: impl Future<Output = ()>) -> std::io::Result<()> {
        let Self { handle, server, gateway, .. } = self;
        let ending = async {
            stop.await;
            tracing::info!("stopping");
            handle.stop(true).await;
            gateway.tasks.close();
            let grace = gateway.config.server.shutdown_grace;
            if tokio::time::timeout(grace, gateway.tasks.wait()).await.is_err() {
                tracing::error!("calls were still under way when the grace time ended");
            }
        };
        let (served, ()) = tokio::join!(server, ending);
        served
    }
}
