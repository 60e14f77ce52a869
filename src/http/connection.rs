//! A client's connection, cut off when the client is slow: the HTTP library times only the first request of each.

use std::cell::{Cell, RefCell};
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use actix_web::body::{BodySize, BoxBody, MessageBody};
use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};
use tokio_util::task::task_tracker::TaskTrackerToken;

/// How long each thing may take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    /// From the first octet of a request to the end of its head, and for the TLS handshake.
    pub(super) request: Duration,
    /// Between two requests.
    pub(super) idle: Duration,
    /// For the client to take any of an answer.
    pub(super) answer: Duration,
}

/// What is under way on a connection.
#[derive(Debug, Default)]
pub(super) struct Activity {
    requests: Cell<usize>,
    /// All since the connection was made: one may begin and end between two looks.
    began: Cell<u64>,
    /// Whether requests share the connection (HTTP/2): its frames need not belong to one.
    pub(super) multiplexed: Cell<bool>,
    reader: RefCell<Option<Waker>>,
}

/// One request under way, until its answer was sent.
#[derive(Debug)]
pub(super) struct Working(Rc<Activity>);

impl Activity {
    /// Counts a request, and says how many there are.
    pub(super) fn begin(self: &Rc<Self>) -> (Working, usize) {
        self.requests.set(self.requests.get() + 1);
        self.began.set(self.began.get() + 1);
        (Working(Rc::clone(self)), self.requests.get())
    }
}

impl Drop for Working {
    fn drop(&mut self) {
        self.0.requests.set(self.0.requests.get() - 1);
        // Nothing else may be there to wake the connection, and its time begins to run now.
        if let Some(waker) = self.0.reader.take() {
            waker.wake();
        }
    }
}

/// A stream that fails when the client is slow, and ends between requests once the server stops.
#[derive(Debug)]
pub(super) struct Connection<S> {
    stream: S,
    patience: Patience,
    pub(super) activity: Rc<Activity>,
    phase: Phase,
    /// Requests that were seen to begin.
    began: u64,
    read_by: Pin<Box<Sleep>>,
    written_by: Option<Pin<Box<Sleep>>>,
    stopping: Pin<Box<WaitForCancellationFutureOwned>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Nothing came yet.
    New,
    /// A request is coming in.
    Receiving,
    /// A request is being answered; its body has a time limit of its own.
    Working,
    /// Nothing is expected.
    Idle,
}

impl<S> Connection<S> {
    pub(super) fn new(stream: S, patience: Patience, stopping: CancellationToken) -> Self {
        Self {
            stream,
            patience,
            activity: Rc::default(),
            phase: Phase::New,
            began: 0,
            read_by: Box::pin(sleep(patience.request)),
            written_by: None,
            stopping: Box::pin(stopping.cancelled_owned()),
        }
    }

    /// The end of the stream, an error, or nothing against reading on.
    fn interrupted(&mut self, context: &mut Context<'_>) -> Option<io::Result<()>> {
        self.activity.reader.replace(Some(context.waker().clone()));
        if self.activity.began.get() > self.began {
            self.began = self.activity.began.get();
            self.phase = Phase::Working;
        }
        if self.activity.requests.get() > 0 {
            return None;
        }
        if self.phase == Phase::Working {
            self.turn(Phase::Idle, self.patience.idle);
        }
        if matches!(self.phase, Phase::New | Phase::Idle) && self.stopping.as_mut().poll(context).is_ready() {
            return Some(Ok(()));
        }
        self.read_by.as_mut().poll(context).is_ready().then(|| Err(io::ErrorKind::TimedOut.into()))
    }

    fn turn(&mut self, phase: Phase, time: Duration) {
        self.phase = phase;
        self.read_by.as_mut().reset(Instant::now() + time);
    }

    fn written<T>(&mut self, context: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.written_by = None;
            return written;
        }
        let time = self.patience.answer;
        let written_by = self.written_by.get_or_insert_with(|| Box::pin(sleep(time)));
        written_by.as_mut().poll(context).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Connection<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if let Some(end) = this.interrupted(context) {
            return Poll::Ready(end);
        }
        let before = buffer.filled().len();
        let read = Pin::new(&mut this.stream).poll_read(context, buffer);
        let arrived = read.is_ready() && buffer.filled().len() > before;
        match this.phase {
            // Its time began when it was made.
            Phase::New if arrived => this.phase = Phase::Receiving,
            Phase::Idle if arrived && !this.activity.multiplexed.get() => {
                this.turn(Phase::Receiving, this.patience.request);
            }
            Phase::New | Phase::Idle | Phase::Receiving | Phase::Working => {}
        }
        read
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Connection<S> {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, data: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = Pin::new(&mut this.stream).poll_write(context, data);
        this.written(context, written)
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let flushed = Pin::new(&mut this.stream).poll_flush(context);
        this.written(context, flushed)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let shut = Pin::new(&mut this.stream).poll_shutdown(context);
        this.written(context, shut)
    }
}

/// An answer's body that keeps its request under way until it was sent.
pub(super) struct WatchedBody {
    pub(super) body: BoxBody,
    pub(super) _working: (Option<Working>, TaskTrackerToken),
}

impl MessageBody for WatchedBody {
    type Error = <BoxBody as MessageBody>::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Pin::new(&mut self.get_mut().body).poll_next(context)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
    use tokio::time::timeout;

    use super::*;

    const SHORT: Duration = Duration::from_millis(50);
    const LONG: Duration = Duration::from_secs(3600);
    const PATIENCE: Patience = Patience { request: SHORT, idle: LONG, answer: SHORT };

    fn connection(patience: Patience) -> (Connection<DuplexStream>, DuplexStream, CancellationToken) {
        let (server, client) = duplex(64);
        let stopping = CancellationToken::new();
        (Connection::new(server, patience, stopping.clone()), client, stopping)
    }

    async fn read(connection: &mut Connection<DuplexStream>) -> Result<usize, io::ErrorKind> {
        connection.read(&mut [0; 16]).await.map_err(|error| error.kind())
    }

    #[tokio::test]
    async fn a_request_that_trickles_is_cut_off_however_often_something_arrives() {
        let (mut connection, mut client, _) = connection(PATIENCE);
        loop {
            client.write_all(b"x").await.unwrap();
            match read(&mut connection).await {
                Ok(_) => tokio::time::sleep(SHORT / 10).await,
                Err(error) => break assert_eq!(error, io::ErrorKind::TimedOut),
            }
        }
    }

    #[tokio::test]
    async fn the_second_request_has_its_time_too() {
        let (mut connection, mut client, _) = connection(PATIENCE);
        client.write_all(b"first").await.unwrap();
        read(&mut connection).await.unwrap();
        let (working, _) = connection.activity.begin();
        assert!(timeout(4 * SHORT, read(&mut connection)).await.is_err());
        drop(working);
        assert!(timeout(4 * SHORT, read(&mut connection)).await.is_err());
        client.write_all(b"half").await.unwrap();
        read(&mut connection).await.unwrap();
        assert_eq!(read(&mut connection).await, Err(io::ErrorKind::TimedOut));
    }

    #[tokio::test]
    async fn a_request_that_nobody_saw_begin_counts_as_well() {
        let (mut connection, mut client, _) = connection(PATIENCE);
        drop(connection.activity.begin());
        tokio::time::sleep(2 * SHORT).await;
        client.write_all(b"second").await.unwrap();
        assert_eq!(read(&mut connection).await, Ok(6));
    }

    #[tokio::test]
    async fn a_connection_is_woken_when_the_last_answer_was_sent() {
        let (mut connection, _client, _) = connection(Patience { idle: SHORT, ..PATIENCE });
        let (working, _) = connection.activity.begin();
        let local = tokio::task::LocalSet::new();
        let read = local.run_until(async move {
            let reading = tokio::task::spawn_local(async move { read(&mut connection).await });
            tokio::task::yield_now().await;
            drop(working);
            reading.await.unwrap()
        });
        assert_eq!(read.await, Err(io::ErrorKind::TimedOut));
    }

    #[tokio::test]
    async fn a_client_that_does_not_read_is_cut_off() {
        let (mut connection, _client, _) = connection(PATIENCE);
        let error = connection.write_all(&[0; 65]).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test]
    async fn a_connection_that_was_not_used_yet_ends_when_the_server_stops_and_half_a_request_is_read_on() {
        let (mut unused, _client, stopping) = connection(PATIENCE);
        stopping.cancel();
        assert_eq!(read(&mut unused).await, Ok(0));
        let (mut half, mut client, stopping) = connection(PATIENCE);
        client.write_all(b"half").await.unwrap();
        assert_eq!(read(&mut half).await, Ok(4));
        stopping.cancel();
        client.write_all(b"rest").await.unwrap();
        assert_eq!(read(&mut half).await, Ok(4));
    }

    #[tokio::test]
    async fn an_idle_connection_ends_when_the_server_stops_and_a_working_one_does_not() {
        let (mut connection, mut client, stopping) = connection(PATIENCE);
        let (working, _) = connection.activity.begin();
        stopping.cancel();
        client.write_all(b"x").await.unwrap();
        assert_eq!(read(&mut connection).await, Ok(1));
        drop(working);
        assert_eq!(read(&mut connection).await, Ok(0));
    }
}
