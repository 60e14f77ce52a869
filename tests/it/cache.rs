//! What is remembered of look-ups: for how long, for whom, how much, and what never.

use std::time::Duration;

use serde_json::json;
use ungebro::config::{Cache, Config};

use crate::support::app::App;
use crate::support::client::{Answer, Call};
use crate::support::contract::route;
use crate::support::exchange::{CPR, code_row, hent_svar};
use crate::support::fault::{self, Blame};
use crate::support::token::Token;
use crate::support::upstream::Reply;
use crate::support::youth::{
    AUTHORITIES, FIRST, HOUR, SCOPE, everybody_has_one, look_up, name, names, numbers, remembering, reply,
    row,
};

const MISS: Option<&str> = Some("ungebro; fwd=miss");
/// One person of each kind that is remembered: found, without contacts, unknown, not subscribed to.
const PEOPLE: [&str; 4] = ["0101900000", "0101900018", "0101900014", "0101900068"];

async fn app(change: impl FnOnce(&mut Config)) -> App {
    let app = App::with(|config| {
        remembering(config);
        change(config);
    })
    .await;
    app.upstream.answers(|received| {
        reply(received, |institution, cpr| match cpr[8..].parse() {
            Ok(code @ (14 | 18 | 68)) => code_row(cpr, code),
            _ => row(institution, cpr),
        })
    });
    app
}

/// The three times, in the order of `KINDS`.
fn times(cache: &mut Cache) -> [&mut Duration; 3] {
    [&mut cache.contacts_ttl, &mut cache.empty_ttl, &mut cache.not_found_ttl]
}

/// The people whose answers each of the three times is for.
const KINDS: [&[&str]; 3] = [&[PEOPLE[0]], &[PEOPLE[1]], &[PEOPLE[2], PEOPLE[3]]];

/// For how long an answer will still be remembered, where it was.
fn remaining(answer: &Answer) -> Option<u64> {
    Some(answer.header("cache-status").unwrap().strip_prefix("ungebro; hit; ttl=")?.parse().unwrap())
}

/// Looks up until the answer is no longer a remembered one.
async fn until_a_miss(call: impl Fn() -> Call) -> Answer {
    for _ in 0..2000 {
        let answer = call().send().await;
        if remaining(&answer).is_none() {
            return answer;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("remembered for ever");
}

#[tokio::test]
async fn a_hit_says_for_how_long_it_is_one() {
    let app = app(|config| {
        for (time, hours) in times(&mut config.cache).into_iter().zip([3, 2, 1]) {
            *time = HOUR * hours;
        }
    })
    .await;
    for (people, hours) in KINDS.into_iter().zip([3, 2, 1]) {
        for cpr in people {
            let first = look_up(&app, FIRST, cpr).send().await;
            let second = look_up(&app, FIRST, cpr).send().await;
            assert_eq!((first.header("cache-status"), first.status), (MISS, second.status));
            let ttl = remaining(&second).unwrap();
            assert!((hours - 1) * 3600 < ttl && ttl <= hours * 3600, "{cpr}: {ttl}");
            if second.status == 200 {
                assert_eq!(second.json(), first.json());
            } else {
                assert_eq!(second.problem(), first.problem());
            }
        }
    }
    assert_eq!(app.upstream.take().len(), PEOPLE.len());
}

#[tokio::test]
async fn each_kind_of_answer_ends_at_its_own_time() {
    for short in 0..3 {
        let app = app(|config| *times(&mut config.cache)[short] = Duration::from_millis(30)).await;
        for cpr in PEOPLE {
            look_up(&app, FIRST, cpr).send().await;
        }
        for (kind, people) in KINDS.into_iter().enumerate() {
            for cpr in people {
                if kind == short {
                    until_a_miss(|| look_up(&app, FIRST, cpr)).await;
                } else {
                    assert!(remaining(&look_up(&app, FIRST, cpr).send().await).is_some(), "{cpr}");
                }
            }
        }
    }
}

#[tokio::test]
async fn a_time_of_zero_turns_off_one_kind_only() {
    for off in 0..3 {
        let app = app(|config| *times(&mut config.cache)[off] = Duration::ZERO).await;
        for (kind, people) in KINDS.into_iter().enumerate() {
            for cpr in people {
                look_up(&app, FIRST, cpr).send().await;
                let again = look_up(&app, FIRST, cpr).send().await;
                assert_eq!(remaining(&again).is_none(), kind == off, "{cpr}");
            }
        }
    }
}

#[tokio::test]
async fn what_else_goes_wrong_is_not_remembered() {
    let app = app(|_| {}).await;
    let cprs = numbers(9);
    let rejected =
        |code, cpr: &str| Reply::message("1.2", &hent_svar(false, None, vec![code_row(cpr, code)]));
    let replies = [
        rejected(999, &cprs[0]),
        rejected(101, &cprs[1]),
        Reply::xml(500, ""),
        Reply::xml(200, "<html/>"),
        Reply::xml(500, fault::ipl(Blame::Receiver, "IPL000001", "x", None)),
        Reply::xml(400, fault::ipl(Blame::Sender, "IPL000002", "x", None)),
        Reply::Close,
        Reply::Cut(b"<s:Envelope".to_vec()),
        Reply::Redirect,
    ];
    for (cpr, reply) in cprs.iter().zip(replies) {
        app.upstream.always(reply.clone());
        let failed = look_up(&app, FIRST, cpr).send().await;
        assert!(failed.status >= 500 && failed.header("cache-status") == MISS, "{reply:?}: {failed:?}");
        app.upstream.answers(everybody_has_one);
        let answer = look_up(&app, FIRST, cpr).send().await;
        assert_eq!((answer.status, answer.header("cache-status")), (200, MISS), "after {reply:?}");
    }
}

#[tokio::test]
async fn a_client_may_go_around_and_refreshes_for_the_others() {
    let app = app(|_| {}).await;
    look_up(&app, FIRST, CPR).send().await;
    let query = || {
        let token = Token::caseworker(SCOPE, FIRST);
        app.call("POST", "/youth/contacts/query").token(&token).json(&json!({ "cprs": [CPR] }))
    };
    for (round, control) in ["no-cache", "max-age=0, No-Cache"].into_iter().enumerate() {
        let renamed = format!("Ny {round}");
        app.upstream.answers(move |received| {
            reply(received, |institution, cpr| row(institution, cpr).replace("for", &renamed))
        });
        let renamed = name(AUTHORITIES[0].1, CPR).replace("for", &format!("Ny {round}"));
        let before = look_up(&app, FIRST, CPR).send().await;
        assert!(remaining(&before).is_some() && names(&before.json()) != [renamed.as_str()]);
        let around = match round {
            0 => look_up(&app, FIRST, CPR).header("Cache-Control", control).send().await.json(),
            _ => query().header("Cache-Control", control).send().await.json()["results"][0].clone(),
        };
        assert_eq!(names(&around), [&renamed]);
        let after = look_up(&app, FIRST, CPR).send().await;
        assert!(remaining(&after).is_some());
        assert_eq!((names(&after.json()), names(&query().send().await.json()["results"][0])), {
            (vec![renamed.as_str()], vec![renamed.as_str()])
        });
    }
    assert_eq!(app.upstream.take().len(), 3);
}

#[tokio::test]
async fn an_unchanged_answer_is_304_also_when_it_was_asked_for_anew() {
    let app = app(|config| config.cache.contacts_ttl = Duration::from_millis(30)).await;
    let tag = look_up(&app, FIRST, CPR).send().await.header("etag").unwrap().to_owned();
    let again = until_a_miss(|| look_up(&app, FIRST, CPR).header("If-None-Match", &tag)).await;
    assert_eq!((again.status, again.header("etag"), again.header("cache-status")), (304, Some(&*tag), MISS));
    assert_eq!(app.upstream.take().len(), 2);
    let other = look_up(&app, AUTHORITIES[1].0, CPR).header("If-None-Match", &tag).send().await;
    assert_eq!(other.status, 200, "another authority knows other people");
}

#[tokio::test]
async fn no_more_is_remembered_than_configured() {
    let entries: fn(&mut Config) = |config| config.cache.max_entries = 10;
    let bytes: fn(&mut Config) = |config| config.cache.max_bytes = 10 * 4096;
    for limit in [entries, bytes] {
        let app = app(limit).await;
        let long = "x".repeat(4000);
        app.upstream.answers(move |received| {
            reply(received, |institution, cpr| row(institution, cpr).replace("for", &long))
        });
        let cprs = numbers(60);
        let call = app.call_of(route("queryYouthContacts"), "/youth/contacts/query");
        assert_eq!(call.json(&json!({ "cprs": cprs })).send().await.status, 200);
        let remembered = app.remembered();
        assert!((1..=10).contains(&remembered), "{remembered}");
        for cpr in &cprs {
            let answer =
                app.call_of(route("getYouthContacts"), &format!("/youth/{cpr}/contacts")).send().await;
            assert_eq!(answer.json()["cpr"], *cpr);
        }
        assert!((1..=10).contains(&app.remembered()));
        assert!(app.upstream.take().len() > 50, "what was left out is asked for again");
    }
}

#[tokio::test]
async fn every_authority_has_answers_of_its_own() {
    let app = app(|_| {}).await;
    for status in [MISS, None] {
        for (authority, institution) in AUTHORITIES {
            let answer = look_up(&app, authority, CPR).send().await;
            assert_eq!(names(&answer.json()), [name(institution, CPR)], "{authority}");
            assert_eq!(answer.header("cache-status").filter(|_| status.is_some()), status, "{authority}");
            assert_eq!(remaining(&answer).is_some(), status.is_none(), "{authority}");
        }
    }
    assert_eq!(app.upstream.take().len(), AUTHORITIES.len(), "not even where the institution is the same");
}

#[tokio::test]
async fn a_hit_needs_the_same_rights_and_is_recorded_for_its_own_caller() {
    let app = app(|_| {}).await;
    look_up(&app, FIRST, CPR).send().await;
    let path = format!("/youth/{CPR}/contacts");
    let colleague = Token::caseworker(SCOPE, FIRST).with("sub", "sagsbehandler-18");
    let call = app.call("GET", &path).token(&colleague).header("X-Purpose", "kontrol");
    assert!(remaining(&call.send().await).is_some());
    let [miss, hit] = &app.audit()[..] else { panic!("two lines") };
    assert_eq!((&miss["cache"], &hit["cache"]), (&json!("miss"), &json!("hit")));
    assert_eq!((&miss["subject"], &hit["subject"]), (&json!("sagsbehandler-17"), &json!("sagsbehandler-18")));
    assert_eq!((&hit["purpose"], &hit["authority"]), (&json!("kontrol"), &json!(FIRST)));
    assert!(hit["cprHash"].is_string() && hit["cprHash"] == miss["cprHash"]);
    for (token, status, problem) in [
        (Token::caseworker("youth.contacts.changes.read", FIRST), 403, "scope-missing"),
        (Token::caseworker(SCOPE, "municipality:101"), 403, "authority-missing"),
        (Token::caseworker(SCOPE, FIRST).with("exp", 1), 401, "unauthorized"),
    ] {
        let refused = app.call("GET", &path).token(&token).send().await;
        assert_eq!((refused.refusal(), refused.header("cache-status")), ((status, problem.to_owned()), None));
    }
    assert_eq!((app.audit().len(), app.upstream.take().len()), (4, 1));
}
