//! Pooled connections that the upstream has closed, and other ends of a connection's life.

use std::time::Duration;

use tokio::time::sleep;
use ungebro::transport::Transport;

use super::hostile::{Does, Hostile};
use super::request::{exchange, settings, transport};

#[tokio::test]
async fn a_connection_is_used_again() {
    let upstream = Hostile::start(&[]).await;
    let transport = transport(&settings());
    for _ in 0..3 {
        works(&transport, &upstream).await;
    }
    assert_eq!((upstream.connections(), upstream.requests()), (1, 3));
}

#[tokio::test]
async fn a_connection_that_was_closed_meanwhile_costs_no_call() {
    let upstream = Hostile::start(&[Does::AnswerThenClose; 3]).await;
    let transport = transport(&settings());
    for _ in 0..4 {
        works(&transport, &upstream).await;
        sleep(Duration::from_millis(50)).await;
    }
    assert_eq!((upstream.connections(), upstream.requests()), (4, 4));
}

#[tokio::test]
async fn a_close_that_the_runtime_has_not_noticed_costs_no_call() {
    let (tell, told) = std::sync::mpsc::channel();
    // On a thread of its own, so that it can close while this one sleeps.
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let upstream = Hostile::start(&[Does::AnswerThenClose; 5]).await;
            tell.send(upstream.url()).unwrap();
            sleep(Duration::from_secs(10)).await;
        });
    });
    let url = told.recv().unwrap();
    let transport = transport(&settings());
    for _ in 0..6 {
        let answer = transport.send(&exchange(&url)).await.unwrap();
        assert_eq!(answer.status, 200);
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[tokio::test]
async fn an_idle_connection_is_closed_in_time() {
    let upstream = Hostile::start(&[]).await;
    let mut settings = settings();
    settings.idle_timeout = Duration::from_millis(50);
    let transport = transport(&settings);
    works(&transport, &upstream).await;
    sleep(Duration::from_millis(200)).await;
    works(&transport, &upstream).await;
    assert_eq!(upstream.connections(), 2);
}

#[tokio::test]
async fn each_worker_has_its_own_connections() {
    let upstream = Hostile::start(&[]).await;
    let transport = transport(&settings());
    works(&transport, &upstream).await;
    works(&transport.for_worker(), &upstream).await;
    assert_eq!(upstream.connections(), 2);
}

#[tokio::test]
async fn a_cancelled_call_closes_its_connection_and_the_next_works() {
    let upstream = Hostile::start(&[Does::StallAfter]).await;
    let transport = transport(&settings());
    let request = exchange(&upstream.url());
    let given_up = tokio::time::timeout(Duration::from_millis(100), transport.send(&request));
    assert!(given_up.await.is_err());
    works(&transport, &upstream).await;
    assert_eq!(upstream.connections(), 2);
}

async fn works(transport: &Transport, upstream: &Hostile) {
    let answer = transport.send(&exchange(&upstream.url())).await.unwrap();
    assert_eq!(answer.status, 200);
}
