//! A route made ready: its definition bound to the WSDL in force and to the configuration.

use http::{HeaderValue, Uri};

use crate::known::NUMBERS_PER_CALL;
use crate::operation::{Answers, Service, Spec, Supplied, Supply};
use crate::shape::{Item, Kind, Object, code, optional, text};
use crate::soap::bind::{Field, bind};
use crate::soap::decode::Pattern;
use crate::soap::difference::{Difference, Direction, What};
use crate::soap::schema::{Contract, ElementId, Operation, Schema, SoapVersion};
use crate::soap::template::Template;
use crate::types::AuthorityKind;
use crate::types::time::WireFormat;
use crate::upstream::Wire;

/// What the platform adds to answers, whatever the operation.
pub static PLATFORM: Object = Object {
    name: "Platform",
    doc: "",
    members: &[optional("correlationId", "CorrelationID", text(0, usize::MAX))],
};

/// Everything of a route that is decided at start.
#[derive(Debug)]
pub struct Compiled {
    /// The definition.
    pub spec: &'static Spec,
    /// Whether the route is served.
    pub enabled: bool,
    /// The kinds of authority that may use it.
    pub kinds: Vec<AuthorityKind>,
    /// The wire of its operation.
    pub wire: Wire,
    /// What the WSDL in force says differently.
    pub differences: Vec<Difference>,
    /// Pointers of optional members that the WSDL in force has no element for.
    pub unsendable: Vec<String>,
    /// The member of the answer that the path of what was created names, in braces, and its place.
    pub created: Option<(String, usize)>,
}

/// Why a route cannot work with a WSDL.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{route}: {reason}")]
pub struct Unworkable {
    /// The route.
    pub route: &'static str,
    /// Why.
    pub reason: String,
}

/// What the configuration says about a route's wire.
#[derive(Debug, Clone)]
pub struct Setting {
    /// Where the service is called.
    pub url: Uri,
    /// How times are written.
    pub format: WireFormat,
    /// Whether the route is served.
    pub enabled: bool,
    /// The kinds that the configuration names instead of the route's own.
    pub kinds: Option<Vec<AuthorityKind>>,
}

impl Compiled {
    /// Binds a route to a contract.
    pub fn new(spec: &'static Spec, contract: &Contract, setting: Setting) -> Result<Self, Unworkable> {
        let fields = request_fields(spec);
        let (wire, differences, unsendable) = bind_wire(spec, &fields, contract, &setting)?;
        Ok(Self {
            spec,
            enabled: setting.enabled,
            kinds: setting.kinds.unwrap_or_else(|| spec.authorities.kinds().to_vec()),
            wire,
            differences,
            unsendable,
            created: created(spec),
        })
    }
}

/// Which value of the answer stands in the path of what was created.
fn created(spec: &Spec) -> Option<(String, usize)> {
    let path = spec.location?;
    let members = spec.answer.object.members.iter().enumerate();
    let mut places = members.map(|(place, member)| (format!("{{{}}}", member.name), place));
    places.find(|(name, _)| path.contains(name))
}

fn bind_wire(
    spec: &'static Spec,
    fields: &[Field],
    contract: &Contract,
    setting: &Setting,
) -> Result<(Wire, Vec<Difference>, Vec<String>), Unworkable> {
    let unworkable = |reason: String| Unworkable { route: spec.id, reason };
    let service = spec.service;
    let operation = contract
        .operation(spec.operation)
        .ok_or_else(|| unworkable(format!("the WSDL has no operation {}", spec.operation)))?;
    let schema = &contract.schema;
    let mut bound = bind(schema, operation.input.body, fields, service.spellings, setting.format);
    let headers = bind_headers(service, schema, operation, setting.format, &mut bound.differences);
    let answer_root = schema.element(operation.output.body).name.local.to_string();
    let answer_prefix = joined(service.answer_prefix, spec.answer.prefix);
    let answer_fields = answer_fields(spec, &answer_prefix);
    let answer_bound = bind(schema, operation.output.body, &answer_fields, service.spellings, setting.format);
    bound.differences.extend(answer_bound.differences.into_iter().filter_map(Difference::in_answer));
    let action = operation.soap_action.as_deref();
    let wire = Wire {
        operation: spec.operation,
        url: setting.url.clone(),
        version: operation.soap_version,
        content_type: content_type(operation.soap_version, action).map_err(unworkable)?,
        soap_action: soap_action(operation.soap_version, action).map_err(unworkable)?,
        request: bound.template,
        headers,
        supplied: service.identification.iter().chain(spec.supplied).map(|supplied| supplied.what).collect(),
        header_supplies: service.headers.iter().map(|header| header.what).collect(),
        answer_root,
        answer: Pattern::new(
            &[("", PLATFORM.members), (&answer_prefix, spec.answer.object.members)],
            service.spellings,
        ),
    };
    Ok((wire, bound.differences, bound.unsendable))
}

/// The header blocks that the WSDL asks for. `Security` is written when a message is signed.
fn bind_headers(
    service: &'static Service,
    schema: &Schema,
    operation: &Operation,
    format: WireFormat,
    differences: &mut Vec<Difference>,
) -> Vec<Template> {
    let name = |header: &ElementId| schema.element(*header).name.local.to_string();
    let mut headers = Vec::new();
    for header in operation.input.headers.iter().filter(|header| name(header) != "Security") {
        let fields = supplied_fields(service.headers, &name(header));
        let bound = bind(schema, *header, &fields, service.spellings, format);
        differences.extend(bound.differences);
        headers.push(bound.template);
    }
    let mut missing: Vec<&str> = service.headers.iter().map(|header| header_of(header)).collect();
    missing.dedup();
    missing.retain(|known| !operation.input.headers.iter().any(|header| name(header) == *known));
    differences.extend(missing.into_iter().map(|header| Difference {
        direction: Direction::Request,
        subject: format!("the header {header}"),
        what: What::NoElement(header.to_owned()),
        fatal: false,
    }));
    headers
}

fn header_of(supplied: &Supplied) -> &'static str {
    supplied.wire.split('/').next().unwrap_or(supplied.wire)
}

/// The fields of a route's request, in the order of its root object: path parameters that are sent, what the gateway
/// supplies, query parameters that are sent, then the body. A path parameter goes before a body member that fills the
/// same element.
fn request_fields(spec: &'static Spec) -> Vec<Field> {
    let mut fields = Vec::new();
    // A look-up of one shares calls with those of many: its number is one of a list, behind what is supplied.
    let gathered = spec.answers == Answers::LookUp;
    if !gathered {
        push_parameters(&mut fields, spec, None);
    }
    push_supplied(&mut fields, spec);
    if gathered {
        push_parameters(&mut fields, spec, Some(Kind::List { of: Item::Cpr, max: NUMBERS_PER_CALL }));
    }
    for query in spec.query {
        if let Some(wire) = query.wire {
            let path = joined(spec.service.request_prefix, wire);
            push(&mut fields, query.name, &path, Kind::Instant, true);
        }
    }
    for part in spec.body {
        let prefix = joined(spec.service.request_prefix, part.prefix);
        for member in part.object.members {
            let kind = match member.kind {
                Kind::List { of: Item::Cpr, .. } => Kind::List { of: Item::Cpr, max: NUMBERS_PER_CALL },
                kind => kind,
            };
            push(&mut fields, member.name, &joined(&prefix, member.wire), kind, member.required);
        }
    }
    fields
}

fn push_parameters(fields: &mut Vec<Field>, spec: &'static Spec, kind: Option<Kind>) {
    for parameter in spec.parameters {
        if let Some(wire) = parameter.wire {
            let kind = kind.unwrap_or_else(|| parameter.kind.kind());
            push(fields, parameter.name, &joined(spec.service.request_prefix, wire), kind, true);
        }
    }
}

/// Appends what the gateway supplies in requests of a route.
fn push_supplied(fields: &mut Vec<Field>, spec: &'static Spec) {
    for supplied in spec.service.identification {
        push(fields, supplied.wire, supplied.wire, supplied.what.kind(), true);
    }
    for supplied in spec.supplied {
        let path = joined(spec.service.request_prefix, supplied.wire);
        push(fields, supplied.wire, &path, supplied.what.kind(), true);
    }
}

/// Appends a field at the next place of the root object.
fn push(fields: &mut Vec<Field>, label: &str, path: &str, kind: Kind, required: bool) {
    let index = fields.len();
    fields.push(Field { label: label.to_owned(), path: path.to_owned(), kind, required, index });
}

fn supplied_fields(headers: &'static [Supplied], element: &str) -> Vec<Field> {
    let mut fields = Vec::new();
    for (index, supplied) in headers.iter().enumerate() {
        if let Some(path) = supplied.wire.strip_prefix(element).and_then(|rest| rest.strip_prefix('/')) {
            let kind = supplied.what.kind();
            fields.push(Field {
                label: supplied.wire.to_owned(),
                path: path.to_owned(),
                kind,
                required: true,
                index,
            });
        }
    }
    fields
}

fn answer_fields(spec: &'static Spec, prefix: &str) -> Vec<Field> {
    let mut fields = Vec::new();
    for member in spec.answer.object.members {
        push(&mut fields, member.name, &joined(prefix, member.wire), member.kind, member.required);
    }
    fields
}

fn joined(prefix: &str, path: &str) -> String {
    match (prefix, path) {
        ("", path) => path.to_owned(),
        (prefix, "") => prefix.to_owned(),
        (prefix, path) => format!("{prefix}/{path}"),
    }
}

fn content_type(version: SoapVersion, action: Option<&str>) -> Result<HeaderValue, String> {
    let text = match (version, action) {
        (SoapVersion::V11, _) => "text/xml; charset=utf-8".to_owned(),
        (SoapVersion::V12, None) => "application/soap+xml; charset=utf-8".to_owned(),
        (SoapVersion::V12, Some(action)) => {
            format!("application/soap+xml; charset=utf-8; action=\"{action}\"")
        }
    };
    HeaderValue::from_str(&text).map_err(|_| "its soapAction cannot stand in a header".to_owned())
}

fn soap_action(version: SoapVersion, action: Option<&str>) -> Result<Option<HeaderValue>, String> {
    match version {
        SoapVersion::V12 => Ok(None),
        SoapVersion::V11 => HeaderValue::from_str(&format!("\"{}\"", action.unwrap_or("")))
            .map(Some)
            .map_err(|_| "its soapAction cannot stand in a header".to_owned()),
    }
}

impl Supply {
    /// What its values may be, seen from the wire.
    fn kind(self) -> Kind {
        match self {
            Self::StarInstitutionNumber | Self::KuiInstitutionNumber => {
                Kind::Integer { min: 0, max: 9_999_999_999 }
            }
            Self::OrganisationType => Kind::Code { max: 100, list: "organisation-type" },
            Self::UserType => code("request-user-type"),
            Self::Now => Kind::Instant,
            Self::TransactionId => Kind::Guid,
            Self::SystemName => text(1, 100),
            Self::OrganisationCode => text(1, 8),
            Self::UserName => text(1, 140),
            Self::UserIdentifier => text(1, 255),
        }
    }
}
