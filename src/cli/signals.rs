//! What the system asks of a running server: to end, or to look at its files again.

use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};

/// As shells show a process that a signal ended.
const ENDED_BY_SIGNAL: i32 = 130;

/// Some senders, such as `timeout`, signal a process and at once its whole group: that is one wish, not two.
const ONE_WISH: Duration = Duration::from_millis(250);

/// Done when the process is asked to end, by SIGTERM or Ctrl-C. Asked once more, it ends at once.
pub(super) async fn asked_to_end() {
    signalled().await;
    tokio::spawn(async move {
        tokio::time::sleep(ONE_WISH).await;
        signalled().await;
        tracing::warn!("asked to end a second time: calls under way are given up");
        std::process::exit(ENDED_BY_SIGNAL);
    });
}

/// Done at the next SIGTERM or SIGINT from now on.
async fn signalled() {
    match (signal(SignalKind::terminate()), signal(SignalKind::interrupt())) {
        (Ok(mut terminate), Ok(mut interrupt)) => tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        },
        _ => std::future::pending().await,
    }
}

/// Does something at each SIGHUP, which would end the process otherwise.
pub(super) fn on_hangup<F: Future<Output = ()> + Send>(act: impl Fn() -> F + Send + 'static) {
    let Ok(mut hangup) = signal(SignalKind::hangup()) else {
        return tracing::error!("SIGHUP cannot be received");
    };
    tokio::spawn(async move {
        while hangup.recv().await.is_some() {
            act().await;
        }
    });
}
