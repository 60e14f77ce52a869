//! The fault matrix: each fault for each kind of call, over HTTP and over TLS.

use std::future::ready;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures_util::{FutureExt, StreamExt, stream};

use crate::rows::{Executed, MATRIX, Row, Trust};
use crate::scene::{Kind, Scene};

/// How many scenes are played at once; most of their time they wait.
const AT_ONCE: usize = 16;

#[tokio::test(flavor = "multi_thread")]
async fn each_fault_is_told_as_it_is_and_the_next_call_works() {
    for_each_scene(&Kind::ALL, |row, kinds, tls, trust| async move {
        let mut scene = Scene::new(row, tls, &trust, |_| {}).await;
        for kind in kinds {
            let place = format!("{kind:?}, TLS {tls}: {:?}", row.fault);
            fails(&scene, row, kind, None, &place).await;
            scene.recover().await;
            let before = scene.seen();
            let next = scene.call(kind, None).await;
            assert_eq!(next.status, kind.route().status, "after {place}: {}", next.text());
            assert_eq!(scene.seen(), (before.0 + 1, before.1 + 1), "after {place}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn under_a_key_what_was_not_sent_is_sent_and_what_may_have_been_never_is() {
    for_each_scene(&Kind::WRITES, |row, kinds, tls, trust| async move {
        let mut scene = Scene::new(row, tls, &trust, |_| {}).await;
        for kind in kinds {
            let place = format!("{kind:?} with a key, TLS {tls}: {:?}", row.fault);
            let (first, second) = (format!("{kind:?}-1"), format!("{kind:?}-2"));
            fails(&scene, row, kind, Some(&first), &place).await;
            scene.recover().await;
            let before = scene.seen();
            let repeated = scene.call(kind, Some(&first)).await;
            let calls = match row.executed {
                Executed::Not => {
                    assert_eq!(repeated.status, kind.route().status, "{place}: {}", repeated.text());
                    1
                }
                Executed::Unknown => {
                    assert_eq!(repeated.refusal(), (409, "outcome-unknown".to_owned()), "{place}");
                    assert_eq!(repeated.json()["outcome"], "unknown", "{place}");
                    0
                }
            };
            assert_eq!(repeated.header("idempotency-replayed"), None, "{place}");
            assert_eq!(scene.seen(), (before.0 + calls, before.1 + calls), "{place}");
            let anew = scene.call(kind, Some(&second)).await;
            assert_eq!(anew.status, kind.route().status, "{place}: {}", anew.text());
        }
    })
    .await;
}

/// Makes a call in the face of the fault, and compares what it comes to with its row.
async fn fails(scene: &Scene, row: &Row, kind: Kind, key: Option<&str>, place: &str) {
    let attempts = kind.attempts(row);
    scene.break_down(kind, attempts);
    let before = scene.seen();
    let answer = scene.call(kind, key).await;
    let status = if row.problem == "upstream-timeout" { 504 } else { 502 };
    assert_eq!(answer.refusal(), (status, row.problem.to_owned()), "{place}: {}", answer.text());
    let problem = answer.json();
    let outcome = kind.writes().then_some(row.executed.outcome());
    assert_eq!(problem["outcome"].as_str(), outcome, "{place}");
    let safe = !kind.writes() || row.executed == Executed::Not;
    assert_eq!(problem["retryable"], row.passes() && safe, "{place}");
    let taken = if row.connects() { attempts } else { 0 };
    let read = if row.arrives { attempts } else { 0 };
    assert_eq!(scene.seen(), (before.0 + taken, before.1 + read), "{place}");
}

/// Plays every row over all that it is seen over, with kinds of calls that can share an upstream.
pub(crate) async fn for_each_scene<F: Future<Output = ()>>(
    kinds: &[Kind],
    play: impl Fn(&'static Row, Vec<Kind>, bool, Arc<Trust>) -> F,
) {
    let trust = Arc::new(Trust::new());
    let scenes = MATRIX.iter().flat_map(|row| row.over().iter().map(move |tls| (row, *tls)));
    let scenes = scenes.flat_map(|(row, tls)| {
        // An upstream that can be reached is healthy again: it cannot go back.
        let together = if row.connects() { kinds.len() } else { 1 };
        kinds.chunks(together).map(move |kinds| (row, kinds.to_vec(), tls))
    });
    let played = stream::iter(scenes).map(|(row, kinds, tls)| {
        let scene = play(row, kinds, tls, Arc::clone(&trust));
        // One that fails does not end the others.
        AssertUnwindSafe(scene).catch_unwind()
    });
    let failed = played.buffer_unordered(AT_ONCE).filter(|played| ready(played.is_err())).count().await;
    assert_eq!(failed, 0, "scenes that failed");
}
