//! A write with an `Idempotency-Key` is sent once, and its answer waits under the key.
//!
//! The caller claims the key; a [`Claim::Fresh`] comes with a [`Ticket`], which it marks with [`Ticket::sending`]
//! before the upstream may see anything and hands back with the answer, as unknown or as free.

mod claim;
mod key;
mod keyring;
mod memory;
mod redis;

use std::sync::Arc;

pub use self::claim::{Claim, RETRY_AFTER, StoreUnavailable, Ticket};
pub use self::key::{Fingerprint, IdempotencyKey, IdempotencyKeyFault, KeyName, Scope};
pub use self::keyring::KeyFileError;
use self::keyring::Keyring;
use self::memory::Memory;
use self::redis::Redis;
pub use self::redis::{OpenError, Timing, Weakness};
use crate::config;
use crate::types::Authority;

/// Where keys and their answers are kept. A clone is the same store.
#[derive(Clone)]
pub struct Store {
    keyring: Arc<Keyring>,
    keeper: Keeper,
}

/// Whether an `encryption_key_file` can be used; connects nowhere.
///
/// # Errors
/// Why it cannot.
pub fn check_key_file(file: &std::path::Path) -> Result<(), KeyFileError> {
    Keyring::read(file).map(|_| ())
}

/// Asks the Redis that the configuration names whether it may hold claims, as the start does, and changes nothing in
/// it: for `ungebro check --connect`. What comes back are warnings, each a whole sentence; the store in memory has none.
///
/// # Errors
/// As [`Store::open`], and [`OpenError::Away`] where Redis does not answer.
pub async fn examine(settings: &config::Idempotency) -> Result<Vec<Weakness>, OpenError> {
    match &settings.store {
        config::Store::Memory => Ok(Vec::new()),
        config::Store::Redis(redis) => {
            Keyring::read(&redis.encryption_key_file)?;
            Redis::examine(redis, Timing::default()).await
        }
    }
}

#[derive(Clone)]
enum Keeper {
    Memory(Memory),
    Redis(Redis),
}

impl Store {
    /// Opens the store that the configuration names.
    ///
    /// A Redis that is away now is asked later; one that answers must know the password, write its data to disk
    /// and evict nothing. Needs the Tokio runtime, on which the store's own work then runs.
    ///
    /// # Errors
    /// A file that is of no use, an address that is none, or a Redis that must not be used.
    pub async fn open(settings: &config::Idempotency) -> Result<Self, OpenError> {
        Self::open_with(settings, Timing::default()).await
    }

    /// Like [`Store::open`], with other waits towards Redis.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub async fn open_with(settings: &config::Idempotency, timing: Timing) -> Result<Self, OpenError> {
        match &settings.store {
            config::Store::Memory => Ok(Self {
                keyring: Arc::new(Keyring::random()),
                keeper: Keeper::Memory(Memory::new(settings.ttl, settings.max_entries)),
            }),
            config::Store::Redis(redis) => {
                let keyring = Arc::new(Keyring::read(&redis.encryption_key_file)?);
                let redis = Redis::open(redis, settings.ttl, timing, Arc::clone(&keyring)).await?;
                Ok(Self { keyring, keeper: Keeper::Redis(redis) })
            }
        }
    }

    /// The name under which this store knows a key.
    pub fn name(&self, scope: &Scope<'_>, key: &IdempotencyKey) -> KeyName {
        self.keyring.name(scope, key)
    }

    /// What tells this request from others: every value of the path as it was resolved, then query and body in
    /// whatever form makes equal requests equal.
    pub fn fingerprint(
        &self,
        operation: &str,
        authority: &Authority,
        path: impl IntoIterator<Item: AsRef<[u8]>>,
        query: impl IntoIterator<Item: AsRef<[u8]>>,
        body: impl IntoIterator<Item: AsRef<[u8]>>,
    ) -> Fingerprint {
        self.keyring.fingerprint(operation, authority, path, query, body)
    }

    /// Claims the key for this request. A claim whose caller goes away meanwhile is freed.
    ///
    /// # Errors
    /// The store is away or full.
    pub async fn claim(&self, name: &KeyName, fingerprint: &Fingerprint) -> Result<Claim, StoreUnavailable> {
        match &self.keeper {
            Keeper::Memory(memory) => memory.claim(name, fingerprint),
            Keeper::Redis(redis) => redis.claim(*name, *fingerprint).await,
        }
    }

    /// Forgets the answers kept in memory, as a restart would; keys under way stay. A Redis keeps its own.
    pub fn forget_settled(&self) {
        match &self.keeper {
            Keeper::Memory(memory) => memory.forget_settled(),
            Keeper::Redis(_) => {}
        }
    }

    /// Returns when nothing waits to be written any more. Call it last, with a limit of time.
    pub async fn drained(&self) {
        match &self.keeper {
            Keeper::Memory(_) => {}
            Keeper::Redis(redis) => redis.drained().await,
        }
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.keeper {
            Keeper::Memory(_) => f.write_str("Store(memory)"),
            Keeper::Redis(_) => f.write_str("Store(redis)"),
        }
    }
}

#[cfg(test)]
mod tests;
