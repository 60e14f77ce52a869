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

    let one = identity_from(jobcenters, json!({"authorities": "jobcenter:1"})).await;
    assert_eq!((words(&one.authorities), one.ill_formed), (vec!["jobcenter:1".to_owned()], 0));
    let several = identity_from(jobcenters, json!({"authorities": "jobcenter:1 jobcenter:2"})).await;
    assert_eq!((several.authorities.len(), several.ill_formed), (0, 1));

    let renamed = |issuer: &mut Issuer| issuer.authorities_claim = "orgs".to_owned();
    let identity = identity_from(renamed, json!({"orgs": ["star:0"]})).await;
    assert_eq!(words(&identity.authorities), ["star:0"]);
}

#[tokio::test]
async fn groups_and_roles_are_mapped_to_authorities_within_what_the_issuer_may_claim() {
    let mapped = |issuer: &mut Issuer| {
        issuer.authorities = vec!["jobcenter:*".parse().unwrap()];
        for (group, authority) in [("kbh", "jobcenter:10101"), ("agency", "star:0")] {
            issuer.authority_map.insert(group.to_owned(), vec![authority.parse().unwrap()]);
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
async fn a_text_names_one_group_and_a_group_may_mean_several_authorities() {
    let mapped = |issuer: &mut Issuer| {
        issuer.scope_claims = vec!["scope".to_owned(), "realm_access.roles".to_owned()];
        let both = ["jobcenter:1", "municipality:2"].map(|text| text.parse().unwrap()).to_vec();
        issuer.authority_map.insert("case workers".to_owned(), both);
        issuer.authority_map.insert("workers".to_owned(), vec!["star:0".parse().unwrap()]);
    };
    let both = ["jobcenter:1", "municipality:2"].as_slice();
    for (changes, authorities) in [
        (json!({"groups": "case workers"}), both),
        (json!({"groups": ["case workers"]}), both),
        (json!({"roles": "case workers"}), both),
        (json!({"realm_access": {"roles": ["case workers"]}}), both),
        (json!({"realm_access": {"roles": "case workers"}}), both),
        (json!({"groups": "not workers"}), &[]),
        (json!({"groups": "workers x"}), &[]),
        (json!({"groups": ["not workers"]}), &[]),
        (json!({"realm_access.roles": "not workers"}), &[]),
        (json!({"groups": "workers"}), &["star:0"]),
        (json!({"realm_access": ["workers"]}), &[]),
        (json!({"groups": {"workers": true}}), &[]),
    ] {
        let mut all = json!({"authorities": null});
        all.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        let identity = identity_from(mapped, all).await;
        assert_eq!(words(&identity.authorities), authorities, "{changes}");
    }
}

#[tokio::test]
async fn a_claim_may_lie_inside_others() {
    for (path, changes) in [
        ("realm_access.roles", json!({"realm_access": {"roles": ["star:0"]}})),
        ("realm_access.roles", json!({"realm_access.roles": "star:0"})),
        ("resource_access.a.b.roles", json!({"resource_access": {"a.b": {"roles": ["star:0"]}}})),
        ("https://example.dk/authorities", json!({"https://example.dk/authorities": "star:0"})),
        ("a.b", json!({"a.b": "star:0", "a": {"b": "star:1"}})),
    ] {
        let mut all = json!({"authorities": null});
        all.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        let at = |issuer: &mut Issuer| {
            issuer.authorities_claim = path.to_owned();
            issuer.scope_claims = vec![path.to_owned()];
        };
        let identity = identity_from(at, all).await;
        assert_eq!(words(&identity.authorities), ["star:0"], "{path}");
        assert_eq!(words(&identity.scopes), ["star:0"], "{path}");
    }
}

/// Claims as Keycloak 26 and Microsoft Entra ID write them.
#[tokio::test]
async fn tokens_of_known_providers_say_who_calls() {
    let uuid = "7e1b7d0f-5b0c-4f0e-9a77-0d8f6c1c2f11";
    let keycloak = |issuer: &mut Issuer| {
        issuer.machine_claim = Some("client_id".to_owned());
        issuer.user_id_claim = Some("preferred_username".to_owned());
    };
    for (name, changes, expected) in [
        (
            "Keycloak service account",
            json!({"sub": uuid, "azp": "robot", "client_id": "robot", "name": null,
                "preferred_username": "service-account-robot"}),
            (3, uuid, "robot"),
        ),
        (
            "Keycloak caseworker",
            json!({"sub": uuid, "azp": "portal", "name": "Test Person", "preferred_username": "tp"}),
            (2, "tp", "Test Person"),
        ),
        (
            "Entra version 1 application",
            json!({"sub": uuid, "azp": null, "appid": "app-1", "name": null, "idtyp": "app"}),
            (3, uuid, "app-1"),
        ),
        (
            "Entra version 1 without idtyp",
            json!({"sub": "app-1", "azp": null, "appid": "app-1", "name": null}),
            (3, "app-1", "app-1"),
        ),
        (
            "Entra version 2 application",
            json!({"sub": uuid, "azp": "app-1", "name": null, "idtyp": "app"}),
            (3, uuid, "app-1"),
        ),
    ] {
        let identity = identity_from(keycloak, changes).await;
        let user = crate::auth::acting_user(&identity, None).unwrap();
        assert_eq!((user.user_type.code(), user.identifier, user.name), expected, "{name}");
    }
    let named = |issuer: &mut Issuer| issuer.user_name_claim = "person.full".to_owned();
    let identity = identity_from(named, json!({"person": {"full": "Another Person"}})).await;
    assert_eq!(identity.name.as_deref(), Some("Another Person"));
    let missing = identity_from(|issuer| issuer.user_id_claim = Some("oid".to_owned()), json!({})).await;
    assert!(crate::auth::acting_user(&missing, None).is_err(), "never another identifier in its place");
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
        (json!({"azp": null, "appid": "robot"}), Some("robot"), false),
        (json!({"azp": null, "appid": "caseworker-1"}), Some("caseworker-1"), true),
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
