//! Tokens of any shape: refused or accepted, but never a panic.

use proptest::prelude::*;
use serde_json::Map;
use tokio::runtime::Runtime;

use super::signer::{Signer, encoded};
use super::*;

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        "[a-z-]{0,12}:[0-9*]{0,9}".prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::hash_map("[a-z]{0,6}", inner, 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

proptest! {
    #[test]
    fn signed_claims_of_any_shape_do_no_harm(
        name in prop::sample::select(vec![
            "iss", "aud", "sub", "exp", "nbf", "scope", "scp", "roles", "groups",
            "authorities", "client_id", "azp", "idtyp", "name",
        ]),
        value in any_json(),
        header in any_json(),
    ) {
        runtime().block_on(async {
            let signer = Signer::ed25519("ed");
            let verifier = verifier(&[&signer]).await;
            let _ = verifier.verify(&signer.token(&claims_with(json!({name: value}))), now()).await;
            let kid = signer.token_with(json!({"kid": header, "typ": header}), &claims());
            let _ = verifier.verify(&kid, now()).await;
        });
    }

    #[test]
    fn texts_of_any_shape_are_refused(parts in prop::collection::vec(any::<String>(), 0..6), json in any_json()) {
        runtime().block_on(async {
            let verifier = verifier(&[&Signer::ed25519("ed")]).await;
            let part = encoded(json.to_string().as_bytes());
            for token in [parts.join("."), format!("{part}.{part}.{part}")] {
                prop_assert!(verifier.verify(&token, now()).await.is_err());
            }
            Ok(())
        })?;
    }

    #[test]
    fn key_sets_of_any_shape_are_read_or_refused(octets in any::<Vec<u8>>(), entry in any_json(), kty in "RSA|EC|OKP|oct") {
        use crate::auth::jwk::KeySet;
        let _ = KeySet::read(&octets);
        let key = json!({"kty": kty, "crv": entry, "n": entry, "e": entry, "x": entry, "y": entry, "kid": entry});
        for document in [json!({"keys": entry}), json!({"keys": [entry, key]})] {
            let _ = KeySet::read(document.to_string().as_bytes());
        }
    }
}
