//! The end of a server: what is still to be done, in an order that loses nothing, within one grace time.

use std::pin::pin;
use std::time::Duration;

use tokio::time::{Instant, timeout_at};

/// Kept of the grace time for what follows the calls: half for those given up to end, the rest for what they leave.
const RESERVE: Duration = Duration::from_secs(4);

/// What is waited for, in this order.
pub(super) struct Ending<C, G, A, K, T> {
    /// No call is under way any more. None may begin once this is waited for.
    pub(super) calls: C,
    /// Gives up the calls that take too long; they still write down how they ended.
    pub(super) give_up: G,
    /// The last answers left, or their connections are closed.
    pub(super) answers: A,
    /// The answers under idempotency keys are kept.
    pub(super) keys: K,
    /// The audit trail is flushed: nothing is written to it any more.
    pub(super) trail: T,
}

impl<C, G, A, K, T> Ending<C, G, A, K, T>
where
    C: Future<Output = ()>,
    G: FnOnce(),
    A: Future<Output = ()>,
    K: Future<Output = ()>,
    T: Future<Output = ()>,
{
    /// Waits for each in turn, for all together no longer than `grace` from `began`. Each has a part of that time that
    /// nothing before it can use up.
    pub(super) async fn within(self, began: Instant, grace: Duration) {
        let end = began + grace;
        let reserve = RESERVE.min(grace / 4);
        let mut calls = pin!(self.calls);
        if timeout_at(end - reserve, &mut calls).await.is_err() {
            tracing::error!("calls were still under way when the grace time ended");
            (self.give_up)();
            // What does not end even so has nothing to write down: a look-up, or a trail that hangs.
            let _ = timeout_at(end - reserve / 2, calls).await;
        }
        if timeout_at(end - reserve / 4, self.answers).await.is_err() {
            tracing::warn!("connections were still open when the grace time ended");
        }
        if timeout_at(end - reserve / 4, self.keys).await.is_err() {
            tracing::error!("answers were still to be kept when the grace time ended");
        }
        if timeout_at(end, self.trail).await.is_err() {
            tracing::error!("the audit trail was not flushed when the grace time ended");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::future::{pending, ready};

    use tokio::time::sleep;

    use super::*;

    const GRACE: Duration = Duration::from_secs(25);

    /// Notes when it is reached, then hangs.
    async fn hangs(name: &'static str, reached: &RefCell<Vec<(&'static str, Duration)>>, began: Instant) {
        reached.borrow_mut().push((name, began.elapsed()));
        pending().await
    }

    #[tokio::test(start_paused = true)]
    async fn everything_that_hangs_together_takes_one_grace_time_and_the_trail_has_its_part() {
        let (began, reached) = (Instant::now(), RefCell::default());
        let ending = Ending {
            calls: hangs("calls", &reached, began),
            give_up: || reached.borrow_mut().push(("given up", began.elapsed())),
            answers: hangs("answers", &reached, began),
            keys: hangs("keys", &reached, began),
            trail: hangs("trail", &reached, began),
        };
        ending.within(began, GRACE).await;
        assert_eq!(began.elapsed().as_secs(), GRACE.as_secs());
        let seconds: Vec<_> = reached.take().iter().map(|(name, at)| (*name, at.as_secs())).collect();
        assert_eq!(seconds, [("calls", 0), ("given up", 21), ("answers", 23), ("keys", 24), ("trail", 24)]);
    }

    #[tokio::test(start_paused = true)]
    async fn what_began_before_the_waiting_did_counts_as_well() {
        let began = Instant::now();
        sleep(GRACE * 2).await;
        let ending = Ending {
            calls: pending(),
            give_up: || {},
            answers: pending(),
            keys: pending(),
            trail: pending(),
        };
        ending.within(began, GRACE).await;
        assert_eq!(began.elapsed(), GRACE * 2, "no second grace time");
    }

    #[tokio::test(start_paused = true)]
    async fn calls_that_are_given_up_write_down_how_they_ended_before_the_trail_is_closed() {
        let (began, order) = (Instant::now(), RefCell::new(Vec::new()));
        let given_up = tokio_util::sync::CancellationToken::new();
        let ending = Ending {
            calls: async {
                given_up.cancelled().await;
                order.borrow_mut().push("end line");
            },
            give_up: || given_up.cancel(),
            answers: ready(()),
            keys: async { order.borrow_mut().push("key kept") },
            trail: async { order.borrow_mut().push("trail closed") },
        };
        ending.within(began, GRACE).await;
        assert_eq!(order.take(), ["end line", "key kept", "trail closed"]);
        assert_eq!(began.elapsed().as_secs(), 21);
    }

    #[tokio::test(start_paused = true)]
    async fn an_end_with_nothing_under_way_takes_no_time() {
        let began = Instant::now();
        let give_up = || panic!("nothing is to be given up");
        let ending =
            Ending { calls: ready(()), give_up, answers: ready(()), keys: ready(()), trail: ready(()) };
        ending.within(began, GRACE).await;
        assert_eq!(began.elapsed(), Duration::ZERO);
    }
}
