//! How many calls run at once, and how many wait for their turn.

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, timeout_at};

pub(super) struct Limit {
    running: Semaphore,
    waiting: Semaphore,
    most: Load,
}

/// How many calls there are to an upstream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Load {
    /// Calls that run.
    pub running: usize,
    /// Calls that wait for their turn.
    pub waiting: usize,
}

impl Limit {
    pub(super) fn new(max_in_flight: usize, max_waiting: usize) -> Self {
        let most = Load {
            running: max_in_flight.min(Semaphore::MAX_PERMITS),
            waiting: max_waiting.min(Semaphore::MAX_PERMITS),
        };
        Self { running: Semaphore::new(most.running), waiting: Semaphore::new(most.waiting), most }
    }

    pub(super) fn load(&self) -> Load {
        Load {
            running: self.most.running - self.running.available_permits(),
            waiting: self.most.waiting - self.waiting.available_permits(),
        }
    }

    /// A place among the running calls, in order of arrival; none where the queue is full or
    /// the turn does not come before `deadline`.
    pub(super) async fn enter(&self, deadline: Instant) -> Option<SemaphorePermit<'_>> {
        if let Ok(place) = self.running.try_acquire() {
            return Some(place);
        }
        let _queued = self.waiting.try_acquire().ok()?;
        timeout_at(deadline, self.running.acquire()).await.ok()?.ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[tokio::test]
    async fn calls_beyond_the_queue_are_refused_at_once() {
        let limit = Limit::new(1, 1);
        let soon = Instant::now() + Duration::from_secs(5);
        let running = limit.enter(soon).await.unwrap();
        let (queued, refused) = tokio::join!(limit.enter(soon), async {
            let refused = limit.enter(soon).await.is_none();
            drop(running);
            refused
        });
        assert!(refused);
        assert!(queued.is_some());
    }

    #[tokio::test]
    async fn a_turn_that_does_not_come_in_time_is_given_up() {
        let limit = Limit::new(1, 1);
        let soon = Instant::now() + Duration::from_millis(20);
        let _running = limit.enter(soon).await.unwrap();
        assert!(limit.enter(soon).await.is_none());
        assert_eq!(limit.load(), Load { running: 1, waiting: 0 });
    }
}
