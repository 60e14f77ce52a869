//! Pooled connections that the upstream has ended meanwhile.

use std::sync::Arc;

use crate::hostile::{Does, Turn};
use crate::rows::{MATRIX, Trust};
use crate::scene::{Kind, Scene};

async fn scene(trust: &Arc<Trust>) -> Scene {
    // Any row that is served over plain HTTP and waits for nothing.
    let row = MATRIX.iter().rfind(|row| row.over() == [false]).unwrap();
    Scene::new(row, false, trust, |_| {}).await
}

#[tokio::test]
async fn a_connection_that_was_closed_while_idle_fails_no_call() {
    let trust = Arc::new(Trust::new());
    for kind in Kind::ALL {
        let scene = scene(&trust).await;
        scene.next([Does::AnswerThenClose, Does::AnswerThenClose].map(Turn::from));
        for calls in 1..=3 {
            let answer = scene.call(kind, None).await;
            assert_eq!(answer.status, kind.route().status, "{kind:?}: {}", answer.text());
            assert_eq!(scene.seen(), (calls, calls), "{kind:?}");
            scene.idle().await;
        }
    }
}

#[tokio::test]
async fn one_that_is_reset_under_the_request_fails_only_what_must_not_be_repeated() {
    let trust = Arc::new(Trust::new());
    for kind in Kind::ALL {
        let scene = scene(&trust).await;
        scene.next([Does::AnswerThenReset.into()]);
        assert_eq!(scene.call(kind, None).await.status, kind.route().status, "{kind:?}");
        let second = scene.call(kind, None).await;
        if kind == Kind::LookUp {
            assert_eq!((second.status, scene.seen()), (200, (2, 2)), "{}", second.text());
            continue;
        }
        assert_eq!(second.refusal(), (502, "upstream-unreachable".to_owned()), "{kind:?}");
        let outcome = kind.writes().then_some("unknown");
        assert_eq!((second.json()["outcome"].as_str(), scene.seen()), (outcome, (1, 1)), "{kind:?}");
        assert_eq!(scene.call(kind, None).await.status, kind.route().status, "{kind:?}");
    }
}
