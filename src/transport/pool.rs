//! Connections that wait for their next request.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::Uri;
use rustls::ClientConfig;
use tokio::time::{Instant, sleep};

use super::connection::Connection;

/// Idle connections of one worker thread: they live on the runtime that made them.
pub(super) struct Pool {
    idle_timeout: Duration,
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    /// The latest last, which is used first.
    idle: Vec<Idle>,
    /// Whether a task looks after them.
    swept: bool,
}

struct Idle {
    connection: Connection,
    since: Instant,
}

impl Pool {
    pub(super) fn new(idle_timeout: Duration) -> Self {
        Self { idle_timeout, inner: Mutex::default() }
    }

    /// A connection to where `url` is, made under these settings.
    pub(super) fn take(&self, url: &Uri, settings: &Arc<ClientConfig>) -> Option<Connection> {
        let mut inner = self.lock();
        self.sweep(&mut inner);
        inner.idle.retain(|idle| idle.connection.made_under(settings));
        let index = inner
            .idle
            .iter()
            .rposition(|idle| idle.connection.leads_to(url) && idle.connection.is_ready())?;
        Some(inner.idle.remove(index).connection)
    }

    pub(super) fn put(self: &Arc<Self>, connection: Connection) {
        let mut inner = self.lock();
        inner.idle.push(Idle { connection, since: Instant::now() });
        if !inner.swept {
            inner.swept = true;
            self.keep_swept();
        }
    }

    /// Closes connections that nobody asks for, until none is left.
    fn keep_swept(self: &Arc<Self>) {
        let (pool, pause) = (Arc::downgrade(self), self.idle_timeout);
        tokio::spawn(async move {
            loop {
                sleep(pause).await;
                let Some(pool) = pool.upgrade() else { return };
                let mut inner = pool.lock();
                pool.sweep(&mut inner);
                if inner.idle.is_empty() {
                    inner.swept = false;
                    return;
                }
            }
        });
    }

    fn sweep(&self, inner: &mut Inner) {
        let now = Instant::now();
        inner.idle.retain(|idle| !idle.connection.is_closed() && now - idle.since < self.idle_timeout);
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
