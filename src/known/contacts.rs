//! Sparing with the upstream: look-ups are remembered, equal ones share a call, different ones of one authority gather.
//!
//! There is no timer: up to four calls of an authority run at once, and what arrives meanwhile goes together into the
//! next one. Nothing is ever shared between authorities.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use super::answer_size::RowsEach;
use super::memory::{Known, Looked, Memory, Source};
use crate::config;
use crate::types::Authority;

/// How many calls of one authority run at once.
const CALLS_AT_ONCE: usize = 4;

/// Of how many authorities it is remembered how long their answers usually are.
const AUTHORITIES_KNOWN: u64 = 10_000;

/// What is remembered, and the look-ups under way.
pub struct Contacts {
    memory: Memory,
    rows_each: moka::sync::Cache<Authority, RowsEach>,
    queues: Mutex<HashMap<Authority, Queue>>,
}

/// The look-ups of one authority.
#[derive(Default)]
struct Queue {
    running: usize,
    waiting: VecDeque<String>,
    callers: HashMap<String, Vec<oneshot::Sender<Arc<Known>>>>,
}

impl Contacts {
    /// Nothing is known yet.
    pub fn new(times: &config::Cache) -> Self {
        Self {
            memory: Memory::new(times),
            rows_each: moka::sync::Cache::new(AUTHORITIES_KNOWN),
            queues: Mutex::default(),
        }
    }

    /// How many people of an authority a call asks about, so that its answer has room for the usual.
    pub fn people_per_call(&self, authority: &Authority) -> usize {
        self.rows_each.get(authority).unwrap_or(RowsEach::NONE).people_per_call()
    }

    /// Calls of one authority that end together may each forget what the other learned: the next ones tell it again.
    pub fn learn(&self, authority: &Authority, rows_each: RowsEach) {
        let before = self.rows_each.get(authority).unwrap_or(RowsEach::NONE);
        self.rows_each.insert(authority.clone(), before.then(rows_each));
    }

    fn queues(&self) -> MutexGuard<'_, HashMap<Authority, Queue>> {
        // A queue is never left half-changed: whoever panicked while holding it did so before or after.
        self.queues.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Joins the look-ups of an authority; says how many calls must be started for them.
    ///
    /// What became known since the caller looked is found here: answers are remembered before their callers are let go,
    /// and that needs the lock which is held now.
    pub fn join(&self, authority: &Authority, numbers: &[String], fresh: bool) -> (Vec<Joined>, usize) {
        let mut queues = self.queues();
        let queue = queues.entry(authority.clone()).or_default();
        let join = |number: &String| match self.memory.recall(authority, number).filter(|_| !fresh) {
            Some(looked) => Joined::Known(looked),
            None => queue.join(number),
        };
        let joined = numbers.iter().map(join).collect();
        let wanted = queue.waiting.len().div_ceil(self.people_per_call(authority));
        let started = wanted.min(CALLS_AT_ONCE.saturating_sub(queue.running));
        queue.running += started;
        (joined, started)
    }

    /// The next numbers to ask about; none ends the caller's turn.
    pub fn next_batch(&self, authority: &Authority) -> Vec<String> {
        let mut queues = self.queues();
        let Some(queue) = queues.get_mut(authority) else { return Vec::new() };
        let batch = queue.next_batch(self.people_per_call(authority));
        if batch.is_empty() {
            queue.running -= 1;
            if queue.running == 0 && queue.callers.is_empty() {
                queues.remove(authority);
            }
        }
        batch
    }

    /// Those who wait for what is known of a person; they wait no more.
    pub fn callers(&self, authority: &Authority, number: &str) -> Vec<oneshot::Sender<Arc<Known>>> {
        let mut queues = self.queues();
        queues.get_mut(authority).and_then(|queue| queue.callers.remove(number)).unwrap_or_default()
    }

    /// What is remembered of a person for an authority.
    pub fn recall(&self, authority: &Authority, number: &str) -> Option<Looked> {
        self.memory.recall(authority, number)
    }

    /// Tells those who wait for it what is known of a person, and remembers it for its time.
    pub fn publish(&self, authority: &Authority, number: &str, known: &Arc<Known>) {
        // Remembered before the callers are let go: whoever comes between finds one or the other.
        self.memory.remember(authority, number.to_owned(), known);
        for caller in self.callers(authority, number) {
            let _ = caller.send(Arc::clone(known));
        }
    }

    /// A turn was cut short: those in the queue have nobody left who would ask for them.
    pub fn cut_short(&self, authority: &Authority) {
        let mut queues = self.queues();
        if let Some(queue) = queues.get_mut(authority) {
            queue.running -= 1;
            if queue.running == 0 {
                queues.remove(authority);
            }
        }
    }

    /// What is remembered and under way, for metrics: entries, and look-ups that somebody waits for.
    pub fn size(&self) -> (u64, usize) {
        let entries = self.memory.entries();
        let queues = self.queues();
        let callers = queues.values().flat_map(|queue| queue.callers.values()).flatten();
        (entries, callers.filter(|caller| !caller.is_closed()).count())
    }
}

/// A place in a queue, or what became known meanwhile.
pub enum Joined {
    /// It became known meanwhile.
    Known(Looked),
    /// A call of this or another look-up will tell.
    Waiting {
        /// What it tells; nothing where the call was cut short.
        answer: oneshot::Receiver<Arc<Known>>,
        /// Whose call it is.
        source: Source,
    },
}

impl Queue {
    fn join(&mut self, number: &str) -> Joined {
        let (sender, answer) = oneshot::channel();
        let source = match self.callers.get_mut(number) {
            Some(callers) => {
                callers.push(sender);
                Source::Collapsed
            }
            None => {
                self.callers.insert(number.to_owned(), vec![sender]);
                self.waiting.push_back(number.to_owned());
                Source::Miss
            }
        };
        Joined::Waiting { answer, source }
    }

    /// Nobody is asked about whom all callers have given up: else whoever sends queries and goes away fills the queue.
    fn next_batch(&mut self, most: usize) -> Vec<String> {
        let mut batch = Vec::new();
        while batch.len() < most
            && let Some(number) = self.waiting.pop_front()
        {
            let callers = self.callers.get(&number);
            if callers.is_some_and(|callers| callers.iter().any(|caller| !caller.is_closed())) {
                batch.push(number);
            } else {
                self.callers.remove(&number);
            }
        }
        batch
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_asked_about_for_whom_nobody_waits() {
        let mut queue = Queue::default();
        let alone = queue.join("0101900001");
        let first = queue.join("0202910002");
        let second = queue.join("0202910002");
        drop((alone, first));
        assert_eq!(queue.next_batch(100), ["0202910002"]);
        assert_eq!(queue.callers.keys().collect::<Vec<_>>(), ["0202910002"]);
        drop(second);
    }

    #[test]
    fn a_batch_is_as_large_as_a_call_may_be() {
        let mut queue = Queue::default();
        let numbers: Vec<String> = (0..250).map(|number| format!("{number:010}")).collect();
        let waiting: Vec<_> = numbers.iter().map(|number| queue.join(number)).collect();
        let sizes = [(); 4].map(|()| queue.next_batch(99).len());
        assert_eq!((sizes, waiting.len()), ([99, 99, 52, 0], 250));
    }
}
