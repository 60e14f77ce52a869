//! The store of one replica: bounded, and forgotten when the process ends.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::claim::{self, Claim, Found, Settlement, StoreUnavailable};
use super::key::{Fingerprint, KeyName};

/// The keys of one process.
#[derive(Clone)]
pub(super) struct Memory(Arc<Mutex<Table>>);

impl Memory {
    pub(super) fn new(ttl: Duration, max_entries: usize) -> Self {
        Self(Arc::new(Mutex::new(Table::new(ttl, max_entries))))
    }

    pub(super) fn claim(&self, name: &KeyName, fingerprint: &Fingerprint) -> Result<Claim, StoreUnavailable> {
        let (found, owner) = self.table().claim(name, fingerprint, Instant::now())?;
        Ok(found.into_claim(|| claim::Holding::Memory(Holding { memory: self.clone(), name: *name, owner })))
    }

    pub(super) fn forget_settled(&self) {
        self.table().forget_settled();
    }

    // A panic elsewhere leaves the table whole: every change below is one step.
    fn table(&self) -> MutexGuard<'_, Table> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A claimed entry of the table.
pub(super) struct Holding {
    memory: Memory,
    name: KeyName,
    owner: Owner,
}

impl Holding {
    pub(super) fn settle(self, settlement: Settlement) {
        self.memory.table().settle(&self.name, self.owner, settlement, Instant::now());
    }
}

/// Counts claims; no two are equal.
type Owner = u64;

struct Table {
    ttl: Duration,
    max_entries: usize,
    entries: HashMap<KeyName, Entry>,
    /// Settled entries by the end of their time. A claimed one has none: its ticket settles it.
    expiries: BTreeMap<(Instant, Owner), KeyName>,
    claims: u64,
}

struct Entry {
    fingerprint: Fingerprint,
    owner: Owner,
    state: State,
}

enum State {
    Claimed,
    Finished(Vec<u8>),
    Unknown,
}

impl Table {
    fn new(ttl: Duration, max_entries: usize) -> Self {
        Self { ttl, max_entries, entries: HashMap::new(), expiries: BTreeMap::new(), claims: 0 }
    }

    fn claim(
        &mut self,
        name: &KeyName,
        fingerprint: &Fingerprint,
        now: Instant,
    ) -> Result<(Found, Owner), StoreUnavailable> {
        self.forget_expired(now);
        self.claims += 1;
        let owner = self.claims;
        let found = match self.entries.get(name) {
            Some(entry) if entry.fingerprint != *fingerprint => Found::Reused,
            Some(Entry { state: State::Claimed, .. }) => Found::InProgress,
            Some(Entry { state: State::Finished(answer), .. }) => Found::Finished(answer.clone()),
            Some(Entry { state: State::Unknown, .. }) => Found::Unknown,
            None if self.entries.len() >= self.max_entries => return Err(StoreUnavailable),
            None => {
                let entry = Entry { fingerprint: *fingerprint, owner, state: State::Claimed };
                self.entries.insert(*name, entry);
                Found::Fresh
            }
        };
        Ok((found, owner))
    }

    fn settle(&mut self, name: &KeyName, owner: Owner, settlement: Settlement, now: Instant) {
        let Some(entry) = self.entries.get_mut(name).filter(|entry| entry.owner == owner) else {
            return;
        };
        entry.state = match settlement {
            Settlement::Finished(answer) => State::Finished(answer),
            Settlement::Unknown => State::Unknown,
            Settlement::Free => {
                self.entries.remove(name);
                return;
            }
        };
        self.expiries.insert((now + self.ttl, owner), *name);
    }

    /// A claimed entry stays: its ticket settles it.
    fn forget_settled(&mut self) {
        for name in std::mem::take(&mut self.expiries).into_values() {
            self.entries.remove(&name);
        }
    }

    fn forget_expired(&mut self, now: Instant) {
        while let Some(first) = self.expiries.first_entry() {
            if first.key().0 > now {
                break;
            }
            self.entries.remove(&first.remove());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TTL: Duration = Duration::from_secs(60);
    const NAME: KeyName = KeyName([1; 32]);
    const OTHER_NAME: KeyName = KeyName([2; 32]);
    const PRINT: Fingerprint = Fingerprint([3; 32]);
    const OTHER_PRINT: Fingerprint = Fingerprint([4; 32]);

    fn answer() -> Vec<u8> {
        b"answer".to_vec()
    }

    /// A table whose one entry was settled at the instant returned.
    fn settled(settlement: Settlement) -> (Table, Instant) {
        let (mut table, now) = (Table::new(TTL, 1), Instant::now());
        let (found, owner) = table.claim(&NAME, &PRINT, now).unwrap();
        assert_eq!(found, Found::Fresh);
        table.settle(&NAME, owner, settlement, now);
        (table, now)
    }

    fn found(table: &mut Table, print: &Fingerprint, now: Instant) -> Found {
        table.claim(&NAME, print, now).unwrap().0
    }

    #[test]
    fn every_settlement_decides_what_a_repeat_finds() {
        for (settlement, same, other) in [
            (Settlement::Finished(answer()), Found::Finished(answer()), Found::Reused),
            (Settlement::Unknown, Found::Unknown, Found::Reused),
            (Settlement::Free, Found::Fresh, Found::Reused),
        ] {
            let (mut table, now) = settled(settlement);
            assert_eq!(found(&mut table, &PRINT, now), same);
            assert_eq!(found(&mut table, &OTHER_PRINT, now), other);
        }
    }

    #[test]
    fn a_freed_key_may_be_another_request() {
        let (mut table, now) = settled(Settlement::Free);
        assert_eq!(found(&mut table, &OTHER_PRINT, now), Found::Fresh);
    }

    #[test]
    fn a_settled_key_is_forgotten_after_its_time() {
        for settlement in [Settlement::Finished(answer()), Settlement::Unknown] {
            let (mut table, now) = settled(settlement);
            let last = now + TTL - Duration::from_nanos(1);
            assert_ne!(found(&mut table, &PRINT, last), Found::Fresh);
            assert_eq!(found(&mut table, &OTHER_PRINT, now + TTL), Found::Fresh);
            assert!(table.expiries.is_empty());
        }
    }

    #[test]
    fn a_claim_is_in_progress_however_long_it_takes() {
        let (mut table, now) = (Table::new(TTL, 1), Instant::now());
        let (_, owner) = table.claim(&NAME, &PRINT, now).unwrap();
        let later = now + TTL * 100;
        assert_eq!(found(&mut table, &PRINT, later), Found::InProgress);
        assert_eq!(found(&mut table, &OTHER_PRINT, later), Found::Reused);
        table.settle(&NAME, owner, Settlement::Finished(answer()), later);
        assert_eq!(found(&mut table, &PRINT, later + TTL / 2), Found::Finished(answer()));
    }

    #[test]
    fn a_full_table_takes_no_new_key_but_knows_the_old_ones() {
        let (mut table, now) = settled(Settlement::Finished(answer()));
        assert_eq!(table.claim(&OTHER_NAME, &PRINT, now), Err(StoreUnavailable));
        assert_eq!(found(&mut table, &PRINT, now), Found::Finished(answer()));
        assert_eq!(table.claim(&OTHER_NAME, &PRINT, now + TTL).unwrap().0, Found::Fresh);
        assert_eq!(table.entries.len(), 1);
    }

    #[test]
    fn nobody_settles_the_claim_of_another() {
        let (mut table, now) = (Table::new(TTL, 1), Instant::now());
        let (_, first) = table.claim(&NAME, &PRINT, now).unwrap();
        table.settle(&NAME, first, Settlement::Free, now);
        let (_, second) = table.claim(&NAME, &PRINT, now).unwrap();
        table.settle(&NAME, first, Settlement::Finished(b"late".to_vec()), now);
        assert_eq!(found(&mut table, &PRINT, now), Found::InProgress);
        table.settle(&NAME, second, Settlement::Finished(answer()), now);
        assert_eq!(found(&mut table, &PRINT, now), Found::Finished(answer()));
    }
}
