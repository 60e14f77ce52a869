//! What stands around the operations: title, introduction, server, tags.

use utoipa::openapi::info::{ContactBuilder, Info, InfoBuilder, LicenseBuilder};
use utoipa::openapi::server::{Server, ServerBuilder};
use utoipa::openapi::tag::{Tag, TagBuilder};

use super::{Options, VERSION};
use crate::services;

/// Tag of what is about the gateway itself.
pub(super) const GATEWAY: &str = "gateway";
/// Tag of code lists and problems.
pub(super) const REFERENCE: &str = "reference";

/// The tags: name, title, description.
const TAGS: &[(&str, &str, &str)] = &[
    (
        "youth",
        "Young people",
        "Contact persons that schools have named for young people, and what a municipality reports about a young person (STIL, Ungedatabasen).",
    ),
    (
        "interviews",
        "Interviews",
        "Interviews that an authority held with a person, and who took part in them (STAR, DFDG).",
    ),
    ("categories", "Person categories", "How near a person is to the labour market (STAR, DFDG)."),
    (
        "contact-groups",
        "Contact groups",
        "Under which scheme a person is in contact with the jobcentre (STAR, DFDG).",
    ),
    (
        "health-limitations",
        "Health limitations",
        "What limits a person at work for reasons of health (STAR, DFDG).",
    ),
    ("group-markings", "Group markings", "A person's part in a group project (STAR, DFDG)."),
    ("consents", "Consents", "Consents given to a jobcentre; phased out upstream (STAR, DFDG)."),
    ("jobcenter", "Jobcentre", "The jobcentre that a person belongs to (STAR, DFDG)."),
    (
        "unemployment-fund",
        "Unemployment fund",
        "The unemployment fund's part in interviews at the jobcentre (STAR, DFDG).",
    ),
    (REFERENCE, "Reference", "Code lists and kinds of problems. Open to anybody."),
    (GATEWAY, "Gateway", "Health and version of the gateway itself. Open to anybody."),
];

pub(super) fn info() -> Info {
    InfoBuilder::new()
        .title("ungebro")
        .version(VERSION)
        .description(Some(include_str!("introduction.md").trim_end()))
        .contact(Some(ContactBuilder::new().name(Some("The operator of this gateway")).build()))
        .license(Some(
            LicenseBuilder::new().name("MIT OR Apache-2.0").identifier(Some("MIT OR Apache-2.0")).build(),
        ))
        .build()
}

pub(super) fn server(options: &Options) -> Server {
    let url = if options.server.is_empty() { "/" } else { &options.server };
    ServerBuilder::new().url(url).description(Some("This gateway.")).build()
}

/// The tags that some published operation has, in the order above.
pub(super) fn tags(options: &Options) -> Vec<Tag> {
    let used = |name: &str| services::specs().any(|spec| spec.tag == name && options.publishes(spec));
    let own = |name: &str| name == REFERENCE || (name == GATEWAY && !options.admin_elsewhere);
    let published = TAGS.iter().filter(|(name, ..)| used(name) || own(name));
    published
        .map(|(name, title, description)| {
            let title = utoipa::openapi::extensions::Extensions::from_iter([("x-displayName", *title)]);
            TagBuilder::new().name(*name).description(Some(*description)).extensions(Some(title)).build()
        })
        .collect()
}
