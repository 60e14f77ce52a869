//! What defines a route: its operation, its rights, and where every member goes. Each is defined once, as a constant.

use crate::problem::System;
use crate::shape::{Kind, Member, Object};
use crate::soap::bind::Spellings;
use crate::soap::schema::SoapVersion;
use crate::types::AuthorityKind;

/// When the interface description of release 2024-2 called operations phased out or not in use: June 2024.
pub const PHASED_OUT: &str = "@1718409600";

/// A SOAP service: the WSDL that decides its wire, and what is around its messages.
#[derive(Debug)]
pub struct Service {
    /// Its name in logs, metrics and the commands' output.
    pub name: &'static str,
    /// The section below `[upstreams]` that says where it is.
    pub upstream: &'static str,
    /// The systems whose codes its operations answer; that of its faults first.
    pub systems: &'static [System],
    /// The key of its address in that section.
    pub address_key: &'static str,
    /// The version of SOAP to speak where a WSDL offers both.
    pub prefers: SoapVersion,
    /// File name of the bundled WSDL.
    pub wsdl_name: &'static str,
    /// The bundled WSDL.
    pub wsdl: &'static str,
    /// Path of the official address (the sandbox serves it).
    pub path: &'static str,
    /// Elements around the operation's own request, inside the request element.
    pub request_prefix: &'static str,
    /// Elements around the operation's own answer, inside the answer element.
    pub answer_prefix: &'static str,
    /// What the gateway fills into every request of the service.
    pub identification: &'static [Supplied],
    /// What the gateway fills into the SOAP headers; each path begins with the header's element.
    pub headers: &'static [Supplied],
    /// Names that the documents spell in several ways.
    pub spellings: Spellings,
}

/// A value that the gateway knows and the client does not send.
#[derive(Debug, Clone, Copy)]
pub struct Supplied {
    /// The elements that it fills, spelled as the interface description does.
    pub wire: &'static str,
    /// What it is.
    pub what: Supply,
}

/// What the gateway can supply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Supply {
    /// `star_institution_number` of the authority.
    StarInstitutionNumber,
    /// `kui_institution_number` of the authority.
    KuiInstitutionNumber,
    /// `upstreams.udb.system_name`.
    SystemName,
    /// A new GUID for each call.
    TransactionId,
    /// `OrganisationTypeIdentifier` of the authority's kind.
    OrganisationType,
    /// The authority's code.
    OrganisationCode,
    /// The acting user's full name.
    UserName,
    /// Caseworker (2) or system (3).
    UserType,
    /// The acting user's identifier.
    UserIdentifier,
    /// The time of the call.
    Now,
}

/// The scopes of a route; all of them are needed. There is no empty one: a route without rights does not compile.
#[derive(Debug, Clone, Copy)]
pub struct Scopes(&'static [&'static str]);

impl Scopes {
    /// All of these.
    pub const fn all(scopes: &'static [&'static str]) -> Self {
        assert!(!scopes.is_empty(), "a route needs at least one scope");
        Self(scopes)
    }

    /// The names.
    pub const fn names(&self) -> &'static [&'static str] {
        self.0
    }
}

/// The kinds of authority that may use a route; at least one.
#[derive(Debug, Clone, Copy)]
pub struct Kinds(&'static [AuthorityKind]);

impl Kinds {
    /// Any of these.
    pub const fn any(kinds: &'static [AuthorityKind]) -> Self {
        assert!(!kinds.is_empty(), "a route needs at least one kind of authority");
        Self(kinds)
    }

    /// The kinds.
    pub const fn kinds(&self) -> &'static [AuthorityKind] {
        self.0
    }
}

/// The HTTP methods that routes use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Method {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

impl Method {
    /// The method's name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// Whether a call changes something upstream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// A look-up.
    Read,
    /// A registration or report: sent once.
    Write,
}

/// A segment of the path that stands for a value.
#[derive(Debug)]
pub struct Parameter {
    /// Its name in the path.
    pub name: &'static str,
    /// The elements it fills; `None`: authorisation, audit and cache only.
    pub wire: Option<&'static str>,
    /// What it is.
    pub kind: ParameterKind,
    /// What it means.
    pub doc: &'static str,
}

/// What a segment of the path stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParameterKind {
    /// A CPR number of the STAR pattern, or `-` with the number in a header.
    Cpr,
    /// A CPR number, and STIL's test numbers where the configuration takes them.
    YouthCpr,
    /// An identifier of an earlier receipt.
    Guid,
    /// Eight digits.
    CvCustomer,
}

/// A query parameter.
#[derive(Debug)]
pub struct QueryParameter {
    /// Its name.
    pub name: &'static str,
    /// What it means.
    pub doc: &'static str,
    /// Whether it is a date and time, else an opaque text.
    pub is_time: bool,
    /// A value for the documents.
    pub example: &'static str,
    /// The elements that it fills, where it goes over the wire as it is.
    pub wire: Option<&'static str>,
}

/// How a route is answered, once rights and content were checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answers {
    /// Sent once, answered with the members of the upstream's answer.
    Registration,
    /// About one person, remembered and gathered with others into one call.
    LookUp,
    /// The same about many persons.
    LookUpOfMany,
    /// Pages of what changed since a time.
    Feed,
    /// Sent once; the answer says whether it was accepted.
    Report,
}

/// Members of one object, below elements of their own.
#[derive(Debug)]
pub struct Part {
    /// Elements around the members' own, or nothing.
    pub prefix: &'static str,
    /// The members.
    pub object: &'static Object,
}

/// Everything about a route that does not differ between two calls of it.
#[derive(Debug)]
pub struct Spec {
    /// The operationId.
    pub id: &'static str,
    /// The SOAP operation.
    pub operation: &'static str,
    /// The service that has it.
    pub service: &'static Service,
    /// The method.
    pub method: Method,
    /// The path template.
    pub path: &'static str,
    /// The scopes.
    pub scopes: Scopes,
    /// The kinds of authority; `[routes.<id>] authorities` overrides them.
    pub authorities: Kinds,
    /// Read or write.
    pub effect: Effect,
    /// The segments of the path, in its order.
    pub parameters: &'static [Parameter],
    /// The query parameters.
    pub query: &'static [QueryParameter],
    /// The JSON body: the members of all parts share one object. Empty: no body.
    pub body: &'static [Part],
    /// Members of which the body needs at least one.
    pub at_least_one_of: &'static [&'static str],
    /// What the gateway supplies in this operation's request.
    pub supplied: &'static [Supplied],
    /// The answer's members.
    pub answer: Part,
    /// The published answer, where it is not the wire's.
    pub document: Option<&'static Object>,
    /// How it is answered.
    pub answers: Answers,
    /// The status of success.
    pub status: u16,
    /// Path of what was created, with the names of path parameters and of the answer's members in braces.
    pub location: Option<&'static str>,
    /// Whether it is deprecated since the upstream phased it out.
    pub deprecated: bool,
    /// The tag in the documents.
    pub tag: &'static str,
    /// One line for lists.
    pub summary: &'static str,
    /// What it does, for whom, and what to know.
    pub description: &'static str,
}

impl Spec {
    /// The members of the body, part by part.
    pub fn body_members(&self) -> impl Iterator<Item = &'static Member> {
        self.body.iter().flat_map(|part| part.object.members)
    }

    /// Whether a CPR number is among the path's values.
    pub fn cpr_parameter(&self) -> Option<&'static Parameter> {
        self.parameters.iter().find(|parameter| parameter.kind.is_cpr())
    }

    /// Whether the CPR number goes over the wire (in the path or the query of the operation).
    pub fn sends_cpr(&self) -> bool {
        self.cpr_parameter().is_none_or(|parameter| parameter.wire.is_some())
            && self.cpr_parameter().is_some()
    }
}

impl ParameterKind {
    /// Whether it is a CPR number.
    pub fn is_cpr(self) -> bool {
        matches!(self, Self::Cpr | Self::YouthCpr)
    }

    /// What its values may be, seen from the wire.
    pub fn kind(self) -> Kind {
        match self {
            Self::Cpr | Self::YouthCpr => crate::shape::text(10, 10),
            Self::Guid => Kind::Guid,
            Self::CvCustomer => crate::shape::text(8, 8),
        }
    }
}
