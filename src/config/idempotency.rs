//! `[idempotency]`: where the answers to writes with an `Idempotency-Key` are kept.

use std::path::PathBuf;
use std::time::Duration;

/// `[idempotency]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Idempotency {
    /// `ttl_seconds`: how long a key is remembered.
    pub ttl: Duration,
    /// `max_entries`: of the memory store.
    pub max_entries: usize,
    /// `store`
    pub store: Store,
}

/// `idempotency.store`
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Store {
    /// `memory`: one replica, forgets at restart.
    Memory,
    /// `redis`: Redis or Valkey.
    Redis(Redis),
}

/// The keys that go with `store = "redis"`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redis {
    /// `redis_url`: `redis://` or `rediss://`, without a password.
    pub url: String,
    /// `redis_password_file`
    pub password_file: Option<PathBuf>,
    /// `redis_ca_file`: PEM; absent: the web PKI roots.
    pub ca_file: Option<PathBuf>,
    /// `encryption_key_file`: what stored values are encrypted with.
    pub encryption_key_file: PathBuf,
}

impl Default for Idempotency {
    fn default() -> Self {
        Self {
            ttl: Duration::from_secs(86_400),
            max_entries: 100_000,
            store: Store::Memory,
        }
    }
}
