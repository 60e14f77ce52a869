//! Look-ups under way at the same time: they share calls, and nothing but calls. No answer comes before its moment: the
//! upstream holds it back until everybody waits.

use std::collections::BTreeSet;
use std::time::Duration;

use tokio::task::JoinHandle;
use ungebro::config::Config;

use crate::support::app::App;
use crate::support::client::Answer;
use crate::support::exchange::{CPR, code_row, numbers_of};
use crate::support::fault::{self, Blame};
use crate::support::upstream::{Received, Reply};
use crate::support::youth::{
    AUTHORITIES, FIRST, everybody_has_one, institution_of, look_up, name, names, numbers, remembering, reply,
    row,
};

const MISS: &str = "ungebro; fwd=miss";
const COLLAPSED: &str = "ungebro; fwd=miss; collapsed";
/// How many calls of one authority run at once.
const CALLS_AT_ONCE: usize = 4;

async fn app(change: impl FnOnce(&mut Config)) -> App {
    let app = App::with(|config| {
        remembering(config);
        change(config);
    })
    .await;
    app.upstream.answers(everybody_has_one);
    app.upstream.hold();
    app
}

/// A look-up under way.
fn begin(app: &App, authority: &str, cpr: &str) -> JoinHandle<Answer> {
    tokio::spawn(look_up(app, authority, cpr).send())
}

/// Look-ups of others that take all calls that an authority may have under way; whatever comes now gathers.
async fn occupy(app: &App) -> Vec<JoinHandle<Answer>> {
    app.upstream.hold();
    let mut begun = Vec::new();
    for call in 0..CALLS_AT_ONCE {
        begun.push(begin(app, FIRST, &format!("31129930{call:02}")));
        // One after the other: those that come together would share a call.
        app.upstream.has_received(call + 1).await;
    }
    app.upstream.take();
    begun
}

async fn ended(begun: Vec<JoinHandle<Answer>>) -> Vec<Answer> {
    let mut answers = Vec::new();
    for one in begun {
        answers.push(one.await.unwrap());
    }
    answers
}

fn asked(received: &[Received]) -> Vec<Vec<String>> {
    received.iter().map(|received| numbers_of(&received.message())).collect()
}

fn cache_status(answer: &Answer) -> &str {
    answer.header("cache-status").unwrap()
}

#[tokio::test]
async fn a_hundred_equal_lookups_are_one_call() {
    let app = app(|_| {}).await;
    let begun: Vec<_> = (0..100).map(|_| begin(&app, FIRST, CPR)).collect();
    app.waits_for(100).await;
    app.upstream.let_go();
    let answers = ended(begun).await;
    let with = |status| answers.iter().filter(|answer| cache_status(answer) == status).count();
    assert_eq!((with(MISS), with(COLLAPSED)), (1, 99));
    for answer in &answers {
        assert_eq!(names(&answer.json()), [name(AUTHORITIES[0].1, CPR)]);
    }
    app.upstream.take_one();
    let results: Vec<_> = app.audit().iter().map(|line| line["cache"].as_str().unwrap().to_owned()).collect();
    assert_eq!(results.iter().filter(|result| *result == "collapsed").count(), 99);
    assert_eq!(results.len(), 100);
}

#[tokio::test]
async fn two_hundred_different_lookups_in_a_burst_are_at_most_ten_calls() {
    let app = app(|_| {}).await;
    let cprs = numbers(200);
    let begun: Vec<_> = cprs.iter().map(|cpr| begin(&app, FIRST, cpr)).collect();
    app.waits_for(200).await;
    assert!(app.upstream.count(|_| true) <= CALLS_AT_ONCE);
    app.upstream.let_go();
    for (cpr, answer) in cprs.iter().zip(ended(begun).await) {
        assert_eq!((answer.status, cache_status(&answer)), (200, MISS));
        assert_eq!(answer.json()["cpr"], *cpr);
        assert_eq!(names(&answer.json()), [name(AUTHORITIES[0].1, cpr)]);
    }
    let calls = asked(&app.upstream.take());
    assert!(calls.len() <= 10, "{} calls", calls.len());
    assert!(calls.iter().all(|call| (1..=100).contains(&call.len())));
}

#[tokio::test]
async fn a_client_that_goes_away_takes_no_call_from_another() {
    let app = app(|_| {}).await;
    let first = begin(&app, FIRST, CPR);
    app.upstream.has_received(1).await;
    let second = begin(&app, FIRST, CPR);
    app.waits_for(2).await;
    first.abort();
    app.waits_for(1).await;
    app.upstream.let_go();
    let answer = second.await.unwrap();
    assert_eq!((answer.status, cache_status(&answer)), (200, COLLAPSED));
    assert_eq!(names(&answer.json()), [name(AUTHORITIES[0].1, CPR)]);
    app.upstream.take_one();
}

#[tokio::test]
async fn what_was_asked_for_somebody_who_went_away_is_remembered() {
    let app = app(|_| {}).await;
    let only = begin(&app, FIRST, CPR);
    app.upstream.has_received(1).await;
    only.abort();
    app.waits_for(0).await;
    app.upstream.let_go();
    app.is_idle().await;
    let answer = look_up(&app, FIRST, CPR).send().await;
    assert!(cache_status(&answer).starts_with("ungebro; hit; ttl="), "{}", cache_status(&answer));
    app.upstream.take_one();
}

#[tokio::test]
async fn nobody_is_asked_about_for_whom_nobody_waits_any_more() {
    let app = app(|_| {}).await;
    let others = occupy(&app).await;
    let given_up = begin(&app, FIRST, CPR);
    let stays = begin(&app, FIRST, "0202910002");
    app.waits_for(CALLS_AT_ONCE + 2).await;
    given_up.abort();
    app.waits_for(CALLS_AT_ONCE + 1).await;
    app.upstream.let_go();
    ended(others).await;
    assert_eq!(stays.await.unwrap().status, 200);
    app.is_idle().await;
    assert_eq!(asked(&app.upstream.take()), [["0202910002"]]);
    assert_eq!(cache_status(&look_up(&app, FIRST, CPR).send().await), MISS);
}

#[tokio::test]
async fn in_a_shared_call_a_persons_fault_is_that_persons() {
    let app = app(|_| {}).await;
    let others = occupy(&app).await;
    let cprs = ["0101900014", "0101900068", "0101900018", "0101900099", "0101900000", "0101900001"];
    let begun: Vec<_> = cprs.iter().map(|cpr| begin(&app, FIRST, cpr)).collect();
    app.waits_for(CALLS_AT_ONCE + cprs.len()).await;
    app.upstream.answers(|received| {
        reply(received, |institution, cpr| match cpr[8..].parse().unwrap() {
            code @ (14 | 18 | 68 | 99) => code_row(cpr, code),
            _ => row(institution, cpr),
        })
    });
    app.upstream.let_go();
    ended(others).await;
    let found: Vec<_> = ended(begun).await.iter().map(|answer| (answer.status, answer.problem())).collect();
    let found: Vec<_> = found.iter().map(|(status, problem)| (*status, problem.as_str())).collect();
    assert_eq!(
        found,
        [
            (404, "youth-not-found"),
            (403, "youth-not-in-active-subscription"),
            (200, ""),
            (502, "upstream-rejected"),
            (200, ""),
            (200, "")
        ]
    );
    assert_eq!(asked(&app.upstream.take()).len(), 1, "together");
    for cpr in cprs {
        let again = look_up(&app, FIRST, cpr).send().await;
        assert_eq!(cache_status(&again) == MISS, cpr.ends_with("99"), "{cpr}");
    }
}

#[tokio::test]
async fn a_shared_call_that_one_number_spoils_is_asked_again_in_parts() {
    let app = app(|_| {}).await;
    let others = occupy(&app).await;
    let cprs = numbers(30);
    let begun: Vec<_> = cprs.iter().map(|cpr| begin(&app, FIRST, cpr)).collect();
    app.waits_for(CALLS_AT_ONCE + cprs.len()).await;
    app.upstream.answers(|received| {
        match numbers_of(&received.message()).iter().any(|cpr| cpr.ends_with("0005")) {
            true => Reply::xml(400, fault::ipl(Blame::Sender, "IPL000009", "x", None)),
            false => everybody_has_one(received),
        }
    });
    app.upstream.let_go();
    ended(others).await;
    let answers = ended(begun).await;
    let failed = answers.iter().filter(|answer| answer.status != 200).count();
    assert!((1..=10).contains(&failed) && answers[5].status == 502, "{failed} failed");
    assert!(
        answers
            .iter()
            .filter(|answer| answer.status != 200)
            .all(|answer| answer.problem() == "upstream-rejected")
    );
    let calls = asked(&app.upstream.take());
    assert_eq!(calls.iter().map(Vec::len).collect::<Vec<_>>(), [30, 10, 10, 10]);
}

#[tokio::test]
async fn a_call_that_fails_as_a_whole_fails_for_each_of_its_callers_and_is_forgotten() {
    let app = app(|config| {
        config.udb.as_mut().unwrap().common.timeout = Duration::from_secs(3);
        // Else the others would be remembered in the second round.
        config.cache.contacts_ttl = Duration::ZERO;
    })
    .await;
    for (round, (reply, status, problem, calls)) in [
        (Reply::Close, 502, "upstream-unreachable", 2),
        (Reply::xml(500, ""), 502, "upstream-malformed", 2),
        (Reply::xml(500, fault::fault("1.2", Blame::Receiver, "x", "")), 502, "upstream-rejected", 2),
        (Reply::xml(500, fault::ipl(Blame::Receiver, "IPL000009", "x", None)), 502, "upstream-rejected", 1),
        (Reply::xml(200, "<html/>"), 502, "upstream-malformed", 1),
        (Reply::Stall, 504, "upstream-timeout", 1),
    ]
    .into_iter()
    .enumerate()
    {
        app.upstream.answers(everybody_has_one);
        let others = occupy(&app).await;
        let cprs = [0, 1, 0].map(|index| format!("0101900{round}{index:02}"));
        let begun: Vec<_> = cprs.iter().map(|cpr| begin(&app, FIRST, cpr)).collect();
        app.waits_for(CALLS_AT_ONCE + cprs.len()).await;
        app.upstream.always(reply.clone());
        app.upstream.let_go();
        ended(others).await;
        for answer in ended(begun).await {
            assert_eq!(answer.refusal(), (status, problem.to_owned()), "{reply:?}");
        }
        let made = asked(&app.upstream.take());
        assert_eq!((made.len(), made.iter().all(|call| call.len() == 2)), (calls, true), "{reply:?}");
        app.upstream.answers(everybody_has_one);
        for cpr in &cprs[..2] {
            let again = look_up(&app, FIRST, cpr).send().await;
            assert_eq!((again.status, cache_status(&again)), (200, MISS), "after {reply:?}");
        }
        app.upstream.take();
    }
}

#[tokio::test]
async fn a_lookup_that_finds_no_place_says_so_and_works_later() {
    let app = app(|config| {
        config.udb.as_mut().unwrap().common.max_in_flight = 1;
        config.udb.as_mut().unwrap().common.max_waiting = 0;
    })
    .await;
    let first = begin(&app, FIRST, CPR);
    app.upstream.has_received(1).await;
    for authority in [FIRST, AUTHORITIES[1].0] {
        let refused = look_up(&app, authority, "0202910002").send().await;
        assert_eq!(refused.refusal(), (503, "overloaded".to_owned()));
    }
    app.upstream.let_go();
    assert_eq!(first.await.unwrap().status, 200);
    app.is_idle().await;
    let later = look_up(&app, FIRST, "0202910002").send().await;
    assert_eq!((later.status, cache_status(&later)), (200, MISS));
}

#[tokio::test]
async fn authorities_share_nothing() {
    let app = app(|_| {}).await;
    let begun: Vec<_> = AUTHORITIES.iter().map(|(authority, _)| begin(&app, authority, CPR)).collect();
    app.upstream.has_received(AUTHORITIES.len()).await;
    app.waits_for(AUTHORITIES.len()).await;
    app.upstream.let_go();
    for ((authority, institution), answer) in AUTHORITIES.into_iter().zip(ended(begun).await) {
        assert_eq!(names(&answer.json()), [name(institution, CPR)], "{authority}");
        assert_eq!(cache_status(&answer), MISS, "{authority}");
    }
    let received = app.upstream.take();
    assert_eq!(received.len(), AUTHORITIES.len(), "not even where the institution is the same");
    let told: BTreeSet<_> = received.iter().map(institution_of).collect();
    assert_eq!(told, AUTHORITIES.map(|(_, institution)| institution).into());
}
