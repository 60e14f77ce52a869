//! Compares what clients were told, what the upstream saw and what the audit trail says.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::Path;

use serde_json::Value;
use uuid::Uuid;

use crate::clients::{End, Write};
use crate::counting::{Seen, Upstream};

/// Under what the same key may have been sent again.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Promise {
    /// Under nothing.
    Once,
    /// By a later process, which has forgotten the keys of the one before.
    OnceByEachProcess,
}

/// Checks every write; prints the counts.
pub(crate) fn judge(
    rounds: usize,
    promise: Promise,
    writes: &[Write],
    upstream: &Upstream,
    trails: &[&Path],
) {
    let mut seen: HashMap<Uuid, Vec<Seen>> = HashMap::new();
    for one in upstream.seen() {
        seen.entry(one.marker).or_default().push(one);
    }
    let begun = begun(trails);
    let (mut calls, mut acknowledged) = (0, 0);
    for write in writes {
        let none = Vec::new();
        let registered = seen.get(&write.marker).unwrap_or(&none);
        calls += registered.len();
        let senders: HashSet<&str> = registered.iter().map(|seen| seen.sender.as_str()).collect();
        assert_eq!(registered.len(), senders.len(), "one process sent the same key twice");
        if promise == Promise::Once {
            let when: Vec<_> = registered.iter().map(|seen| (&seen.sender, seen.after)).collect();
            assert!(registered.len() <= 1, "registered more than once under one key: {when:?}");
        }
        if let Some(End::Receipt(receipt)) = write.end {
            acknowledged += 1;
            assert!(
                registered.iter().any(|seen| seen.receipt == receipt),
                "acknowledged, but not registered"
            );
        }
        let lines: usize = write.attempts.iter().map(|id| begun.get(id).copied().unwrap_or(0)).sum();
        assert!(lines >= registered.len(), "{} calls with {lines} begin lines", registered.len());
    }
    let known: usize = seen.values().map(Vec::len).sum();
    assert_eq!(calls, known, "the upstream saw what nobody asked for");
    assert!(acknowledged > 0, "nothing was acknowledged");
    let (unknown, begins) = (writes.len() - acknowledged, begun.values().sum::<usize>());
    println!(
        "{rounds} rounds: {} writes, {acknowledged} acknowledged, {unknown} unknown, {calls} calls, {begins} begin lines",
        writes.len()
    );
}

/// How many `begin` lines each request has.
fn begun(trails: &[&Path]) -> HashMap<Uuid, usize> {
    let mut begun = HashMap::new();
    for line in lines(trails).iter().filter(|line| line["phase"] == "begin") {
        *begun.entry(line["requestId"].as_str().unwrap().parse().unwrap()).or_default() += 1;
    }
    begun
}

/// The lines of trails.
pub(crate) fn lines(trails: &[&Path]) -> Vec<Value> {
    let texts = trails.iter().map(|trail| fs::read_to_string(trail).unwrap());
    texts
        .flat_map(|text| text.lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<_>>())
        .collect()
}
