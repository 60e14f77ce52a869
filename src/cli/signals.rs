//! What the system asks of a running server: to end, or to look at its files again.

use tokio::signal::unix::{Signal, SignalKind, signal};

/// As shells show a process that a signal ended.
const ENDED_BY_SIGNAL: i32 = 130;

/// Done when the process is asked to end, by SIGTERM or Ctrl-C. Asked once more, it ends at once.
pub(super) async fn asked_to_end() {
    let (Ok(mut terminate), Ok(mut interrupt)) =
        (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        return std::future::pending().await;
    };
    either(&mut terminate, &mut interrupt).await;
    tokio::spawn(async move {
        either(&mut terminate, &mut interrupt).await;
        tracing::warn!("asked to end a second time: calls under way are given up");
        std::process::exit(ENDED_BY_SIGNAL);
    });
}

async fn either(one: &mut Signal, other: &mut Signal) {
    tokio::select! {
        _ = one.recv() => {}
        _ = other.recv() => {}
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
