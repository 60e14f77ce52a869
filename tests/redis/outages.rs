//! A server that is frozen, killed, full or read-only, and connections that break.

use std::time::{Duration, Instant};

use tokio::time::sleep;

use crate::caller::{ANSWER, TIMING, becomes, claim, claim_of, finish, replica, state, state_of, ticket};
use crate::relay::Relay;
use crate::server::Server;

/// Two waits of [`TIMING`] and some air.
const BOUNDED: Duration = Duration::from_millis(2800);

#[tokio::test]
async fn a_frozen_server_costs_a_bounded_wait_and_soon_none() {
    let server = Server::fit();
    let store = replica(&server.settings()).await;
    server.freeze();
    for _ in 0..3 {
        let start = Instant::now();
        assert_eq!(state(&store).await, "unavailable");
        assert!(start.elapsed() < BOUNDED);
    }
    let start = Instant::now();
    for _ in 0..100 {
        assert_eq!(state_of(claim_of(&store, "another", "{}").await).await, "unavailable");
    }
    assert!(start.elapsed() < BOUNDED);
    server.thaw();
    // The claims that the frozen server had received are freed, not kept as unknown.
    becomes(&store, "fresh", &["unavailable", "in progress"]).await;
}

#[tokio::test]
async fn an_answer_reaches_a_server_that_thaws() {
    let server = Server::fit();
    let store = replica(&server.settings()).await;
    let ticket = ticket(&store).await;
    server.freeze();
    let start = Instant::now();
    ticket.finish(ANSWER.into()).await;
    assert!(start.elapsed() < BOUNDED);
    sleep(TIMING.lease).await;
    server.thaw();
    becomes(&store, ANSWER, &["unavailable", "in progress", "unknown"]).await;
}

#[tokio::test]
async fn claims_and_answers_survive_the_death_of_the_server() {
    let mut server = Server::fit();
    let (one, two) = (replica(&server.settings()).await, replica(&server.settings()).await);
    let mut under_way = ticket(&one).await;
    under_way.sending();
    server.kill();
    assert_eq!(state(&two).await, "unavailable");
    under_way.finish(ANSWER.into()).await;
    server.start_again();
    becomes(&two, ANSWER, &["unavailable", "in progress", "unknown"]).await;
    server.kill();
    server.start_again();
    becomes(&one, ANSWER, &["unavailable"]).await;
}

#[tokio::test]
async fn drained_waits_for_what_is_still_to_be_written() {
    let mut server = Server::fit();
    let store = replica(&server.settings()).await;
    let ticket = ticket(&store).await;
    server.kill();
    ticket.finish(ANSWER.into()).await;
    assert!(tokio::time::timeout(Duration::from_millis(300), store.drained()).await.is_err());
    server.start_again();
    tokio::time::timeout(Duration::from_secs(20), store.drained()).await.unwrap();
    becomes(&store, ANSWER, &["unavailable"]).await;
}

#[tokio::test]
async fn a_full_server_takes_no_new_key_and_gets_the_answer_when_there_is_room() {
    let server = Server::fit();
    let store = replica(&server.settings()).await;
    let held = ticket(&store).await;
    server.run(&["CONFIG", "SET", "maxmemory", "1"]);
    assert_eq!(state_of(claim_of(&store, "another", "{}").await).await, "unavailable");
    assert_eq!(state(&store).await, "in progress");
    held.finish(ANSWER.into()).await;
    server.run(&["CONFIG", "SET", "maxmemory", "0"]);
    // A full server takes no renewal either, so the lease may run out first.
    becomes(&store, ANSWER, &["in progress", "unknown"]).await;
    server.run(&["CONFIG", "SET", "maxmemory", "1"]);
    assert_eq!(state(&store).await, ANSWER, "a full server still replays");
}

#[tokio::test]
async fn a_read_only_server_takes_no_key() {
    let server = Server::fit();
    let store = replica(&server.settings()).await;
    finish(&store).await;
    server.run(&["REPLICAOF", "127.0.0.1", "1"]);
    assert_eq!(state_of(claim_of(&store, "another", "{}").await).await, "unavailable");
    assert_eq!(state(&store).await, ANSWER);
    server.run(&["REPLICAOF", "NO", "ONE"]);
    assert_eq!(state_of(claim_of(&store, "another", "{}").await).await, "fresh");
}

#[tokio::test]
async fn a_claim_whose_answer_was_lost_is_asked_for_again() {
    let server = Server::fit();
    let relay = Relay::to(server.port);
    let store = replica(&server.settings_at(&format!("redis://127.0.0.1:{}", relay.port))).await;
    assert_eq!(state(&store).await, "fresh");
    relay.lose_the_next_answer();
    let ticket = ticket(&store).await;
    relay.lose_the_next_answer();
    ticket.finish(ANSWER.into()).await;
    assert_eq!(state(&store).await, ANSWER);
}

#[tokio::test]
async fn a_claim_whose_caller_went_away_is_freed() {
    let server = Server::fit();
    let store = replica(&server.settings()).await;
    server.freeze();
    let caller = {
        let store = store.clone();
        tokio::spawn(async move { claim(&store).await })
    };
    sleep(TIMING.answer_within / 5).await;
    caller.abort();
    assert!(caller.await.unwrap_err().is_cancelled());
    server.thaw();
    becomes(&store, "fresh", &["in progress"]).await;
}

#[tokio::test]
async fn a_server_that_was_away_at_the_start_is_used_when_it_comes() {
    let mut server = Server::fit();
    server.kill();
    let store = replica(&server.settings()).await;
    assert_eq!(state(&store).await, "unavailable");
    server.start_again();
    becomes(&store, "fresh", &["unavailable"]).await;
    finish(&store).await;
    assert_eq!(state(&store).await, ANSWER);
}

/// The old master lives on as a copy of the new one, or lost its own, and its name leads to the new one.
#[tokio::test]
async fn after_a_failover_the_store_follows_the_name_to_the_new_master() {
    let refusals: [&[&[&str]]; 2] = [
        &[],
        // A copy that lost its master and answers no questions: MASTERDOWN instead of READONLY.
        &[&["CONFIG", "SET", "replica-serve-stale-data", "no"], &["REPLICAOF", "127.0.0.1", "1"]],
    ];
    for more in refusals {
        let (old, new) = (Server::fit(), Server::fit());
        let relay = Relay::to(old.port);
        let store = replica(&old.settings_at(&format!("redis://127.0.0.1:{}", relay.port))).await;
        finish(&store).await;
        let held = match claim_of(&store, "held", "{}").await {
            Ok(ungebro::idempotency::Claim::Fresh(ticket)) => ticket,
            other => panic!("{other:?}"),
        };
        old.run(&["REPLICAOF", "127.0.0.1", &new.port.to_string()]);
        more.iter().for_each(|command| old.run(command));
        relay.lead_to(new.port);
        assert_eq!(state_of(claim_of(&store, "another", "{}").await).await, "fresh", "{more:?}");
        held.finish(ANSWER.into()).await;
        store.drained().await;
        let seen = state_of(claim_of(&store, "held", "{}").await).await;
        assert_eq!(seen, ANSWER, "{more:?}");
    }
}

#[tokio::test]
async fn a_new_master_that_forgets_is_not_used() {
    let (old, new) = (Server::fit(), Server::with(&["--appendonly", "no"]));
    let relay = Relay::to(old.port);
    let store = replica(&old.settings_at(&format!("redis://127.0.0.1:{}", relay.port))).await;
    finish(&store).await;
    old.run(&["REPLICAOF", "127.0.0.1", &new.port.to_string()]);
    relay.lead_to(new.port);
    assert_eq!(state_of(claim_of(&store, "another", "{}").await).await, "unavailable");
}
