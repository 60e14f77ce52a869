//! What several operations share: schemas, parameters, headers, problems and their examples.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json, json};
use utoipa::openapi::example::Example;
use utoipa::openapi::extensions::Extensions;
use utoipa::openapi::schema::ObjectBuilder;
use utoipa::openapi::{Components as Model, Ref, RefOr, Response, Schema};

use super::{Options, parameter, problem, security};
use crate::operation::Spec;
use crate::services;
use crate::shape::schema::{Direction, Publisher, nested};
use crate::shape::{Kind, Member, Object};

/// The components that the operations written so far refer to.
pub(super) struct Components {
    model: Model,
    /// Names of objects that go both ways: their answers get a component of their own.
    both_ways: BTreeSet<&'static str>,
    cpr_pattern: String,
}

impl Components {
    pub(super) fn new(options: &Options) -> Self {
        let names = |objects: Vec<&'static Object>| -> BTreeSet<&str> {
            objects.into_iter().map(|object| object.name).collect()
        };
        let requests = services::specs().flat_map(|spec| {
            let parts = spec.body.iter().map(|part| part.object);
            parts.chain(nested(spec.body_members()))
        });
        let answers = services::specs().flat_map(|spec| {
            let object = answer_object(spec);
            std::iter::once(object).chain(nested(object.members))
        });
        let both = &names(requests.collect()) & &names(answers.collect());
        let mut components = Self {
            model: Model::new(),
            both_ways: both,
            cpr_pattern: parameter::cpr_pattern(options.test_numbers),
        };
        components.schema("Problem", problem::schema());
        components.schema("ProblemError", problem::error_schema());
        components
    }

    /// Adds a schema and refers to it.
    pub(super) fn schema(&mut self, name: &str, schema: impl Into<RefOr<Schema>>) -> Ref {
        self.model.schemas.entry(name.to_owned()).or_insert_with(|| schema.into());
        Ref::from_schema_name(name)
    }

    /// The component of a route's body.
    pub(super) fn body(&mut self, spec: &'static Spec) -> Option<Ref> {
        let first = spec.body.first()?.object;
        self.add_nested(Direction::Request, spec.body_members());
        let changed = spec.body.len() > 1;
        let name = if changed { format!("{}Change", first.name) } else { first.name.to_owned() };
        let mut object = self.object(Direction::Request, first.doc, spec.body_members());
        if !spec.at_least_one_of.is_empty() {
            object = object.min_properties(Some(1)).extensions(Some(not_all_null(spec.at_least_one_of)));
        }
        Some(self.schema(&name, object))
    }

    /// The component of a route's answer.
    pub(super) fn answer(&mut self, spec: &'static Spec) -> Ref {
        let object = answer_object(spec);
        self.add_nested(Direction::Answer, object.members);
        let schema = self.object(Direction::Answer, object.doc, object.members);
        self.schema(&self.name_of(Direction::Answer, object), schema)
    }

    fn add_nested(&mut self, direction: Direction, members: impl IntoIterator<Item = &'static Member>) {
        for object in nested(members) {
            let schema = self.object(direction, object.doc, object.members);
            self.schema(&self.name_of(direction, object), schema);
        }
    }

    fn object(
        &self,
        direction: Direction,
        doc: &str,
        members: impl IntoIterator<Item = &'static Member>,
    ) -> ObjectBuilder {
        let name_of = |object: &'static Object| self.name_of(direction, object);
        Publisher { direction, name_of: &name_of, cpr_pattern: &self.cpr_pattern }.object(doc, members)
    }

    fn name_of(&self, direction: Direction, object: &Object) -> String {
        match direction {
            Direction::Answer if self.both_ways.contains(object.name) => format!("{}Answer", object.name),
            Direction::Answer | Direction::Request => object.name.to_owned(),
        }
    }

    /// Adds an example and refers to it.
    pub(super) fn example(&mut self, name: String, example: impl FnOnce() -> Example) -> Ref {
        let reference = Ref::new(format!("#/components/examples/{name}"));
        self.model.examples.entry(name).or_insert_with(|| example().into());
        reference
    }

    /// Refers to the response where an equal one has the name already, or takes the name; else it stays with its operation.
    pub(super) fn response(&mut self, name: &str, response: Response) -> RefOr<Response> {
        let response = RefOr::T(response);
        let known = self.model.responses.entry(name.to_owned()).or_insert_with(|| response.clone());
        if *known == response { RefOr::Ref(Ref::from_response_name(name)) } else { response }
    }

    /// Everything that was referred to.
    pub(super) fn build(self, options: &Options) -> Model {
        let mut model = self.model;
        for (name, scheme) in security::schemes(options) {
            model.add_security_scheme(name, scheme);
        }
        for parameter in parameter::shared() {
            model.parameters.insert(parameter.name.clone(), parameter.into());
        }
        for (name, header) in parameter::response_headers() {
            model.headers.insert(name.to_owned(), header.into());
        }
        model
    }
}

/// The object that a route answers.
pub(super) fn answer_object(spec: &Spec) -> &'static Object {
    spec.document.unwrap_or(spec.answer.object)
}

/// At least one of the members is there, and is more than `null`: said by `not`, which generators of clients pass over,
/// where a choice of `anyOf` gives them one type for each member, or none for the body. The model has no `not`.
fn not_all_null(names: &[&str]) -> Extensions {
    let nulls: Map<String, Json> =
        names.iter().map(|name| ((*name).to_owned(), json!({ "type": "null" }))).collect();
    Extensions::from_iter([("not", json!({ "properties": nulls }))])
}

/// Whether a body has a member that only another part of the document describes.
pub(super) fn is_described(member: &Member) -> bool {
    matches!(member.kind, Kind::Described(_))
}
