//! STAR's DFDG: PersonRegistrationService, version 9. One file for each kind of registration.

pub mod category;
pub mod consent;
pub mod contact_group;
pub mod fields;
pub mod group_marking;
pub mod health_limitation;
pub mod interview;
pub mod jobcenter;
pub mod unemployment_fund;

use crate::http::Mount;
use crate::operation::{Effect, Kinds, Method, Scopes, Service, Spec, Supplied, Supply, Upstream};

/// PersonRegistrationService. Who calls stands in two SOAP headers, which STAR logs for every call.
pub static SERVICE: Service = Service {
    name: "PersonRegistrationService",
    upstream: Upstream::Dfdg,
    wsdl_name: "person_registration_service.wsdl",
    wsdl: include_str!("person_registration_service.wsdl"),
    path: "/9/PersonRegistrationService.svc",
    request_prefix: "",
    answer_prefix: "",
    identification: &[],
    headers: &[
        header("RequestUserMetadataHeader/RequestUserStructure/UserFullName", Supply::UserName),
        header("RequestUserMetadataHeader/RequestUserStructure/RequestUserTypeIdentifier", Supply::UserType),
        header("RequestUserMetadataHeader/RequestUserStructure/UserIdentifier", Supply::UserIdentifier),
        header(
            "RequestUserMetadataHeader/RequestOrganisationStructure/OrganisationTypeIdentifier",
            Supply::OrganisationType,
        ),
        header(
            "RequestUserMetadataHeader/RequestOrganisationStructure/OrganisationCode",
            Supply::OrganisationCode,
        ),
        header("RequestUserMetadataHeader/RegistrationDateTime", Supply::Now),
        header("ActiveOrganisationHeader/OrganisationTypeIdentifier", Supply::OrganisationType),
        header("ActiveOrganisationHeader/OrganisationCode", Supply::OrganisationCode),
    ],
    spellings: &[],
};

const fn header(wire: &'static str, what: Supply) -> Supplied {
    Supplied { wire, what }
}

/// Every route over the service.
pub fn routes() -> impl Iterator<Item = &'static Mount> {
    [
        interview::ROUTES,
        category::ROUTES,
        contact_group::ROUTES,
        health_limitation::ROUTES,
        group_marking::ROUTES,
        consent::ROUTES,
        jobcenter::ROUTES,
        unemployment_fund::ROUTES,
    ]
    .into_iter()
    .flatten()
}

/// What the routes over the service have in common; the rights are each file's own.
const fn registration(scopes: Scopes, authorities: Kinds, tag: &'static str) -> Spec {
    Spec {
        id: "",
        operation: "",
        service: &SERVICE,
        method: Method::Post,
        path: "",
        scopes,
        authorities,
        effect: Effect::Write,
        parameters: &[],
        query: &[],
        body: &[],
        at_least_one_of: &[],
        supplied: &[],
        answer: fields::RECEIPT,
        document: None,
        status: 200,
        location: None,
        deprecated: false,
        tag,
        summary: "",
        description: "",
    }
}
