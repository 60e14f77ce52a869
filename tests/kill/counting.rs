//! An upstream that remembers every registration that it was sent, before it answers.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use uuid::Uuid;

/// What stands before the identifier by which a registration is known.
pub(crate) const MARK: &str = "marker-";

/// A registration as the upstream saw it.
#[derive(Clone)]
pub(crate) struct Seen {
    /// The client's identifier of what it registers.
    pub(crate) marker: Uuid,
    /// Which process sent it: the first segment of the path.
    pub(crate) sender: String,
    /// The identifier in the receipt.
    pub(crate) receipt: Uuid,
    /// When, since the upstream was started.
    pub(crate) after: Duration,
}

/// The upstream; its threads end with the test's process.
#[derive(Clone)]
pub(crate) struct Upstream {
    pub(crate) port: u16,
    seen: Arc<Mutex<Vec<Seen>>>,
    delay: u64,
    started: Instant,
}

impl Upstream {
    /// Takes `delay` milliseconds for an answer, or down to half of it.
    pub(crate) fn taking(delay: u64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let upstream = Self { port, seen: Arc::default(), delay, started: Instant::now() };
        let listening = upstream.clone();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (stream, upstream) = (stream.unwrap(), listening.clone());
                thread::spawn(move || upstream.serve(stream));
            }
        });
        upstream
    }

    /// How long it has been there.
    #[cfg(feature = "foreign-tests")]
    pub(crate) fn age(&self) -> Duration {
        self.started.elapsed()
    }

    /// Every registration so far.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// How many registrations so far.
    pub(crate) fn calls(&self) -> usize {
        self.seen.lock().unwrap().len()
    }

    /// How often something was registered.
    pub(crate) fn times(&self, marker: Uuid) -> usize {
        self.seen().iter().filter(|seen| seen.marker == marker).count()
    }

    fn serve(&self, stream: TcpStream) -> Option<()> {
        let mut reader = BufReader::new(stream.try_clone().ok()?);
        let mut stream = stream;
        loop {
            let (path, body) = read(&mut reader)?;
            let receipt = Uuid::new_v4();
            let at = body.find(MARK).expect("a registration of this test") + MARK.len();
            let marker = body[at..at + 36].parse().expect("an identifier");
            let sender = path.split('/').nth(1)?.to_owned();
            self.seen.lock().unwrap().push(Seen { marker, sender, receipt, after: self.started.elapsed() });
            let half = self.delay / 2;
            thread::sleep(Duration::from_millis(half + crate::random(half + 1)));
            stream.write_all(answer(receipt).as_bytes()).ok()?;
        }
    }
}

fn read(reader: &mut impl BufRead) -> Option<(String, String)> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|length| *length > 0)?;
    let path = line.split(' ').nth(1)?.to_owned();
    let mut length = 0;
    loop {
        line.clear();
        reader.read_line(&mut line).ok().filter(|length| *length > 0)?;
        match line.split_once(':') {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                length = value.trim().parse().ok()?;
            }
            Some(_) => {}
            None => break,
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some((path, String::from_utf8(body).ok()?))
}

fn answer(receipt: Uuid) -> String {
    let body = format!(
        "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>\
         <CreateHealthLimitationResponse xmlns=\"http://service.bm.dk/PersonRegistrationService/9/\"><ServiceReceipt>\
         <EventDate>2026-02-03T04:05:06+01:00</EventDate><MessageIdentifier>{receipt}</MessageIdentifier>\
         </ServiceReceipt></CreateHealthLimitationResponse></s:Body></s:Envelope>"
    );
    let length = body.len();
    format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/xml; charset=utf-8\r\nContent-Length: {length}\r\n\r\n{body}"
    )
}
