//! The store of several replicas: entries in Redis or Valkey, changed by scripts, so in one step each.
//!
//! An entry is a hash: `owner` (random for each claim), `fingerprint`, `state` (`claimed`, `finished`, `unknown`),
//! `lease` (milliseconds on Redis's own clock) and `answer` (encrypted). A claimed entry may have been sent: when its
//! lease runs out because its replica died, it becomes `unknown`.
//!
//! What Redis itself loses is lost: under `appendfsync everysec` up to a second when its machine dies, and up to two
//! when its process is killed while its disk is slow (it puts off writing, and answers all the same); more when a
//! lagging copy of it takes over. A call that was made within that time may then be made twice. So anything but
//! `always` is warned of; it is not refused, since behaviour section 6 asks for `appendonly yes` and `noeviction` only.

mod breaker;
mod durability;
mod entry;
mod link;
mod open;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use redis::Client;
use tokio::runtime::Handle;
use tokio::task::{AbortHandle, JoinHandle};
use tokio::time::{sleep, timeout};
use tokio_util::task::TaskTracker;

use self::durability::Unfit;
pub use self::durability::Weakness;
use self::entry::{Change, Entry, Scripts};
use self::link::{Failure, Link};
pub use self::open::OpenError;
use super::claim::{self, Claim, Found, Settlement, StoreUnavailable};
use super::key::{Fingerprint, KeyName};
use super::keyring::Keyring;
use crate::config;

const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// How often a claim whose answer was lost is looked for before it counts as never made.
const SEARCHES: u32 = 3;

/// The waits towards Redis.
#[derive(Clone, Copy, Debug)]
pub struct Timing {
    /// How long a claim counts as in progress after the last sign of life of its replica.
    pub lease: Duration,
    /// How often a replica gives one; well within `lease`.
    pub renew_every: Duration,
    /// How long a connection may take, and an answer.
    pub answer_within: Duration,
    /// For how long a settlement is tried while Redis is away or full.
    pub write_for: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            lease: Duration::from_secs(30),
            renew_every: Duration::from_secs(10),
            answer_within: Duration::from_millis(400),
            write_for: Duration::from_secs(300),
        }
    }
}

/// The keys of all replicas that share a Redis and an encryption key.
#[derive(Clone)]
pub(super) struct Redis(Arc<Shared>);

struct Shared {
    link: Link,
    scripts: Scripts,
    keyring: Arc<Keyring>,
    ttl: Duration,
    timing: Timing,
    /// Where the store's own work runs: it must outlive whoever asked for it.
    runtime: Handle,
    /// What has to end before the store may: settlements, and claims, whose unwanted tickets are still to be freed.
    writes: TaskTracker,
    /// Set once Redis was seen to be fit to hold claims.
    fit: AtomicBool,
}

impl Redis {
    pub(super) async fn open(
        settings: &config::Redis,
        ttl: Duration,
        timing: Timing,
        keyring: Arc<Keyring>,
    ) -> Result<Self, OpenError> {
        let redis = Self::unopened(settings, ttl, timing, keyring)?;
        match redis.0.fitness().await.map_err(OpenError::from) {
            Ok(()) => {}
            Err(OpenError::Away { reason }) => {
                tracing::warn!(reason, "the idempotency store is away at the start");
            }
            Err(error) => return Err(error),
        }
        Ok(redis)
    }

    /// Asks a Redis for its settings, and uses it for nothing.
    pub(super) async fn examine(
        settings: &config::Redis,
        timing: Timing,
    ) -> Result<Vec<Weakness>, OpenError> {
        let link = Link::new(open::client(settings)?, timing.answer_within);
        Ok(durability::check(&link).await?)
    }

    fn unopened(
        settings: &config::Redis,
        ttl: Duration,
        timing: Timing,
        keyring: Arc<Keyring>,
    ) -> Result<Self, OpenError> {
        let client: Client = open::client(settings)?;
        Ok(Self(Arc::new(Shared {
            link: Link::new(client, timing.answer_within),
            scripts: Scripts::new(),
            keyring,
            ttl,
            timing,
            runtime: Handle::current(),
            writes: TaskTracker::new(),
            fit: AtomicBool::new(false),
        })))
    }

    /// Runs apart from its caller: a claim that was made while the caller went away comes back as a ticket that
    /// nobody takes, and is freed.
    pub(super) async fn claim(
        &self,
        name: KeyName,
        fingerprint: Fingerprint,
    ) -> Result<Claim, StoreUnavailable> {
        if !self.0.link.is_open() {
            return Err(StoreUnavailable);
        }
        let shared = Arc::clone(&self.0);
        let claim = async move { shared.claim(Entry::new(name, fingerprint)).await };
        let claim = self.0.writes.spawn_on(claim, &self.0.runtime);
        claim.await.unwrap_or(Err(StoreUnavailable))
    }

    pub(super) async fn drained(&self) {
        self.0.writes.close();
        self.0.writes.wait().await;
    }
}

impl Shared {
    async fn fitness(&self) -> Result<(), Unfit> {
        // Not a cell that one fills while others wait: with Redis away they would wait for each other in turn.
        if !self.fit.load(Ordering::Relaxed) {
            let weaknesses = durability::check(&self.link).await?;
            let first = !self.fit.swap(true, Ordering::Relaxed);
            for weakness in weaknesses.into_iter().filter(|_| first) {
                tracing::warn!(%weakness, "the idempotency store may forget what it confirmed");
            }
        }
        Ok(())
    }

    async fn claim(self: Arc<Self>, entry: Entry) -> Result<Claim, StoreUnavailable> {
        if let Err(unfit) = self.fitness().await {
            tracing::error!(reason = unfit.reason(), "the idempotency store cannot be used");
            return Err(StoreUnavailable);
        }
        match self.find(&entry).await {
            Ok(found) => Ok(found.into_claim(|| claim::Holding::Redis(Holding::new(self, entry)))),
            Err(failure) => {
                tracing::warn!(reason = failure.reason(), "a key could not be claimed");
                Err(StoreUnavailable)
            }
        }
    }

    /// A lost connection is tried once more, since it may be an idle one that was closed; so is a server that says that
    /// another one has its place. What remains in doubt is freed when Redis is back.
    async fn find(self: &Arc<Self>, entry: &Entry) -> Result<Found, Failure> {
        let first = entry.claim(self).await;
        let in_doubt = first.as_ref().is_err_and(Failure::is_in_doubt);
        let result = match first {
            Err(Failure::Lost) => entry.claim(self).await,
            Err(failure) if failure.is_misdirected() => {
                // Whoever has its place now was not seen yet.
                self.fit.store(false, Ordering::Relaxed);
                match self.fitness().await {
                    Ok(()) => entry.claim(self).await,
                    Err(Unfit::Unanswered(failure)) => Err(failure),
                    Err(unfit) => {
                        tracing::error!(reason = unfit.reason(), "the idempotency store cannot be used");
                        Err(failure)
                    }
                }
            }
            other => other,
        };
        if result.is_err() && in_doubt {
            self.write(entry.clone(), Change::Free, SEARCHES);
        }
        result
    }

    /// Writes the change in the background until Redis takes it; `searches` times if the entry is not there.
    fn write(self: &Arc<Self>, entry: Entry, change: Change, searches: u32) -> JoinHandle<()> {
        let shared = Arc::clone(self);
        let work = async move { shared.keep_writing(&entry, &change, searches).await };
        self.writes.spawn_on(work, &self.runtime)
    }

    async fn keep_writing(&self, entry: &Entry, change: &Change, mut searches: u32) {
        let give_up = Instant::now() + self.timing.write_for;
        let mut pause = FIRST_PAUSE;
        loop {
            match entry.settle(self, change).await {
                Ok(true) => return,
                Ok(false) if searches <= 1 => return,
                Ok(false) => searches -= 1,
                Err(failure) if Instant::now() + pause > give_up => {
                    tracing::error!(reason = failure.reason(), "an outcome could not be kept under its key");
                    return;
                }
                Err(_) => {}
            }
            sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }
}

/// A claimed entry whose lease is renewed while this lives.
pub(super) struct Holding {
    shared: Arc<Shared>,
    entry: Entry,
    renewal: AbortHandle,
}

impl Holding {
    fn new(shared: Arc<Shared>, entry: Entry) -> Self {
        let (keeper, claimed) = (Arc::clone(&shared), entry.clone());
        let renewal = shared.runtime.spawn(async move {
            loop {
                sleep(keeper.timing.renew_every).await;
                // Two more attempts fit into the lease.
                let _ = claimed.renew(&keeper).await;
            }
        });
        Self { renewal: renewal.abort_handle(), shared, entry }
    }

    pub(super) fn settle(self, settlement: Settlement) -> Write {
        self.renewal.abort();
        let change = match settlement {
            Settlement::Finished(answer) => Change::Finished(self.entry.seal(&self.shared, &answer)),
            Settlement::Unknown => Change::Unknown,
            Settlement::Free => Change::Free,
        };
        Write {
            patience: self.shared.timing.answer_within * 2,
            task: self.shared.write(self.entry, change, 1),
        }
    }
}

/// A settlement on its way to Redis. It arrives also when this is dropped.
pub(super) struct Write {
    task: JoinHandle<()>,
    patience: Duration,
}

impl Write {
    /// Returns when Redis has it, or when its caller has waited long enough.
    pub(super) async fn written(self) {
        // A timeout leaves the task running.
        let _ = timeout(self.patience, self.task).await;
    }
}
