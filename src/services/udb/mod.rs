//! STIL's Ungedatabasen on Integrationsplatformen: contact persons of young people, and the municipality's reports.

mod answer_size;
pub mod changes;
pub mod contacts;
mod cursor;
pub mod gather;
pub mod known;
pub mod lookup;
pub mod report;
pub mod row;
mod stream;
pub mod wire;

use crate::http::{Mount, mount};
use crate::operation::{Service, Supplied, Supply, Upstream};
use crate::soap::bind::Spellings;

/// The spellings that the documents use for one element.
const SPELLINGS: Spellings = &[
    &["STARInstitutionNummer", "StarInstitutionNummer"],
    &["SenesteRegistrering", "SenesteRegistering"],
    &["FejlKode", "Fejlkode"],
    &["FejlTekst", "Fejltekst"],
    &["UddannelseRegistreringstid", "UddannelsesRegistreringstid"],
];

const IDENTIFICATION: &[Supplied] = &[
    Supplied { wire: "Identifier/SystemName", what: Supply::SystemName },
    Supplied { wire: "Identifier/SystemTransactionID", what: Supply::TransactionId },
];

/// HentInstitutionKontakt 1.0.
pub static HENT_INSTITUTION_KONTAKT: Service = Service {
    name: "HentInstitutionKontakt",
    upstream: Upstream::Udb,
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
    upstream: Upstream::Udb,
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
pub const ROUTES: &[Mount] = &[
    mount::<contacts::GetYouthContacts>(),
    mount::<contacts::QueryYouthContacts>(),
    mount::<changes::ListYouthContactChanges>(),
    mount::<report::ReportYouth>(),
];
