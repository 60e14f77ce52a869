//! An upstream on loopback that misbehaves on purpose, with TLS and without.

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio::time::sleep;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// What an upstream does with one connection.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Does {
    /// Answers every request with this status, and keeps the connection.
    Answer(u16),
    /// Answers one request with this status, and says that the connection ends with it.
    AnswerOnce(u16),
    /// Answers one request, then closes the connection without having said so.
    AnswerThenClose,
    /// Answers one request, then resets when the next one comes.
    AnswerThenReset,
    /// Says this before it is asked anything, and nothing more.
    Says(&'static [u8]),
    /// Resets when the request comes, without reading it.
    ResetBefore,
    /// Resets in the middle of the request.
    ResetWithin,
    /// Resets after the request.
    ResetAfter,
    /// Resets in the middle of the answer.
    ResetInAnswer,
    /// Ends its side after the request, without an answer.
    HalfClose,
    /// Reads nothing, says nothing.
    StallBefore,
    /// Stops reading in the middle of the request.
    StallWithin,
    /// Reads the request, says nothing.
    StallAfter,
    /// Stops in the middle of the answer's head.
    StallInHead,
    /// Stops in the middle of the answer's body.
    StallInBody,
    /// Sends without end.
    Endless,
    /// Says that far too much follows.
    TooMuch,
    /// Sends headers without end.
    EndlessHead,
    /// A byte each tenth of a second, which is never done in time.
    Dribble,
    /// 302.
    Redirect,
    /// Something else than HTTP.
    Babble,
}

/// Type and content of the answer to a request's body.
pub(crate) type Answers = Arc<dyn Fn(&str) -> (&'static str, String) + Send + Sync>;

/// How one connection is served.
#[derive(Clone)]
pub(crate) struct Turn {
    pub(crate) does: Does,
    /// Behind TLS.
    pub(crate) tls: Option<Arc<ServerConfig>>,
    /// Something else than the upstream answers usually.
    pub(crate) answers: Option<Answers>,
}

impl From<Does> for Turn {
    fn from(does: Does) -> Self {
        Self { does, tls: None, answers: None }
    }
}

pub(crate) struct Hostile {
    pub(crate) address: SocketAddr,
    script: Arc<Mutex<VecDeque<Turn>>>,
    seen: Seen,
    task: JoinHandle<()>,
}

impl Hostile {
    /// Does one thing per connection, and answers 200 on all that follow.
    pub(crate) async fn start(script: &[Does]) -> Self {
        Self::listen(TcpListener::bind("127.0.0.1:0").await.unwrap(), script)
    }

    pub(crate) fn listen(listener: TcpListener, script: &[Does]) -> Self {
        let answer: Answers = Arc::new(|_| ("text/xml; charset=utf-8", "<answer>".to_owned()));
        let hostile = Self::serving(listener, Turn { answers: Some(answer), ..Does::Answer(200).into() });
        hostile.then(script.iter().map(|does| Turn::from(*does)));
        hostile
    }

    /// Serves every connection so for which there is no other plan.
    pub(crate) fn serving(listener: TcpListener, usual: Turn) -> Self {
        let address = listener.local_addr().unwrap();
        let (script, seen) = <(Arc<Mutex<VecDeque<Turn>>>, Seen)>::default();
        let (planned, counts) = (Arc::clone(&script), seen.clone());
        let task = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                counts.connections.fetch_add(1, Ordering::SeqCst);
                let mut turn = planned.lock().unwrap().pop_front().unwrap_or_else(|| usual.clone());
                turn.answers = turn.answers.or_else(|| usual.answers.clone());
                let counts = counts.clone();
                tokio::spawn(async move {
                    let _ = serve(stream, turn, &counts).await;
                });
            }
        });
        Self { address, script, seen, task }
    }

    /// Plans the next connections.
    pub(crate) fn then(&self, turns: impl IntoIterator<Item = Turn>) {
        self.script.lock().unwrap().extend(turns);
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/service", self.address)
    }

    pub(crate) fn connections(&self) -> usize {
        self.seen.connections.load(Ordering::SeqCst)
    }

    /// Requests that were read to their end.
    pub(crate) fn requests(&self) -> usize {
        self.seen.requests.load(Ordering::SeqCst)
    }

    /// Request lines and headers of those requests.
    pub(crate) fn heads(&self) -> Vec<String> {
        self.seen.heads.lock().unwrap().clone()
    }
}

impl Drop for Hostile {
    fn drop(&mut self) {
        self.task.abort();
    }
}

#[derive(Clone, Default)]
pub(crate) struct Seen {
    connections: Arc<AtomicUsize>,
    requests: Arc<AtomicUsize>,
    heads: Arc<Mutex<Vec<String>>>,
}

async fn serve(stream: TcpStream, turn: Turn, seen: &Seen) -> io::Result<()> {
    let answers = turn.answers.expect("an upstream has an answer");
    let Some(config) = turn.tls else { return misbehave(stream, turn.does, &answers, seen).await };
    match TlsAcceptor::from(config).accept(stream).into_fallible().await {
        Ok(stream) => misbehave(stream, turn.does, &answers, seen).await,
        Err((error, stream)) => {
            leave_time_to_read(stream).await;
            Err(error)
        }
    }
}

/// Closing at once would let the reset overtake the alert.
pub(crate) async fn leave_time_to_read(stream: TcpStream) {
    sleep(Duration::from_millis(300)).await;
    drop(stream);
}

/// A connection, and what lies below it.
trait Line: AsyncRead + AsyncWrite + Unpin {
    fn tcp(&self) -> &TcpStream;
}

impl Line for TcpStream {
    fn tcp(&self) -> &TcpStream {
        self
    }
}

impl Line for TlsStream<TcpStream> {
    fn tcp(&self) -> &TcpStream {
        self.get_ref().0
    }
}

async fn misbehave(mut stream: impl Line, does: Does, answers: &Answers, seen: &Seen) -> io::Result<()> {
    let long = Duration::from_secs(60);
    match does {
        Does::Answer(status) => {
            while let Some(request) = read_request(&mut stream, seen).await? {
                answer(&mut stream, status, "", answers(&request)).await?;
            }
        }
        Does::AnswerOnce(status) => {
            if let Some(request) = read_request(&mut stream, seen).await? {
                answer(&mut stream, status, "connection: close\r\n", answers(&request)).await?;
                stream.shutdown().await?;
            }
        }
        Does::AnswerThenClose => {
            let request = read_request(&mut stream, seen).await?.unwrap_or_default();
            answer(&mut stream, 200, "", answers(&request)).await?;
            // Until the client has put the connection aside.
            sleep(Duration::from_millis(10)).await;
        }
        Does::AnswerThenReset => {
            let request = read_request(&mut stream, seen).await?.unwrap_or_default();
            answer(&mut stream, 200, "", answers(&request)).await?;
            stream.read_u8().await?;
            reset(stream)?;
        }
        Does::Says(words) => {
            say(&mut stream, words).await?;
            sleep(long).await;
        }
        Does::ResetBefore => {
            stream.tcp().peek(&mut [0]).await?;
            reset(stream)?;
        }
        Does::ResetWithin => {
            stream.read_exact(&mut [0; 20]).await?;
            reset(stream)?;
        }
        Does::ResetAfter => {
            read_request(&mut stream, seen).await?;
            reset(stream)?;
        }
        Does::ResetInAnswer => {
            read_request(&mut stream, seen).await?;
            say(&mut stream, b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf").await?;
            sleep(Duration::from_millis(50)).await;
            reset(stream)?;
        }
        Does::HalfClose => {
            read_request(&mut stream, seen).await?;
            stream.shutdown().await?;
            sleep(long).await;
        }
        Does::StallBefore => sleep(long).await,
        Does::StallWithin => {
            stream.read_exact(&mut [0; 20]).await?;
            sleep(long).await;
        }
        Does::StallAfter => {
            read_request(&mut stream, seen).await?;
            sleep(long).await;
        }
        Does::StallInHead => {
            read_request(&mut stream, seen).await?;
            say(&mut stream, b"HTTP/1.1 200 OK\r\ncontent-").await?;
            sleep(long).await;
        }
        Does::StallInBody => {
            read_request(&mut stream, seen).await?;
            say(&mut stream, b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf").await?;
            sleep(long).await;
        }
        Does::Endless => {
            read_request(&mut stream, seen).await?;
            say(&mut stream, b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").await?;
            loop {
                say(&mut stream, b"8\r\n<a><a><a\r\n").await?;
            }
        }
        Does::TooMuch => {
            read_request(&mut stream, seen).await?;
            say(&mut stream, b"HTTP/1.1 200 OK\r\ncontent-length: 999999999\r\n\r\n").await?;
            sleep(long).await;
        }
        Does::EndlessHead => {
            read_request(&mut stream, seen).await?;
            say(&mut stream, b"HTTP/1.1 200 OK\r\n").await?;
            loop {
                say(&mut stream, b"x-more: and more\r\n").await?;
            }
        }
        Does::Dribble => {
            read_request(&mut stream, seen).await?;
            say(&mut stream, b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n").await?;
            loop {
                say(&mut stream, b"x").await?;
                sleep(Duration::from_millis(100)).await;
            }
        }
        Does::Redirect => {
            read_request(&mut stream, seen).await?;
            let elsewhere = b"HTTP/1.1 302 Found\r\nlocation: /other\r\ncontent-length: 0\r\n\r\n";
            say(&mut stream, elsewhere).await?;
            // Whoever follows is seen.
            while read_request(&mut stream, seen).await?.is_some() {}
        }
        Does::Babble => {
            read_request(&mut stream, seen).await?;
            say(&mut stream, b"220 mail.example.dk ESMTP\r\n").await?;
            sleep(long).await;
        }
    }
    Ok(())
}

fn reset(stream: impl Line) -> io::Result<()> {
    stream.tcp().set_zero_linger()
}

/// Reads a request and returns its body; `None` at the end of the connection.
pub(crate) async fn read_request(
    stream: &mut (impl AsyncRead + Unpin),
    seen: &Seen,
) -> io::Result<Option<String>> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) if head.is_empty() => return Ok(None),
            Err(error) => return Err(error),
        }
    }
    let head = String::from_utf8(head).unwrap();
    let length = head.split("content-length: ").nth(1).and_then(|rest| rest.lines().next());
    let mut body = vec![0; length.unwrap_or("0").parse().unwrap()];
    stream.read_exact(&mut body).await?;
    seen.heads.lock().unwrap().push(head);
    seen.requests.fetch_add(1, Ordering::SeqCst);
    Ok(Some(String::from_utf8(body).unwrap()))
}

pub(crate) async fn answer(
    stream: &mut (impl AsyncWrite + Unpin),
    status: u16,
    headers: &str,
    (content_type, content): (&str, String),
) -> io::Result<()> {
    let length = content.len();
    let head = format!(
        "HTTP/1.1 {status} Any\r\ncontent-type: {content_type}\r\n{headers}content-length: {length}\r\n\r\n"
    );
    say(stream, (head + &content).as_bytes()).await
}

async fn say(stream: &mut (impl AsyncWrite + Unpin), words: &[u8]) -> io::Result<()> {
    stream.write_all(words).await?;
    stream.flush().await
}
