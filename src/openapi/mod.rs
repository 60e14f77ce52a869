//! The published documents of all routes: OpenAPI 3.1 from the definitions, OpenAPI 3.0 and Swagger 2.0 from that.

mod answer;
mod components;
mod example;
mod head;
mod microsoft;
mod operation;
mod options;
mod parameter;
mod problem;
mod render;
mod security;
mod service;
mod service_schema;
mod v20;
mod v30;

use jiff::civil::Date;
use serde_json::Value as Json;
use utoipa::openapi::{OpenApiBuilder, PathsBuilder};

pub use options::{OAuth, Options};
pub use problem::{operations_inferred_of_code, operations_of, operations_of_code};
pub use render::{Format, Version};

use crate::services;
use components::Components;

/// The version of the program and of its interface.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The day on which most examples happen.
pub const DAY_OF_EXAMPLES: Date = Date::constant(2026, 11, 20);

/// The document as OpenAPI 3.1 (<https://spec.openapis.org/oas/v3.1.1>); the other versions derive from it.
pub fn document(options: &Options) -> Json {
    let mut components = Components::new(options);
    let mut paths = PathsBuilder::new();
    for spec in services::specs().filter(|spec| options.publishes(spec)) {
        paths = paths.path(spec.path, operation::path_item(spec, options, &mut components));
    }
    for (path, item) in service::paths(options, &mut components) {
        paths = paths.path(path, item);
    }
    let document = OpenApiBuilder::new()
        .info(head::info())
        .servers(Some([head::server(options)]))
        .paths(paths.build())
        .tags(Some(head::tags(options)))
        .components(Some(components.build(options)))
        .build();
    let json = serde_json::to_value(document).expect("the model is plain data with text as keys");
    render::in_order(json)
}

/// The document in one of its versions, as text.
pub fn text(options: &Options, version: Version, format: Format) -> String {
    render::text(&render::version(document(options), version), format)
}

#[cfg(test)]
mod tests;
