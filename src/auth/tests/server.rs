//! A key set server on the loopback address that counts what it is asked.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::task::AbortOnDropHandle;

use crate::config::JwksSource;

pub(super) struct KeyServer {
    address: SocketAddr,
    answer: Arc<Mutex<String>>,
    asked: Arc<AtomicUsize>,
    _serving: AbortOnDropHandle<()>,
}

impl KeyServer {
    /// Answers 200 with this document.
    pub(super) async fn with(document: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let answer = Arc::new(Mutex::new(ok(document)));
        let asked = Arc::new(AtomicUsize::new(0));
        let (shown, counted) = (Arc::clone(&answer), Arc::clone(&asked));
        let serving = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                counted.fetch_add(1, Ordering::SeqCst);
                let answer = shown.lock().unwrap().clone();
                tokio::spawn(serve(stream, answer));
            }
        });
        Self { address, answer, asked, _serving: AbortOnDropHandle::new(serving) }
    }

    /// From now on answers 200 with this document.
    pub(super) fn publish(&self, document: &str) {
        self.answer_raw(ok(document));
    }

    /// From now on answers 503.
    pub(super) fn go_away(&self) {
        self.answer_raw("HTTP/1.1 503 Away\r\ncontent-length: 0\r\n\r\n".to_owned());
    }

    /// From now on sends this, whatever it is.
    pub(super) fn answer_raw(&self, answer: String) {
        *self.answer.lock().unwrap() = answer;
    }

    /// How often it was asked.
    pub(super) fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}/jwks", self.address)
    }

    pub(super) fn source(&self) -> JwksSource {
        JwksSource::Url(self.url())
    }
}

fn ok(document: &str) -> String {
    let length = document.len();
    format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{document}")
}

/// Slow enough that callers meet while a fetch is under way.
async fn serve(mut stream: TcpStream, answer: String) {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        match stream.read_buf(&mut request).await {
            Ok(octets) if octets > 0 => {}
            _ => return,
        }
    }
    tokio::time::sleep(Duration::from_millis(20)).await;
    // The client may hang up early, as it does when the answer is too long.
    let _ = stream.write_all(answer.as_bytes()).await;
}
