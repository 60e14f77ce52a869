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

use crate::operation::{Answers, Effect, Kinds, Method, Scopes, Service, Spec, Supplied, Supply};
use crate::problem::System;
use crate::soap::schema::SoapVersion;

/// PersonRegistrationService. Who calls stands in two SOAP headers, which STAR logs for every call.
pub static SERVICE: Service = Service {
    name: "PersonRegistrationService",
    upstream: "dfdg",
    systems: &[System::Dfdg],
    address_key: "endpoint",
    prefers: SoapVersion::V11,
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
pub fn specs() -> impl Iterator<Item = &'static Spec> {
    [
        interview::SPECS,
        category::SPECS,
        contact_group::SPECS,
        health_limitation::SPECS,
        group_marking::SPECS,
        consent::SPECS,
        jobcenter::SPECS,
        unemployment_fund::SPECS,
    ]
    .into_iter()
    .flatten()
    .copied()
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
        answers: Answers::Registration,
        status: 200,
        location: None,
        deprecated: false,
        tag,
        summary: "",
        description: "",
    }
}
