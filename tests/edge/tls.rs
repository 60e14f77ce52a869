//! TLS on the listener itself.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use rcgen::generate_simple_self_signed;
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use rustls_pki_types::CertificateDer;
use ungebro::config::ServerTls;

use crate::gateway::Server;
use crate::raw::{connect, read_all, read_one};

fn start() -> (Server, CertificateDer<'static>) {
    let made = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let certificate = made.cert.der().clone();
    let server = Server::configured(|config, folder| {
        let tls = ServerTls { certificate: folder.join("tls.crt"), key: folder.join("tls.key") };
        std::fs::write(&tls.certificate, made.cert.pem()).unwrap();
        std::fs::write(&tls.key, made.signing_key.serialize_pem()).unwrap();
        config.server.tls = Some(tls);
        config.server.request_timeout = Duration::from_secs(1);
    });
    (server, certificate)
}

fn tls(
    server: &Server,
    certificate: &CertificateDer<'static>,
    protocols: &[&[u8]],
) -> StreamOwned<ClientConnection, TcpStream> {
    let mut roots = RootCertStore::empty();
    roots.add(certificate.clone()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = protocols.iter().map(|protocol| protocol.to_vec()).collect();
    let connection = ClientConnection::new(Arc::new(config), "localhost".try_into().unwrap()).unwrap();
    StreamOwned::new(connection, connect(server.address))
}

#[test]
fn an_answer_over_tls_says_to_stay_with_it() {
    let (server, certificate) = start();
    let mut stream = tls(&server, &certificate, &[b"http/1.1"]);
    for _ in 0..2 {
        stream.write_all(b"GET /health/ready HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
        let answer = read_one(&mut stream);
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("strict-transport-security").unwrap(), "max-age=31536000");
        assert!(answer.json()["certificateDaysLeft"]["listener"].as_i64().unwrap() > 1000);
    }
}

#[test]
fn http_2_is_spoken_where_the_client_speaks_it() {
    let (mut server, certificate) = start();
    let mut stream = tls(&server, &certificate, &[b"h2", b"http/1.1"]);
    // Preface, empty SETTINGS, and HEADERS: GET, https, /version, localhost (RFC 9113, RFC 7541).
    stream.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0").unwrap();
    let head = b"\x82\x87\x44\x08/version\x41\x09localhost";
    stream.write_all(&[0, 0, head.len() as u8, 1, 0x05, 0, 0, 0, 1]).unwrap();
    stream.write_all(head).unwrap();
    assert_eq!(stream.conn.alpn_protocol(), Some(&b"h2"[..]));
    loop {
        let mut frame = [0; 9];
        stream.read_exact(&mut frame).unwrap();
        let mut payload = vec![0; usize::from(frame[1]) << 8 | usize::from(frame[2])];
        stream.read_exact(&mut payload).unwrap();
        if frame[3] == 1 {
            // :status 200 is the eighth entry of the static table.
            assert_eq!(payload[0], 0x88);
            break;
        }
    }
    // The connection stays open until the server stops, and holds up nothing then.
    server.stop();
    _ = stream.read_to_end(&mut Vec::new());
    server.join();
}

#[test]
fn plain_http_and_half_a_handshake_end_the_connection() {
    let (server, certificate) = start();
    let mut plain = connect(server.address);
    plain.write_all(b"GET /version HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    _ = plain.read_to_end(&mut answer);
    assert!(!answer.starts_with(b"HTTP"));

    let mut half = connect(server.address);
    half.write_all(b"\x16\x03\x01\x02\x00").unwrap();
    assert_eq!(half.read_to_end(&mut Vec::new()).unwrap(), 0);

    let mut stream = tls(&server, &certificate, &[b"http/1.1"]);
    stream.write_all(b"GET /version HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").unwrap();
    assert_eq!(read_all(stream)[0].status, 200);
}
