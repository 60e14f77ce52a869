//! Ready curl lines, made from the routes themselves so that they cannot drift from them.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::catalogue::System;
use super::moment::{Moments, whole_second};
use super::rules::Step;
use super::triggers::{CV_PREFIX, Effect, IDENTIFIER_PREFIX, Scope, Trigger};
use super::world::cast::TRIGGER_DATE;
use super::world::presets::OPEN_PROJECT;
use crate::operation::{Method, ParameterKind, Spec};
use crate::services;
use crate::shape::{Item, Kind, Member, Object};
use crate::types::time::{Instant, danish_day};

/// Somebody to stand in a path whose number is not sent.
const ANYBODY: &str = "0708850001";
/// An identifier to stand where a trigger's number does the work.
const ANYTHING: &str = "20000000-0000-4000-8000-000000000001";

/// The line that shows a trigger, with `$GATEWAY` and `$TOKEN` to be filled in by the shell.
pub(crate) fn of_trigger(trigger: &Trigger, now: Timestamp) -> String {
    let number = format!("{:04}", trigger.number);
    let spelled = trigger.scope == Scope::Udb && matches!(trigger.effect, Effect::Trouble(_));
    if trigger.scope == Scope::Changes || spelled {
        return line(Method::Get, &format!("/youth/contacts?since={number}-06-01T00:00:00Z"), None, None);
    }
    match route(trigger) {
        Some(spec) => line(spec.method, &path(spec, &number), None, body(spec, now)),
        None => String::new(),
    }
}

/// The line that makes a call of an example.
pub(crate) fn of_step(step: &Step, moments: &Moments) -> String {
    let (spec, path) = (step.spec(), step.path());
    let body = body(spec, moments.now).map(|mut body| {
        change(&mut body, &step.changes(), &spec.body_members().collect::<Vec<_>>(), moments);
        body
    });
    line(spec.method, &path, step.authority, body)
}

impl Step {
    /// Its route.
    pub(crate) fn spec(&self) -> &'static Spec {
        services::specs().find(|spec| spec.id == self.route).expect("examples call routes that there are")
    }

    /// Its path, with values.
    pub(crate) fn path(&self) -> String {
        let spec = self.spec();
        spec.parameters.iter().zip(self.values).fold(spec.path.to_owned(), |path, (parameter, value)| {
            path.replace(&format!("{{{}}}", parameter.name), value)
        })
    }

    fn changes(&self) -> Map<String, Value> {
        if self.change.is_empty() {
            return Map::new();
        }
        serde_json::from_str(self.change).expect("examples are JSON")
    }
}

/// Merges a change into an object of these members.
fn change(object: &mut Value, changes: &Map<String, Value>, members: &[&'static Member], moments: &Moments) {
    for (name, new) in changes {
        let member = members.iter().find(|member| member.name == name).expect("examples name members");
        let now = moments.now;
        object[name] = match (new, member.kind) {
            (Value::String(text), Kind::Instant) => json!(moments.read(text).unwrap_or_else(|| text.clone())),
            (Value::Object(changes), Kind::Object(inner)) => {
                let mut changed = object.get(name).cloned().unwrap_or_else(|| self::object(inner, now));
                change(&mut changed, changes, &inner.members.iter().collect::<Vec<_>>(), moments);
                changed
            }
            (Value::Array(items), Kind::List { of: Item::Object(inner), .. }) => match items.as_slice() {
                [Value::Number(count)] => {
                    let item = self::object(inner, now);
                    json!(vec![item; count.as_u64().unwrap_or(0) as usize])
                }
                _ => new.clone(),
            },
            _ => new.clone(),
        };
    }
}

/// The route that shows a trigger: that of the first operation that describes it.
pub(crate) fn route(trigger: &Trigger) -> Option<&'static Spec> {
    let operation = match (trigger.effect, trigger.scope) {
        (Effect::Code(code), _) => match (code.operations.first(), code.system) {
            (Some(operation), _) => operation,
            (None, System::Dfdg) => "CreatePersonInterview",
            (None, System::Udb | System::Ipl) => "HentInstitutionKontakt",
        },
        (Effect::Trouble(_), Scope::Dfdg) => "CreatePersonInterview",
        (Effect::Trouble(_), Scope::Reports) => "IndberetningKontaktJobOgUddOensker",
        (Effect::Trouble(_), Scope::All | Scope::Udb | Scope::Numbers | Scope::Changes) => {
            "HentInstitutionKontakt"
        }
    };
    services::specs().find(|spec| spec.operation == operation)
}

fn path(spec: &Spec, number: &str) -> String {
    let mut path = spec.path.to_owned();
    let by_cpr = spec.sends_cpr();
    for parameter in spec.parameters {
        let value = match parameter.kind {
            ParameterKind::Cpr | ParameterKind::YouthCpr if by_cpr => format!("{TRIGGER_DATE}{number}"),
            ParameterKind::Cpr | ParameterKind::YouthCpr => ANYBODY.to_owned(),
            ParameterKind::Guid if by_cpr => ANYTHING.to_owned(),
            ParameterKind::Guid => format!("{IDENTIFIER_PREFIX}{number}"),
            ParameterKind::CvCustomer => format!("{CV_PREFIX}{number}"),
        };
        path = path.replace(&format!("{{{}}}", parameter.name), &value);
    }
    path
}

/// What the route must be given, from the examples of its members, with times that are now.
fn body(spec: &Spec, now: Timestamp) -> Option<Value> {
    let all: Vec<&Member> = spec.body_members().collect();
    let needed = |member: &&&Member| member.required || spec.at_least_one_of.first() == Some(&member.name);
    let members: Map<String, Value> =
        all.iter().filter(needed).map(|member| (member.name.to_owned(), value(member, now))).collect();
    (!all.is_empty()).then_some(Value::Object(members))
}

fn object(object: &Object, now: Timestamp) -> Value {
    let required = object.members.iter().filter(|member| member.required);
    Value::Object(required.map(|member| (member.name.to_owned(), value(member, now))).collect())
}

fn value(member: &Member, now: Timestamp) -> Value {
    match member.kind {
        Kind::Guid if member.name == "projectIdentifier" => json!(OPEN_PROJECT),
        Kind::Text(_) | Kind::Guid | Kind::Described(_) => json!(member.example),
        Kind::Code { .. } | Kind::Integer { .. } | Kind::Boolean => {
            serde_json::from_str(member.example).unwrap_or(Value::Null)
        }
        Kind::Instant => json!(Instant::utc(whole_second(now)).to_string()),
        Kind::Day => json!(danish_day(now).to_string()),
        Kind::Object(inner) => object(inner, now),
        Kind::List { of: Item::Object(inner), .. } => json!([object(inner, now)]),
        Kind::List { of: Item::Cpr, .. } => json!([ANYBODY]),
    }
}

fn line(method: Method, path: &str, authority: Option<&str>, body: Option<Value>) -> String {
    let verb = if method == Method::Get { String::new() } else { format!(" -X {}", method.as_str()) };
    let body = body.map_or_else(String::new, |body| {
        // A quote inside the shell's quotes ends them, says one, and begins anew.
        let text = body.to_string().replace('\'', "'\\''");
        format!(" -H 'Content-Type: application/json' -d '{text}'")
    });
    let token = match authority {
        None => "$TOKEN\"".to_owned(),
        Some(authority) => format!("$TOKEN_OF_ALL\" -H \"X-Authority: {authority}\""),
    };
    format!("curl -s{verb} -H \"Authorization: Bearer {token}{body} \"$GATEWAY{path}\"")
}
