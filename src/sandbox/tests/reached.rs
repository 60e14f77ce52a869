//! Every trigger and every rule through the REST routes of a gateway, with the documentation's own curl lines.

use jiff::Timestamp;
use serde_json::Value;

use super::gateway::Demo;
use crate::problem::catalogue;
use crate::sandbox::catalogue::{System, find};
use crate::sandbox::curl;
use crate::sandbox::rules::{self, Example, Rule};
use crate::sandbox::triggers::{Effect, triggers};

/// What the gateway may make of an answer that is no plain refusal.
const OF_TROUBLE: [&str; 8] = [
    "contract-mismatch",
    "upstream-malformed",
    "upstream-rejected",
    "upstream-unreachable",
    "upstream-timeout",
    "upstream-internal-error",
    "upstream-not-authorized",
    "feed-stalled",
];

/// Whether an answer is what the catalogue makes of a code.
fn is_code((status, body): &(u16, Value), system: System, code: &str, operation: &str) -> bool {
    let system = catalogue::System::from(system);
    let becomes = catalogue::code(system, code, operation).unwrap();
    let named = becomes.problem.is_none_or(|problem| {
        body["code"] == *code
            && body["system"] == *system.as_str()
            && body["type"].as_str().unwrap().ends_with(&problem.name)
    });
    *status == becomes.status && named
}

#[test]
fn every_trigger_is_reached_through_its_curl_line() {
    let demo = Demo::start();
    let mut unlike = Vec::new();
    for trigger in triggers() {
        let line = curl::of_trigger(trigger, Timestamp::now());
        assert!(!line.is_empty(), "{} has no line", trigger.number);
        let answer = demo.run(&line);
        let like = match trigger.effect {
            Effect::Code(code) => {
                is_code(&answer, code.system, code.code, curl::route(trigger).unwrap().operation)
            }
            Effect::Trouble(_) => {
                let name = answer.1["type"].as_str().unwrap_or("").rsplit('/').next().unwrap_or("");
                answer.0 < 300 || (answer.0 >= 400 && OF_TROUBLE.contains(&name))
            }
        };
        if !like {
            unlike.push(format!("{} {answer:?}", trigger.number));
        }
    }
    assert_eq!(unlike, [""; 0]);
}

#[test]
fn every_rule_refuses_through_its_curl_lines_and_allows_what_is_just_inside() {
    let demo = Demo::start();
    let mut unlike = Vec::new();
    for rule in rules::all() {
        let Example::Shown { refused, allowed } = rule.example() else { continue };
        let answer = demo.play(refused);
        let last = refused.last().unwrap().spec();
        let code = &find(rule.system(), rule.code()).unwrap().code;
        if !is_code(&answer, rule.system(), code, last.operation)
            || demo.last_rule().as_deref() != Some(rule.about().0)
        {
            unlike.push(format!("{rule:?} is not refused: {answer:?} by {:?}", demo.last_rule()));
        }
        let answer = demo.play(allowed);
        if answer.0 >= 300 || demo.last_rule().is_some() {
            unlike.push(format!("{rule:?} refuses what is allowed: {answer:?}"));
        }
    }
    assert_eq!(unlike, [""; 0]);
}

/// What the gateway never lets through is shown by the trigger of its code.
#[test]
fn every_code_of_a_rule_has_a_trigger_and_every_rule_its_own_words() {
    let mut said: Vec<_> = rules::all().map(|rule| rule.about()).collect();
    for rule in rules::all() {
        let triggered = |effect: &Effect| matches!(effect, Effect::Code(code) if code.system == rule.system() && code.number == rule.code());
        assert!(triggers().iter().any(|trigger| triggered(&trigger.effect)), "{rule:?}");
    }
    let count = said.len();
    said.sort_unstable();
    said.dedup_by(|one, other| one.0 == other.0 || one.1 == other.1);
    assert_eq!(said.len(), count);
    assert!(rules::all().map(Rule::source).all(|source| source.starts_with(['C', 'D', 'G'])));
}
