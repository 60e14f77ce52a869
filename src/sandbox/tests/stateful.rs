//! Through the REST routes: what is registered is there afterwards, whoever calls at the same time and in any order.

use jiff::{Timestamp, ToSpan};
use serde_json::{Value, json};

use super::gateway::Demo;
use crate::sandbox::catalogue::{System, codes};
use crate::sandbox::moment::Moments;
use crate::sandbox::rules::{self, Example, Step};
use crate::sandbox::world::feed::{HISTORY, LATE, MINUTES};

const MADS: &str = "/persons/0708850001";

/// One call, the status that it must have, and its answer.
fn call(demo: &Demo, method: &str, path: &str, body: Value, status: u16) -> Value {
    let body = if body.is_null() {
        String::new()
    } else {
        format!(" -H 'Content-Type: application/json' -d '{body}'")
    };
    let line = format!("curl -s -X {method} -H \"Authorization: Bearer $TOKEN\"{body} \"$GATEWAY{path}\"");
    let (answered, answer) = demo.run(&line);
    assert_eq!(answered, status, "{method} {path}: {answer}");
    answer
}

/// The identifier of what a call registered.
fn registered(demo: &Demo, path: &str, body: Value) -> String {
    call(demo, "POST", path, body, 201)["messageIdentifier"].as_str().unwrap().to_owned()
}

fn time(text: &str) -> String {
    Moments { now: Timestamp::now(), start: Timestamp::now() }.read(text).unwrap()
}

fn interview(agreement: &str, time: &str) -> Value {
    json!({
        "interviewType": 7,
        "responsibleAuthority": {
            "authority": { "code": "15101", "name": "Jobcenter", "organisationType": 8 },
            "caseWorker": { "givenName": "Åse", "surname": "Sørensen", "identifier": "aase" },
        },
        "interviewTime": time,
        "contactType": 1,
        "withMoreAuthorities": false,
        "agreementDescription": agreement,
    })
}

#[test]
fn an_interview_is_there_to_be_changed_and_so_are_its_participants() {
    let demo = Demo::start();
    let held = time("now-1h");
    let id = registered(&demo, &format!("{MADS}/interviews"), interview("First.", &held));
    let path = format!("{MADS}/interviews/{id}");
    let mut changed = interview("Second.", &held);
    changed["correctionComment"] = json!("A slip.");
    assert_eq!(call(&demo, "PUT", &path, changed, 200)["messageIdentifier"], *id);
    let karen = json!({ "name": "Karen", "contactType": 1, "participantType": 1 });
    let karen = registered(&demo, &format!("{path}/participants"), karen);
    let karen = format!("{path}/participants/{karen}");
    call(&demo, "PATCH", &karen, json!({ "name": "Karen Holm" }), 200);
    call(&demo, "DELETE", &karen, Value::Null, 200);
    assert_eq!(call(&demo, "DELETE", &karen, Value::Null, 404)["code"], "8197");
    assert_eq!(call(&demo, "PATCH", &karen, json!({ "name": "Karen" }), 404)["code"], "8197");
}

#[test]
fn a_second_open_contact_group_is_refused_until_the_first_has_ended() {
    let demo = Demo::start();
    let groups = "/persons/0202020001/contact-groups";
    let start = time("now-1h");
    let group = json!({ "contactGroupType": 2, "startTime": start });
    let first = registered(&demo, groups, group.clone());
    assert_eq!(call(&demo, "POST", groups, group.clone(), 409)["code"], "4644");
    let mut ended = group;
    ended["endTime"] = json!(time("now"));
    call(&demo, "PUT", &format!("{groups}/{first}"), ended, 200);
    registered(&demo, groups, json!({ "contactGroupType": 3, "startTime": time("now") }));
}

#[test]
fn what_is_deleted_or_corrected_is_gone() {
    let demo = Demo::start();
    let limitation = json!({ "documentation": true, "startDate": time("now+1d") });
    let id = registered(&demo, &format!("{MADS}/health-limitations"), limitation.clone());
    let path = format!("{MADS}/health-limitations/{id}");
    call(&demo, "PUT", &path, limitation.clone(), 200);
    call(&demo, "DELETE", &path, Value::Null, 200);
    assert_eq!(call(&demo, "PUT", &path, limitation, 404)["code"], "4589");
    assert_eq!(call(&demo, "DELETE", &path, Value::Null, 404)["code"], "4589");
    let marking = json!({
        "startTime": time("now+1d"),
        "projectIdentifier": "40000000-0000-4000-8000-000000000002",
    });
    let id = registered(&demo, &format!("{MADS}/group-markings"), marking);
    let path = format!("{MADS}/group-markings/{id}");
    call(&demo, "PATCH", &path, json!({ "startTime": time("now+2d") }), 200);
    call(&demo, "DELETE", &path, Value::Null, 200);
    assert_eq!(call(&demo, "DELETE", &path, Value::Null, 404)["code"], "4589");
    let category = json!({ "categoryType": 5, "incidentDate": time("now") });
    let id = registered(&demo, &format!("{MADS}/categories"), category);
    let path = format!("{MADS}/categories/{id}/corrections");
    let comment = json!({ "correctionComment": "A slip." });
    call(&demo, "POST", &path, comment.clone(), 201);
    assert_eq!(call(&demo, "POST", &path, comment, 404)["code"], "4589");
}

#[test]
fn who_moves_belongs_to_the_other_jobcentre_until_reset() {
    let demo = Demo::start();
    let interviews = format!("{MADS}/interviews");
    let held = || interview("Held.", &time("now-1h"));
    call(&demo, "PUT", &format!("{MADS}/jobcenter"), json!({ "jobcenterIdentifier": 46101 }), 200);
    assert_eq!(call(&demo, "POST", &interviews, held(), 403)["code"], "6005");
    demo.reset();
    registered(&demo, &interviews, held());
}

#[test]
fn the_change_feed_is_followed_to_its_end_with_late_rows_first() {
    let demo = Demo::start();
    let since = Timestamp::now() - (MINUTES * 120 + 1).minutes();
    let (mut path, mut rows, mut pages) = (format!("/youth/contacts?since={since}"), 0, 0);
    loop {
        let page = call(&demo, "GET", &path, Value::Null, 200);
        rows += page["items"].as_array().unwrap().len();
        pages += 1;
        if page["hasMore"] == false {
            break;
        }
        path = format!("/youth/contacts?cursor={}", page["nextCursor"].as_str().unwrap());
    }
    assert_eq!((rows, pages), (LATE + 120, 3));
    assert!(rows < HISTORY);
}

#[test]
fn of_calls_at_the_same_time_one_opens_the_contact_group() {
    let demo = Demo::start();
    let group = json!({ "contactGroupType": 2, "startTime": time("now") });
    let line = format!(
        "curl -s -X POST -H \"Authorization: Bearer $TOKEN\" -H 'Content-Type: application/json' -d '{group}' \
         \"$GATEWAY/persons/0202020002/contact-groups\""
    );
    let mut statuses: Vec<u16> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..16).map(|_| scope.spawn(|| demo.run(&line).0)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    statuses.sort_unstable();
    assert_eq!(statuses, [&[201][..], &[409; 15]].concat());
}

/// The calls of all examples, thousands of them in any order and with nothing reset: each is a success or a refusal
/// with a code of the catalogue, and afterwards every example shows what it did before.
#[test]
fn calls_in_any_order_are_answered_or_refused_and_never_fail() {
    let demo = Demo::start();
    let calls: Vec<&Step> = rules::all()
        .filter_map(|rule| match rule.example() {
            Example::Shown { refused, allowed } => Some(refused.iter().chain(*allowed)),
            Example::Guarded(_) => None,
        })
        .flatten()
        .collect();
    let mut state: usize = 1;
    for number in 0..2000 {
        // Knuth's MMIX generator: the same order in every run.
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let step = calls[(state >> 33) % calls.len()];
        let (status, answer) = demo.step(step);
        let known = || codes().iter().any(|code| answer["code"] == *code.code);
        // The one refusal that has no code of its own.
        let refused = status < 500 || answer["code"] == "1100";
        assert!(status < 300 || (refused && known()), "{number}: {} {status} {answer}", step.route);
    }
    // What Ungedatabasen says is cached.
    for rule in rules::all().filter(|rule| rule.system() == System::Dfdg) {
        let Example::Shown { refused, .. } = rule.example() else { continue };
        demo.play(refused);
        assert_eq!(demo.last_rule().as_deref(), Some(rule.about().0));
    }
}
