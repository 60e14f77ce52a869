//! Second step: what a request says besides who sends it: path, query, headers and body, all checked.

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;

use super::{Request, headers};
use crate::config::Config;
use crate::idempotency::IdempotencyKey;
use crate::operation::{Effect, Parameter, ParameterKind, Spec};
use crate::problem::{Place, Problem, names};
use crate::route::Compiled;
use crate::shape::read::{self, Fault};
use crate::shape::reason::Reason;
use crate::shape::value::Value;
use crate::shape::{GUID, Item, Kind, Member, json, write};
use crate::types::Cpr;

const CPR_HEADER: &str = "X-CivilRegistrationIdentifier";

/// A request's content, in the order of the route's definition.
pub struct Incoming<'b> {
    /// The values of the path that go over the wire.
    pub sent_parameters: Vec<Value<'b>>,
    /// The CPR number of the path or the header.
    pub cpr: Option<Cpr>,
    /// The query parameters.
    pub query: BTreeMap<&'static str, String>,
    /// The values of the body's members.
    pub body: Vec<Value<'b>>,
    /// `If-None-Match`.
    pub if_none_match: Option<String>,
    /// Whether the client wants an answer that was not remembered.
    pub no_cache: bool,
    /// `Idempotency-Key`; on writes only.
    pub idempotency_key: Option<IdempotencyKey>,
    /// `X-Purpose`.
    pub purpose: Option<String>,
    /// Whether the client asks for lines of JSON.
    pub accepts_ndjson: bool,
    /// Every path value as the client wrote it, the CPR number as `-` where it came in the header.
    written: Vec<(&'static str, String)>,
}

impl<'b> Incoming<'b> {
    /// Checks path, query and headers; all that is wrong in one kind is named at once.
    pub fn of_path(request: &Request<'_>, route: &Compiled, config: &Config) -> Result<Self, Problem> {
        let spec = route.spec;
        let mut incoming = Self {
            sent_parameters: Vec::new(),
            cpr: None,
            query: BTreeMap::new(),
            body: Vec::new(),
            if_none_match: request.text("if-none-match").map(str::to_owned),
            no_cache: request.text("cache-control").is_some_and(asks_no_cache),
            idempotency_key: None,
            purpose: None,
            accepts_ndjson: request
                .text("accept")
                .is_some_and(|accept| accepts(accept, "application/x-ndjson")),
            written: Vec::new(),
        };
        let mut wrong = Problem::own(names::INVALID_IDENTIFIER);
        for parameter in spec.parameters {
            let written = request.in_path(parameter.name).unwrap_or_default();
            let value = match parameter.kind {
                ParameterKind::Cpr | ParameterKind::YouthCpr => {
                    let cpr = resolve_cpr(request, written, parameter.kind, config)?;
                    let text = cpr.as_str().to_owned();
                    incoming.cpr = Some(cpr);
                    text
                }
                ParameterKind::Guid | ParameterKind::CvCustomer => {
                    if let Err(reason) = check_identifier(parameter, written) {
                        wrong = wrong.at(Place::Parameter(parameter.name), reason);
                    }
                    written.to_owned()
                }
            };
            incoming.written.push((parameter.name, written.to_owned()));
            if parameter.wire.is_some() {
                incoming.sent_parameters.push(Value::Text(value.into()));
            }
        }
        if !wrong.errors.is_empty() {
            return Err(wrong);
        }
        incoming.query = query(request, spec)?;
        incoming.purpose = headers::purpose(request, &config.audit)?;
        if spec.effect == Effect::Write {
            incoming.idempotency_key = headers::idempotency_key(request)?;
        }
        Ok(incoming)
    }

    /// Checks the body against the route's members.
    pub fn take_body(&mut self, bytes: &'b [u8], route: &Compiled, config: &Config) -> Result<(), Problem> {
        let spec = route.spec;
        if spec.body.is_empty() {
            return Ok(());
        }
        let json = json::parse(bytes).map_err(|error| {
            let (en, da) = if error.duplicate {
                ("a member twice", "et felt to gange")
            } else {
                ("not JSON", "ikke JSON")
            };
            Problem::own(names::MALFORMED_JSON).saying(
                format!("At line {}, column {}: {en}.", error.line, error.column),
                format!("I linje {}, kolonne {}: {da}.", error.line, error.column),
            )
        })?;
        let segments: Vec<_> = spec.body.iter().map(|part| part.object.members).collect();
        let (values, mut faults) = read::body(&segments, json);
        self.body = values;
        if !faults.iter().any(|fault| fault.reason == Reason::NotObject && fault.pointer.is_empty()) {
            self.look_at_the_whole(route, config, &mut faults);
        }
        if faults.is_empty() {
            Ok(())
        } else {
            Err(Problem::own(names::VALIDATION_FAILED).with_faults(faults))
        }
    }

    /// What only the whole body can show: nothing chosen, a differing identifier, a member that the WSDL does not have;
    /// and test numbers where they are not taken. `faults` has those of single values, and gets these too.
    fn look_at_the_whole(&self, route: &Compiled, config: &Config, faults: &mut Vec<Fault>) {
        let spec = route.spec;
        let members = || spec.body_members().zip(&self.body);
        let choice = spec.at_least_one_of;
        let is_there = |member: &Member, value: &Value<'_>| {
            !value.is_absent() || faults.iter().any(|fault| fault.pointer == format!("/{}", member.name))
        };
        if !choice.is_empty()
            && !members().any(|(member, value)| choice.contains(&member.name) && is_there(member, value))
        {
            faults.push(Fault { pointer: String::new(), reason: Reason::NoneOf(choice) });
        }
        for (wire, in_path) in
            spec.parameters.iter().filter_map(|parameter| parameter.wire).zip(&self.sent_parameters)
        {
            for part in spec.body {
                for member in part.object.members {
                    let same = wire.strip_prefix(part.prefix).and_then(|rest| rest.strip_prefix('/'))
                        == Some(member.wire);
                    let value =
                        members().find(|(other, _)| std::ptr::eq(*other, member)).map(|(_, value)| value);
                    if same && differs(value, in_path) {
                        faults.push(Fault {
                            pointer: format!("/{}", member.name),
                            reason: Reason::DiffersFromPath,
                        });
                    }
                }
            }
        }
        for pointer in &route.unsendable {
            let path: Vec<&str> = pointer.split('/').skip(1).collect();
            if is_present(spec.body_members(), &self.body, &path) {
                faults.push(Fault { pointer: pointer.clone(), reason: Reason::NotInContract });
            }
        }
        let lists = members().filter(|(member, _)| is_list_of_numbers(member));
        for (member, list) in lists.filter(|_| !config.takes_test_numbers()) {
            for (index, number) in list.items().iter().enumerate() {
                if number.as_text().is_some_and(|number| Cpr::parse(number).is_none()) {
                    let pointer = format!("/{}/{index}", member.name);
                    faults.push(Fault { pointer, reason: Reason::NotCpr });
                }
            }
        }
    }

    /// The body's members as they were understood: equal requests are equal here, however they were written.
    pub(super) fn body_as_json(&self, spec: &Spec) -> Vec<u8> {
        let mut json = Vec::new();
        let mut values = self.body.as_slice();
        for part in spec.body {
            let (own, rest) = values.split_at(part.object.members.len());
            write::object(part.object.members, own, &mut json);
            values = rest;
        }
        json
    }

    /// How many persons the body names.
    pub fn persons_in_body(&self, spec: &Spec) -> usize {
        let values = spec.body_members().zip(&self.body);
        let persons = values.filter(|(member, _)| is_list_of_numbers(member));
        persons.map(|(_, value)| value.items().len()).sum()
    }

    /// Whether the upstream is told whom the request is about.
    pub fn sends_person(&self, spec: &Spec) -> bool {
        spec.cpr_parameter().is_none_or(|parameter| parameter.wire.is_some())
    }

    /// The identifier that the upstream knows the registration by, where it is not told the CPR number.
    pub fn resource(&self, spec: &Spec) -> Option<&str> {
        let by_identifier = spec.cpr_parameter().is_some_and(|parameter| parameter.wire.is_none());
        let mut identifiers =
            spec.parameters.iter().filter(|parameter| parameter.kind == ParameterKind::Guid);
        let name = identifiers.next_back().filter(|_| by_identifier)?.name;
        self.written.iter().find(|(written, _)| *written == name).map(|(_, value)| value.as_str())
    }

    /// Every value of the path as it was resolved: the CPR number also where it came by header.
    pub fn path_values(&self) -> impl Iterator<Item = String> {
        let cpr = self.cpr.as_ref().map(|cpr| cpr.as_str().to_owned());
        let others = self.written.iter().filter(|(name, _)| *name != "cpr");
        // Identifiers compare without regard to case.
        cpr.into_iter().chain(others.map(|(_, value)| value.to_ascii_lowercase()))
    }

    /// A CPR number that stands in path or header, for the record of a refusal; nothing is checked but its form.
    pub fn cpr_as_written(request: &Request<'_>) -> Option<Cpr> {
        let written = request.in_path("cpr")?;
        let header = || request.single(CPR_HEADER).ok().flatten();
        let text = if written == "-" { header()? } else { written };
        Cpr::parse_with_test_numbers(text)
    }

    /// The path of what a route creates, with the client's own way of naming the person.
    pub fn location_template(&self, spec: &Spec) -> Option<String> {
        let mut path = spec.location?.to_owned();
        for (name, written) in &self.written {
            path = path.replace(&format!("{{{name}}}"), written);
        }
        Some(path)
    }
}

fn asks_no_cache(control: &str) -> bool {
    control.split(',').any(|directive| {
        let directive = directive.trim();
        directive.eq_ignore_ascii_case("no-cache") || directive.eq_ignore_ascii_case("no-store")
    })
}

/// Whether `Accept` names the media type itself; wildcards mean JSON.
fn accepts(accept: &str, media_type: &str) -> bool {
    accept
        .split(',')
        .filter_map(|range| range.split(';').next())
        .any(|range| range.trim().eq_ignore_ascii_case(media_type))
}

fn is_list_of_numbers(member: &Member) -> bool {
    matches!(member.kind, Kind::List { of: Item::Cpr, .. })
}

fn differs(in_body: Option<&Value<'_>>, in_path: &Value<'_>) -> bool {
    match (in_body.and_then(Value::as_text), in_path.as_text()) {
        (Some(in_body), Some(in_path)) => !in_body.eq_ignore_ascii_case(in_path),
        _ => false,
    }
}

fn is_present<'m>(members: impl Iterator<Item = &'m Member>, values: &[Value<'_>], path: &[&str]) -> bool {
    let Some((first, rest)) = path.split_first() else { return true };
    let Some((member, value)) = members.zip(values).find(|(member, _)| member.name == *first) else {
        return false;
    };
    match (&member.kind, value) {
        (_, Value::Absent) => false,
        (Kind::Object(object), Value::Object(values)) => is_present(object.members.iter(), values, rest),
        (Kind::List { of: Item::Object(object), .. }, Value::List(items)) => {
            items.iter().any(|item| is_present(object.members.iter(), item.members(), rest))
        }
        _ => true,
    }
}

fn check_identifier(parameter: &Parameter, written: &str) -> Result<(), Reason> {
    match parameter.kind {
        ParameterKind::Guid if GUID.matches(written) => Ok(()),
        ParameterKind::Guid => Err(Reason::NotGuid),
        ParameterKind::CvCustomer
            if written.len() == 8 && written.bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            Ok(())
        }
        ParameterKind::CvCustomer => Err(Reason::Pattern("[0-9]{8}")),
        ParameterKind::Cpr | ParameterKind::YouthCpr => Ok(()),
    }
}

/// The number of the path, or of the header where the path has `-`.
fn resolve_cpr(
    request: &Request<'_>,
    written: &str,
    kind: ParameterKind,
    config: &Config,
) -> Result<Cpr, Problem> {
    let invalid = |place| Problem::own(names::INVALID_CPR).at(place, Reason::NotCpr);
    let parse = |text: &str| match kind {
        ParameterKind::YouthCpr if config.takes_test_numbers() => Cpr::parse_with_test_numbers(text),
        _ => Cpr::parse(text),
    };
    let header = request.single(CPR_HEADER).map_err(|()| invalid(Place::Header(CPR_HEADER)))?;
    let in_header = match header {
        Some(text) => Some(parse(text).ok_or_else(|| invalid(Place::Header(CPR_HEADER)))?),
        None => None,
    };
    if written == "-" {
        return in_header
            .ok_or_else(|| Problem::own(names::INVALID_CPR).at(Place::Header(CPR_HEADER), Reason::Missing));
    }
    if !config.server.cpr_in_path {
        return Err(Problem::own(names::CPR_IN_PATH_REFUSED));
    }
    let in_path = parse(written).ok_or_else(|| invalid(Place::Parameter("cpr")))?;
    match in_header {
        Some(in_header) if in_header != in_path => {
            let reason =
                Reason::Header("differs from the number in the path", "er ikke det samme nummer som i stien");
            Err(Problem::own(names::INVALID_CPR).at(Place::Header(CPR_HEADER), reason))
        }
        _ => Ok(in_path),
    }
}

fn query(request: &Request<'_>, spec: &'static Spec) -> Result<BTreeMap<&'static str, String>, Problem> {
    let mut wrong = Problem::own(names::INVALID_PARAMETER);
    let mut values = BTreeMap::new();
    for pair in request.query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let known = spec.query.iter().find(|parameter| percent_decode_str(name).eq(parameter.name.bytes()));
        // "+" is left alone: it stands for itself in a time's offset far more often than for a space.
        let value = percent_decode_str(value).decode_utf8();
        match (known, value) {
            // An unknown name is the client's own text and may be personal: it is not repeated.
            (None, _) => wrong = wrong.at(Place::Parameter("?"), Reason::UnknownParameter),
            (Some(parameter), Err(_)) => wrong = wrong.at(Place::Parameter(parameter.name), Reason::NotText),
            (Some(parameter), Ok(value)) => {
                if values.insert(parameter.name, value.into_owned()).is_some() {
                    let twice = Reason::Header("must be given once", "må kun angives én gang");
                    wrong = wrong.at(Place::Parameter(parameter.name), twice);
                }
            }
        }
    }
    if wrong.errors.is_empty() { Ok(values) } else { Err(wrong) }
}
