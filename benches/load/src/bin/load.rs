//! Loads a server over fixed connections and prints what it saw as JSON:
//! `load ADDRESS REQUESTS CONNECTIONS (seconds N | rate N SECONDS | once)`.
//!
//! REQUESTS holds whole HTTP/1.1 requests, each after a line with its length; connection i begins with the i-th. At a
//! rate, latencies count from when a request was due, so that a server that falls behind shows it. `once` sends one
//! request over each connection, all at the same time.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Barrier;

type Error = Box<dyn std::error::Error + Send + Sync>;

#[derive(Clone, Copy)]
enum Mode {
    Flat(Duration),
    Rate(f64, Duration),
    Once,
}

#[derive(Default)]
struct Seen {
    latencies: Vec<u32>,
    refused: usize,
    octets: usize,
}

#[tokio::main]
async fn main() -> Result<(), Error> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (target, mode) = match *arguments {
        [address, file, connections, "seconds", seconds] => {
            ((address, file, connections), Mode::Flat(Duration::from_secs_f64(seconds.parse()?)))
        }
        [address, file, connections, "rate", rate, seconds] => (
            (address, file, connections),
            Mode::Rate(rate.parse()?, Duration::from_secs_f64(seconds.parse()?)),
        ),
        [address, file, connections, "once"] => ((address, file, connections), Mode::Once),
        _ => {
            return Err("usage: load ADDRESS REQUESTS CONNECTIONS (seconds N | rate N SECONDS | once)".into());
        }
    };
    let (address, file, connections) = target;
    let connections: usize = connections.parse()?;
    let requests = Arc::new(requests(&std::fs::read(file)?)?);
    let barrier = Arc::new(Barrier::new(connections));
    let mut tasks = Vec::new();
    for index in 0..connections {
        let (address, requests, barrier) = (address.to_owned(), Arc::clone(&requests), Arc::clone(&barrier));
        tasks.push(tokio::spawn(async move {
            let stream = TcpStream::connect(address).await;
            barrier.wait().await;
            let begun = Instant::now();
            let seen = run(stream?, &requests, (index, connections), mode, begun).await?;
            Ok::<_, Error>((seen, begun.elapsed()))
        }));
    }
    let (mut all, mut broken, mut longest) = (Seen::default(), 0, Duration::ZERO);
    for task in tasks {
        match task.await? {
            Ok((seen, elapsed)) => {
                all.latencies.extend(seen.latencies);
                all.refused += seen.refused;
                all.octets += seen.octets;
                longest = longest.max(elapsed);
            }
            Err(_) => broken += 1,
        }
    }
    all.latencies.sort_unstable();
    let at = |share: f64| {
        let index = (all.latencies.len() as f64 * share) as usize;
        all.latencies.get(index.min(all.latencies.len().saturating_sub(1))).copied().unwrap_or(0)
    };
    println!(
        "{{\"requests\":{},\"seconds\":{},\"p50_us\":{},\"p99_us\":{},\"refused\":{},\"broken\":{broken},\"octets\":{}}}",
        all.latencies.len(),
        longest.as_secs_f64(),
        at(0.5),
        at(0.99),
        all.refused,
        all.octets,
    );
    Ok(())
}

fn requests(mut file: &[u8]) -> Result<Vec<Vec<u8>>, Error> {
    let mut requests = Vec::new();
    while let Some(end) = file.iter().position(|octet| *octet == b'\n') {
        let length: usize = std::str::from_utf8(&file[..end])?.parse()?;
        let rest = &file[end + 1..];
        requests.push(rest.get(..length).ok_or("a request that is cut short")?.to_vec());
        file = &rest[length..];
    }
    if requests.is_empty() { Err("no requests".into()) } else { Ok(requests) }
}

async fn run(
    mut stream: TcpStream,
    requests: &[Vec<u8>],
    (index, connections): (usize, usize),
    mode: Mode,
    begun: Instant,
) -> Result<Seen, Error> {
    stream.set_nodelay(true)?;
    let mut seen = Seen::default();
    let mut buffer = Vec::with_capacity(64 * 1024);
    for turn in 0.. {
        let due = match mode {
            Mode::Flat(length) if begun.elapsed() >= length => break,
            Mode::Once if turn == 1 => break,
            Mode::Flat(_) | Mode::Once => Instant::now(),
            Mode::Rate(rate, length) => {
                let after = Duration::from_secs_f64((turn * connections + index) as f64 / rate);
                if after >= length {
                    break;
                }
                tokio::time::sleep_until((begun + after).into()).await;
                begun + after
            }
        };
        stream.write_all(&requests[(index + turn * connections) % requests.len()]).await?;
        let (status, octets) = answer(&mut stream, &mut buffer).await?;
        seen.latencies.push(u32::try_from(due.elapsed().as_micros()).unwrap_or(u32::MAX));
        seen.refused += usize::from(!(200..300).contains(&status));
        seen.octets += octets;
    }
    Ok(seen)
}

/// Reads one answer with a length; its status and the octets of its body.
async fn answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Result<(u16, usize), Error> {
    buffer.clear();
    loop {
        if stream.read_buf(buffer).await? == 0 {
            return Err("the connection was closed".into());
        }
        let mut headers = [httparse::EMPTY_HEADER; 64];
        let mut response = httparse::Response::new(&mut headers);
        let httparse::Status::Complete(head) = response.parse(buffer)? else { continue };
        let status = response.code.ok_or("no status")?;
        let length =
            response.headers.iter().find(|header| header.name.eq_ignore_ascii_case("content-length"));
        let length = length.ok_or("an answer without length")?;
        let length: usize = std::str::from_utf8(length.value)?.parse()?;
        while buffer.len() < head + length {
            if stream.read_buf(buffer).await? == 0 {
                return Err("the connection was closed".into());
            }
        }
        return Ok((status, length));
    }
}
