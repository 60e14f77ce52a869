//! `[idempotency]`: where the answers to writes with an `Idempotency-Key` are kept.

use std::path::PathBuf;
use std::time::Duration;

use super::fault::Reason;
use super::section::Section;
use super::value::{choice, file, integer, redis_url, seconds};

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
        Self { ttl: Duration::from_secs(86_400), max_entries: 100_000, store: Store::Memory }
    }
}

impl Idempotency {
    pub(super) fn read(section: &mut Section<'_>) -> Option<Self> {
        let default = Self::default();
        Some(Self {
            ttl: section.or("ttl_seconds", default.ttl, seconds(1.0..=31_536_000.0)),
            max_entries: section.or("max_entries", default.max_entries, integer(1..=100_000_000)),
            store: Store::read(section)?,
        })
    }
}

impl Store {
    fn read(section: &mut Section<'_>) -> Option<Self> {
        let redis = section.or("store", false, choice(&[("memory", false), ("redis", true)]));
        let url = section.optional("redis_url", redis_url);
        let password_file = section.optional("redis_password_file", file);
        let ca_file = section.optional("redis_ca_file", file);
        let encryption_key_file = section.optional("encryption_key_file", file);
        if redis {
            section.expect("redis_url");
            section.expect("encryption_key_file");
            return Some(Self::Redis(Redis {
                url: url?,
                password_file,
                ca_file,
                encryption_key_file: encryption_key_file?,
            }));
        }
        // Somebody who forgot the switch would run several replicas on as many stores.
        for name in ["redis_url", "redis_password_file", "redis_ca_file", "encryption_key_file"] {
            if section.has_set(name) {
                section.fault(name, Reason::rule("needs store = \"redis\""));
            }
        }
        Some(Self::Memory)
    }
}
