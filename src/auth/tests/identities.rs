//! What is read from a token that holds.

use super::signer::Signer;
use super::*;
use crate::auth::{Identity, TokenError};

async fn identity_from(issuer: impl FnOnce(&mut Issuer), changes: Value) -> Identity {
    let signer = Signer::ed25519("ed");
    let mut configured = super::issuer(JwksSource::Memory(key_set(&[&signer])));
    issuer(&mut configured);
    let verifier = verifier_of(vec![configured]).await;
    let token = signer.token(&claims_with(changes));
    let identity: Result<_, TokenError> = verifier.verify(&token, now()).await;
    Identity::clone(&identity.unwrap())
}

fn words(texts: impl IntoIterator<Item = impl ToString>) -> Vec<String> {
    texts.into_iter().map(|text| text.to_string()).collect()
}

#[tokio::test]
async fn scopes_are_words_or_array_entries_of_all_scope_claims() {
    for (changes, scopes) in [
        (json!({"scope": "a b  b"}), vec!["a", "b"]),
        (json!({"scope": ["a", "b"]}), vec!["a", "b"]),
        (json!({"scope": "a", "scp": "b", "roles": ["c"]}), vec!["a", "b", "c"]),
        (json!({"scope": ["a", 7, ["b"], {"c": 1}, null]}), vec!["a"]),
        (json!({"scope": ["a b"]}), vec!["a b"]),
        (json!({"scope": {"a": true}}), vec![]),
        (json!({"scope": null, "permissions": "a"}), vec![]),
    ] {
        let identity = identity_from(|_| {}, changes.clone()).await;
        assert_eq!(words(&identity.scopes), scopes, "{changes}");
    }
    let custom = |issuer: &mut Issuer| issuer.scope_claims = vec!["permissions".to_owned()];
    let identity = identity_from(custom, json!({"scope": "a", "permissions": "b"})).await;
    assert_eq!(words(&identity.scopes), ["b"]);
}

#[tokio::test]
async fn authorities_are_sorted_into_trusted_untrusted_and_ill_formed() {
    let jobcenters = |issuer: &mut Issuer| issuer.authorities = vec!["jobcenter:*".parse().unwrap()];
    let claimed = json!({"authorities": [
        "jobcenter:1", "jobcenter:1", "municipality:2", "jobcenter:x", "", 7, ["jobcenter:3"], null
    ]});
    let identity = identity_from(jobcenters, claimed).await;
    assert_eq!(words(&identity.authorities), ["jobcenter:1"]);
    assert_eq!(words(&identity.untrusted), ["municipality:2"]);
    assert_eq!(identity.ill_formed, 5);

    let identity = identity_from(jobcenters, json!({"authorities": "jobcenter:1"})).await;
    assert_eq!((identity.authorities.len(), identity.ill_formed), (0, 1));

    let renamed = |issuer: &mut Issuer| issuer.authorities_claim = "orgs".to_owned();
    let identity = identity_from(renamed, json!({"orgs": ["star:0"]})).await;
    assert_eq!(words(&identity.authorities), ["star:0"]);
}

#[tokio::test]
async fn groups_and_roles_are_mapped_to_authorities_within_what_the_issuer_may_claim() {
    let mapped = |issuer: &mut Issuer| {
        issuer.authorities = vec!["jobcenter:*".parse().unwrap()];
        for (group, authority) in [("kbh", "jobcenter:10101"), ("agency", "star:0")] {
            issuer.authority_map.insert(group.to_owned(), authority.parse().unwrap());
        }
    };
    let changes = json!({"authorities": ["jobcenter:10101"], "groups": ["kbh", "x"], "roles": "agency"});
    let identity = identity_from(mapped, changes).await;
    assert_eq!(words(&identity.authorities), ["jobcenter:10101"]);
    assert_eq!(words(&identity.untrusted), ["star:0"]);

    let identity = identity_from(|_| {}, json!({"authorities": null, "groups": ["kbh"]})).await;
    assert!(identity.authorities.is_empty());
}

#[tokio::test]
async fn a_client_credential_is_recognised() {
    for (changes, client, is_system) in [
        (json!({}), Some("portal"), false),
        (json!({"azp": null}), None, false),
        (json!({"client_id": "robot"}), Some("robot"), false),
        (json!({"sub": "robot", "client_id": "robot"}), Some("robot"), true),
        (json!({"sub": "portal"}), Some("portal"), true),
        (json!({"sub": "portal", "client_id": "robot"}), Some("robot"), true),
        (json!({"idtyp": "app"}), Some("portal"), true),
        (json!({"idtyp": "user"}), Some("portal"), false),
        (json!({"azp": ["caseworker-1"]}), None, false),
    ] {
        let identity = identity_from(|_| {}, changes.clone()).await;
        let seen = (identity.client.as_deref(), identity.is_system);
        assert_eq!(seen, (client, is_system), "{changes}");
    }
}

#[tokio::test]
async fn debug_shows_nothing_of_the_person() {
    let identity = identity_from(|_| {}, json!({})).await;
    assert_eq!(
        format!("{identity:?}"),
        "Identity { issuer_index: 0, scopes: 1, authorities: 1, untrusted: 0, ill_formed: 0, .. }"
    );
}
