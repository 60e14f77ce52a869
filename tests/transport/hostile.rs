//! An upstream on loopback that misbehaves on purpose, and the requests that it is sent.

use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue};
use jiff::Timestamp;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio::time::sleep;
use ungebro::config::{DatetimeFormat, Upstream};
use ungebro::transport::{Answer, Exchange, Transport, Verdict};

pub(crate) const BODY: &str = "<Envelope>the request</Envelope>";

/// What an upstream does with one connection.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Does {
    /// Answers every request with this status, and keeps the connection.
    Answer(u16),
    /// Answers one request, then closes the connection without having said so.
    AnswerThenClose,
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

pub(crate) struct Hostile {
    pub(crate) address: SocketAddr,
    connections: Arc<AtomicUsize>,
    requests: Arc<AtomicUsize>,
    heads: Arc<Mutex<Vec<String>>>,
    task: JoinHandle<()>,
}

impl Hostile {
    /// Does one thing per connection, and answers 200 on all that follow.
    pub(crate) async fn start(script: &[Does]) -> Self {
        Self::listen(TcpListener::bind("127.0.0.1:0").await.unwrap(), script)
    }

    pub(crate) fn listen(listener: TcpListener, script: &[Does]) -> Self {
        let address = listener.local_addr().unwrap();
        let (connections, requests, heads) = Default::default();
        let seen = Seen { requests: Arc::clone(&requests), heads: Arc::clone(&heads) };
        let (script, count) = (script.to_vec(), Arc::clone(&connections));
        let task = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let turn = AtomicUsize::fetch_add(&count, 1, Ordering::SeqCst);
                let does = script.get(turn).copied().unwrap_or(Does::Answer(200));
                let seen = seen.clone();
                tokio::spawn(async move {
                    let _ = misbehave(stream, does, &seen).await;
                });
            }
        });
        Self { address, connections, requests, heads, task }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/service", self.address)
    }

    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// Requests that were read to their end.
    pub(crate) fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }

    /// Request lines and headers of those requests.
    pub(crate) fn heads(&self) -> Vec<String> {
        self.heads.lock().unwrap().clone()
    }
}

impl Drop for Hostile {
    fn drop(&mut self) {
        self.task.abort();
    }
}

#[derive(Clone, Default)]
pub(crate) struct Seen {
    requests: Arc<AtomicUsize>,
    heads: Arc<Mutex<Vec<String>>>,
}

async fn misbehave(mut stream: TcpStream, does: Does, seen: &Seen) -> io::Result<()> {
    let long = Duration::from_secs(60);
    match does {
        Does::Answer(status) => {
            while read_request(&mut stream, seen).await? {
                answer(&mut stream, status).await?;
            }
        }
        Does::AnswerThenClose => {
            read_request(&mut stream, seen).await?;
            answer(&mut stream, 200).await?;
            // Until the client has put the connection aside.
            sleep(Duration::from_millis(10)).await;
        }
        Does::ResetBefore => {
            stream.readable().await?;
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
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf").await?;
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
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-").await?;
            sleep(long).await;
        }
        Does::StallInBody => {
            read_request(&mut stream, seen).await?;
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf").await?;
            sleep(long).await;
        }
        Does::Endless => {
            read_request(&mut stream, seen).await?;
            stream.write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").await?;
            loop {
                stream.write_all(b"8\r\n<a><a><a\r\n").await?;
            }
        }
        Does::TooMuch => {
            read_request(&mut stream, seen).await?;
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 999999999\r\n\r\n").await?;
            sleep(long).await;
        }
        Does::EndlessHead => {
            read_request(&mut stream, seen).await?;
            stream.write_all(b"HTTP/1.1 200 OK\r\n").await?;
            loop {
                stream.write_all(b"x-more: and more\r\n").await?;
            }
        }
        Does::Dribble => {
            read_request(&mut stream, seen).await?;
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n").await?;
            loop {
                stream.write_all(b"x").await?;
                sleep(Duration::from_millis(100)).await;
            }
        }
        Does::Redirect => {
            read_request(&mut stream, seen).await?;
            let elsewhere = b"HTTP/1.1 302 Found\r\nlocation: /other\r\ncontent-length: 0\r\n\r\n";
            stream.write_all(elsewhere).await?;
            while read_request(&mut stream, seen).await? {
                answer(&mut stream, 200).await?;
            }
        }
        Does::Babble => {
            read_request(&mut stream, seen).await?;
            stream.write_all(b"220 mail.example.dk ESMTP\r\n").await?;
            sleep(long).await;
        }
    }
    Ok(())
}

fn reset(stream: TcpStream) -> io::Result<()> {
    stream.set_zero_linger()
}

/// Reads head and body; false at the end of the connection.
pub(crate) async fn read_request(stream: &mut (impl AsyncRead + Unpin), seen: &Seen) -> io::Result<bool> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) if head.is_empty() => return Ok(false),
            Err(error) => return Err(error),
        }
    }
    let head = String::from_utf8(head).unwrap();
    let length = head.split("content-length: ").nth(1).and_then(|rest| rest.lines().next());
    let mut body = vec![0; length.unwrap_or("0").parse().unwrap()];
    stream.read_exact(&mut body).await?;
    seen.heads.lock().unwrap().push(head);
    seen.requests.fetch_add(1, Ordering::SeqCst);
    Ok(true)
}

pub(crate) async fn answer(stream: &mut (impl AsyncWrite + Unpin), status: u16) -> io::Result<()> {
    let head = format!(
        "HTTP/1.1 {status} Any\r\ncontent-type: text/xml; charset=utf-8\r\ncontent-length: 8\r\n\r\n"
    );
    stream.write_all(format!("{head}<answer>").as_bytes()).await?;
    stream.flush().await
}

/// Settings with short times, and a small limit on answers.
pub(crate) fn settings() -> Upstream {
    Upstream {
        timeout: Duration::from_millis(1500),
        connect_timeout: Duration::from_millis(700),
        response_limit_bytes: 10_000,
        ..Upstream::new(DatetimeFormat::LocalOffset)
    }
}

pub(crate) fn transport(settings: &Upstream) -> Transport {
    Transport::new("test", settings, Timestamp::now()).unwrap()
}

pub(crate) fn exchange(url: &str) -> Exchange {
    Exchange {
        url: url.parse().unwrap(),
        content_type: HeaderValue::from_static("text/xml; charset=utf-8"),
        soap_action: Some(HeaderValue::from_static("\"urn:do\"")),
        body: Bytes::from_static(BODY.as_bytes()),
        headers: HeaderMap::new(),
        span: tracing::Span::none(),
    }
}

/// As a gateway would judge: 5xx is a failure worth another attempt.
pub(crate) fn judge(answer: Answer) -> (Verdict, Answer) {
    let verdict = match answer.status {
        500.. => Verdict::RetryableFault,
        400..500 => Verdict::Failure,
        _ => Verdict::Success,
    };
    (verdict, answer)
}
