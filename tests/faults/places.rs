//! Places: what finds none is refused at once, and was not sent.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;

use crate::hostile::Does;
use crate::rows::{Fault, MATRIX, Trust};
use crate::scene::{Kind, Scene};

#[tokio::test]
async fn a_call_beyond_those_in_flight_and_waiting_is_refused_and_its_key_is_free() {
    let stalls = MATRIX.iter().find(|row| matches!(row.fault, Fault::Does(Does::StallAfter))).unwrap();
    let scene = Scene::new(stalls, false, &Arc::new(Trust::new()), |config| {
        config.dfdg.as_mut().unwrap().common.max_in_flight = 1;
        config.dfdg.as_mut().unwrap().common.max_waiting = 0;
    })
    .await;
    scene.break_down(Kind::Interview, 1);
    let (stalled, refused) = tokio::join!(scene.call(Kind::Interview, None), async {
        while scene.seen().1 == 0 {
            sleep(Duration::from_millis(10)).await;
        }
        scene.call(Kind::Interview, Some("later")).await
    });
    assert_eq!(stalled.refusal(), (504, "upstream-timeout".to_owned()));
    assert_eq!(refused.refusal(), (503, "overloaded".to_owned()));
    assert_eq!((&refused.json()["outcome"], scene.seen()), (&"not-executed".into(), (1, 1)));
    let later = scene.call(Kind::Interview, Some("later")).await;
    assert_eq!((later.status, scene.seen()), (201, (2, 2)), "{}", later.text());
}
