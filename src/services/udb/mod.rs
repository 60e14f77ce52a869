//! STIL's Ungedatabasen on Integrationsplatformen: contact persons of young people, and the municipality's reports.

pub mod changes;
pub mod contacts;
pub mod report;
pub mod row;

use crate::operation::{Service, Spec, Supplied, Supply};
use crate::problem::System;
use crate::soap::bind::Spellings;
use crate::soap::schema::SoapVersion;

/// The spellings that the documents use for one element.
const SPELLINGS: Spellings = &[
    &["STARInstitutionNummer", "StarInstitutionNummer"],
    &["SenesteRegistrering", "SenesteRegistering"],
    &["FejlKode", "Fejlkode"],
    &["FejlTekst", "Fejltekst"],
    &["UddannelsesRegistreringstid", "UddannelseRegistreringstid"],
    // A figure of version 1, and a heading of version 2.
    &["UddannelsesOnsker", "UdannelsesOnsker", "UddannelsesOensker"],
];

const IDENTIFICATION: &[Supplied] = &[
    Supplied { wire: "Identifier/SystemName", what: Supply::SystemName },
    Supplied { wire: "Identifier/SystemTransactionID", what: Supply::TransactionId },
];

/// HentInstitutionKontakt 1.0.
pub static HENT_INSTITUTION_KONTAKT: Service = Service {
    name: "HentInstitutionKontakt",
    upstream: "udb",
    systems: &[System::Ipl, System::Udb],
    address_key: "hent_institution_kontakt",
    prefers: SoapVersion::V12,
    wsdl_name: "hent_institution_kontakt.wsdl",
    wsdl: include_str!("hent_institution_kontakt.wsdl"),
    path: "/services/Ungedatabasen/HentInstitutionKontakt/v1.0",
    request_prefix: "Message/Hent",
    answer_prefix: "Message/HentSvar",
    identification: IDENTIFICATION,
    headers: &[],
    spellings: SPELLINGS,
};

/// IndberetningKontaktJobOgUddOensker 1.
pub static INDBERETNING: Service = Service {
    name: "IndberetningKontaktJobOgUddOensker",
    upstream: "udb",
    systems: &[System::Ipl, System::Udb],
    address_key: "indberetning_kontakt_job_og_udd_oensker",
    prefers: SoapVersion::V12,
    wsdl_name: "indberetning_kontakt_job_og_udd_oensker.wsdl",
    wsdl: include_str!("indberetning_kontakt_job_og_udd_oensker.wsdl"),
    path: "/services/Ungedatabasen/IndberetningKontaktJobOgUddOensker/v1",
    request_prefix: "Message/IndberetningKontaktJobOgUddOenskerRequest",
    answer_prefix: "Message/IndberetningSvar",
    identification: IDENTIFICATION,
    headers: &[],
    spellings: SPELLINGS,
};

/// Every route over the two services.
pub static SPECS: &[&Spec] = &[
    &contacts::GET_YOUTH_CONTACTS,
    &contacts::QUERY_YOUTH_CONTACTS,
    &changes::LIST_YOUTH_CONTACT_CHANGES,
    &report::REPORT_YOUTH,
];
