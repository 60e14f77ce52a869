//! The way through a proxy, and that the environment names none.

use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use ungebro::transport::{Failure, Sent, Unreachable};

use super::certificates::Authority;
use super::handshakes::Secured;
use super::hostile::Hostile;
use super::request::{exchange, settings, transport};

#[tokio::test]
async fn https_goes_through_a_tunnel() {
    let folder = tempfile::tempdir().unwrap();
    let authority = Authority::new("Servers");
    let upstream = Secured::start(authority.server_config("localhost", &rustls::version::TLS13, None)).await;
    let (proxy, request) = tunnel("HTTP/1.1 200 Connection established\r\n\r\n").await;
    let mut settings = settings();
    settings.proxy = Some(format!("http://me:s%20cret@{proxy}"));
    settings.tls.ca_file = Some(authority.pem_file(folder.path()));
    let answer = transport(&settings).send(&exchange(&upstream.url())).await.unwrap();
    assert_eq!(answer.status, 200);
    let host = format!("localhost:{}", upstream.address.port());
    // me:s cret
    let expected =
        format!("CONNECT {host} HTTP/1.1\r\nHost: {host}\r\nProxy-Authorization: Basic bWU6cyBjcmV0\r\n\r\n");
    assert_eq!(request.await.unwrap(), expected);
}

#[tokio::test]
async fn http_is_asked_of_the_proxy_with_the_whole_address() {
    let proxy = Hostile::start(&[]).await;
    let mut settings = settings();
    settings.proxy = Some(format!("http://{}", proxy.address));
    let answer = transport(&settings).send(&exchange("http://upstream.invalid/a?b=c")).await.unwrap();
    assert_eq!(answer.status, 200);
    let head = proxy.heads().remove(0);
    assert!(head.starts_with("POST http://upstream.invalid/a?b=c HTTP/1.1\r\n"), "{head}");
    assert!(head.contains("host: upstream.invalid\r\n"), "{head}");
}

#[tokio::test]
async fn a_proxy_that_refuses_has_executed_nothing() {
    let (proxy, _request) = tunnel("HTTP/1.1 403 Forbidden\r\n\r\n").await;
    let mut settings = settings();
    settings.proxy = Some(format!("http://{proxy}"));
    let error = transport(&settings).send(&exchange("https://upstream.invalid/")).await.unwrap_err();
    assert!(matches!(error.failure, Failure::Unreachable(Unreachable::Proxy(_))));
    assert_eq!(error.sent, Sent::No);
    assert_eq!(error.to_string(), "upstream unreachable: proxy: refused: 403");
}

/// A proxy for one connection that answers its CONNECT with `answer`; returns the request.
async fn tunnel(answer: &'static str) -> (std::net::SocketAddr, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let task = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await.unwrap());
        }
        let head = String::from_utf8(head).unwrap();
        stream.write_all(answer.as_bytes()).await.unwrap();
        let target = head.split_whitespace().nth(1).unwrap().to_owned();
        if let Ok(mut upstream) = TcpStream::connect(&target).await {
            tokio::spawn(async move { copy_bidirectional(&mut stream, &mut upstream).await });
        }
        head
    });
    (address, task)
}
