//! Every rule of the world: the case that breaks it and the code that says so.

mod groups;
mod interviews;
mod people;
mod plans;
mod youth;

use super::client::Client;
use super::samples::{cpr, interview, participant, request, text, with};
use crate::sandbox::element::Element;

const NORA: &str = "0708850002";
const OSKAR: &str = "0708850003";
const SANNE: &str = "0708850006";
const TOBIAS: &str = "0708850007";
const ULLA: &str = "0708850008";
const VIGGO: &str = "0708850009";
const WINNIE: &str = "0708850010";
const XENIA: &str = "0708095011";
const YRSA: &str = "0708850012";
const ZENIA: &str = "0708850013";
const AAGE: &str = "0708850014";
const PRESET: &str = "20000000-0000-4000-8000-00000000000";

/// One case: operation, request, and the code with which it is refused (`ok` where it is not).
type Case = (&'static str, Element, &'static str);

fn refused(client: &Client, cases: impl IntoIterator<Item = Case>) {
    for (number, (operation, request, code)) in cases.into_iter().enumerate() {
        assert_eq!(client.code(operation, request), code, "case {number}, {operation}");
    }
}

fn of(number: &str, changes: impl IntoIterator<Item = (&'static str, Element)>) -> Element {
    let changed =
        changes.into_iter().fold(interview(), |interview, (path, value)| with(interview, path, value));
    request(vec![cpr(number), changed])
}

fn put(name: &'static str, value: impl Into<String>) -> (&'static str, Element) {
    ("", text(name, value))
}

fn people(names: &[&str]) -> (&'static str, Element) {
    ("", Element::of("InterviewParticipantCollection", names.iter().map(|name| participant(name)).collect()))
}

/// A joint interview with everything that it needs.
fn joint(kind: &str, status: &str) -> Vec<(&'static str, Element)> {
    vec![
        put("InterviewTypeIdentifier", kind),
        put("InterviewWithMoreAuthorities", "true"),
        put("ParticipationStatusTypeIdentifier", status),
        people(&["Bo"]),
    ]
}

fn lacking(mut changes: Vec<(&'static str, Element)>, name: &str) -> Vec<(&'static str, Element)> {
    changes.retain(|(_, value)| value.name != name);
    changes
}
