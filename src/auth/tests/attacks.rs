//! Tokens that must not be accepted, and why not.

use aws_lc_rs::hmac;
use serde_json::json;

use super::signer::{Signer, encoded, message};
use super::*;
use crate::auth::TokenError;

async fn refusal(verifier: &Verifier, token: &str) -> Option<TokenError> {
    verifier.verify(token, now()).await.err()
}

#[tokio::test]
async fn every_allowed_algorithm_is_accepted() {
    let signers =
        [Signer::rsa("rsa", "RS256"), Signer::rsa("rsa", "PS256"), Signer::p256("ec"), Signer::ed25519("ed")];
    let verifier = verifier(&[&signers[1], &signers[2], &signers[3]]).await;
    for signer in &signers {
        let identity = verifier.verify(&signer.token(&claims()), now()).await.unwrap();
        assert_eq!(identity.subject, "caseworker-1");
    }
}

#[tokio::test]
async fn alg_none_is_refused_however_it_is_spelt() {
    let signer = Signer::p256("ec");
    let verifier = verifier(&[&signer]).await;
    for alg in ["none", "None", "NONE", ""] {
        let header = json!({"alg": alg, "kid": "ec"}).to_string();
        let unsigned = message(&header, &claims().to_string());
        for token in [format!("{unsigned}."), format!("{unsigned}.AAAA")] {
            assert_eq!(refusal(&verifier, &token).await, Some(TokenError::AlgorithmNotAllowed));
        }
    }
}

#[tokio::test]
async fn a_public_key_is_never_taken_as_a_secret() {
    let signer = Signer::rsa("rsa", "RS256");
    let verifier = verifier(&[&signer]).await;
    let jwk = signer.jwk();
    let secrets = [
        jwk.to_string(),
        jwk["n"].as_str().unwrap().to_owned(),
        format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", jwk["n"]),
    ];
    for (alg, hash) in
        [("HS256", hmac::HMAC_SHA256), ("HS384", hmac::HMAC_SHA384), ("HS512", hmac::HMAC_SHA512)]
    {
        for secret in &secrets {
            let header = json!({"alg": alg, "kid": "rsa"}).to_string();
            let text = message(&header, &claims().to_string());
            let key = hmac::Key::new(hash, secret.as_bytes());
            let tag = encoded(hmac::sign(&key, text.as_bytes()).as_ref());
            let error = refusal(&verifier, &format!("{text}.{tag}")).await;
            assert_eq!(error, Some(TokenError::AlgorithmNotAllowed));
        }
    }
}

#[tokio::test]
async fn a_key_is_used_only_with_its_own_algorithms() {
    let (rsa, ec) = (Signer::rsa("rsa", "RS256"), Signer::p256("ec"));
    let jwks = json!({"keys": [rsa.jwk_with(json!({"alg": "PS256"})), ec.jwk()]}).to_string();
    let verifier = verifier_of(vec![issuer(JwksSource::Memory(jwks))]).await;
    for token in [
        rsa.token(&claims()),
        ec.token_with(json!({"kid": "rsa", "alg": "RS256"}), &claims()),
        ec.token_with(json!({"kid": "rsa"}), &claims()),
        ec.token_with(json!({"alg": "EdDSA"}), &claims()),
    ] {
        assert_eq!(refusal(&verifier, &token).await, Some(TokenError::AlgorithmNotAllowed));
    }
    let pss = Signer::rsa("rsa", "PS256").token(&claims());
    assert_eq!(refusal(&verifier, &pss).await, None);
}

#[tokio::test]
async fn an_algorithm_off_the_list_is_refused() {
    let signer = Signer::p256("ec");
    let issuers = vec![issuer(JwksSource::Memory(key_set(&[&signer])))];
    let mut auth = Auth::new(issuers);
    auth.algorithms.retain(|algorithm| algorithm.as_str() == "RS256");
    let verifier = Verifier::start(&auth).await.unwrap();
    let error = refusal(&verifier, &signer.token(&claims())).await;
    assert_eq!(error, Some(TokenError::AlgorithmNotAllowed));
}

#[tokio::test]
async fn claims_that_do_not_hold_are_named() {
    let signer = Signer::p256("ec");
    let verifier = verifier(&[&signer]).await;
    let nested = json!([[["ungebro"]]]);
    for (changes, error) in [
        (json!({"exp": NOW - 30}), TokenError::Expired),
        (json!({"exp": 0}), TokenError::Expired),
        (json!({"exp": -1e300}), TokenError::Expired),
        (json!({"exp": null}), TokenError::MissingClaim("exp")),
        (json!({"exp": "1900000000"}), TokenError::MissingClaim("exp")),
        (json!({"exp": [NOW + 300]}), TokenError::MissingClaim("exp")),
        (json!({"nbf": NOW + 31}), TokenError::NotYetValid),
        (json!({"nbf": 1e300}), TokenError::NotYetValid),
        (json!({"nbf": "0"}), TokenError::MissingClaim("nbf")),
        (json!({"iss": null}), TokenError::MissingClaim("iss")),
        (json!({"iss": [ISSUER]}), TokenError::MissingClaim("iss")),
        (json!({"iss": "https://idp.example.dk"}), TokenError::UnknownIssuer),
        (json!({"iss": "https://IDP.example.dk/"}), TokenError::UnknownIssuer),
        (json!({"aud": null}), TokenError::MissingClaim("aud")),
        (json!({"aud": "other"}), TokenError::WrongAudience),
        (json!({"aud": "ungebro other"}), TokenError::WrongAudience),
        (json!({"aud": []}), TokenError::WrongAudience),
        (json!({"aud": ["other", 7, nested]}), TokenError::WrongAudience),
        (json!({"aud": {"ungebro": true}}), TokenError::WrongAudience),
        (json!({"sub": null}), TokenError::MissingClaim("sub")),
        (json!({"sub": ""}), TokenError::MissingClaim("sub")),
        (json!({"sub": 17}), TokenError::MissingClaim("sub")),
        (json!({"sub": ["caseworker-1"]}), TokenError::MissingClaim("sub")),
    ] {
        let token = signer.token(&claims_with(changes.clone()));
        assert_eq!(refusal(&verifier, &token).await, Some(error), "{changes}");
    }
}

#[tokio::test]
async fn claims_within_leeway_or_of_another_legal_shape_are_accepted() {
    let signer = Signer::p256("ec");
    let verifier = verifier(&[&signer]).await;
    for changes in [
        json!({"exp": NOW - 29}),
        json!({"exp": NOW as f64 + 0.5}),
        json!({"exp": u64::MAX}),
        json!({"exp": 1e300}),
        json!({"nbf": NOW + 30}),
        json!({"nbf": null}),
        json!({"aud": ["other", "ungebro"]}),
        json!({"authorities": null, "scope": null, "name": null, "azp": null}),
        json!({"authorities": {"a": [[[]]]}, "scope": 7, "name": [], "azp": {}, "idtyp": 1}),
    ] {
        let token = signer.token(&claims_with(changes.clone()));
        assert_eq!(refusal(&verifier, &token).await, None, "{changes}");
    }
}

#[tokio::test]
async fn a_changed_token_is_refused() {
    let signer = Signer::p256("ec");
    let verifier = verifier(&[&signer]).await;
    let token = signer.token(&claims());
    let parts: Vec<_> = token.split('.').collect();
    let other_claims = encoded(claims_with(json!({"sub": "boss"})).to_string().as_bytes());
    let mut turned: Vec<u8> = parts[2].bytes().collect();
    turned[10] = if turned[10] == b'A' { b'B' } else { b'A' };
    let turned = String::from_utf8(turned).unwrap();
    for signature_or_payload in [
        format!("{}.{}.{}", parts[0], other_claims, parts[2]),
        format!("{}.{}.{}", parts[0], parts[1], turned),
        format!("{}.{}.{}", parts[0], parts[1], &parts[2][..80]),
        format!("{}.{}.{}", parts[0], parts[1], encoded(&[0; 64])),
        format!("{}.{}.", parts[0], parts[1]),
        format!("{token}="),
        format!("{token} "),
        Signer::p256("ec").token(&claims()),
    ] {
        let error = refusal(&verifier, &signature_or_payload).await;
        assert_eq!(error, Some(TokenError::BadSignature), "{signature_or_payload}");
    }
    assert_eq!(refusal(&verifier, &token).await, None);
}

#[tokio::test]
async fn one_issuers_key_does_not_sign_for_another() {
    let (ours, theirs) = (Signer::p256("ec"), Signer::p256("ec"));
    let mut second = issuer(JwksSource::Memory(key_set(&[&theirs])));
    second.issuer = "https://other.example.dk/".to_owned();
    let first = issuer(JwksSource::Memory(key_set(&[&ours])));
    let verifier = verifier_of(vec![first, second]).await;
    let error = refusal(&verifier, &theirs.token(&claims())).await;
    assert_eq!(error, Some(TokenError::BadSignature));
    let claims = claims_with(json!({"iss": "https://other.example.dk/"}));
    let identity = verifier.verify(&theirs.token(&claims), now()).await.unwrap();
    assert_eq!(identity.issuer_index, 1);
}

#[tokio::test]
async fn what_is_no_signed_jwt_is_malformed() {
    let signer = Signer::p256("ec");
    let verifier = verifier(&[&signer]).await;
    let good = claims().to_string();
    let header = r#"{"alg":"ES256","kid":"ec"}"#;
    let deep = format!("{}1{}", "[".repeat(5000), "]".repeat(5000));
    let big = claims_with(json!({"x": "y".repeat(16 * 1024)})).to_string();
    for token in [
        String::new(),
        ".".to_owned(),
        "..".to_owned(),
        "a.b.c.d.e".to_owned(),
        "æøå.æøå.æøå".to_owned(),
        signer.token(&claims()).replace('.', ".."),
        format!("{}.x", signer.token(&claims())),
        signer.sign("", &good),
        signer.sign("[]", &good),
        signer.sign(r#"{"kid":"ec"}"#, &good),
        signer.sign(r#"{"alg":7,"kid":"ec"}"#, &good),
        signer.sign(r#"{"alg":"ES256","kid":7}"#, &good),
        signer.sign(r#"{"alg":"ES256","kid":["ec"]}"#, &good),
        signer.sign(r#"{"alg":"none","alg":"ES256","kid":"ec"}"#, &good),
        signer.sign(r#"{"alg":"ES256","kid":"ec","crit":["b64"],"b64":false}"#, &good),
        signer.sign(header, "[]"),
        signer.sign(header, "\"text\""),
        signer.sign(header, "\u{feff}{}"),
        signer.sign(header, &format!("{good} {good}")),
        signer.sign(header, &good.replacen('{', r#"{"sub":"boss","#, 1)),
        signer.sign(header, &good.replacen('{', r#"{"su\u0062":"boss","#, 1)),
        signer.sign(header, &good.replacen('{', &format!(r#"{{"x":{deep},"#), 1)),
        signer.sign(header, &good.replacen('{', r#"{"x":1e999,"#, 1)),
        signer.sign(header, &big),
    ] {
        let shown = token.get(..60).unwrap_or(&token).to_owned();
        assert_eq!(refusal(&verifier, &token).await, Some(TokenError::Malformed), "{shown}");
    }
}

#[tokio::test]
async fn a_token_made_for_something_else_is_refused() {
    let signer = Signer::p256("ec");
    let verifier = verifier(&[&signer]).await;
    for (typ, error) in [
        ("logout+jwt", Some(TokenError::WrongType)),
        ("dpop+jwt", Some(TokenError::WrongType)),
        ("at+jwt", None),
        ("application/at+JWT", None),
        ("jwt", None),
    ] {
        let token = signer.token_with(json!({"typ": typ}), &claims());
        assert_eq!(refusal(&verifier, &token).await, error, "{typ}");
    }
}

#[tokio::test]
async fn keys_that_a_token_brings_along_are_not_looked_at() {
    let (ours, attacker) = (Signer::p256("ec"), Signer::p256("mine"));
    let verifier = verifier(&[&ours]).await;
    for (more, error) in [
        (json!({"jwk": attacker.jwk()}), TokenError::UnknownKey),
        (json!({"jwk": attacker.jwk(), "kid": "ec"}), TokenError::BadSignature),
        (json!({"jku": "http://127.0.0.1:1/", "kid": null}), TokenError::BadSignature),
        (json!({"x5u": 7, "x5c": [1, 2], "kid": "ec"}), TokenError::BadSignature),
    ] {
        let token = attacker.token_with(more, &claims());
        assert_eq!(refusal(&verifier, &token).await, Some(error));
    }
}

#[tokio::test]
async fn a_kid_of_any_shape_is_only_a_name() {
    let signer = Signer::p256("ec");
    let verifier = verifier(&[&signer]).await;
    let long = "k".repeat(8000);
    for kid in ["", "../../etc/passwd", "' OR 1=1", "ec\u{0}", "EC", "\u{1F511}", &long] {
        let token = signer.token_with(json!({"kid": kid}), &claims());
        assert_eq!(refusal(&verifier, &token).await, Some(TokenError::UnknownKey));
    }
}

#[tokio::test]
async fn without_a_kid_the_first_eight_fitting_keys_are_tried() {
    let others: Vec<_> = (0..7).map(|_| Signer::p256(None)).collect();
    let (eighth, ninth) = (Signer::p256(None), Signer::p256(None));
    let ed = Signer::ed25519("not counted");
    let mut published: Vec<_> = others.iter().collect();
    published.extend([&ed, &eighth, &ninth]);
    let verifier = verifier(&published).await;
    assert_eq!(refusal(&verifier, &eighth.token(&claims())).await, None);
    let error = refusal(&verifier, &ninth.token(&claims())).await;
    assert_eq!(error, Some(TokenError::BadSignature));
}

#[test]
fn no_refusal_repeats_the_token() {
    for (error, text) in [
        (TokenError::Malformed, "the token is not a well-formed signed JWT"),
        (TokenError::MissingClaim("sub"), "the claim sub is missing or not usable"),
    ] {
        assert_eq!(error.to_string(), text);
    }
    assert_eq!(TokenError::KeysUnavailable.challenge(), None);
    assert_eq!(TokenError::Expired.challenge(), Some("invalid_token"));
}
