//! What a new connection to an upstream costs: mutual TLS with an RSA 3072 client certificate, whole and resumed.
//!
//! Client and server share one thread: the time is that of both ends, and of one small request.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use criterion::{Criterion, criterion_group, criterion_main};
use http::{HeaderMap, HeaderValue};
use jiff::Timestamp;
use rustls::server::NoServerSessionStorage;
use rustls::{HandshakeKind, ServerConfig};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio_rustls::TlsAcceptor;
use ungebro::config::{DatetimeFormat, Identity, IdentityFiles, Tls, Upstream};
use ungebro::sandbox::mtls::Certificates;
use ungebro::transport::{Exchange, Transport};

/// Whether the server lets sessions be resumed, and whether it closes the connection after each answer.
#[derive(Clone, Copy)]
struct Manner {
    resumes: bool,
    closes: bool,
}

fn handshakes(bench: &mut Criterion) {
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    let folder = tempfile::tempdir().expect("a folder");
    let hosts = ["localhost".to_owned()];
    let certificates = Certificates::prepare(folder.path(), &hosts, Timestamp::now()).expect("certificates");
    for (name, manner, resumed) in [
        ("a call with a whole handshake", Manner { resumes: false, closes: true }, false),
        ("a call with a resumed session", Manner { resumes: true, closes: true }, true),
        ("a call over a kept connection", Manner { resumes: true, closes: false }, false),
    ] {
        let (address, kinds) = serve(&runtime, &certificates, manner);
        let transport = transport(&certificates);
        let exchange = exchange(address);
        let call = || runtime.block_on(transport.send(&exchange)).expect("an answer");
        call();
        bench.bench_function(name, |bencher| bencher.iter(call));
        let seen = kinds.each_ref().map(|count| count.load(Ordering::Relaxed));
        assert!(seen[0] > 0 && (seen[1] > 0) == resumed, "{name}: whole and resumed {seen:?}");
    }
}

/// Answers every request with an empty document; counts whole and resumed handshakes.
fn serve(
    runtime: &Runtime,
    certificates: &Certificates,
    manner: Manner,
) -> (SocketAddr, Arc<[AtomicUsize; 2]>) {
    let mut config = certificates.server_config().expect("a server's settings");
    if !manner.resumes {
        forget_sessions(&mut config);
    }
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a port");
    let address = listener.local_addr().expect("an address");
    let kinds: Arc<[AtomicUsize; 2]> = Arc::default();
    let counted = Arc::clone(&kinds);
    runtime.spawn(async move {
        let acceptor = TlsAcceptor::from(Arc::new(config));
        while let Ok((stream, _)) = listener.accept().await {
            let mut stream = acceptor.accept(stream).await.expect("a handshake");
            let resumed = stream.get_ref().1.handshake_kind() == Some(HandshakeKind::Resumed);
            counted[usize::from(resumed)].fetch_add(1, Ordering::Relaxed);
            let answer = answer(manner.closes);
            tokio::spawn(async move {
                let mut request = [0; 4096];
                // The request is one write, shorter than this.
                while stream.read(&mut request).await.is_ok_and(|length| length > 0) {
                    if stream.write_all(answer).await.is_err() || manner.closes {
                        break;
                    }
                }
                let _ = stream.shutdown().await;
            });
        }
    });
    (address, kinds)
}

fn forget_sessions(config: &mut ServerConfig) {
    config.session_storage = Arc::new(NoServerSessionStorage {});
    config.send_tls13_tickets = 0;
}

fn answer(closes: bool) -> &'static [u8] {
    if closes {
        b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 4\r\nConnection: close\r\n\r\n<a/>"
    } else {
        b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 4\r\n\r\n<a/>"
    }
}

fn transport(certificates: &Certificates) -> Transport {
    let files = IdentityFiles { path: certificates.client.clone(), password_file: None };
    let identity = Some(Identity { current: files, next: None });
    let settings = Upstream {
        tls: Tls { identity, ca_file: Some(certificates.authority.clone()) },
        ..Upstream::new(DatetimeFormat::LocalOffset)
    };
    Transport::new("bench", &settings, Timestamp::now()).expect("a transport")
}

fn exchange(address: SocketAddr) -> Exchange {
    Exchange {
        url: format!("https://localhost:{}/", address.port()).parse().expect("an address"),
        content_type: HeaderValue::from_static("text/xml; charset=utf-8"),
        soap_action: None,
        body: Bytes::from_static(b"<a/>"),
        headers: HeaderMap::new(),
        span: tracing::Span::none(),
    }
}

criterion_group!(benches, handshakes);
criterion_main!(benches);
