//! The connection to Redis: made when needed, made anew after any failure and where the server says that it is the
//! wrong one, every wait bounded. The name is resolved for each connection.
//!
//! The crate's own connection manager keeps a connection that stopped answering, and gives up for good when Redis
//! turns a reconnection down (still loading its data, too many clients).

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use arc_swap::ArcSwapOption;
use redis::aio::MultiplexedConnection;
use redis::{
    AsyncConnectionConfig, Client, Cmd, ErrorKind, FromRedisValue, RedisError, RedisResult, ScriptInvocation,
};
use tokio::sync::Mutex;
use tokio::time::timeout;

use super::breaker::Breaker;

/// One multiplexed connection, shared by all callers.
pub(super) struct Link {
    client: Client,
    current: ArcSwapOption<MultiplexedConnection>,
    connecting: Mutex<()>,
    breaker: Breaker,
    /// Bounds the connection and the answer, each.
    answer_within: Duration,
}

/// What can be asked.
pub(super) enum Question<'a> {
    Command(&'a Cmd),
    Script(&'a ScriptInvocation<'a>),
}

impl Question<'_> {
    async fn put<T: FromRedisValue>(&self, mut connection: MultiplexedConnection) -> RedisResult<T> {
        match self {
            Self::Command(command) => command.query_async(&mut connection).await,
            Self::Script(script) => script.invoke_async(&mut connection).await,
        }
    }
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    /// Nothing was asked.
    #[error("no connection to Redis")]
    NotConnected(#[source] RedisError),
    /// The connection broke; what was asked may have been done.
    #[error("the connection to Redis was lost")]
    Lost,
    /// No answer in time; what was asked may still be done.
    #[error("Redis did not answer in time")]
    Silent,
    /// Redis would not do it: full, read-only, loading, not permitted.
    #[error("Redis refused")]
    Refused(#[source] RedisError),
}

impl Failure {
    /// For the log: never anything that was asked or answered.
    pub(super) fn reason(&self) -> &str {
        match self {
            Self::NotConnected(error) | Self::Refused(error) => error.code().unwrap_or(error.category()),
            Self::Lost => "connection lost",
            Self::Silent => "no answer in time",
        }
    }

    /// Whether what was asked may have been done, or be done yet.
    pub(super) const fn is_in_doubt(&self) -> bool {
        match self {
            Self::Lost | Self::Silent => true,
            Self::NotConnected(_) | Self::Refused(_) => false,
        }
    }

    /// Whether this server cannot help and another one may, to which the name perhaps leads by now: a master that
    /// became a copy, one that still loads its data, one that lost its own master or its cluster. Nothing was done.
    pub(super) fn is_misdirected(&self) -> bool {
        const ELSEWHERE: [&str; 7] =
            ["READONLY", "LOADING", "MASTERDOWN", "CLUSTERDOWN", "NOREPLICAS", "MOVED", "TRYAGAIN"];
        let Self::Refused(error) = self else { return false };
        // Before version 7 a script's own error was told as ERR, with the reason inside its text.
        let inside = error.detail().unwrap_or_default();
        ELSEWHERE.iter().any(|code| error.code() == Some(code) || inside.contains(&format!("-{code} ")))
    }

    fn of(error: RedisError) -> Self {
        match error.kind() {
            ErrorKind::Io | ErrorKind::Parse => Self::Lost,
            _ => Self::Refused(error),
        }
    }
}

impl Link {
    pub(super) fn new(client: Client, answer_within: Duration) -> Self {
        Self {
            client,
            current: ArcSwapOption::empty(),
            connecting: Mutex::new(()),
            breaker: Breaker::default(),
            answer_within,
        }
    }

    /// Whether Redis is worth asking. After a yes, ask.
    pub(super) fn is_open(&self) -> bool {
        self.breaker.admits(Instant::now())
    }

    pub(super) async fn ask<T: FromRedisValue>(&self, question: Question<'_>) -> Result<T, Failure> {
        let result = self.try_ask(question).await;
        match &result {
            Ok(_) | Err(Failure::Refused(_)) => {
                if self.breaker.succeeded() {
                    tracing::info!("the idempotency store is back");
                }
            }
            Err(failure @ (Failure::NotConnected(_) | Failure::Lost | Failure::Silent)) => {
                if self.breaker.failed(Instant::now()) {
                    tracing::warn!(reason = failure.reason(), "the idempotency store is away");
                }
            }
        }
        result
    }

    async fn try_ask<T: FromRedisValue>(&self, question: Question<'_>) -> Result<T, Failure> {
        let connection = match timeout(self.answer_within, self.connection()).await {
            Ok(connection) => connection.map_err(Failure::NotConnected)?,
            Err(_) => return Err(Failure::NotConnected(io::Error::from(io::ErrorKind::TimedOut).into())),
        };
        let answer =
            timeout(self.answer_within, question.put(MultiplexedConnection::clone(&connection))).await;
        let failure = match answer {
            Ok(Ok(answer)) => return Ok(answer),
            Ok(Err(error)) => Failure::of(error),
            Err(_) => Failure::Silent,
        };
        if failure.is_in_doubt() || failure.is_misdirected() {
            // Only this one: another caller may have replaced it already.
            self.current.compare_and_swap(&connection, None);
        }
        Err(failure)
    }

    async fn connection(&self) -> RedisResult<Arc<MultiplexedConnection>> {
        if let Some(connection) = self.current.load_full() {
            return Ok(connection);
        }
        let _only_one_connects = self.connecting.lock().await;
        if let Some(connection) = self.current.load_full() {
            return Ok(connection);
        }
        let unbounded = AsyncConnectionConfig::new().set_connection_timeout(None).set_response_timeout(None);
        let connection = self.client.get_multiplexed_async_connection_with_config(&unbounded).await?;
        let connection = Arc::new(connection);
        self.current.store(Some(Arc::clone(&connection)));
        Ok(connection)
    }
}
