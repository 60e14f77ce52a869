//! The program killed, stopped and left by its clients, under load, in front of an upstream that counts.
//!
//! `UNGEBRO_KILL_ROUNDS` says how often it is killed; `cargo test --features foreign-tests --test kill` adds the tests
//! with Redis or Valkey.

#[expect(dead_code, reason = "the claims and outages of tests/redis need more of it")]
#[cfg(feature = "foreign-tests")]
#[path = "../redis/server.rs"]
mod redis_server;
#[cfg(feature = "foreign-tests")]
mod replicas;
#[expect(dead_code, reason = "tests/it bends tokens in more ways")]
#[path = "../it/support/token.rs"]
mod token;

mod clients;
mod counting;
mod gateway;
mod judge;
mod orderly;
mod single;

use std::thread::sleep;
use std::time::{Duration, Instant};

/// How often a gateway is killed.
fn rounds() -> usize {
    std::env::var("UNGEBRO_KILL_ROUNDS").map_or(5, |rounds| rounds.parse().expect("a number of rounds"))
}

/// Waits until the gateways are at work again, then for some time, different each time.
fn work_for_a_while(upstream: &counting::Upstream) {
    let (before, give_up) = (upstream.calls(), Instant::now() + Duration::from_secs(60));
    while upstream.calls() == before {
        assert!(Instant::now() < give_up, "nobody works any more");
        sleep(Duration::from_millis(5));
    }
    sleep(Duration::from_millis(50 + random(300)));
}

/// A number below `bound`, different each time.
fn random(bound: u64) -> u64 {
    uuid::Uuid::new_v4().as_u64_pair().1 % bound
}
