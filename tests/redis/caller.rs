//! A replica and the one request that these tests make.

use std::time::{Duration, Instant};

use tokio::time::sleep;
use ungebro::config::Idempotency;
use ungebro::idempotency::{Claim, IdempotencyKey, Scope, Store, StoreUnavailable, Ticket, Timing};

/// Short enough to wait for, long enough for a busy machine.
pub(crate) const TIMING: Timing = Timing {
    lease: Duration::from_secs(2),
    renew_every: Duration::from_millis(300),
    answer_within: Duration::from_secs(1),
    write_for: Duration::from_secs(30),
};

pub(crate) const SUBJECT: &str = "subject-Wozniak";
pub(crate) const CLIENT_KEY: &str = "key-Wozniak-1";
pub(crate) const PATH: &str = "0101701234";
pub(crate) const ANSWER: &str = "{\"messageIdentifier\":\"answer-Wozniak\"}";

pub(crate) async fn replica(settings: &Idempotency) -> Store {
    Store::open_with(settings, TIMING).await.unwrap()
}

pub(crate) async fn claim_of(store: &Store, key: &str, body: &str) -> Result<Claim, StoreUnavailable> {
    let authority = "jobcenter:15101".parse().unwrap();
    let scope =
        Scope { issuer: "https://issuer", client: Some("client"), subject: SUBJECT, authority: &authority };
    let name = store.name(&scope, &IdempotencyKey::parse(key).unwrap());
    let fingerprint = store.fingerprint("reportYouth", &authority, [PATH], [""; 0], [body]);
    store.claim(&name, &fingerprint).await
}

/// Claims the usual key for the usual request.
pub(crate) async fn claim(store: &Store) -> Result<Claim, StoreUnavailable> {
    claim_of(store, CLIENT_KEY, "{}").await
}

/// What [`claim`] says, as text: the answer where there is one. A ticket is freed again.
pub(crate) async fn state(store: &Store) -> String {
    state_of(claim(store).await).await
}

pub(crate) async fn state_of(claim: Result<Claim, StoreUnavailable>) -> String {
    match claim {
        Ok(Claim::Fresh(ticket)) => {
            ticket.free().await;
            "fresh".to_owned()
        }
        Ok(Claim::InProgress { .. }) => "in progress".to_owned(),
        Ok(Claim::Reused) => "reused".to_owned(),
        Ok(Claim::Finished(answer)) => String::from_utf8(answer).unwrap(),
        Ok(Claim::OutcomeUnknown) => "unknown".to_owned(),
        Err(StoreUnavailable) => "unavailable".to_owned(),
    }
}

pub(crate) async fn ticket(store: &Store) -> Ticket {
    match claim(store).await {
        Ok(Claim::Fresh(ticket)) => ticket,
        other => panic!("not fresh: {other:?}"),
    }
}

pub(crate) async fn finish(store: &Store) {
    let mut ticket = ticket(store).await;
    ticket.sending();
    ticket.finish(ANSWER.into()).await;
}

/// Waits for a state while the store says that it is not there yet.
pub(crate) async fn becomes(store: &Store, wanted: &str, meanwhile: &[&str]) {
    let give_up = Instant::now() + Duration::from_secs(20);
    loop {
        let state = state(store).await;
        if state == wanted {
            return;
        }
        assert!(meanwhile.contains(&state.as_str()), "{state} before {wanted}");
        assert!(Instant::now() < give_up, "still {state}, not {wanted}");
        sleep(Duration::from_millis(50)).await;
    }
}
