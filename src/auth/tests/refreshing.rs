//! Key sets over time: unknown keys, rotation, issuers that are away, remembered tokens.

use std::time::Duration;

use super::server::KeyServer;
use super::signer::Signer;
use super::*;
use crate::auth::TokenError;
use crate::auth::keys::Pace;

/// So slow that nothing happens by itself during a test.
const QUIET: Pace = Pace {
    interval: Duration::from_secs(3600),
    on_demand: Duration::from_secs(3600),
    first_retry: Duration::from_secs(3600),
};

async fn at_pace(pace: Pace, source: JwksSource) -> (Verifier, Arc<KeySets>) {
    let issuers = vec![issuer(source)];
    let keys = Arc::new(KeySets::start_at(pace, &issuers).await.unwrap());
    (Verifier::new(&Auth::new(issuers), Arc::clone(&keys)), keys)
}

/// Waits until the keys have been read so many times.
async fn read_times(keys: &KeySets, attempts: u64) {
    let enough = async {
        while keys.status()[0].attempts < attempts {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), enough).await.unwrap();
}

#[tokio::test]
async fn two_hundred_bad_tokens_cost_at_most_two_fetches() {
    let server = KeyServer::with(&key_set(&[&Signer::p256("ec")])).await;
    let verifier = verifier_of(vec![issuer(server.source())]).await;
    let bad: Vec<_> = (0..200)
        .map(|number| {
            let kid = format!("kid-{number}");
            Signer::p256(None).token_with(json!({"kid": kid}), &claims())
        })
        .collect();
    let answers = bad.iter().map(|token| verifier.verify(token, now()));
    for answer in futures_util::future::join_all(answers).await {
        assert_eq!(answer.unwrap_err(), TokenError::UnknownKey);
    }
    for token in &bad {
        assert_eq!(verifier.verify(token, now()).await.unwrap_err(), TokenError::UnknownKey);
    }
    assert_eq!(server.asked(), 2);
}

#[tokio::test]
async fn a_new_key_is_fetched_when_it_is_first_seen_and_all_waiters_share_it() {
    let (old, new) = (Signer::p256("old"), Signer::p256("new"));
    let server = KeyServer::with(&key_set(&[&old])).await;
    let (verifier, _keys) = at_pace(QUIET, server.source()).await;
    server.publish(&key_set(&[&new]));
    let token = new.token(&claims());
    let answers = (0..50).map(|_| verifier.verify(&token, now()));
    for answer in futures_util::future::join_all(answers).await {
        assert!(answer.is_ok());
    }
    assert_eq!(server.asked(), 2);
    let error = verifier.verify(&old.token(&claims()), now()).await.unwrap_err();
    assert_eq!(error, TokenError::UnknownKey);
}

#[tokio::test]
async fn a_caller_that_goes_away_does_not_take_the_fetch_with_it() {
    let (old, new) = (Signer::p256("old"), Signer::p256("new"));
    let server = KeyServer::with(&key_set(&[&old])).await;
    let (verifier, keys) = at_pace(QUIET, server.source()).await;
    server.publish(&key_set(&[&new]));
    let token = new.token(&claims());
    let given_up = tokio::time::timeout(Duration::from_millis(5), verifier.verify(&token, now()));
    assert!(given_up.await.is_err());
    read_times(&keys, 2).await;
    assert!(verifier.verify(&token, now()).await.is_ok());
}

#[tokio::test]
async fn a_replaced_key_without_a_kid_is_found_too() {
    let (old, new) = (Signer::p256(None), Signer::p256(None));
    let server = KeyServer::with(&key_set(&[&old])).await;
    let (verifier, _keys) = at_pace(QUIET, server.source()).await;
    server.publish(&key_set(&[&new]));
    assert!(verifier.verify(&new.token(&claims()), now()).await.is_ok());
    let error = verifier.verify(&old.token(&claims()), now()).await.unwrap_err();
    assert_eq!(error, TokenError::BadSignature);
}

#[tokio::test]
async fn unknown_keys_cause_another_fetch_after_the_pause() {
    let server = KeyServer::with(&key_set(&[&Signer::p256("ec")])).await;
    let on_demand = Duration::from_millis(30);
    let (verifier, _keys) = at_pace(Pace { on_demand, ..QUIET }, server.source()).await;
    let token = Signer::p256("other").token(&claims());
    for asked in [2, 3, 4] {
        verifier.verify(&token, now()).await.unwrap_err();
        assert_eq!(server.asked(), asked);
        tokio::time::sleep(on_demand * 2).await;
    }
}

#[tokio::test]
async fn old_keys_are_kept_while_the_issuer_is_away() {
    let (old, new) = (Signer::p256("old"), Signer::p256("new"));
    let server = KeyServer::with(&key_set(&[&old])).await;
    let quick = Duration::from_millis(10);
    let pace = Pace { interval: quick, on_demand: quick, first_retry: quick };
    let (verifier, keys) = at_pace(pace, server.source()).await;
    server.go_away();
    read_times(&keys, 4).await;
    assert!(keys.status()[0].failures > 0);
    assert!(verifier.verify(&old.token(&claims()), now()).await.is_ok());
    server.publish(&key_set(&[&new]));
    let next = keys.status()[0].attempts + 2;
    read_times(&keys, next).await;
    assert!(verifier.verify(&new.token(&claims()), now()).await.is_ok());
}

#[tokio::test]
async fn keys_never_loaded_are_the_gateways_fault_and_are_tried_for_again() {
    let signer = Signer::p256("ec");
    let server = KeyServer::with("").await;
    server.go_away();
    let pace = Pace { first_retry: Duration::from_millis(10), ..QUIET };
    let (verifier, keys) = at_pace(QUIET, server.source()).await;
    let token = signer.token(&claims());
    for _ in 0..3 {
        let error = verifier.verify(&token, now()).await.unwrap_err();
        assert_eq!(error, TokenError::KeysUnavailable);
    }
    assert_eq!((server.asked(), keys.all_loaded()), (2, false));
    let (verifier, keys) = at_pace(pace, server.source()).await;
    server.publish(&key_set(&[&signer]));
    read_times(&keys, 2).await;
    assert!(verifier.verify(&token, now()).await.is_ok());
}

#[tokio::test]
async fn a_key_file_is_read_again_too() {
    let (old, new) = (Signer::p256("old"), Signer::p256("new"));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("jwks.json");
    std::fs::write(&path, key_set(&[&old])).unwrap();
    let (verifier, _keys) = at_pace(QUIET, JwksSource::File(path.clone())).await;
    assert!(verifier.verify(&old.token(&claims()), now()).await.is_ok());
    std::fs::write(&path, key_set(&[&new])).unwrap();
    assert!(verifier.verify(&new.token(&claims()), now()).await.is_ok());
}

#[tokio::test]
async fn a_remembered_token_is_forgotten_when_its_key_leaves() {
    let (leaving, staying) = (Signer::p256("leaving"), Signer::p256("staying"));
    let server = KeyServer::with(&key_set(&[&leaving, &staying])).await;
    let (verifier, _keys) = at_pace(QUIET, server.source()).await;
    let token = leaving.token(&claims());
    let first = verifier.verify(&token, now()).await.unwrap();
    let again = verifier.verify(&token, now()).await.unwrap();
    assert!(Arc::ptr_eq(&first, &again));
    let third = Signer::p256("third");
    server.publish(&key_set(&[&staying, &third]));
    assert!(verifier.verify(&third.token(&claims()), now()).await.is_ok());
    let error = verifier.verify(&token, now()).await.unwrap_err();
    assert_eq!(error, TokenError::UnknownKey);
    assert!(verifier.verify(&staying.token(&claims()), now()).await.is_ok());
}

#[tokio::test]
async fn a_remembered_token_still_expires() {
    let signer = Signer::p256("ec");
    let verifier = verifier(&[&signer]).await;
    let token = signer.token(&claims());
    for (second, outcome) in [
        (NOW, None),
        (NOW + 329, None),
        (NOW + 330, Some(TokenError::Expired)),
        (NOW + 331, Some(TokenError::Expired)),
    ] {
        assert_eq!(verifier.verify(&token, at(second)).await.err(), outcome);
    }
}

#[tokio::test]
async fn an_issuer_can_withdraw_all_its_keys() {
    let signer = Signer::p256("ec");
    let server = KeyServer::with(&key_set(&[&signer])).await;
    let (verifier, keys) = at_pace(QUIET, server.source()).await;
    assert!(verifier.verify(&signer.token(&claims()), now()).await.is_ok());
    server.publish(r#"{"keys":[]}"#);
    let unknown = Signer::p256("other").token(&claims());
    verifier.verify(&unknown, now()).await.unwrap_err();
    let error = verifier.verify(&signer.token(&claims()), now()).await.unwrap_err();
    assert_eq!(error, TokenError::UnknownKey);
    assert!(keys.all_loaded());
}
