//! The audit trail from the outside: which lines each call leaves, when, and what happens without them (section 8).

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use serde_json::Value;
use ungebro::config::{AuditOutput, Config};

use crate::support::app::App;
use crate::support::client::Answer;
use crate::support::contract::{ROUTES, Route, route};
use crate::support::exchange::{Request, request, usual_reply};
use crate::support::sample::Extent;

/// Where an app's trail is.
#[derive(Clone, Default)]
struct Trail(Arc<Mutex<PathBuf>>);

impl Trail {
    fn of(&self) -> impl FnOnce(&mut Config) + use<> {
        let trail = self.0.clone();
        move |config| {
            let AuditOutput::File(file) = &config.audit.output else { panic!("no file") };
            trail.lock().unwrap().clone_from(file);
        }
    }

    /// All lines but those that were seen.
    fn after(&self, seen: usize) -> Vec<Value> {
        let text = std::fs::read_to_string(&*self.0.lock().unwrap()).unwrap();
        text.lines().skip(seen).map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

fn phases(lines: &[Value]) -> Vec<&str> {
    lines.iter().map(|line| line["phase"].as_str().unwrap()).collect()
}

async fn send(app: &App, route: &Route) -> Answer {
    let Request { path, body, .. } = request(route, Extent::Full);
    let call = app.call_of(route, &path);
    call.json_unless_null(&body).send().await
}

#[tokio::test]
async fn a_write_is_in_the_trail_before_the_upstream_hears_of_it_and_a_read_before_its_answer() {
    let trail = Trail::default();
    let app = App::with(trail.of()).await;
    let (at_upstream, heard) = (trail.clone(), Arc::new(Mutex::new(Vec::new())));
    let hearing = Arc::clone(&heard);
    app.upstream.answers(move |received| {
        *hearing.lock().unwrap() = at_upstream.after(0);
        usual_reply(received)
    });
    let mut seen = 0;
    for route in ROUTES.iter() {
        assert_eq!(send(&app, route).await.status, route.status, "{}", route.id);
        let lines = trail.after(seen);
        let before = heard.lock().unwrap()[seen..].to_vec();
        if !route.writes() {
            assert!(before.is_empty(), "{}", route.id);
            assert!(!lines.is_empty() && phases(&lines).iter().all(|phase| *phase == "read"), "{}", route.id);
        } else {
            assert_eq!(
                (phases(&before), phases(&lines)),
                (vec!["begin"], vec!["begin", "end"]),
                "{}",
                route.id
            );
            assert_eq!(
                (&lines[1]["outcome"], &lines[1]["status"]),
                (&"executed".into(), &route.status.into())
            );
            assert_eq!(lines[0]["requestId"], lines[1]["requestId"]);
        }
        assert!(lines.iter().all(|line| line["operation"] == route.id.as_str()), "{}", route.id);
        seen += lines.len();
    }
}

#[tokio::test]
async fn a_query_leaves_a_line_for_each_person() {
    let trail = Trail::default();
    let app = App::with(trail.of()).await;
    app.upstream.answers(usual_reply);
    let body = serde_json::json!({"cprs": ["0101900001", "0101900002", "0101900003"]});
    let call = app.call_of(route("queryYouthContacts"), "/youth/contacts/query");
    assert_eq!(call.json(&body).send().await.status, 200);
    let lines = trail.after(0);
    let mut people: Vec<_> = lines.iter().map(|line| line["cprHash"].as_str().unwrap().to_owned()).collect();
    people.sort_unstable();
    people.dedup();
    assert_eq!((people.len(), lines.len()), (3, 3));
}

#[tokio::test]
async fn refusals_from_403_on_are_recorded_and_those_before_are_not() {
    let trail = Trail::default();
    let app = App::with(trail.of()).await;
    let Request { path, body, .. } = request(route("createHealthLimitation"), Extent::Full);
    assert_eq!(app.call("POST", &path).json(&body).send().await.status, 401);
    assert_eq!(app.call("POST", "/nowhere").json(&body).send().await.status, 404);
    assert_eq!(app.call("GET", &path).send().await.status, 405);
    assert!(trail.after(0).is_empty());
    let other_scope = crate::support::app::token_for(route("createInterview"));
    assert_eq!(app.call("POST", &path).token(&other_scope).json(&body).send().await.status, 403);
    let bodies = [
        (415, "text/plain", "x".to_owned()),
        (413, "application/json", " ".repeat(70_000)),
        (400, "application/json", "{".to_owned()),
        (422, "application/json", "{}".to_owned()),
    ];
    for (status, content_type, body) in bodies {
        let call = app.call_of(route("createHealthLimitation"), &path).body(content_type, body);
        assert_eq!(call.send().await.status, status);
    }
    let lines = trail.after(0);
    let statuses: Vec<_> = lines.iter().map(|line| line["status"].as_u64().unwrap()).collect();
    assert_eq!(statuses, [403, 415, 413, 400, 422]);
    assert!(lines.iter().all(|line| line["phase"] == "refused" && line["outcome"] == "refused"));
    assert!(lines.iter().all(|line| line["cprHash"].is_string()));
}

#[tokio::test]
async fn without_its_line_no_write_is_sent_and_no_look_up_is_answered() {
    let app = App::with(|config| config.audit.output = AuditOutput::File("/dev/full".into())).await;
    app.upstream.answers(usual_reply);
    for route in ROUTES.iter() {
        let refused = send(&app, route).await;
        assert_eq!(refused.refusal(), (503, "audit-unavailable".to_owned()), "{}", route.id);
        assert_eq!(refused.json()["retryable"], true);
        let calls = app.upstream.take().len();
        if route.writes() {
            assert_eq!(
                (refused.json()["outcome"].as_str(), calls),
                (Some("not-executed"), 0),
                "{}",
                route.id
            );
        }
    }
    let Request { path, body, .. } = request(route("createHealthLimitation"), Extent::Full);
    let bad = app.call_of(route("createHealthLimitation"), &path).body("application/json", "{}").send().await;
    assert_eq!(bad.refusal(), (503, "audit-unavailable".to_owned()), "not even a refusal goes unrecorded");
    for _ in 0..2 {
        let call = app.call_of(route("createHealthLimitation"), &path).header("Idempotency-Key", "a");
        let answer = call.json(&body).send().await;
        assert_eq!(answer.refusal(), (503, "audit-unavailable".to_owned()), "its key stays free");
    }
}

#[tokio::test]
async fn a_lost_trail_refuses_calls() {
    let trail = Trail::default();
    let app = App::with(trail.of()).await;
    app.upstream.answers(usual_reply);
    assert_eq!(send(&app, route("createHealthLimitation")).await.status, 201);
    std::fs::remove_file(&*trail.0.lock().unwrap()).unwrap();
    app.upstream.take();
    for id in ["createHealthLimitation", "getYouthContacts"] {
        let refused = send(&app, route(id)).await;
        assert_eq!(refused.refusal(), (503, "audit-unavailable".to_owned()), "{id}");
    }
}
