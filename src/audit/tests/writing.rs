//! Many callers at once: nothing lost, each caller's lines in their order, several in one write.

use std::pin::Pin;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::{Duration, Instant};

use super::super::digest::Digest;
use super::super::output::Output;
use super::super::writer::Intervals;
use super::super::{AuditError, AuditUnavailable, Trail};
use super::{Bench, cpr, full, lines, read};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lines_of_each_caller_stand_in_their_order_in_one_chain() {
    let bench = Bench::new();
    let trail = Arc::new(bench.open());
    let callers = (0..40).map(|caller| {
        let trail = Arc::clone(&trail);
        tokio::spawn(async move {
            for number in 0..50 {
                trail.append(&read(&format!("{caller}/{number}"))).await.unwrap();
            }
        })
    });
    for caller in callers.collect::<Vec<_>>() {
        caller.await.unwrap();
    }
    assert_eq!((bench.verify().lines, bench.verify().is_intact()), (2000, true));
    let mut next = [0; 40];
    for line in lines(&bench.file()) {
        let line: serde_json::Value = serde_json::from_str(&line).unwrap();
        let (caller, number) = line["requestId"].as_str().unwrap().split_once('/').unwrap();
        let next = &mut next[caller.parse::<usize>().unwrap()];
        assert_eq!(number.parse(), Ok(*next));
        *next += 1;
    }
    assert_eq!(next, [50; 40]);
}

#[tokio::test]
async fn the_lines_of_one_call_stand_together() {
    let bench = Bench::new();
    let trail = bench.open();
    let ids: Vec<_> = (0..3000).map(|number| number.to_string()).collect();
    trail.append_all(ids.iter().map(|id| read(id))).await.unwrap();
    trail.append_all([]).await.unwrap();
    let written = lines(&bench.file());
    assert_eq!(written.len(), 3000);
    assert!(ids.iter().zip(&written).all(|(id, line)| line.contains(&format!("\"requestId\":\"{id}\""))));
    assert!(bench.verify().is_intact());
}

/// Says what it is asked to write and waits until it may go on.
struct Gate {
    asked: Sender<usize>,
    go_on: Receiver<()>,
}

impl Gate {
    fn trail() -> (Trail, Receiver<usize>, Sender<()>) {
        let ((asked, was_asked), (go_on, may_go_on)) = (channel(), channel());
        let intervals = Intervals { check: Duration::from_secs(1), head: Duration::from_secs(60) };
        let gate = Self { asked, go_on: may_go_on };
        (Trail::over(Box::new(gate), Digest::ZERO, intervals).unwrap(), was_asked, go_on)
    }
}

impl Output for Gate {
    fn together(&self, _gathered: u64, _more: u64) -> bool {
        true
    }

    fn append(&mut self, lines: &[u8]) -> Result<(), AuditUnavailable> {
        self.asked.send(lines.iter().filter(|byte| **byte == b'\n').count()).ok();
        self.go_on.recv().map_err(|_| AuditUnavailable::Lost)
    }

    fn check(&mut self, _now: Instant) -> Result<(), AuditUnavailable> {
        Ok(())
    }

    fn probe(&mut self) -> Result<(), AuditUnavailable> {
        Ok(())
    }

    fn reopen(&mut self, _head: Digest) -> Result<(), AuditError> {
        Ok(())
    }

    fn sync(&mut self) -> Result<(), AuditUnavailable> {
        Ok(())
    }
}

/// Polls each once, so that the lines are queued. Unconstrained: tokio would hold back the hundreds behind the first.
async fn start<F: Future>(futures: &mut [Pin<Box<F>>]) {
    tokio::task::unconstrained(std::future::poll_fn(|context| {
        for future in &mut *futures {
            assert!(future.as_mut().poll(context).is_pending());
        }
        Poll::Ready(())
    }))
    .await;
}

#[tokio::test]
async fn what_is_queued_during_a_write_is_written_in_the_next() {
    let (trail, asked, go_on) = Gate::trail();
    let mut first = [Box::pin(trail.append(&read("first")))];
    start(&mut first).await;
    assert_eq!(asked.recv(), Ok(1));
    let mut others: Vec<_> = (0..500).map(|_| Box::pin(trail.append(&read("other")))).collect();
    start(&mut others).await;
    go_on.send(()).unwrap();
    let [first] = first;
    first.await.unwrap();
    assert_eq!(asked.recv(), Ok(500));
    go_on.send(()).unwrap();
    for other in others {
        other.await.unwrap();
    }
}

#[tokio::test]
async fn a_full_queue_makes_callers_wait_and_loses_none() {
    let (trail, asked, go_on) = Gate::trail();
    let mut first = [Box::pin(trail.append(&read("first")))];
    start(&mut first).await;
    assert_eq!(asked.recv(), Ok(1));
    let mut waiting: Vec<_> = (0..10_000).map(|_| Box::pin(trail.append(&read("waiting")))).collect();
    start(&mut waiting).await;
    for _ in 0..10_000 {
        go_on.send(()).unwrap();
    }
    let [first] = first;
    first.await.unwrap();
    let (results, batches) = (futures_util::future::join_all(waiting).await, asked.try_iter());
    assert!(results.iter().all(Result::is_ok));
    let batches: Vec<_> = batches.collect();
    assert_eq!(batches.iter().sum::<usize>(), 10_000);
    assert!(batches.iter().all(|lines| *lines <= 8192), "{batches:?}");
}

#[tokio::test]
async fn a_line_is_written_even_when_its_caller_went_away() {
    let (trail, asked, go_on) = Gate::trail();
    let mut gone = [Box::pin(trail.append(&read("gone")))];
    start(&mut gone).await;
    drop(gone);
    go_on.send(()).unwrap();
    trail.close().await.unwrap();
    assert_eq!(asked.try_iter().sum::<usize>(), 1);
}

#[tokio::test]
async fn closing_writes_what_is_queued() {
    let (trail, asked, go_on) = Gate::trail();
    let mut queued: Vec<_> = (0..200).map(|_| Box::pin(trail.append(&read("queued")))).collect();
    start(&mut queued).await;
    for _ in 0..200 {
        go_on.send(()).unwrap();
    }
    trail.close().await.unwrap();
    assert_eq!(asked.try_iter().sum::<usize>(), 200);
    for line in queued {
        line.await.unwrap();
    }
}

/// Prints a figure and asserts none: machines differ.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn throughput_with_64_callers() {
    let bench = Bench::new();
    let trail = Arc::new(bench.open());
    let person = bench.hasher().hash(&cpr("0101900000"));
    let started = Instant::now();
    let latencies = Arc::new(Mutex::new(Vec::new()));
    let callers = (0..64).map(|_| {
        let (trail, person, latencies) = (Arc::clone(&trail), person.clone(), Arc::clone(&latencies));
        tokio::spawn(async move {
            for _ in 0..100 {
                let asked = Instant::now();
                trail.append(&full(&person, &[])).await.unwrap();
                latencies.lock().unwrap().push(asked.elapsed());
            }
        })
    });
    for caller in callers.collect::<Vec<_>>() {
        caller.await.unwrap();
    }
    let mut latencies = latencies.lock().unwrap().clone();
    latencies.sort();
    println!("6400 lines, 64 callers: {:?}, median wait {:?}", started.elapsed(), latencies[3200]);
    assert_eq!(bench.verify().lines, 6400);
}
