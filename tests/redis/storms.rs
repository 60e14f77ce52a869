//! Two replicas, many clients that repeat until they are answered, and a server that is killed meanwhile.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use tokio::time::sleep;
use ungebro::idempotency::{Claim, Store, StoreUnavailable};

use crate::caller::{claim_of, replica};
use crate::server::Server;

const KEYS: usize = 60;
const KILLS: usize = 4;

/// Counts the calls that reach it, and answers the count.
async fn upstream(calls: &AtomicU32) -> Vec<u8> {
    let call = calls.fetch_add(1, Ordering::SeqCst) + 1;
    sleep(Duration::from_millis(30)).await;
    call.to_string().into_bytes()
}

/// A client that repeats its request until it has an answer.
async fn client(store: Store, key: String, calls: Arc<AtomicU32>) -> Vec<u8> {
    let give_up = Instant::now() + Duration::from_secs(60);
    while Instant::now() < give_up {
        match claim_of(&store, &key, "{}").await {
            Ok(Claim::Fresh(mut ticket)) => {
                ticket.sending();
                let answer = upstream(&calls).await;
                ticket.finish(answer.clone()).await;
                return answer;
            }
            Ok(Claim::Finished(answer)) => return answer,
            // Unknown only until the replica that has the answer reaches the server again.
            Ok(Claim::InProgress { .. } | Claim::OutcomeUnknown) | Err(StoreUnavailable) => {
                sleep(Duration::from_millis(40)).await;
            }
            Ok(Claim::Reused) => panic!("the request of {key} was always the same"),
        }
    }
    panic!("{key} has no answer");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_sent_twice_and_no_answer_is_lost_while_the_server_is_killed() {
    let mut server = Server::fit();
    let stores = [replica(&server.settings()).await, replica(&server.settings()).await];
    let calls: Vec<_> = (0..KEYS).map(|_| Arc::new(AtomicU32::new(0))).collect();
    for kill in 0..KILLS {
        let keys = kill * KEYS / KILLS..(kill + 1) * KEYS / KILLS;
        let clients: Vec<_> = keys
            .flat_map(|key| stores.iter().map(move |store| (key, store.clone())))
            .map(|(key, store)| tokio::spawn(client(store, format!("key-{key}"), Arc::clone(&calls[key]))))
            .collect();
        sleep(Duration::from_millis(7 * (kill as u64 + 1))).await;
        server.kill();
        sleep(Duration::from_millis(200)).await;
        server.start_again();
        for client in clients {
            assert_eq!(client.await.unwrap(), b"1");
        }
    }
    for calls in calls {
        assert_eq!(calls.load(Ordering::SeqCst), 1);
    }
}
