//! What the system asks of a running server: to end, or to look at its files again.

use std::time::Duration;

use futures_util::FutureExt;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// As shells show a process that a signal ended.
const ENDED_BY_SIGNAL: i32 = 130;

/// Some senders, such as `timeout`, signal a process and at once its whole group: that is one wish, not two.
const ONE_WISH: Duration = Duration::from_millis(250);

/// Done when the process is asked to end, by SIGTERM or Ctrl-C. Asked once more, it ends at once.
///
/// It listens from now on, not from the first look at the future: call it before anything says that the server runs, or a
/// signal in between ends the process as if it had nothing under way.
pub(super) fn asked_to_end() -> impl Future<Output = ()> {
    let wishes = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()));
    async {
        let (Ok(mut terminate), Ok(mut interrupt)) = wishes else {
            tracing::error!("signals cannot be received");
            return std::future::pending().await;
        };
        either(&mut terminate, &mut interrupt).await;
        tokio::spawn(async move {
            tokio::time::sleep(ONE_WISH).await;
            // What came meanwhile belongs to the first wish.
            let _ = (terminate.recv().now_or_never(), interrupt.recv().now_or_never());
            either(&mut terminate, &mut interrupt).await;
            tracing::warn!("asked to end a second time: calls under way are given up");
            std::process::exit(ENDED_BY_SIGNAL);
        });
    }
}

async fn either(one: &mut Signal, other: &mut Signal) {
    tokio::select! {
        _ = one.recv() => {}
        _ = other.recv() => {}
    }
}

/// The wishes to look at files again, SIGHUP, which would end the process if nobody listened.
pub(super) struct Hangups(std::io::Result<Signal>);

impl Hangups {
    /// Listens from now on: made before anything else, none of them ends a process that is still starting.
    pub(super) fn listen() -> Self {
        Self(signal(SignalKind::hangup()))
    }

    /// Does something at each of them, at once for those that came before.
    pub(super) fn act<F: Future<Output = ()> + Send>(self, act: impl Fn() -> F + Send + 'static) {
        let Ok(mut hangup) = self.0 else {
            return tracing::error!("SIGHUP cannot be received");
        };
        tokio::spawn(async move {
            while hangup.recv().await.is_some() {
                act().await;
            }
        });
    }
}

/// A write beyond the file size limit fails, as with a full disk, instead of ending the process: Linux sends SIGXFSZ
/// first, whose default is the end.
pub(super) fn survive_file_size_limit() {
    // A handler stays for good; nothing waits for what it tells.
    let _ = signal(SignalKind::from_raw(SIGXFSZ));
}

/// The same on every architecture of Linux but MIPS and PA-RISC.
const SIGXFSZ: i32 = 25;
