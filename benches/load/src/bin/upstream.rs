//! A SOAP upstream that answers at once: `upstream ADDRESS INTERVIEW_ANSWER.xml`.
//!
//! Interviews get the prebuilt answer, look-ups a row for each number asked for, the feed as many pages as `/feed/N`
//! announced. `/count` tells how many calls came, `/delay/N` lets each take N milliseconds.

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const ROWS_PER_PAGE: usize = 100;
/// Texts of a row below `/long/`: a contact person of about a kilobyte.
const LONG: usize = 250;

struct Upstream {
    interview: Vec<u8>,
    calls: AtomicU64,
    delay: AtomicU64,
    page: AtomicU64,
    pages: AtomicU64,
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let (Some(address), Some(answer)) = (arguments.next(), arguments.next()) else {
        return Err(std::io::Error::other("usage: upstream ADDRESS INTERVIEW_ANSWER.xml"));
    };
    let upstream = Arc::new(Upstream {
        interview: response("text/xml; charset=utf-8", &std::fs::read(answer)?),
        calls: AtomicU64::new(0),
        delay: AtomicU64::new(0),
        page: AtomicU64::new(0),
        pages: AtomicU64::new(0),
    });
    let listener = TcpListener::bind(address).await?;
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        // A connection that breaks concerns nobody but its client.
        tokio::spawn(serve(Arc::clone(&upstream), stream));
    }
}

async fn serve(upstream: Arc<Upstream>, mut stream: TcpStream) -> std::io::Result<()> {
    let mut buffer = Vec::with_capacity(16 * 1024);
    loop {
        let Some((path, head, length)) = head(&buffer) else {
            if stream.read_buf(&mut buffer).await? == 0 {
                return Ok(());
            }
            continue;
        };
        while buffer.len() < head + length {
            if stream.read_buf(&mut buffer).await? == 0 {
                return Ok(());
            }
        }
        let answer = upstream.answer(&path, &buffer[head..head + length]);
        if length > 0 {
            upstream.calls.fetch_add(1, Relaxed);
            let delay = upstream.delay.load(Relaxed);
            if delay > 0 {
                tokio::time::sleep(Duration::from_millis(delay)).await;
            }
        }
        stream.write_all(&answer).await?;
        buffer.drain(..head + length);
    }
}

/// Path, octets of the head, octets of the body; `None` until the head is whole.
fn head(buffer: &[u8]) -> Option<(String, usize, usize)> {
    let mut headers = [httparse::EMPTY_HEADER; 64];
    let mut request = httparse::Request::new(&mut headers);
    let Ok(httparse::Status::Complete(head)) = request.parse(buffer) else { return None };
    let length = request.headers.iter().find(|header| header.name.eq_ignore_ascii_case("content-length"));
    let length = length.and_then(|header| std::str::from_utf8(header.value).ok()?.parse().ok()).unwrap_or(0);
    Some((request.path?.to_owned(), head, length))
}

impl Upstream {
    fn answer(&self, path: &str, body: &[u8]) -> Vec<u8> {
        let number = || path.rsplit('/').next().and_then(|number| number.parse().ok()).unwrap_or(0);
        match path {
            "/count" => return response("text/plain", self.calls.load(Relaxed).to_string().as_bytes()),
            path if path.starts_with("/delay/") => self.delay.store(number(), Relaxed),
            path if path.starts_with("/feed/") => {
                self.page.store(0, Relaxed);
                self.pages.store(number(), Relaxed);
            }
            path if path.ends_with("PersonRegistrationService.svc") => return self.interview.clone(),
            path => {
                return self.contacts(std::str::from_utf8(body).unwrap_or(""), path.starts_with("/long/"));
            }
        }
        response("text/plain", b"ok")
    }

    fn contacts(&self, body: &str, long: bool) -> Vec<u8> {
        if !body.contains("SidenSidst>") {
            let numbers = body.split("CPRNr>").skip(1).step_by(2).filter_map(|text| text.get(..10));
            return page(false, None, numbers.map(str::to_owned), long);
        }
        let page_number = self.page.fetch_add(1, Relaxed) + 1;
        let (hours, minutes, seconds) = (page_number / 3600, page_number / 60 % 60, page_number % 60);
        let time = format!("2026-01-01T{hours:02}:{minutes:02}:{seconds:02}.000Z");
        let numbers = (0..ROWS_PER_PAGE).map(|row| format!("02020200{row:02}"));
        page(page_number < self.pages.load(Relaxed), Some(&time), numbers, long)
    }
}

fn page(more: bool, latest: Option<&str>, numbers: impl Iterator<Item = String>, long: bool) -> Vec<u8> {
    let mut xml = String::with_capacity(32 * 1024);
    xml.push_str(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\">\
         <s:Body><HentInstitutionKontaktResponse xmlns=\"http://ipl.stil.dk/services/ungedatabasen/hentinstitutionkontakt/v1.0\">\
         <Identifier><SystemName>ungebro</SystemName><SystemTransactionID>806f7233-adba-4c44-b6d1-fd453ea0b8b2</SystemTransactionID></Identifier>\
         <CorrelationID>45cc8102-b57b-4d3f-b328-cce3b1348f12</CorrelationID><Message>\
         <HentSvar xmlns=\"http://stil.dk/ungedatabasen/hentinstitutionkontakt/v1.0\">",
    );
    let _ = write!(xml, "<FindesFlereKontaktPersoner>{more}</FindesFlereKontaktPersoner>");
    if let Some(latest) = latest {
        let _ = write!(xml, "<SenesteRegistrering>{latest}</SenesteRegistrering>");
    }
    let name =
        if long { "Vejleder Vibeke Dahl ".repeat(LONG * 3 / 20) } else { "Vejleder Vibeke Dahl".to_owned() };
    for number in numbers {
        let _ = write!(
            xml,
            "<ElevKontaktPerson><CPRNr>{number}</CPRNr><KontaktPerson>{name}</KontaktPerson>\
             <KontaktTelefon>88881000</KontaktTelefon><KontaktMail>kontakt0@skole.example</KontaktMail>\
             <InstitutionNummer>151012</InstitutionNummer></ElevKontaktPerson>",
        );
    }
    xml.push_str("</HentSvar></Message></HentInstitutionKontaktResponse></s:Body></s:Envelope>");
    response("application/soap+xml; charset=utf-8", xml.as_bytes())
}

fn response(content_type: &str, body: &[u8]) -> Vec<u8> {
    let mut response =
        format!("HTTP/1.1 200 OK\r\ncontent-type: {content_type}\r\ncontent-length: {}\r\n\r\n", body.len())
            .into_bytes();
    response.extend_from_slice(body);
    response
}
