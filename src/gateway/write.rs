//! A write: sent once, in a task of its own, so that it ends well also when its client goes away.

use super::Gateway;
use super::compile::Wire;
use super::exchange::{Answered, Message};
use super::reply::Reply;
use crate::problem::{Outcome, Problem, names};
use crate::transport::Policy;

impl Gateway {
    /// Sends a write and waits for its end; `render` makes the client's answer out of the upstream's.
    ///
    /// The task goes on when this future is dropped.
    pub async fn write(
        &self,
        wire: impl Fn(&Gateway) -> &Wire + Send + 'static,
        message: Message,
        render: impl FnOnce(Answered) -> Result<Reply, Problem> + Send + 'static,
    ) -> Result<Reply, Problem> {
        let gateway = self.clone();
        let task = self.tasks.spawn(async move {
            let answered = gateway.exchange(wire(&gateway), message, Policy::Write).await?;
            render(answered)
        });
        task.await.unwrap_or_else(|_| Err(Problem::own(names::INTERNAL_ERROR).with_outcome(Outcome::Unknown)))
    }
}
