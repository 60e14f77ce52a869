//! The definitions in the source say what the contract says: routes, rights, members, limits.

use ungebro::operation::Spec;
use ungebro::services;
use ungebro::shape::{Item, Kind, Member as Defined};

use crate::support::contract::{GUID, Leaf, Member, ROUTES, Route, Shape};

fn spec(route: &Route) -> &'static Spec {
    services::specs().find(|spec| spec.id == route.id).unwrap_or_else(|| panic!("no route {}", route.id))
}

#[test]
fn every_route_is_defined_as_in_the_contract() {
    assert_eq!(services::specs().count(), ROUTES.len());
    for route in ROUTES.iter() {
        let spec = spec(route);
        let kinds: Vec<_> = spec.authorities.kinds().iter().map(ToString::to_string).collect();
        let mut authorities = route.authorities.clone();
        authorities.sort();
        let mut sorted = kinds.clone();
        sorted.sort();
        assert_eq!(
            (spec.method.as_str(), spec.path, spec.operation, spec.status, spec.deprecated),
            (&*route.method, &*route.path, &*route.operation, route.status, route.deprecated),
        );
        assert_eq!((spec.scopes.names(), sorted), (&*as_texts(&route.scopes), authorities), "{}", route.id);
        assert_eq!(spec.at_least_one_of, as_texts(&route.at_least_one_of));
    }
}

fn as_texts(list: &[String]) -> Vec<&str> {
    list.iter().map(String::as_str).collect()
}

#[test]
fn every_member_has_the_limits_of_the_contract() {
    for route in ROUTES.iter() {
        let defined: Vec<_> = spec(route).body_members().collect();
        compare(&route.id, &route.body, &defined);
        if route.upstream == "dfdg" {
            compare(&route.id, &route.answer, &spec(route).answer.object.members.iter().collect::<Vec<_>>());
        }
    }
}

fn compare(place: &str, members: &[Member], defined: &[&Defined]) {
    let names: Vec<_> = members.iter().map(|member| (&*member.name, member.required)).collect();
    let defined_names: Vec<_> = defined.iter().map(|member| (member.name, member.required)).collect();
    assert_eq!(defined_names, names, "{place}");
    for (member, defined) in members.iter().zip(defined) {
        let place = format!("{place}/{}", member.name);
        match (&member.shape, &defined.kind) {
            (Shape::Object(members), Kind::Object(object))
            | (Shape::List(members), Kind::List { of: Item::Object(object), .. }) => {
                compare(&place, members, &object.members.iter().collect::<Vec<_>>());
            }
            (Shape::Numbers, Kind::List { of: Item::Cpr, max }) => assert_eq!(*max, 1000),
            (Shape::Leaf(leaf), kind) => assert_eq!(*leaf, leaf_of(kind), "{place}"),
            (shape, kind) => panic!("{place}: {shape:?} is {kind:?}"),
        }
    }
}

fn leaf_of(kind: &Kind) -> Leaf {
    match *kind {
        Kind::Text(text) => match text.pattern {
            Some(pattern) => Leaf::Pattern(pattern.text.to_owned()),
            None => Leaf::Text { min: text.min, max: text.max },
        },
        Kind::Guid => Leaf::Pattern(GUID.to_owned()),
        Kind::Code { max, .. } => Leaf::Code { max },
        Kind::Integer { min, max } => Leaf::Integer { min, max },
        Kind::Boolean => Leaf::Boolean,
        Kind::Instant => Leaf::Instant,
        Kind::Day => Leaf::Day,
        ref other => panic!("{other:?} is no single value"),
    }
}
