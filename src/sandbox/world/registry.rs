//! What has been registered: bounded, by identifier and by person.

use std::collections::{HashMap, VecDeque};

use jiff::Timestamp;

use super::caller::Caller;

/// How many registrations are kept; beyond that the oldest are forgotten.
pub(crate) const CAPACITY: usize = 10_000;

/// An interview that was held.
#[derive(Clone, Debug)]
pub(crate) struct Interview {
    pub(crate) interview_type: i64,
    pub(crate) time: Timestamp,
    pub(crate) with_more_authorities: bool,
    /// Identifiers of the participants.
    pub(crate) participants: Vec<String>,
}

/// An assessment of how ready a person is for work.
#[derive(Clone, Debug)]
pub(crate) struct Category {
    pub(crate) incident: Timestamp,
}

/// A period in a contact group.
#[derive(Clone, Debug)]
pub(crate) struct ContactGroup {
    pub(crate) group_type: i64,
    pub(crate) event: Option<Timestamp>,
    pub(crate) start: Timestamp,
    pub(crate) end: Option<Timestamp>,
}

/// A period in which health limits what a person can do.
#[derive(Clone, Debug)]
pub(crate) struct HealthLimitation {
    pub(crate) start: Timestamp,
    pub(crate) end: Option<Timestamp>,
}

/// A period in a group project.
#[derive(Clone, Debug)]
pub(crate) struct GroupMarking {
    pub(crate) project: String,
    pub(crate) start: Timestamp,
    pub(crate) end: Option<Timestamp>,
}

/// Any of them.
#[derive(Clone, Debug)]
pub(crate) enum Registration {
    Interview(Interview),
    Category(Category),
    ContactGroup(ContactGroup),
    HealthLimitation(HealthLimitation),
    GroupMarking(GroupMarking),
}

/// A kind of registration.
pub(crate) trait Kind: Sized {
    fn of(registration: &Registration) -> Option<&Self>;
    fn of_mut(registration: &mut Registration) -> Option<&mut Self>;
    fn into_registration(self) -> Registration;
}

macro_rules! kinds {
    ($($kind:ident),*) => {$(
        impl Kind for $kind {
            fn of(registration: &Registration) -> Option<&Self> {
                if let Registration::$kind(it) = registration { Some(it) } else { None }
            }
            fn of_mut(registration: &mut Registration) -> Option<&mut Self> {
                if let Registration::$kind(it) = registration { Some(it) } else { None }
            }
            fn into_registration(self) -> Registration {
                Registration::$kind(self)
            }
        }
    )*};
}
kinds!(Interview, Category, ContactGroup, HealthLimitation, GroupMarking);

/// A registration, whom it concerns and who made it.
#[derive(Debug)]
pub(crate) struct Entry<T> {
    pub(crate) cpr: String,
    pub(crate) by: Caller,
    pub(crate) what: T,
}

/// All registrations.
#[derive(Debug, Default)]
pub(crate) struct Registry {
    entries: HashMap<String, Entry<Registration>>,
    by_person: HashMap<String, Vec<String>>,
    oldest_first: VecDeque<String>,
}

impl Registry {
    /// Keeps a registration under an identifier that is new.
    pub(crate) fn add(&mut self, id: String, cpr: &str, by: &Caller, what: impl Kind) {
        let entry = Entry { cpr: cpr.to_owned(), by: by.clone(), what: what.into_registration() };
        self.by_person.entry(cpr.to_owned()).or_default().push(id.clone());
        self.oldest_first.push_back(id.clone());
        self.entries.insert(id, entry);
        while self.entries.len() > CAPACITY {
            if let Some(oldest) = self.oldest_first.pop_front() {
                self.remove(&oldest);
            }
        }
        // What was removed on request still stands in the queue.
        if self.oldest_first.len() > 2 * CAPACITY {
            let entries = &self.entries;
            self.oldest_first.retain(|id| entries.contains_key(id));
        }
    }

    /// Whether anything is kept under an identifier.
    pub(crate) fn contains(&self, id: &str) -> bool {
        self.entries.contains_key(id)
    }

    /// The registration of a kind under an identifier, and whom it concerns.
    pub(crate) fn get<T: Kind>(&self, id: &str) -> Option<Entry<&T>> {
        let entry = self.entries.get(id)?;
        Some(Entry { cpr: entry.cpr.clone(), by: entry.by.clone(), what: T::of(&entry.what)? })
    }

    /// The same, to be changed.
    pub(crate) fn get_mut<T: Kind>(&mut self, id: &str) -> Option<&mut T> {
        self.entries.get_mut(id).and_then(|entry| T::of_mut(&mut entry.what))
    }

    /// Forgets a registration.
    pub(crate) fn remove(&mut self, id: &str) {
        let Some(entry) = self.entries.remove(id) else { return };
        if let Some(ids) = self.by_person.get_mut(&entry.cpr) {
            ids.retain(|known| known != id);
            if ids.is_empty() {
                self.by_person.remove(&entry.cpr);
            }
        }
    }

    /// All registrations of a kind that concern a person, oldest first.
    pub(crate) fn of_person<'r, T: Kind + 'r>(
        &'r self,
        cpr: &str,
    ) -> impl Iterator<Item = (&'r str, &'r T)> + use<'r, T> {
        let ids = self.by_person.get(cpr).map_or(&[][..], Vec::as_slice);
        ids.iter().filter_map(|id| Some((id.as_str(), T::of(&self.entries.get(id)?.what)?)))
    }

    /// How many registrations are kept.
    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }
}

#[cfg(test)]
mod tests {
    use super::super::caller::Organisation;
    use super::*;

    #[test]
    fn the_oldest_registrations_are_forgotten_and_the_queue_stays_short() {
        let by = Caller { organisation: Organisation::Jobcenter, code: "15101".to_owned() };
        let category = || Category { incident: Timestamp::UNIX_EPOCH };
        let mut registry = Registry::default();
        for number in 0..=CAPACITY {
            registry.add(format!("kept {number}"), &format!("{}", number % 7), &by, category());
        }
        assert_eq!(registry.len(), CAPACITY);
        assert!(!registry.contains("kept 0") && registry.contains("kept 1"));
        assert_eq!(registry.of_person::<Category>("0").next().map(|(id, _)| id), Some("kept 7"));
        for number in 0..3 * CAPACITY {
            registry.add(format!("passing {number}"), "8", &by, category());
            registry.remove(&format!("passing {number}"));
        }
        assert!(registry.oldest_first.len() <= 2 * CAPACITY);
        assert!(registry.len() < CAPACITY && registry.of_person::<Category>("8").next().is_none());
    }
}
