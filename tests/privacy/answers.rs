//! Every problem that clients were told, alone or inside an answer about several persons.

use std::path::PathBuf;

use serde_json::Value;
use ungebro::config::{AuditOutput, Config};

use super::planted::{WORD, found_in, token};
use super::sinks::sinks;
use crate::support::app::App;
use crate::support::client::{Answer, Call};
use crate::support::contract::Route;

/// A gateway whose problems and audit lines are looked through.
pub(crate) struct Watched {
    pub(crate) app: App,
    trail: PathBuf,
    _folder: tempfile::TempDir,
    found: Vec<String>,
    problems: usize,
}

impl Watched {
    pub(crate) async fn start(change: impl FnOnce(&mut Config)) -> Self {
        sinks();
        let folder = tempfile::tempdir().unwrap();
        let trail = folder.path().join("trail.jsonl");
        let output = AuditOutput::File(trail.clone());
        let app = App::with(|config| {
            config.audit.output = output;
            config.udb.as_mut().unwrap().common.timeout = std::time::Duration::from_millis(500);
            config.dfdg.as_mut().unwrap().common.timeout = std::time::Duration::from_millis(500);
            config.udb.as_mut().unwrap().common.response_limit_bytes = 20_000;
            config.dfdg.as_mut().unwrap().common.response_limit_bytes = 20_000;
            change(config);
        })
        .await;
        Self { app, trail, _folder: folder, found: Vec::new(), problems: 0 }
    }

    /// A call of a route with planted headers wherever a client may write what it likes.
    pub(crate) fn call(&self, route: &Route, path: &str) -> Call {
        self.app
            .call(&route.method, path)
            .bearer(&token(route))
            .header("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
            .header("tracestate", &format!("a={WORD}"))
            .header("baggage", &format!("navn={WORD},cpr=0101900001"))
            .header("User-Agent", WORD)
            .header("Cookie", &format!("navn={WORD}"))
            .header("Referer", &format!("https://{WORD}.example/0101900001"))
            .header("X-Purpose", &format!("{WORD} sagsbehandling"))
    }

    /// Makes a call and looks at what it was told.
    pub(crate) async fn send(&mut self, call: Call) -> Answer {
        let answer = call.send().await;
        self.look_at(&answer);
        answer
    }

    fn look_at(&mut self, answer: &Answer) {
        if answer.status >= 400 {
            self.look_at_problem(&format!("{:?} {}", answer.headers, answer.text()));
        } else {
            for line in answer.text().lines().filter(|line| !line.is_empty()) {
                if let Ok(document) = serde_json::from_str::<Value>(line) {
                    self.look_inside(&document);
                }
            }
        }
    }

    fn look_inside(&mut self, document: &Value) {
        match document {
            Value::Object(members) => {
                for (name, value) in members {
                    match name.as_str() {
                        "problem" | "warning" => self.look_at_problem(&value.to_string()),
                        _ => self.look_inside(value),
                    }
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.look_inside(item)),
            _ => {}
        }
    }

    fn look_at_problem(&mut self, text: &str) {
        self.problems += 1;
        self.found.extend(found_in("problem", text));
    }

    /// What was found in problems and audit lines, once there were at least so many problems.
    pub(crate) fn found(mut self, at_least: usize) -> Vec<String> {
        assert!(self.problems >= at_least, "only {} problems", self.problems);
        let trail = std::fs::read_to_string(&self.trail).unwrap();
        assert!(!trail.is_empty());
        for line in trail.lines() {
            let mut line: Value = serde_json::from_str(line).unwrap();
            // The trail says who asked and why; that is what it is for.
            for member in ["subject", "purpose"] {
                line.as_object_mut().unwrap().remove(member);
            }
            self.found.extend(found_in("audit", &line.to_string()));
        }
        self.found
    }
}
