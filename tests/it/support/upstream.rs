//! A SOAP upstream that does what a test says, and remembers everything that it was sent.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use super::xml::Element;

/// How long what comes late is late.
const MOMENT: Duration = Duration::from_millis(3);
/// How long a test waits for what must come.
const PATIENCE: Duration = Duration::from_secs(20);

/// Waits until something is so.
///
/// # Panics
/// When it does not come to be.
pub(crate) async fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let waiting = async {
        while !is_so() {
            tokio::time::sleep(MOMENT).await;
        }
    };
    assert!(tokio::time::timeout(PATIENCE, waiting).await.is_ok(), "{what}");
}

/// A request as it arrived.
#[derive(Debug, Clone)]
pub(crate) struct Received {
    pub(crate) path: String,
    /// By name in lower case.
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: String,
}

impl Received {
    /// The child of the SOAP body.
    pub(crate) fn message(&self) -> Element {
        let document = roxmltree::Document::parse(&self.body).unwrap();
        let body = document.root_element().children().find(|node| node.tag_name().name() == "Body").unwrap();
        Element::read(body.first_element_child().unwrap())
    }
}

/// What the upstream does with a request.
#[derive(Debug, Clone)]
pub(crate) enum Reply {
    Answer {
        status: u16,
        content_type: String,
        body: Vec<u8>,
    },
    /// A location elsewhere.
    Redirect,
    /// Closes the connection without a word.
    Close,
    /// Announces more than it sends, then closes.
    Cut(Vec<u8>),
    /// Never answers.
    Stall,
    /// Answers after a moment.
    Late(Box<Reply>),
}

impl Reply {
    /// An answer with a body and its content type.
    pub(crate) fn of(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self::Answer { status, content_type: content_type.to_owned(), body: body.into() }
    }

    /// A whole document.
    pub(crate) fn xml(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self::of(status, "text/xml; charset=utf-8", body)
    }

    /// A message in an envelope.
    pub(crate) fn message(version: &str, content: &str) -> Self {
        Self::xml(200, envelope(version, content))
    }
}

/// A SOAP envelope of version "1.1" or "1.2".
pub(crate) fn envelope(version: &str, content: &str) -> String {
    let namespace = soap_namespace(version);
    format!("<s:Envelope xmlns:s=\"{namespace}\"><s:Body>{content}</s:Body></s:Envelope>")
}

/// The namespace of a version's envelopes.
pub(crate) fn soap_namespace(version: &str) -> &'static str {
    match version {
        "1.1" => "http://schemas.xmlsoap.org/soap/envelope/",
        _ => "http://www.w3.org/2003/05/soap-envelope",
    }
}

type Script = Arc<dyn Fn(&Received) -> Reply + Send + Sync>;

/// The upstream, until it is dropped.
pub(crate) struct Upstream {
    pub(crate) url: String,
    script: Arc<Mutex<Script>>,
    received: Arc<Mutex<Vec<Received>>>,
    held: watch::Sender<bool>,
    listening: tokio::task::JoinHandle<()>,
}

impl Upstream {
    /// Listens on loopback; until a script is set, answers 500 without a word.
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let silent: Script = Arc::new(|_| Reply::xml(500, ""));
        let script = Arc::new(Mutex::new(silent));
        let received = Arc::new(Mutex::new(Vec::new()));
        let held = watch::Sender::new(false);
        let desk =
            Desk { script: Arc::clone(&script), received: Arc::clone(&received), held: held.subscribe() };
        let listening = tokio::spawn(listen(listener, desk));
        Self { url, script, received, held, listening }
    }

    /// From now on answers so.
    pub(crate) fn answers(&self, script: impl Fn(&Received) -> Reply + Send + Sync + 'static) {
        *self.script.lock().unwrap() = Arc::new(script);
    }

    /// From now on always answers this.
    pub(crate) fn always(&self, reply: Reply) {
        self.answers(move |_| reply.clone());
    }

    /// From now on keeps every answer back.
    pub(crate) fn hold(&self) {
        self.held.send_replace(true);
    }

    /// Gives all answers that were kept back, and holds no more.
    pub(crate) fn let_go(&self) {
        self.held.send_replace(false);
    }

    /// How many requests of a kind have arrived since the last time of taking them.
    pub(crate) fn count(&self, kind: impl Fn(&Received) -> bool) -> usize {
        self.received.lock().unwrap().iter().filter(|received| kind(received)).count()
    }

    /// Waits until so many requests have arrived since the last time of asking.
    pub(crate) async fn has_received(&self, count: usize) {
        until("requests arrive", || self.count(|_| true) >= count).await;
    }

    /// Every request since the last time of asking.
    pub(crate) fn take(&self) -> Vec<Received> {
        std::mem::take(&mut *self.received.lock().unwrap())
    }

    /// The only request since the last time of asking.
    pub(crate) fn take_one(&self) -> Received {
        let mut received = self.take();
        assert_eq!(received.len(), 1, "calls of the upstream");
        received.remove(0)
    }
}

impl Drop for Upstream {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

/// What every connection serves from.
#[derive(Clone)]
struct Desk {
    script: Arc<Mutex<Script>>,
    received: Arc<Mutex<Vec<Received>>>,
    held: watch::Receiver<bool>,
}

async fn listen(listener: TcpListener, desk: Desk) {
    while let Ok((stream, _)) = listener.accept().await {
        let desk = desk.clone();
        tokio::spawn(async move { serve(stream, desk).await });
    }
}

/// Serves one connection; `None` when it ended.
async fn serve(stream: TcpStream, mut desk: Desk) -> Option<()> {
    stream.set_nodelay(true).ok()?;
    let mut stream = BufReader::new(stream);
    loop {
        let request = read(&mut stream).await?;
        let script = Arc::clone(&desk.script.lock().unwrap());
        let mut reply = script(&request);
        desk.received.lock().unwrap().push(request);
        desk.held.wait_for(|held| !held).await.ok()?;
        while let Reply::Late(later) = reply {
            tokio::time::sleep(MOMENT).await;
            reply = *later;
        }
        let (head, body) = match reply {
            Reply::Answer { status, content_type, body } => (head(status, &content_type, body.len()), body),
            Reply::Redirect => {
                let head = "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n";
                (head.to_owned(), Vec::new())
            }
            Reply::Close => return None,
            Reply::Cut(body) => {
                let head = head(200, "text/xml", body.len() + 100);
                stream.write_all(&[head.as_bytes(), &body].concat()).await.ok()?;
                stream.flush().await.ok()?;
                return None;
            }
            Reply::Stall | Reply::Late(_) => {
                tokio::time::sleep(Duration::from_secs(60)).await;
                return None;
            }
        };
        stream.write_all(&[head.as_bytes(), &body].concat()).await.ok()?;
        stream.flush().await.ok()?;
    }
}

fn head(status: u16, content_type: &str, length: usize) -> String {
    format!("HTTP/1.1 {status} X\r\nContent-Type: {content_type}\r\nContent-Length: {length}\r\n\r\n")
}

async fn read(stream: &mut BufReader<TcpStream>) -> Option<Received> {
    let path = line(stream).await?.split(' ').nth(1)?.to_owned();
    let mut headers = BTreeMap::new();
    loop {
        let line = line(stream).await?;
        match line.split_once(':') {
            Some((name, value)) => {
                let before = headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
                assert_eq!(before, None, "the header {name} came twice");
            }
            None => break,
        }
    }
    let mut body = vec![0; headers.get("content-length").map_or(Some(0), |length| length.parse().ok())?];
    stream.read_exact(&mut body).await.ok()?;
    Some(Received { path, headers, body: String::from_utf8(body).unwrap() })
}

async fn line(stream: &mut BufReader<TcpStream>) -> Option<String> {
    let mut line = String::new();
    match stream.read_line(&mut line).await.ok()? {
        0 => None,
        _ => Some(line.trim_end().to_owned()),
    }
}
