//! What a store promises through its public face, shown on the one in memory.

use super::*;

async fn store() -> Store {
    Store::open(&config::Idempotency::default()).await.unwrap()
}

fn name(store: &Store, key: &str) -> KeyName {
    let authority = "jobcenter:15101".parse().unwrap();
    let scope = Scope { issuer: "https://issuer", client: None, subject: "anna", authority: &authority };
    store.name(&scope, &IdempotencyKey::parse(key).unwrap())
}

fn print(store: &Store, body: &str) -> Fingerprint {
    store.fingerprint("reportYouth", &"jobcenter:15101".parse().unwrap(), ["0101701234"], [""; 0], [body])
}

async fn claim(store: &Store) -> Claim {
    store.claim(&name(store, "k"), &print(store, "{}")).await.unwrap()
}

async fn ticket(store: &Store) -> Ticket {
    match claim(store).await {
        Claim::Fresh(ticket) => ticket,
        other => panic!("not fresh: {other:?}"),
    }
}

#[tokio::test]
async fn a_finished_answer_is_replayed() {
    let store = store().await;
    let mut ticket = ticket(&store).await;
    assert!(matches!(claim(&store).await, Claim::InProgress { retry_after: RETRY_AFTER }));
    ticket.sending();
    ticket.finish(b"answer".to_vec()).await;
    assert!(matches!(claim(&store).await, Claim::Finished(answer) if answer == b"answer"));
    let other = store.claim(&name(&store, "k"), &print(&store, "{\"a\":1}")).await.unwrap();
    assert!(matches!(other, Claim::Reused));
    let elsewhere = store.claim(&name(&store, "l"), &print(&store, "{}")).await.unwrap();
    assert!(matches!(elsewhere, Claim::Fresh(_)));
}

#[tokio::test]
async fn an_unknown_outcome_stays_unknown() {
    let store = store().await;
    ticket(&store).await.unknown().await;
    assert!(matches!(claim(&store).await, Claim::OutcomeUnknown));
}

#[tokio::test]
async fn a_freed_key_is_fresh_even_after_an_attempt_to_send() {
    let store = store().await;
    let mut ticket = ticket(&store).await;
    ticket.sending();
    ticket.free().await;
    assert!(matches!(claim(&store).await, Claim::Fresh(_)));
}

#[tokio::test]
async fn a_ticket_dropped_before_sending_frees_its_key() {
    let store = store().await;
    drop(ticket(&store).await);
    assert!(matches!(claim(&store).await, Claim::Fresh(_)));
}

#[tokio::test]
async fn a_ticket_dropped_while_sending_makes_the_outcome_unknown() {
    let store = store().await;
    let mut dropped = ticket(&store).await;
    dropped.sending();
    drop(dropped);
    assert!(matches!(claim(&store).await, Claim::OutcomeUnknown));
}

#[tokio::test]
async fn a_panic_while_sending_makes_the_outcome_unknown() {
    let store = store().await;
    let mut ticket = ticket(&store).await;
    let crash = tokio::spawn(async move {
        ticket.sending();
        panic!("a defect");
    });
    assert!(crash.await.is_err());
    assert!(matches!(claim(&store).await, Claim::OutcomeUnknown));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_a_hundred_at_once_exactly_one_is_fresh() {
    let store = store().await;
    for _ in 0..20 {
        let tasks: Vec<_> = (0..100)
            .map(|_| {
                let store = store.clone();
                tokio::spawn(async move { claim(&store).await })
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
async fn nothing_of_a_request_is_printed() {
    let store = store().await;
    let (name, print) = (name(&store, "secret"), print(&store, "secret"));
    let authority = "jobcenter:15101".parse().unwrap();
    let scope = Scope { issuer: "i", client: Some("c"), subject: "anna", authority: &authority };
    let printed = format!("{store:?} {name:?} {print:?} {scope:?} {:?}", ticket(&store).await);
    assert_eq!(printed, "Store(memory) KeyName Fingerprint Scope Ticket { sending: false, .. }");
}
