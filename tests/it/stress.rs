//! Look-ups at random, many at a time, by clients that leave, of an upstream that fails: whatever is answered is right.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use serde_json::{Value, json};

use crate::support::app::App;
use crate::support::client::name_of;
use crate::support::exchange::{code_row, hent_svar, numbers_of};
use crate::support::fault::{self, Blame};
use crate::support::token::Token;
use crate::support::upstream::{Received, Reply};
use crate::support::youth::{AUTHORITIES, SCOPE, institution_of, look_up, name, names, remembering, row};

const ROUNDS: usize = 20;
const CLIENTS: usize = 64;
/// How many of the authorities, each with an institution of its own.
const INVOLVED: usize = 3;
/// The people who are looked up most; the rest only in large queries.
const OFTEN: u64 = 15;
const PEOPLE: u64 = 120;
/// How many people every authority may ask about; the others belong to one authority.
const SHARED: u64 = 5;

/// Numbers that look random and are the same again for the same seed (splitmix64).
#[derive(Clone)]
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % sides
    }
}

/// A young person whom an authority may ask about: a shared one, or one of its own.
fn cpr(authority: usize, person: u64) -> String {
    let own = if person < SHARED { 0 } else { 1 + authority };
    format!("01019{own}{person:04}")
}

/// What is true of a person at an institution.
#[derive(Debug, PartialEq)]
enum Truth {
    Contacts(usize),
    Problem(&'static str, u32),
}

fn truth(institution: u64, cpr: &str) -> Truth {
    match (institution + cpr[6..].parse::<u64>().unwrap()) % 7 {
        // Three of these fill an answer.
        0 => Truth::Contacts(40),
        1 => Truth::Contacts(0),
        2 => Truth::Problem("youth-not-found", 14),
        3 => Truth::Problem("youth-not-in-active-subscription", 68),
        more => Truth::Contacts(more as usize - 3),
    }
}

fn rows_of(institution: u64, cpr: &str) -> Vec<String> {
    match truth(institution, cpr) {
        Truth::Contacts(0) => vec![code_row(cpr, 18)],
        Truth::Contacts(count) => vec![row(institution, cpr); count],
        Truth::Problem(_, code) => vec![code_row(cpr, code)],
    }
}

fn answer(received: &Received, without: Option<usize>) -> Reply {
    let institution = institution_of(received);
    let asked = numbers_of(&received.message());
    let rows = asked.iter().enumerate().filter(|(index, _)| Some(*index) != without);
    let rows = rows.flat_map(|(_, cpr)| rows_of(institution, cpr)).take(100).collect();
    Reply::message("1.2", &hent_svar(false, None, rows))
}

/// What an upstream does that is well two times in three.
fn at_random(received: &Received, mut dice: Dice) -> Reply {
    match dice.roll(18) {
        0 => Reply::Close,
        1 => Reply::xml(500, ""),
        2 => Reply::xml(400, fault::ipl(Blame::Sender, "IPL000009", "x", None)),
        3 => Reply::xml(500, fault::ipl(Blame::Receiver, "IPL000001", "x", None)),
        4 => Reply::Cut(b"<s:Envelope".to_vec()),
        5 => answer(received, Some(0)),
        6..12 => Reply::Late(Box::new(answer(received, None))),
        _ => answer(received, None),
    }
}

/// What the faults above become.
const FAULTS: &[&str] =
    &["upstream-unreachable", "upstream-malformed", "upstream-rejected", "platform-internal-error"];

/// Checks a person's answer: right, or a fault that the upstream may have caused.
fn check(authority: usize, cpr: &str, person: &Value, faulty: bool) {
    let institution = AUTHORITIES[authority].1;
    let problem = name_of(person);
    if faulty && problem.as_deref().is_some_and(|problem| FAULTS.contains(&problem)) {
        return;
    }
    match (truth(institution, cpr), problem) {
        (Truth::Contacts(count), None) => {
            assert_eq!(person["cpr"], cpr);
            assert_eq!(names(person), vec![name(institution, cpr); count]);
        }
        (Truth::Problem(expected, _), Some(problem)) => assert_eq!(problem, expected),
        (truth, _) => panic!("{truth:?} is not {person}"),
    }
}

/// One client: a look-up or a query, possibly around what is remembered.
async fn client(app: &App, mut dice: Dice, bearers: &[String]) {
    let authority = dice.roll(INVOLVED as u64) as usize;
    let around = if dice.roll(4) == 0 { "no-cache" } else { "max-stale" };
    let size = match dice.roll(20) {
        0 => PEOPLE,
        1..12 => 0,
        some => some - 11,
    };
    let mut person = |people| cpr(authority, dice.roll(people));
    if size == 0 {
        let cpr = person(OFTEN);
        let call = app.call("GET", &format!("/youth/{cpr}/contacts")).bearer(&bearers[authority]);
        let answer = call.header("Cache-Control", around).send().await;
        check(authority, &cpr, &answer.json(), true);
        return;
    }
    let cprs: Vec<_> = (0..size).map(|_| person(if size == PEOPLE { PEOPLE } else { OFTEN })).collect();
    let call = app.call("POST", "/youth/contacts/query").bearer(&bearers[authority]);
    let answer = call.header("Cache-Control", around).json(&json!({ "cprs": cprs })).send().await;
    assert_eq!(answer.status, 200);
    let results = answer.json()["results"].as_array().unwrap().clone();
    assert_eq!(results.len(), cprs.len());
    for (cpr, result) in cprs.iter().zip(&results) {
        let problem = &result["problem"];
        check(authority, cpr, if problem.is_null() { result } else { problem }, true);
    }
}

/// No call asks about too many, about somebody twice, or for two authorities.
fn check_calls(received: &[Received]) {
    for received in received {
        let asked = numbers_of(&received.message());
        let different: BTreeSet<_> = asked.iter().collect();
        assert!((1..=100).contains(&asked.len()) && different.len() == asked.len());
        let institution = institution_of(received);
        let authority =
            AUTHORITIES[..INVOLVED].iter().position(|(_, number)| *number == institution).unwrap();
        let own = format!("01019{}", authority + 1);
        assert!(asked.iter().all(|cpr| cpr.starts_with("010190") || cpr.starts_with(&own)), "{institution}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_is_answered_is_right() {
    let (seed, _) = uuid::Uuid::new_v4().as_u64_pair();
    println!("seed {seed}");
    let app = App::with(|config| {
        remembering(config);
        config.cache.contacts_ttl = Duration::from_millis(20);
    })
    .await;
    let calls = AtomicU64::new(0);
    app.upstream.answers(move |received| {
        at_random(received, Dice(seed ^ (calls.fetch_add(1, Ordering::Relaxed) << 32)))
    });
    let bearers: Vec<_> = AUTHORITIES[..INVOLVED]
        .iter()
        .map(|(authority, _)| Token::caseworker(SCOPE, authority).signed())
        .collect();
    let mut dice = Dice(seed);
    for _ in 0..ROUNDS {
        let clients = (0..CLIENTS).map(|_| {
            let own = Dice(dice.roll(u64::MAX));
            let leaves = (dice.roll(4) == 0).then(|| Duration::from_micros(dice.roll(20_000)));
            let (app, bearers) = (&app, &bearers);
            async move {
                match leaves {
                    None => client(app, own, bearers).await,
                    // Whether it has its answer by then is up to chance.
                    Some(after) => _ = tokio::time::timeout(after, client(app, own, bearers)).await,
                }
            }
        });
        futures_util::future::join_all(clients).await;
        app.is_idle().await;
        check_calls(&app.upstream.take());
    }
    app.upstream.answers(|received| answer(received, None));
    for (authority, (holder, _)) in AUTHORITIES[..INVOLVED].iter().enumerate() {
        for person in 0..OFTEN {
            let cpr = cpr(authority, person);
            let answer = look_up(&app, holder, &cpr).header("Cache-Control", "no-cache").send().await;
            check(authority, &cpr, &answer.json(), false);
        }
    }
    app.is_idle().await;
}
