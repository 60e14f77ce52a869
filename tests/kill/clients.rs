//! Clients that register under keys, and repeat under the same key until they know how it ended.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, RwLock};
use std::thread::{self, JoinHandle, sleep};
use std::time::{Duration, Instant};

use reqwest::blocking::Client;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::counting::MARK;
use crate::token::Token;

/// Longer than a claim of a dead replica lasts.
const PATIENCE: Duration = Duration::from_secs(120);

/// So many of a client's writes are not ended, and it begins no other: nobody may have answered for a while.
const MOST_OPEN: usize = 200;

/// How a registration ended for its client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// Registered under this identifier.
    Receipt(Uuid),
    /// `outcome-unknown`.
    Unknown,
}

/// One registration, however often it is asked for.
pub(crate) struct Write {
    pub(crate) key: Uuid,
    pub(crate) marker: Uuid,
    /// The `X-Request-Id` of every attempt.
    pub(crate) attempts: Vec<Uuid>,
    pub(crate) end: Option<End>,
}

impl Write {
    pub(crate) fn new() -> Self {
        Self { key: Uuid::new_v4(), marker: Uuid::new_v4(), attempts: Vec::new(), end: None }
    }

    pub(crate) fn body(&self) -> Value {
        json!({
            "description": format!("{MARK}{}", self.marker),
            "documentation": true,
            "startDate": "2026-02-01T00:00:00+01:00",
        })
    }
}

/// Somebody who registers.
pub(crate) struct Caseworker {
    client: Client,
    token: String,
}

impl Caseworker {
    pub(crate) fn new() -> Self {
        let token = Token::caseworker("persons.health-limitations.write", "jobcenter:15101");
        let far = jiff::Timestamp::now().as_second() + 7200;
        let client = Client::builder().no_proxy().timeout(Duration::from_secs(30)).build().unwrap();
        Self { client, token: token.with("exp", far).signed() }
    }

    /// The bearer token.
    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    /// Asks once; the answer's status and document, where one came.
    pub(crate) fn ask(&self, address: &str, write: &mut Write) -> Option<(u16, bool, Value)> {
        let id = Uuid::new_v4();
        write.attempts.push(id);
        let request = self
            .client
            .post(format!("{address}/persons/0101900001/health-limitations"))
            .bearer_auth(&self.token)
            .header("Idempotency-Key", write.key.to_string())
            .header("X-Request-Id", id.to_string())
            .header("Content-Type", "application/json")
            .body(write.body().to_string());
        let response = request.send().ok()?;
        let replayed = response.headers().contains_key("idempotency-replayed");
        let status = response.status().as_u16();
        Some((status, replayed, serde_json::from_slice(&response.bytes().ok()?).ok()?))
    }

    /// Asks once, and remembers an answer that is final.
    pub(crate) fn attempt(&self, address: &str, write: &mut Write) {
        let Some((status, _, document)) = self.ask(address, write) else { return };
        let problem = document["type"].as_str().and_then(|name| name.rsplit('/').next()).unwrap_or("");
        write.end = match (status, problem) {
            (201, _) => Some(End::Receipt(document["messageIdentifier"].as_str().unwrap().parse().unwrap())),
            (409, "outcome-unknown") => Some(End::Unknown),
            (409, "idempotency-in-progress") | (503, "idempotency-unavailable" | "overloaded") => None,
            _ => panic!("{status}: {document}"),
        };
    }
}

/// Many of them, until they are told to stop.
pub(crate) struct Load {
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<Vec<Write>>>,
}

impl Load {
    /// Starts `count` clients, each of which turns to any of the replicas.
    pub(crate) fn start(count: usize, replicas: &[Arc<RwLock<String>>]) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let client = || {
            let (stop, replicas) = (Arc::clone(&stop), replicas.to_vec());
            thread::spawn(move || register(&replicas, &stop))
        };
        let threads = (0..count).map(|_| client()).collect();
        Self { stop, threads }
    }

    /// Lets every client end what it began; all that was registered.
    pub(crate) fn finish(self) -> Vec<Write> {
        self.stop.store(true, Ordering::Relaxed);
        self.threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    }
}

fn register(replicas: &[Arc<RwLock<String>>], stop: &AtomicBool) -> Vec<Write> {
    let caseworker = Caseworker::new();
    let any = || {
        let index = crate::random(replicas.len() as u64);
        replicas[usize::try_from(index).unwrap()].read().unwrap().clone()
    };
    let (mut ended, mut open): (Vec<Write>, Vec<Write>) = (Vec::new(), Vec::new());
    let mut give_up = Instant::now() + PATIENCE;
    loop {
        if !stop.load(Ordering::Relaxed) && open.len() < MOST_OPEN {
            open.push(Write::new());
            give_up = Instant::now() + PATIENCE;
        }
        let newest = open.len().saturating_sub(1);
        let other = usize::try_from(crate::random(open.len().max(1) as u64)).unwrap();
        for index in [newest, other] {
            if let Some(write) = open.get_mut(index).filter(|write| write.end.is_none()) {
                caseworker.attempt(&any(), write);
            }
        }
        let (now_ended, still_open) = open.into_iter().partition(|write| write.end.is_some());
        ended.extend::<Vec<_>>(now_ended);
        open = still_open;
        if open.is_empty() && stop.load(Ordering::Relaxed) {
            return ended;
        }
        assert!(Instant::now() < give_up, "{} writes never ended", open.len());
        sleep(Duration::from_millis(5));
    }
}
