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
            phase: Phase::Receiving,
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
        if self.phase == Phase::Idle && self.stopping.as_mut().poll(context).is_ready() {
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
        if arrived && this.phase == Phase::Idle && !this.activity.multiplexed.get() {
            this.turn(Phase::Receiving, this.patience.request);
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
    pub(super) _working: Option<Working>,
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
    use tokio::time::advance;

    use super::*;

    const PATIENCE: Patience = Patience {
        request: Duration::from_secs(10),
        idle: Duration::from_secs(75),
        answer: Duration::from_secs(30),
    };

    fn connection() -> (Connection<DuplexStream>, DuplexStream, CancellationToken) {
        let (server, client) = duplex(64);
        let stopping = CancellationToken::new();
        (Connection::new(server, PATIENCE, stopping.clone()), client, stopping)
    }

    async fn read_error(connection: &mut Connection<DuplexStream>) -> Option<io::ErrorKind> {
        let mut buffer = [0; 16];
        connection.read(&mut buffer).await.err().map(|error| error.kind())
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_that_trickles_is_cut_off_however_often_something_arrives() {
        let (mut connection, mut client, _) = connection();
        for _ in 0..9 {
            client.write_all(b"x").await.unwrap();
            assert_eq!(read_error(&mut connection).await, None);
            advance(Duration::from_millis(1100)).await;
        }
        client.write_all(b"x").await.unwrap();
        assert_eq!(read_error(&mut connection).await, None);
        advance(Duration::from_millis(200)).await;
        client.write_all(b"x").await.unwrap();
        assert_eq!(read_error(&mut connection).await, Some(io::ErrorKind::TimedOut));
    }

    #[tokio::test(start_paused = true)]
    async fn the_second_request_has_its_time_too() {
        let (mut connection, mut client, _) = connection();
        client.write_all(b"first").await.unwrap();
        assert_eq!(read_error(&mut connection).await, None);
        let (working, _) = connection.activity.begin();
        assert!(tokio::time::timeout(PATIENCE.idle * 2, read_error(&mut connection)).await.is_err());
        drop(working);
        client.write_all(b"half of the second").await.unwrap();
        assert_eq!(read_error(&mut connection).await, None);
        let began = Instant::now();
        assert_eq!(read_error(&mut connection).await, None);
        assert_eq!(read_error(&mut connection).await, Some(io::ErrorKind::TimedOut));
        assert_eq!(began.elapsed().as_secs(), PATIENCE.request.as_secs());
    }

    #[tokio::test(start_paused = true)]
    async fn a_reader_is_woken_when_the_last_answer_was_sent() {
        let (mut connection, _client, _) = connection();
        let (working, _) = connection.activity.begin();
        let local = tokio::task::LocalSet::new();
        let reading = local.run_until(async move {
            let reading = tokio::task::spawn_local(async move { read_error(&mut connection).await });
            tokio::task::yield_now().await;
            drop(working);
            reading.await.unwrap()
        });
        assert_eq!(reading.await, Some(io::ErrorKind::TimedOut));
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_does_not_read_is_cut_off() {
        let (mut connection, _client, _) = connection();
        let error = connection.write_all(&[0; 65]).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test(start_paused = true)]
    async fn an_idle_connection_ends_when_the_server_stops_and_a_working_one_does_not() {
        let (mut connection, mut client, stopping) = connection();
        let (working, _) = connection.activity.begin();
        stopping.cancel();
        client.write_all(b"x").await.unwrap();
        let mut buffer = [0; 16];
        assert_eq!(connection.read(&mut buffer).await.unwrap(), 1);
        drop(working);
        assert_eq!(connection.read(&mut buffer).await.unwrap(), 0);
    }
}
