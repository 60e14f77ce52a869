//! A TCP stream that counts what the system took of what was written.

use std::io::{self, IoSlice};
use std::os::fd::AsFd;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// What can be known of a connection while something else reads and writes on it.
#[derive(Clone)]
pub(super) struct Gauge(Arc<Inner>);

struct Inner {
    written: AtomicU64,
    socket: std::net::TcpStream,
}

impl Gauge {
    /// Bytes that left for the peer, below TLS.
    pub(super) fn written(&self) -> u64 {
        self.0.written.load(Ordering::Acquire)
    }

    /// Whether the peer has said nothing that is still to be read, its goodbye included. The
    /// runtime learns of that only when it gets round to asking; this asks the system.
    pub(super) fn is_silent(&self) -> bool {
        let peeked = self.0.socket.peek(&mut [0]);
        peeked.is_err_and(|error| error.kind() == io::ErrorKind::WouldBlock)
    }
}

pub(super) struct Counted {
    stream: TcpStream,
    gauge: Gauge,
}

impl Counted {
    pub(super) fn new(stream: TcpStream) -> io::Result<Self> {
        let socket = stream.as_fd().try_clone_to_owned()?.into();
        let gauge = Gauge(Arc::new(Inner { written: AtomicU64::new(0), socket }));
        Ok(Self { stream, gauge })
    }

    pub(super) fn gauge(&self) -> Gauge {
        self.gauge.clone()
    }

    fn count(&self, outcome: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        let bytes = ready!(outcome)?;
        self.gauge.0.written.fetch_add(bytes as u64, Ordering::AcqRel);
        Poll::Ready(Ok(bytes))
    }
}

impl AsyncRead for Counted {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Counted {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.stream).poll_write(cx, buf);
        self.count(outcome)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
        self.count(outcome)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
