//! Two replicas on one Redis or Valkey: nothing is registered twice, whoever dies.

use std::path::PathBuf;
use std::thread::sleep;
use std::time::Duration;

use crate::clients::{Caseworker, End, Load, Write};
use crate::counting::Upstream;
use crate::gateway::Gateway;
use crate::judge::{Promise, judge};
use crate::redis_server::Server;

fn shared(redis: &Server) -> String {
    let key = redis.folder.path().join("key");
    format!(
        "store = \"redis\"\nredis_url = \"redis://127.0.0.1:{}\"\nencryption_key_file = \"{}\"",
        redis.port,
        key.display()
    )
}

/// Every answer is there again, at any replica.
fn all_wait_under_their_keys(writes: &mut [Write], gateways: &[Gateway]) {
    let caseworker = Caseworker::new();
    for (index, write) in writes.iter_mut().rev().take(50).enumerate() {
        let address = gateways[index % gateways.len()].address().read().unwrap().clone();
        let (status, replayed, document) = caseworker.ask(&address, write).unwrap();
        match write.end.unwrap() {
            End::Receipt(receipt) => {
                assert_eq!((status, replayed), (201, true));
                assert_eq!(document["messageIdentifier"], receipt.to_string());
            }
            End::Unknown => assert_eq!(status, 409),
        }
    }
}

/// Kills replicas, and now and then does to Redis what `to_redis` says.
fn killing(mut redis: Server, to_redis: fn(&mut Server)) {
    let (folder, upstream) = (tempfile::tempdir().unwrap(), Upstream::taking(20));
    let settings = shared(&redis);
    let mut gateways =
        ["one", "two"].map(|name| Gateway::start(folder.path(), name, upstream.port, &settings));
    let load = Load::start(4, &[gateways[0].address(), gateways[1].address()]);
    let rounds = crate::rounds();
    for round in 0..rounds {
        crate::work_for_a_while(&upstream);
        if round % 5 == 4 {
            let before = upstream.age();
            to_redis(&mut redis);
            println!("Redis was away from {before:?} to {:?}", upstream.age());
        } else {
            let gateway = &mut gateways[round % 2];
            gateway.kill_and_start();
            gateway.verify();
        }
    }
    let mut writes = load.finish();
    gateways.iter().for_each(Gateway::verify);
    all_wait_under_their_keys(&mut writes, &gateways);
    let trails: Vec<PathBuf> = gateways.iter().map(Gateway::trail).collect();
    judge(rounds, Promise::Once, &writes, &upstream, &[&trails[0], &trails[1]]);
}

/// Under `everysec`, too: a Redis that is asked to end writes what it has.
#[test]
fn nothing_is_registered_twice_when_replicas_are_killed_and_redis_is_restarted() {
    killing(Server::with(&["--appendonly", "yes", "--maxmemory-policy", "noeviction"]), |redis| {
        // It answers nothing any more: the connection ends.
        let _ = redis::cmd("SHUTDOWN").exec(&mut redis.connection());
        sleep(Duration::from_millis(crate::random(500)));
        redis.kill();
        redis.start_again();
    });
}

#[test]
fn nothing_is_registered_twice_when_replicas_and_a_redis_that_always_syncs_are_killed() {
    killing(Server::fit(), |redis| {
        redis.kill();
        sleep(Duration::from_millis(crate::random(500)));
        redis.start_again();
    });
}
