//! Whole messages put together from the examples of their members.

use jiff::Span;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use serde_json::{Map, Value as Json, json};
use utoipa::openapi::example::{Example, ExampleBuilder};

use super::components::{answer_object, is_described};
use super::{Options, problem};
use crate::operation::Spec;
use crate::problem::Problem;
use crate::problem::catalogue::{self, System};
use crate::shape::schema;
use crate::shape::{Item, Kind, Member};

/// Which members a message has.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Extent {
    /// All that have an example.
    Full,
    /// Those that must be there.
    Minimal,
    /// Those that must be there, and the problem.
    Failed,
}

/// The examples of a route's body: full, and minimal where that says less.
pub(super) fn of_body(spec: &Spec, options: &Options) -> Vec<(&'static str, Example)> {
    let full = message(spec.body_members(), Extent::Full, options);
    let mut minimal = message(spec.body_members(), Extent::Minimal, options);
    let chosen = spec.body_members().find(|member| spec.at_least_one_of.contains(&member.name));
    if let Some(chosen) = chosen {
        minimal[chosen.name] = json!(value(chosen, Extent::Minimal, options));
    }
    let named = |summary: &str, value| ExampleBuilder::new().summary(summary).value(Some(value)).build();
    let mut examples = vec![];
    if minimal != full {
        examples.push(("minimal", named("Only what is required", minimal)));
    }
    examples.insert(0, ("full", named("With every member", full)));
    examples
}

/// The example of a route's answer.
pub(super) fn of_answer(spec: &Spec, options: &Options) -> Json {
    message(answer_object(spec).members, Extent::Full, options)
}

/// An example of an identifier in the path: the one in the body where both must be the same.
pub(super) fn of_identifier(spec: &Spec, wire: Option<&str>) -> &'static str {
    let in_body = spec.body.iter().find_map(|part| {
        let rest = wire?.strip_prefix(part.prefix)?.strip_prefix('/')?;
        part.object.members.iter().find(|member| member.wire == rest)
    });
    in_body.map_or("7d4a1c52-0b3e-4f6a-9c1d-2e5f8a9b0c3d", |member| member.example)
}

fn message<'m>(members: impl IntoIterator<Item = &'m Member>, extent: Extent, options: &Options) -> Json {
    let mut object = Map::new();
    for member in members {
        let wanted = match extent {
            Extent::Full => !is_described(member),
            Extent::Minimal => member.required,
            Extent::Failed => member.required || is_described(member),
        };
        if let Some(value) = wanted.then(|| value(member, extent, options)).flatten() {
            object.insert(member.name.to_owned(), value);
        }
    }
    Json::Object(object)
}

fn value(member: &Member, extent: Extent, options: &Options) -> Option<Json> {
    match member.kind {
        Kind::Object(object) => Some(message(object.members, extent, options)),
        Kind::List { of: Item::Object(object), .. } => {
            let mut items = vec![message(object.members, extent, options)];
            if object.members.iter().any(is_described) {
                items.push(message(object.members, Extent::Failed, options));
            }
            Some(Json::Array(items))
        }
        Kind::Described(_) => Some(problem_of_one(options)),
        Kind::Instant => Some(json!(later_instant(member.example, options.days_later))),
        Kind::Day => Some(json!(later_day(member.example, options.days_later))),
        _ => schema::example(member),
    }
}

/// Why there is no answer about one person among several.
fn problem_of_one(options: &Options) -> Json {
    let code = catalogue::code(System::Udb, "68", "HentInstitutionKontakt");
    let problem = code.and_then(Problem::of_code).expect("the catalogue has code 68");
    problem::document(problem.for_read(), code, options)
}

fn later_instant(text: &str, days: i64) -> String {
    let local = text.get(..19).and_then(|local| local.parse::<DateTime>().ok());
    let moved = local
        .filter(|_| days != 0)
        .and_then(|local| local.checked_add(Span::new().days(days)).ok())
        .and_then(|local| local.to_zoned(TimeZone::get("Europe/Copenhagen").ok()?).ok());
    moved.map_or_else(|| text.to_owned(), |moved| moved.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string())
}

fn later_day(text: &str, days: i64) -> String {
    let day = text.parse::<Date>().and_then(|day| day.checked_add(Span::new().days(days)));
    day.map_or_else(|_| text.to_owned(), |day| day.to_string())
}
