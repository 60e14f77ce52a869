//! A claim on a key, and the ticket that the one who got it must hand back.

use std::fmt;
use std::time::Duration;

use super::{memory, redis};

/// When to ask again about a call that is under way, or about a store that is away.
pub const RETRY_AFTER: Duration = Duration::from_secs(2);

/// What a store knew about a key when it was claimed.
pub enum Claim {
    /// Nothing: the call is the holder's to make.
    Fresh(Ticket),
    /// Somebody makes the same call right now.
    InProgress {
        /// When to ask again.
        retry_after: Duration,
    },
    /// The key belongs to another request.
    Reused,
    /// The call was made and this is what [`Ticket::finish`] kept.
    Finished(Vec<u8>),
    /// The call may have been made; nobody knows how it ended.
    OutcomeUnknown,
}

impl fmt::Debug for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Fresh(_) => "Fresh",
            Self::InProgress { .. } => "InProgress",
            Self::Reused => "Reused",
            // An answer may name people.
            Self::Finished(_) => "Finished",
            Self::OutcomeUnknown => "OutcomeUnknown",
        })
    }
}

/// The store is away or full. Nothing may be sent under the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the idempotency store is away or full")]
pub struct StoreUnavailable;

/// A claimed key. It says how the call ended, in one of three ways; dropped without saying so, it says
/// "unknown" once [`Ticket::sending`] was called, and before that sets the key free.
#[must_use = "a dropped ticket sets its key free or makes its outcome unknown"]
pub struct Ticket {
    holding: Option<Holding>,
    sending: bool,
}

/// What a ticket stands for in its store.
pub(super) enum Holding {
    Memory(memory::Holding),
    Redis(redis::Holding),
}

/// How a ticket ends.
pub(super) enum Settlement {
    Finished(Vec<u8>),
    Unknown,
    Free,
}

impl Ticket {
    pub(super) fn new(holding: Holding) -> Self {
        Self { holding: Some(holding), sending: false }
    }

    /// From here on the upstream may see the call.
    pub fn sending(&mut self) {
        self.sending = true;
    }

    /// Keeps the answer for whoever repeats the request.
    ///
    /// Returns when the store has it. A store that is away gets it later, for some minutes; until then the key
    /// is in progress, and stays unknown if the store does not come back. The write goes on if the caller goes away.
    pub async fn finish(self, answer: Vec<u8>) {
        self.settle(Settlement::Finished(answer)).await;
    }

    /// Keeps that nobody knows how the call ended.
    pub async fn unknown(self) {
        self.settle(Settlement::Unknown).await;
    }

    /// Forgets the key: the upstream never saw the call.
    pub async fn free(self) {
        self.settle(Settlement::Free).await;
    }

    async fn settle(mut self, settlement: Settlement) {
        match self.holding.take() {
            Some(Holding::Memory(holding)) => holding.settle(settlement),
            Some(Holding::Redis(holding)) => holding.settle(settlement).written().await,
            None => {}
        }
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        let settlement = if self.sending { Settlement::Unknown } else { Settlement::Free };
        match self.holding.take() {
            Some(Holding::Memory(holding)) => holding.settle(settlement),
            Some(Holding::Redis(holding)) => drop(holding.settle(settlement)),
            None => {}
        }
    }
}

impl fmt::Debug for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ticket").field("sending", &self.sending).finish_non_exhaustive()
    }
}

/// The state of a key as a store finds it, before a fresh claim has its ticket.
#[cfg_attr(test, derive(Debug, PartialEq, Eq))]
pub(super) enum Found {
    Fresh,
    InProgress,
    Reused,
    Finished(Vec<u8>),
    Unknown,
}

impl Found {
    pub(super) fn into_claim(self, holding: impl FnOnce() -> Holding) -> Claim {
        match self {
            Self::Fresh => Claim::Fresh(Ticket::new(holding())),
            Self::InProgress => Claim::InProgress { retry_after: RETRY_AFTER },
            Self::Reused => Claim::Reused,
            Self::Finished(answer) => Claim::Finished(answer),
            Self::Unknown => Claim::OutcomeUnknown,
        }
    }
}
