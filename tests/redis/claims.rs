//! What replicas that share a server find under a key.

use std::fs;
use std::thread;
use std::time::Duration;

use tokio::runtime::Runtime;
use tokio::time::sleep;
use ungebro::idempotency::Claim;

use crate::caller::{
    ANSWER, CLIENT_KEY, PATH, SUBJECT, TIMING, becomes, claim, claim_of, finish, replica, state, state_of,
    ticket,
};
use crate::relay::Relay;
use crate::server::Server;

#[tokio::test]
async fn an_answer_is_replayed_by_every_replica() {
    let server = Server::fit();
    let (one, two) = (replica(&server.settings()).await, replica(&server.settings()).await);
    let mut ticket = ticket(&one).await;
    assert_eq!(state(&two).await, "in progress");
    assert_eq!(state_of(claim_of(&two, CLIENT_KEY, "{\"a\":1}").await).await, "reused");
    ticket.sending();
    ticket.finish(ANSWER.into()).await;
    assert_eq!(state(&one).await, ANSWER);
    assert_eq!(state(&two).await, ANSWER);
    assert_eq!(state_of(claim_of(&two, CLIENT_KEY, "{\"a\":1}").await).await, "reused");
    assert_eq!(state_of(claim_of(&two, "another", "{}").await).await, "fresh");
}

#[tokio::test]
async fn unknown_is_kept_and_free_is_forgotten() {
    let server = Server::fit();
    let (one, two) = (replica(&server.settings()).await, replica(&server.settings()).await);
    ticket(&one).await.free().await;
    assert_eq!(state(&two).await, "fresh");
    ticket(&one).await.unknown().await;
    assert_eq!(state(&two).await, "unknown");
    assert_eq!(state(&one).await, "unknown");
}

#[tokio::test]
async fn a_dropped_ticket_frees_before_sending_and_is_unknown_after() {
    let server = Server::fit();
    let store = replica(&server.settings()).await;
    drop(ticket(&store).await);
    becomes(&store, "fresh", &["in progress"]).await;
    let mut ticket = ticket(&store).await;
    ticket.sending();
    drop(ticket);
    becomes(&store, "unknown", &["in progress"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_a_hundred_at_once_on_two_replicas_exactly_one_is_fresh() {
    let server = Server::fit();
    let stores = [replica(&server.settings()).await, replica(&server.settings()).await];
    for _ in 0..10 {
        let tasks: Vec<_> = (0..100)
            .map(|task| {
                let store = stores[task % 2].clone();
                tokio::spawn(async move { claim(&store).await.unwrap() })
            })
            .collect();
        let mut fresh = Vec::new();
        for task in tasks {
            match task.await.unwrap() {
                Claim::Fresh(ticket) => fresh.push(ticket),
                Claim::InProgress { .. } => {}
                other => panic!("neither fresh nor in progress: {other:?}"),
            }
        }
        assert_eq!(fresh.len(), 1);
        fresh.remove(0).free().await;
    }
}

#[tokio::test]
async fn a_living_replica_keeps_its_claim_beyond_the_lease() {
    let server = Server::fit();
    let (one, two) = (replica(&server.settings()).await, replica(&server.settings()).await);
    let ticket = ticket(&one).await;
    sleep(TIMING.lease * 2).await;
    assert_eq!(state(&two).await, "in progress");
    ticket.finish(ANSWER.into()).await;
    assert_eq!(state(&two).await, ANSWER);
}

#[tokio::test]
async fn the_claim_of_a_dead_replica_becomes_unknown() {
    let server = Server::fit();
    let settings = server.settings();
    // A runtime that ends takes every task of its store along; a forgotten ticket never speaks again.
    thread::spawn(move || {
        let runtime = Runtime::new().unwrap();
        let store = runtime.block_on(replica(&settings));
        std::mem::forget(runtime.block_on(ticket(&store)));
        runtime.shutdown_background();
    })
    .join()
    .unwrap();
    let store = replica(&server.settings()).await;
    assert_eq!(state(&store).await, "in progress");
    becomes(&store, "unknown", &["in progress"]).await;
    let kept: String =
        redis::cmd("HGET").arg(server.entry()).arg("state").query(&mut server.connection()).unwrap();
    assert_eq!(kept, "unknown");
}

#[tokio::test]
async fn nobody_settles_the_claim_of_another() {
    let server = Server::fit();
    let (one, two) = (replica(&server.settings()).await, replica(&server.settings()).await);
    let late = ticket(&one).await;
    server.run(&["DEL", &server.entry()]);
    let holder = ticket(&two).await;
    late.finish(b"late".to_vec()).await;
    assert_eq!(state(&one).await, "in progress");
    holder.finish(ANSWER.into()).await;
    assert_eq!(state(&one).await, ANSWER);
}

#[tokio::test]
async fn a_replica_presumed_dead_still_delivers_its_answer() {
    let server = Server::fit();
    let (one, two) = (replica(&server.settings()).await, replica(&server.settings()).await);
    let ticket = ticket(&one).await;
    server.run(&["HSET", &server.entry(), "lease", "0"]);
    assert_eq!(state(&two).await, "unknown");
    sleep(TIMING.renew_every * 2).await;
    assert_eq!(state(&two).await, "unknown", "a renewal does not revive it");
    ticket.finish(ANSWER.into()).await;
    assert_eq!(state(&two).await, ANSWER);
}

#[tokio::test]
async fn an_entry_that_the_server_lost_is_written_again() {
    let server = Server::fit();
    let store = replica(&server.settings()).await;
    let ticket = ticket(&store).await;
    server.run(&["FLUSHALL"]);
    server.run(&["SCRIPT", "FLUSH"]);
    ticket.finish(ANSWER.into()).await;
    assert_eq!(state(&store).await, ANSWER);
}

#[tokio::test]
async fn a_key_is_forgotten_after_its_time_but_not_while_it_is_claimed() {
    let server = Server::fit();
    let mut settings = server.settings();
    settings.ttl = Duration::from_millis(400);
    let store = replica(&settings).await;
    let ticket = ticket(&store).await;
    sleep(TIMING.lease + settings.ttl * 2).await;
    assert_eq!(state(&store).await, "in progress");
    ticket.finish(ANSWER.into()).await;
    becomes(&store, "fresh", &[ANSWER]).await;
    drop(claim(&store).await);
    becomes(&store, "fresh", &["in progress"]).await;
    server.run(&["PING"]);
    let left: u32 = redis::cmd("DBSIZE").query(&mut server.connection()).unwrap();
    assert_eq!(left, 0);
}

#[tokio::test]
async fn an_answer_that_was_tampered_with_is_unknown() {
    let server = Server::fit();
    let store = replica(&server.settings()).await;
    finish(&store).await;
    server.run(&["HSET", &server.entry(), "answer", "another answer that is long enough to hold a nonce"]);
    assert_eq!(state(&store).await, "unknown");
}

#[tokio::test]
async fn another_encryption_key_knows_nothing_of_these() {
    let server = Server::fit();
    let store = replica(&server.settings()).await;
    finish(&store).await;
    server.file("key", "another encryption key of 40 characters.");
    assert_eq!(state(&replica(&server.settings()).await).await, "fresh");
}

#[tokio::test]
async fn neither_wire_nor_disk_sees_what_was_said() {
    let server = Server::fit();
    let relay = Relay::to(server.port);
    let store = replica(&server.settings_at(&format!("redis://127.0.0.1:{}", relay.port))).await;
    finish(&store).await;
    assert_eq!(state(&store).await, ANSWER);
    assert!(relay.has_seen("ungebro:idempotency:"));
    let disk: Vec<u8> = fs::read_dir(server.folder.path().join("appendonlydir"))
        .unwrap()
        .flat_map(|file| fs::read(file.unwrap().path()).unwrap())
        .collect();
    for secret in [SUBJECT, CLIENT_KEY, PATH, "answer-Wozniak", "Wozniak", "jobcenter", "reportYouth"] {
        assert!(!relay.has_seen(secret), "{secret} on the wire");
        assert!(!disk.windows(secret.len()).any(|part| part == secret.as_bytes()), "{secret} on the disk");
    }
}
