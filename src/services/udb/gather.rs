//! Sparing with the upstream: look-ups are remembered, equal ones share a call, different ones of one authority gather.
//!
//! There is no timer: up to four calls of an authority run at once, and what arrives meanwhile goes together into the
//! next one. Nothing is ever shared between authorities.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use bytes::Bytes;
use tokio::sync::oneshot;

use super::answer_size::RowsEach;
use super::known::{Document, Known, Looked, Memory, Source};
use super::lookup::Person;
use super::row::CONTACT;
use crate::auth::Identity;
use crate::config;
use crate::gateway::Gateway;
use crate::gateway::supply::OnBehalf;
use crate::problem::{Problem, names};
use crate::shape::write;
use crate::telemetry::metrics::{self, CacheResult};
use crate::telemetry::spans;
use crate::telemetry::trace_context::Origin;
use crate::types::text::write_json_string;
use crate::types::{Authority, Cpr};

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
    fn people_per_call(&self, authority: &Authority) -> usize {
        self.rows_each.get(authority).unwrap_or(RowsEach::NONE).people_per_call()
    }

    /// Calls of one authority that end together may each forget what the other learned: the next ones tell it again.
    fn learn(&self, authority: &Authority, rows_each: RowsEach) {
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
    fn join(&self, authority: &Authority, numbers: &[String], fresh: bool) -> (Vec<Joined>, usize) {
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
    fn next_batch(&self, authority: &Authority) -> Vec<String> {
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

    fn callers(&self, authority: &Authority, number: &str) -> Vec<oneshot::Sender<Arc<Known>>> {
        let mut queues = self.queues();
        queues.get_mut(authority).and_then(|queue| queue.callers.remove(number)).unwrap_or_default()
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
enum Joined {
    Known(Looked),
    Waiting { answer: oneshot::Receiver<Arc<Known>>, source: Source },
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
}

impl Queue {
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

impl Gateway {
    /// The contact persons of young people, in the order asked; repeats are answered each time.
    ///
    /// `fresh` goes around what is remembered. Whoever goes away neither cancels a call nor repeats it; a look-up that no
    /// call has been made for is forgotten with the last who waited for it.
    pub async fn contacts_of(
        &self,
        numbers: &[Cpr],
        identity: &Arc<Identity>,
        authority: &Authority,
        fresh: bool,
    ) -> Vec<Looked> {
        let numbers: Vec<String> = numbers.iter().map(|cpr| cpr.as_str().to_owned()).collect();
        let memory = &self.contacts.memory;
        let recalled = |number: &String| memory.recall(authority, number).filter(|_| !fresh);
        let mut looked: Vec<Option<Looked>> = numbers.iter().map(recalled).collect();
        let missing: Vec<usize> = (0..numbers.len()).filter(|index| looked[*index].is_none()).collect();
        if !missing.is_empty() {
            let asked: Vec<String> = missing.iter().map(|index| numbers[*index].clone()).collect();
            let (joined, started) = self.contacts.join(authority, &asked, fresh);
            for _ in 0..started {
                let turn = Turn {
                    gateway: self.clone(),
                    authority: authority.clone(),
                    origin: Some(Origin::here()),
                    asking: Vec::new(),
                    ended: false,
                };
                self.tasks.spawn(turn.run(Arc::clone(identity)));
            }
            for (index, joined) in missing.into_iter().zip(joined) {
                looked[index] = Some(match joined {
                    Joined::Known(looked) => looked,
                    Joined::Waiting { answer, source } => {
                        Looked { known: answer.await.unwrap_or_else(|_| lost()), source }
                    }
                });
            }
        }
        let looked: Vec<Looked> = looked.into_iter().flatten().collect();
        count(&looked, fresh);
        looked
    }

    fn publish(&self, authority: &Authority, number: String, person: Person) {
        let document = person.contacts.map(|contacts| {
            let mut json = Vec::with_capacity(64 + 160 * contacts.len());
            json.extend_from_slice(b"{\"cpr\":");
            write_json_string(&number, &mut json);
            json.extend_from_slice(b",\"contacts\":[");
            for (index, contact) in contacts.iter().enumerate() {
                if index > 0 {
                    json.push(b',');
                }
                write::object(CONTACT.members, contact, &mut json);
            }
            json.extend_from_slice(b"]}");
            let tag = hmac::sign(&self.cursor_key, &[b"etag", &json[..]].concat());
            let tag = format!("\"{}\"", BASE64.encode(&tag.as_ref()[..16]));
            Document { json: Bytes::from(json), tag, empty: contacts.is_empty() }
        });
        let known = Arc::new(Known { result: document, correlation_id: person.correlation_id });
        // Remembered before the callers are let go: whoever comes between finds one or the other.
        self.contacts.memory.remember(authority, number.clone(), &known);
        for caller in self.contacts.callers(authority, &number) {
            let _ = caller.send(Arc::clone(&known));
        }
    }
}

fn count(looked: &[Looked], fresh: bool) {
    let (mut hits, mut misses, mut collapsed) = (0, 0, 0);
    for looked in looked {
        match looked.source {
            Source::Hit { .. } => hits += 1,
            Source::Miss => misses += 1,
            Source::Collapsed => collapsed += 1,
        }
    }
    metrics::cache(CacheResult::Hit, hits);
    metrics::cache(if fresh { CacheResult::Bypass } else { CacheResult::Miss }, misses);
    metrics::cache(CacheResult::Collapsed, collapsed);
}

fn lost() -> Arc<Known> {
    Arc::new(Known { result: Err(Problem::own(names::INTERNAL_ERROR).for_read()), correlation_id: None })
}

/// One of the calls that an authority may have under way; asks batch after batch until nobody waits.
struct Turn {
    gateway: Gateway,
    authority: Authority,
    /// Whose look-up is in the first call; later ones are made for others.
    origin: Option<Origin>,
    asking: Vec<String>,
    ended: bool,
}

impl Turn {
    async fn run(mut self, identity: Arc<Identity>) {
        loop {
            self.asking = self.gateway.contacts.next_batch(&self.authority);
            if self.asking.is_empty() {
                self.ended = true;
                return;
            }
            let who = OnBehalf { identity: &identity, authority: &self.authority };
            let origin = self.origin.take().unwrap_or_else(|| Origin::own(spans::gather()));
            let numbers = self.asking.clone();
            let per_call = numbers.len();
            let found = origin.follow(self.gateway.look_up(numbers, per_call, who)).await;
            self.gateway.contacts.learn(&self.authority, found.rows_each);
            for (number, person) in found.people {
                self.asking.retain(|asked| *asked != number);
                self.gateway.publish(&self.authority, number, person);
            }
            self.let_go();
        }
    }

    /// Whoever still waits for what was asked about gets no answer.
    fn let_go(&mut self) {
        for number in std::mem::take(&mut self.asking) {
            drop(self.gateway.contacts.callers(&self.authority, &number));
        }
    }
}

impl Drop for Turn {
    /// A turn that was cut short (shutdown, a panic) leaves nobody waiting for it.
    fn drop(&mut self) {
        self.let_go();
        if !self.ended {
            let mut queues = self.gateway.contacts.queues();
            if let Some(queue) = queues.get_mut(&self.authority) {
                queue.running -= 1;
                // Those in the queue have nobody left who would ask for them.
                if queue.running == 0 {
                    queues.remove(&self.authority);
                }
            }
        }
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
