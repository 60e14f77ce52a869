//! Stands between store and server: remembers every byte, and cuts the connection when told.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU16, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

#[derive(Clone)]
pub(crate) struct Relay {
    pub(crate) port: u16,
    server: Arc<AtomicU16>,
    bytes: Arc<Mutex<Vec<u8>>>,
    cut: Arc<AtomicBool>,
}

impl Relay {
    pub(crate) fn to(server: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let relay = Self {
            port: listener.local_addr().unwrap().port(),
            server: Arc::new(AtomicU16::new(server)),
            bytes: Arc::default(),
            cut: Arc::default(),
        };
        let accepting = relay.clone();
        thread::spawn(move || {
            for client in listener.incoming() {
                let server = accepting.server.load(Ordering::SeqCst);
                let (client, server) = (client.unwrap(), TcpStream::connect(("127.0.0.1", server)).unwrap());
                accepting.carry(client.try_clone().unwrap(), server.try_clone().unwrap(), false);
                accepting.carry(server, client, true);
            }
        });
        relay
    }

    /// The next answer does not arrive, and the connection ends instead.
    pub(crate) fn lose_the_next_answer(&self) {
        self.cut.store(true, Ordering::SeqCst);
    }

    /// From now on leads new connections to another server, as a name does after a failover; those there are stay.
    pub(crate) fn lead_to(&self, server: u16) {
        self.server.store(server, Ordering::SeqCst);
    }

    pub(crate) fn has_seen(&self, text: &str) -> bool {
        self.bytes.lock().unwrap().windows(text.len()).any(|part| part == text.as_bytes())
    }

    fn carry(&self, mut from: TcpStream, mut to: TcpStream, answers: bool) {
        let relay = self.clone();
        thread::spawn(move || {
            let mut buffer = [0; 16_384];
            while let Ok(length @ 1..) = from.read(&mut buffer) {
                relay.bytes.lock().unwrap().extend_from_slice(&buffer[..length]);
                let lost = answers && relay.cut.swap(false, Ordering::SeqCst);
                if lost || to.write_all(&buffer[..length]).is_err() {
                    break;
                }
            }
            let _ = from.shutdown(Shutdown::Both);
            let _ = to.shutdown(Shutdown::Both);
        });
    }
}
