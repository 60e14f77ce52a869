//! The breaker: each fault that says something of the upstream's health opens it; after its time the next call works.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;

use crate::hostile::{Does, Turn};
use crate::matrix::for_each_scene;
use crate::rows::{MATRIX, Trust};
use crate::scene::{Kind, Scene};
use crate::support::fault;

const OPEN: Duration = Duration::from_secs(2);

#[tokio::test(flavor = "multi_thread")]
async fn a_fault_opens_the_breaker_which_lets_calls_through_again_after_its_time() {
    for_each_scene(&[Kind::Interview, Kind::LookUp], |row, kinds, tls, trust| async move {
        let mut scene = Scene::new(row, tls, &trust, |config| {
            for common in
                [&mut config.udb.as_mut().unwrap().common, &mut config.dfdg.as_mut().unwrap().common]
            {
                common.breaker.consecutive_failures = 1;
                common.breaker.open = OPEN;
            }
        })
        .await;
        for kind in kinds {
            let place = format!("{kind:?}, TLS {tls}: {:?}", row.fault);
            let key = kind.writes().then_some("for-later");
            scene.break_down(kind, 1);
            let failed = scene.call(kind, None).await;
            assert_eq!(failed.problem(), row.problem, "{place}: {}", failed.text());
            scene.recover().await;
            let before = scene.seen();
            let refused = scene.call(kind, key).await;
            if !row.counts {
                assert_eq!(refused.status, kind.route().status, "{place}: {}", refused.text());
                continue;
            }
            assert_eq!(refused.refusal(), (503, "upstream-unavailable".to_owned()), "{place}");
            let outcome = kind.writes().then_some("not-executed");
            assert_eq!(refused.json()["outcome"].as_str(), outcome, "{place}");
            assert_eq!((&refused.json()["retryable"], scene.seen()), (&true.into(), before), "{place}");
            // The key was freed: what was refused may be sent.
            let mut next = scene.call(kind, key).await;
            while next.problem() == "upstream-unavailable" {
                sleep(Duration::from_millis(100)).await;
                next = scene.call(kind, key).await;
            }
            assert_eq!(next.status, kind.route().status, "{place}: {}", next.text());
            assert_eq!(scene.seen(), (before.0 + 1, before.1 + 1), "{place}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_business_fault_is_no_illness() {
    let trust = Arc::new(Trust::new());
    let scene = Scene::new(&MATRIX[MATRIX.len() - 1], false, &trust, |config| {
        config.dfdg.as_mut().unwrap().common.breaker.consecutive_failures = 1;
    })
    .await;
    for _ in 0..3 {
        let refuses = |_: &str| {
            ("text/xml; charset=utf-8", fault::dfdg("1.1", "4653", "The interview is too long ago"))
        };
        let turn = Turn { answers: Some(Arc::new(refuses)), ..Does::AnswerOnce(500).into() };
        scene.next([turn]);
        let refused = scene.call(Kind::Interview, None).await;
        assert_eq!((refused.status, &refused.json()["code"]), (422, &"4653".into()), "{}", refused.text());
        assert_eq!(refused.json()["outcome"], "not-executed");
    }
    assert_eq!(scene.seen(), (3, 3));
}

/// What one caller's message can provoke: a page of whatever stands in front of the upstream, or a fault that blames the
/// sender with a code that nobody listed.
#[tokio::test]
async fn what_is_blamed_on_the_request_is_no_illness() {
    let trust = Arc::new(Trust::new());
    let scene = Scene::new(&MATRIX[MATRIX.len() - 1], false, &trust, |config| {
        config.dfdg.as_mut().unwrap().common.breaker.consecutive_failures = 1;
    })
    .await;
    let page = || ("text/html", "<html>blocked</html>".to_owned());
    let unlisted = || ("text/xml; charset=utf-8", fault::dfdg("1.1", "7777", "Not listed"));
    type Says = fn() -> (&'static str, String);
    let rows: [(u16, Says); 7] = [
        (400, page),
        (403, page),
        (413, page),
        (429, page),
        (400, || ("text/plain", String::new())),
        (500, unlisted),
        (400, unlisted),
    ];
    for (number, (status, answer)) in rows.into_iter().enumerate() {
        let refuses = move |_: &str| answer();
        scene.next([Turn { answers: Some(Arc::new(refuses)), ..Does::AnswerOnce(status).into() }]);
        let refused = scene.call(Kind::Interview, None).await;
        assert_eq!((refused.status, scene.seen().0), (502, number + 1), "{status}: {}", refused.text());
        assert_eq!(refused.json()["outcome"], "unknown", "{status}");
    }
}
