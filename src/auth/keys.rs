//! The key sets of all issuers: loaded at start, refreshed behind the scenes and on an unknown key.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use arc_swap::ArcSwapOption;
use tokio::sync::Mutex;
use tokio::time::Instant;
use tokio_util::task::AbortOnDropHandle;

use super::jwk::KeySet;
use super::source::{ReadError, Source, SourceError};
use crate::config::Issuer;

/// How often key sets are read.
#[derive(Clone, Copy)]
pub(super) struct Pace {
    /// While all is well.
    pub(super) interval: Duration,
    /// How often unknown keys may cause a read, whatever the callers send.
    pub(super) on_demand: Duration,
    /// After a failure; then twice as long each time, up to `on_demand`.
    pub(super) first_retry: Duration,
}

const PACE: Pace = Pace {
    interval: Duration::from_secs(5 * 60),
    on_demand: Duration::from_secs(60),
    first_retry: Duration::from_secs(5),
};

/// The key sets of all configured issuers, in the order of the configuration.
///
/// Dropping it ends the background refresh.
pub struct KeySets {
    issuers: Vec<Arc<IssuerKeys>>,
    _refreshing: Vec<AbortOnDropHandle<()>>,
}

/// How one issuer's key set is doing, for readiness and metrics.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeySetStatus {
    /// The issuer as configured.
    pub issuer: String,
    /// Time since the last successful read; `None`: never loaded yet.
    pub age: Option<Duration>,
    /// Number of keys that may verify tokens.
    pub keys: usize,
    /// Attempts to read the set since the start.
    pub attempts: u64,
    /// Attempts that failed since the start.
    pub failures: u64,
}

impl KeySets {
    /// Reads every key set once, all at the same time, and keeps them fresh from then on.
    pub(super) async fn start(issuers: &[Issuer]) -> Result<Self, SourceError> {
        Self::start_at(PACE, issuers).await
    }

    pub(super) async fn start_at(pace: Pace, issuers: &[Issuer]) -> Result<Self, SourceError> {
        let issuers: Vec<_> = issuers
            .iter()
            .map(|issuer| IssuerKeys::new(pace, issuer).map(Arc::new))
            .collect::<Result<_, _>>()?;
        futures_util::future::join_all(issuers.iter().map(|issuer| issuer.read_now())).await;
        let refreshing = issuers
            .iter()
            .map(|issuer| AbortOnDropHandle::new(tokio::spawn(Arc::clone(issuer).keep_fresh())))
            .collect();
        Ok(Self { issuers, _refreshing: refreshing })
    }

    /// The state of every issuer's key set.
    pub fn status(&self) -> Vec<KeySetStatus> {
        self.issuers.iter().map(|keys| keys.status()).collect()
    }

    /// Whether every issuer's key set has been loaded at least once.
    pub fn all_loaded(&self) -> bool {
        self.issuers.iter().all(|keys| keys.current().is_some())
    }

    pub(super) fn of(&self, issuer_index: usize) -> &Arc<IssuerKeys> {
        &self.issuers[issuer_index]
    }
}

/// Why a key set cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeySetFault {
    /// It never can.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// It could not just now.
    #[error(transparent)]
    Read(#[from] ReadError),
}

/// Reads a key set once, and says how many of its keys may verify tokens: for `ungebro check`.
///
/// # Errors
/// Why it cannot be read.
pub async fn examine(issuer: &Issuer) -> Result<usize, KeySetFault> {
    let document = Source::new(issuer)?.read().await?;
    Ok(KeySet::read(&document).map_err(|_| ReadError::NotAKeySet)?.keys.len())
}

/// One issuer's keys as they were last read.
pub(super) struct Loaded {
    pub(super) set: KeySet,
    /// Changes whenever the keys change, and only then.
    pub(super) generation: u64,
    at: Instant,
}

/// One issuer's source and what was last read from it.
pub(super) struct IssuerKeys {
    pace: Pace,
    issuer: String,
    source: Source,
    current: ArcSwapOption<Loaded>,
    /// Held during a read, so that there is one at a time; when unknown keys last caused one.
    flight: Mutex<Option<Instant>>,
    attempts: AtomicU64,
    failures: AtomicU64,
}

impl IssuerKeys {
    fn new(pace: Pace, issuer: &Issuer) -> Result<Self, SourceError> {
        Ok(Self {
            pace,
            issuer: issuer.issuer.clone(),
            source: Source::new(issuer)?,
            current: ArcSwapOption::empty(),
            flight: Mutex::new(None),
            attempts: AtomicU64::new(0),
            failures: AtomicU64::new(0),
        })
    }

    /// What was last read; `None`: nothing yet.
    pub(super) fn current(&self) -> Option<Arc<Loaded>> {
        self.current.load_full()
    }

    /// The generation of the keys; `None`: never loaded yet.
    pub(super) fn generation(&self) -> Option<u64> {
        self.current.load().as_ref().map(|loaded| loaded.generation)
    }

    /// Reads the keys again because a token asks for one that is not here, at most once a minute.
    /// Callers that come while a read is under way wait for it and share it.
    pub(super) async fn refresh_on_demand(self: &Arc<Self>) {
        let keys = Arc::clone(self);
        let seen = keys.attempts.load(Ordering::Acquire);
        // In a task of its own: a caller that goes away must not take the minute's only fetch
        // with it.
        let refresh = tokio::spawn(async move {
            let mut last = keys.flight.lock().await;
            let shared = keys.attempts.load(Ordering::Acquire) != seen;
            let too_soon = last.is_some_and(|at| at.elapsed() < keys.pace.on_demand);
            if !shared && !too_soon {
                *last = Some(Instant::now());
                keys.read().await;
            }
        });
        if refresh.await.is_err() {
            tracing::error!(issuer = self.issuer, "key set refresh stopped unexpectedly");
        }
    }

    async fn read_now(&self) -> bool {
        let _flight = self.flight.lock().await;
        self.read().await
    }

    /// Only with `flight` held.
    async fn read(&self) -> bool {
        let outcome = match self.source.read().await {
            Ok(document) => KeySet::read(&document).map_err(|_| ReadError::NotAKeySet),
            Err(error) => Err(error),
        };
        let succeeded = match outcome {
            Ok(set) => {
                self.store(set);
                true
            }
            Err(error) => {
                self.failures.fetch_add(1, Ordering::Relaxed);
                match self.generation() {
                    Some(_) => {
                        tracing::warn!(issuer = self.issuer, %error, "key set not read, keeping the old one");
                    }
                    None => {
                        tracing::warn!(issuer = self.issuer, %error, "key set not read, there is none yet")
                    }
                }
                false
            }
        };
        self.attempts.fetch_add(1, Ordering::Release);
        succeeded
    }

    /// An empty set replaces the old one too: that is how an issuer withdraws all its keys.
    fn store(&self, set: KeySet) {
        let before = self.current();
        let unchanged = before.as_ref().is_some_and(|old| old.set.same_keys(&set));
        let generation = before.map_or(0, |old| old.generation + u64::from(!unchanged));
        if !unchanged {
            let (keys, ignored) = (set.keys.len(), set.ignored);
            tracing::info!(issuer = self.issuer, keys, ignored, "key set changed");
            if keys == 0 {
                tracing::warn!(issuer = self.issuer, "key set has no key that may verify tokens");
            }
        }
        self.current.store(Some(Arc::new(Loaded { set, generation, at: Instant::now() })));
    }

    async fn keep_fresh(self: Arc<Self>) {
        let mut retry = self.pace.first_retry;
        let mut succeeded = self.current().is_some();
        loop {
            let pause = if succeeded { self.pace.interval } else { retry };
            tokio::time::sleep(jittered(pause)).await;
            retry = if succeeded { self.pace.first_retry } else { (retry * 2).min(self.pace.on_demand) };
            succeeded = self.read_now().await;
        }
    }

    fn status(&self) -> KeySetStatus {
        let current = self.current();
        KeySetStatus {
            issuer: self.issuer.clone(),
            age: current.as_ref().map(|loaded| loaded.at.elapsed()),
            keys: current.as_ref().map_or(0, |loaded| loaded.set.keys.len()),
            attempts: self.attempts.load(Ordering::Relaxed),
            failures: self.failures.load(Ordering::Relaxed),
        }
    }
}

/// Up to a tenth earlier, so that replicas started together do not ask together for ever.
fn jittered(pause: Duration) -> Duration {
    let mut octet = [0];
    let share = match aws_lc_rs::rand::fill(&mut octet) {
        Ok(()) => u32::from(octet[0]),
        Err(_) => 0,
    };
    pause - pause / 10 * share / 255
}
