//! A collector that takes spans as OTLP over HTTP and keeps every byte.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;

/// Longer than the pause between two deliveries.
const PATIENCE: Duration = Duration::from_secs(20);

/// The collector, until the process ends.
pub(crate) struct Collector {
    pub(crate) url: String,
    deliveries: Arc<Mutex<Vec<Delivery>>>,
}

/// One request of the gateway.
#[derive(Clone)]
struct Delivery {
    head: String,
    body: Vec<u8>,
}

impl Collector {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let deliveries = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&deliveries);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let kept = Arc::clone(&kept);
                std::thread::spawn(move || while keep(&stream, &kept).is_some() {});
            }
        });
        Self { url, deliveries }
    }

    /// All that was delivered, as text; strings stand in protobuf as they are.
    pub(crate) fn text(&self) -> String {
        let deliveries = self.deliveries.lock().unwrap();
        deliveries.iter().map(|one| format!("{}{}", one.head, String::from_utf8_lossy(&one.body))).collect()
    }

    /// The spans of a trace, once there are as many of them; fails when they do not come.
    pub(crate) async fn spans_of(&self, trace_id: &str, at_least: usize) -> Vec<Span> {
        let began = Instant::now();
        loop {
            let spans: Vec<Span> =
                self.spans().into_iter().filter(|span| hex(&span.trace_id) == trace_id).collect();
            if spans.len() >= at_least {
                return spans;
            }
            let names: Vec<_> = spans.iter().map(|span| &span.name).collect();
            assert!(began.elapsed() < PATIENCE, "only {names:?} of {at_least} spans");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Every span so far.
    pub(crate) fn spans(&self) -> Vec<Span> {
        let deliveries = self.deliveries.lock().unwrap().clone();
        let resources = deliveries.iter().flat_map(|delivery| {
            assert!(delivery.head.starts_with("POST /v1/traces "), "{}", delivery.head);
            ExportTraceServiceRequest::decode(&*delivery.body).unwrap().resource_spans
        });
        resources.flat_map(|resource| resource.scope_spans).flat_map(|scope| scope.spans).collect()
    }
}

/// An identifier as it is written in headers.
pub(crate) fn hex(id: &[u8]) -> String {
    id.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// An attribute's value as text.
pub(crate) fn attribute(span: &Span, name: &str) -> Option<String> {
    let attribute = span.attributes.iter().find(|attribute| attribute.key == name)?;
    match attribute.value.clone()?.value? {
        Value::StringValue(text) => Some(text),
        Value::IntValue(number) => Some(number.to_string()),
        other => panic!("{name} is {other:?}"),
    }
}

fn keep(stream: &TcpStream, kept: &Mutex<Vec<Delivery>>) -> Option<()> {
    let mut reader = BufReader::new(stream);
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().ok()?;
        }
        head.push_str(&line);
        if line == "\r\n" {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    kept.lock().unwrap().push(Delivery { head, body });
    let mut stream = stream;
    stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").ok()
}
