//! One claim in Redis, and the three scripts that change it.

use redis::{Script, ScriptInvocation};

use super::Shared;
use super::link::{Failure, Question};
use crate::idempotency::claim::Found;
use crate::idempotency::key::{Fingerprint, KeyName};
use crate::idempotency::keyring::{SealBroken, random};

pub(super) struct Scripts {
    claim: Script,
    renew: Script,
    settle: Script,
}

impl Scripts {
    pub(super) fn new() -> Self {
        Self {
            claim: Script::new(include_str!("claim.lua")),
            renew: Script::new(include_str!("renew.lua")),
            settle: Script::new(include_str!("settle.lua")),
        }
    }
}

/// How an entry ends.
pub(super) enum Change {
    /// Holds the sealed answer.
    Finished(Vec<u8>),
    Unknown,
    Free,
}

/// The claim of one owner on one key.
#[derive(Clone)]
pub(super) struct Entry {
    name: KeyName,
    fingerprint: Fingerprint,
    owner: [u8; 16],
}

impl Entry {
    pub(super) fn new(name: KeyName, fingerprint: Fingerprint) -> Self {
        Self { name, fingerprint, owner: random() }
    }

    pub(super) fn seal(&self, shared: &Shared, answer: &[u8]) -> Vec<u8> {
        shared.keyring.seal(&self.name, &self.fingerprint, answer)
    }

    pub(super) async fn claim(&self, shared: &Shared) -> Result<Found, Failure> {
        let mut script = self.script(&shared.scripts.claim);
        script.arg(&self.fingerprint.0).arg(lease(shared)).arg(claimed_for(shared));
        let (state, answer): (String, Vec<u8>) = shared.link.ask(Question::Script(&script)).await?;
        Ok(match state.as_str() {
            "fresh" => Found::Fresh,
            "in-progress" => Found::InProgress,
            "reused" => Found::Reused,
            "finished" => self.open(shared, &answer),
            // Whatever else stands there was claimed once: nothing may be sent.
            _ => Found::Unknown,
        })
    }

    /// An answer that cannot be opened is one that nobody knows.
    fn open(&self, shared: &Shared, sealed: &[u8]) -> Found {
        match shared.keyring.open(&self.name, &self.fingerprint, sealed) {
            Ok(answer) => Found::Finished(answer),
            Err(SealBroken) => {
                tracing::error!("a stored answer cannot be opened; its outcome counts as unknown");
                Found::Unknown
            }
        }
    }

    pub(super) async fn renew(&self, shared: &Shared) -> Result<(), Failure> {
        let mut script = self.script(&shared.scripts.renew);
        script.arg(lease(shared)).arg(claimed_for(shared));
        shared.link.ask::<bool>(Question::Script(&script)).await.map(|_| ())
    }

    /// Returns whether there was an entry of this owner, or now is one.
    pub(super) async fn settle(&self, shared: &Shared, change: &Change) -> Result<bool, Failure> {
        let (state, answer): (_, &[u8]) = match change {
            Change::Finished(sealed) => ("finished", sealed),
            Change::Unknown => ("unknown", &[]),
            Change::Free => ("free", &[]),
        };
        let mut script = self.script(&shared.scripts.settle);
        script.arg(&self.fingerprint.0).arg(state).arg(millis(shared.ttl)).arg(answer);
        shared.link.ask(Question::Script(&script)).await
    }

    fn script<'a>(&self, script: &'a Script) -> ScriptInvocation<'a> {
        let hex: String = self.name.0.iter().map(|byte| format!("{byte:02x}")).collect();
        let mut script = script.key(format!("ungebro:idempotency:{hex}"));
        script.arg(&self.owner);
        script
    }
}

fn lease(shared: &Shared) -> u64 {
    millis(shared.timing.lease)
}

/// A claim outlives its lease, so that its end is seen.
fn claimed_for(shared: &Shared) -> u64 {
    millis(shared.ttl + shared.timing.lease)
}

fn millis(duration: std::time::Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
