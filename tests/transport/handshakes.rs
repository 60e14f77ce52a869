//! TLS: who is trusted, who is refused, and whether anything was executed.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rustls::version::{TLS12, TLS13};
use rustls::{HandshakeKind, ServerConfig, SupportedProtocolVersion};
use rustls_pki_types::CertificateDer;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio::time::sleep;
use tokio_rustls::TlsAcceptor;
use ungebro::config::Upstream;
use ungebro::transport::{CallError, Failure, Sent, Unreachable};

use super::certificates::{ALWAYS, Authority};
use super::hostile::{Seen, answer, leave_time_to_read, read_request};
use super::request::{exchange, settings, transport};

const VERSIONS: [&SupportedProtocolVersion; 2] = [&TLS12, &TLS13];

/// A server behind TLS that answers 200, and remembers whose certificate it saw.
pub(crate) struct Secured {
    pub(crate) address: SocketAddr,
    clients: Arc<Mutex<Vec<CertificateDer<'static>>>>,
    handshakes: Arc<Mutex<Vec<HandshakeKind>>>,
    answered: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

impl Secured {
    pub(crate) async fn start(config: Arc<ServerConfig>) -> Self {
        Self::slow(config, Duration::ZERO).await
    }

    /// One that thinks before it answers.
    pub(crate) async fn slow(config: Arc<ServerConfig>, thinks: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (clients, answered) = <(Arc<Mutex<Vec<_>>>, Arc<AtomicUsize>)>::default();
        let (seen, count) = (Arc::clone(&clients), Arc::clone(&answered));
        let handshakes = Arc::<Mutex<Vec<HandshakeKind>>>::default();
        let made = Arc::clone(&handshakes);
        let task = tokio::spawn(async move {
            let acceptor = TlsAcceptor::from(config);
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let accepted = acceptor.accept(stream).into_fallible();
                let (seen, count, made) = (Arc::clone(&seen), Arc::clone(&count), Arc::clone(&made));
                tokio::spawn(async move {
                    let mut stream = match accepted.await {
                        Ok(stream) => stream,
                        Err((_, stream)) => return leave_time_to_read(stream).await,
                    };
                    let shown = stream.get_ref().1.peer_certificates();
                    made.lock().unwrap().extend(stream.get_ref().1.handshake_kind());
                    seen.lock().unwrap().extend(shown.map(|chain| chain[0].clone().into_owned()));
                    while let Ok(Some(_)) = read_request(&mut stream, &Seen::default()).await {
                        sleep(thinks).await;
                        if answer(&mut stream, 200, "", ("text/xml", "<answer>".to_owned())).await.is_ok() {
                            count.fetch_add(1, Ordering::SeqCst);
                        }
                    }
                });
            }
        });
        Self { address, clients, handshakes, answered, task }
    }

    pub(crate) fn url(&self) -> String {
        format!("https://localhost:{}/service", self.address.port())
    }

    pub(crate) fn clients(&self) -> Vec<CertificateDer<'static>> {
        self.clients.lock().unwrap().clone()
    }

    pub(crate) fn answered(&self) -> usize {
        self.answered.load(Ordering::SeqCst)
    }
}

impl Drop for Secured {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A session is cheaper than a handshake: the second connection goes on with the first one's, certificate and all.
#[tokio::test]
async fn another_connection_resumes_the_session() {
    let folder = tempfile::tempdir().unwrap();
    let authority = Authority::new("Everybody");
    let client = authority.client("gateway", ALWAYS);
    for version in VERSIONS {
        let config = authority.server_config("localhost", version, Some(&authority));
        let upstream = Secured::start(config).await;
        let mut settings = trusting(&authority, folder.path());
        settings.tls.identity = Some(client.identity(folder.path()));
        let transport = transport(&settings);
        for transport in [transport.clone(), transport.for_worker()] {
            assert_eq!(transport.send(&exchange(&upstream.url())).await.unwrap().status, 200);
        }
        assert_eq!(*upstream.handshakes.lock().unwrap(), [HandshakeKind::Full, HandshakeKind::Resumed]);
        assert_eq!(upstream.clients(), [client.der.clone(), client.der.clone()]);
    }
}

#[tokio::test]
async fn the_client_certificate_is_shown_in_both_versions() {
    let folder = tempfile::tempdir().unwrap();
    let authority = Authority::new("Everybody");
    let client = authority.client("gateway", ALWAYS);
    for version in VERSIONS {
        let config = authority.server_config("localhost", version, Some(&authority));
        let upstream = Secured::start(config).await;
        let mut settings = trusting(&authority, folder.path());
        settings.tls.identity = Some(client.identity(folder.path()));
        let transport = transport(&settings);
        for _ in 0..2 {
            let answer = transport.send(&exchange(&upstream.url())).await.unwrap();
            assert_eq!(answer.status, 200);
        }
        // Once: the second request went over the same connection.
        assert_eq!(upstream.clients(), std::slice::from_ref(&client.der));
        let probed = transport.probe(&upstream.url().parse().unwrap()).await.unwrap();
        assert_eq!(probed, version.version.as_str());
    }
}

#[tokio::test]
async fn a_refused_client_certificate_is_not_executed() {
    let folder = tempfile::tempdir().unwrap();
    let (authority, strangers) = (Authority::new("Everybody"), Authority::new("Strangers"));
    let stranger = strangers.client("gateway", ALWAYS).identity(folder.path());
    for version in VERSIONS {
        for identity in [None, Some(stranger.clone())] {
            let config = authority.server_config("localhost", version, Some(&authority));
            let upstream = Secured::start(config).await;
            let mut settings = trusting(&authority, folder.path());
            settings.tls.identity = identity;
            let transport = transport(&settings);
            let error = transport.send(&exchange(&upstream.url())).await.unwrap_err();
            assert_unreachable(&error);
            let probed = transport.probe(&upstream.url().parse().unwrap()).await;
            assert!(matches!(probed, Err(Unreachable::Tls(_))), "{probed:?}");
            assert_eq!(upstream.answered(), 0);
        }
    }
}

#[tokio::test]
async fn a_connection_lost_after_the_handshake_without_an_alert_is_unknown() {
    let folder = tempfile::tempdir().unwrap();
    let authority = Authority::new("Servers");
    let config = authority.server_config("localhost", &TLS13, None);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://localhost:{}/", listener.local_addr().unwrap().port());
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let mut stream = TlsAcceptor::from(config).accept(stream).await.unwrap();
        read_request(&mut stream, &Seen::default()).await.unwrap();
        stream.get_ref().0.set_zero_linger().unwrap();
    });
    let transport = transport(&trusting(&authority, folder.path()));
    let error = transport.send(&exchange(&url)).await.unwrap_err();
    assert!(matches!(error.failure, Failure::Reset(_)), "{error}");
    assert_eq!(error.sent, Sent::Maybe);
}

#[tokio::test]
async fn a_server_of_another_name_is_not_executed() {
    let folder = tempfile::tempdir().unwrap();
    let authority = Authority::new("Servers");
    let upstream = Secured::start(authority.server_config("example.dk", &TLS13, None)).await;
    let transport = transport(&trusting(&authority, folder.path()));
    assert_unreachable(&transport.send(&exchange(&upstream.url())).await.unwrap_err());
}

#[tokio::test]
async fn a_server_of_an_unknown_authority_is_not_executed() {
    let folder = tempfile::tempdir().unwrap();
    let (authority, other) = (Authority::new("Servers"), Authority::new("Others"));
    let upstream = Secured::start(authority.server_config("localhost", &TLS13, None)).await;
    for settings in [settings(), trusting(&other, folder.path())] {
        let error = transport(&settings).send(&exchange(&upstream.url())).await.unwrap_err();
        assert_unreachable(&error);
    }
}

#[tokio::test]
async fn a_server_that_speaks_only_tls_1_1_is_not_executed() {
    // A ServerHello of version 3.2 and a cipher suite of that time; rustls cannot speak it itself.
    const HELLO: &[u8] = b"\x16\x03\x02\x00\x2a\x02\x00\x00\x26\x03\x02\
        01234567890123456789012345678901\x00\x00\x2f\x00";
    let url = raw_server(HELLO).await;
    assert_unreachable(&transport(&settings()).send(&exchange(&url)).await.unwrap_err());
}

#[tokio::test]
async fn a_server_without_tls_is_not_executed() {
    let url = raw_server(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
    assert_unreachable(&transport(&settings()).send(&exchange(&url)).await.unwrap_err());
}

#[tokio::test]
async fn a_handshake_that_stalls_is_not_executed() {
    let url = raw_server(b"").await;
    let error = transport(&settings()).send(&exchange(&url)).await.unwrap_err();
    assert!(matches!(error.failure, Failure::Unreachable(Unreachable::Timeout)), "{error}");
    assert_eq!(error.sent, Sent::No);
}

/// Says this much to whoever comes, and then nothing.
async fn raw_server(says: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://localhost:{}/", listener.local_addr().unwrap().port());
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        tokio::io::AsyncWriteExt::write_all(&mut stream, says).await.unwrap();
        sleep(Duration::from_secs(60)).await;
    });
    url
}

pub(crate) fn trusting(authority: &Authority, folder: &Path) -> Upstream {
    let mut settings = settings();
    settings.tls.ca_file = Some(authority.pem_file(folder));
    settings
}

fn assert_unreachable(error: &CallError) {
    assert!(matches!(error.failure, Failure::Unreachable(Unreachable::Tls(_))), "{error:?}");
    assert_eq!(error.sent, Sent::No, "{error}");
}
