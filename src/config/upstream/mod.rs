//! `[upstreams]`: where the SOAP services are and how they are called.

mod breaker;
mod signing;
mod tls;

use std::path::PathBuf;
use std::time::Duration;

pub use breaker::Breaker;
pub use signing::{DigestMethod, SignatureMethod, Signing, Verify};
pub use tls::{Identity, IdentityFiles, Tls};

use super::section::Section;
use super::value::{boolean, choice, folder, http_url, integer, message_text, seconds};

/// `[upstreams.udb]`: Ungedatabasen on Integrationsplatformen.
#[derive(Clone, Debug, PartialEq)]
pub struct Udb {
    /// `system_name`: `SystemName` and `ModtagerSystemID`, 1 to 100 characters.
    pub system_name: String,
    /// `hent_institution_kontakt`: address of that service.
    pub hent_institution_kontakt: String,
    /// `indberetning_kontakt_job_og_udd_oensker`: address of that service.
    pub indberetning_kontakt_job_og_udd_oensker: String,
    /// `test_numbers`: also takes STIL's ten-character test numbers.
    pub test_numbers: bool,
    /// `[upstreams.udb.signing]`: WS-Security; absent: messages are not signed.
    pub signing: Option<Signing>,
    /// The keys that both upstreams have.
    pub common: Upstream,
}

impl Udb {
    /// The defaults around the three keys that must be there.
    pub fn new(
        system_name: String,
        hent_institution_kontakt: String,
        indberetning_kontakt_job_og_udd_oensker: String,
    ) -> Self {
        Self {
            system_name,
            hent_institution_kontakt,
            indberetning_kontakt_job_og_udd_oensker,
            test_numbers: false,
            signing: None,
            common: Upstream::new(DatetimeFormat::UtcMillis),
        }
    }
}

impl Udb {
    pub(super) fn read(section: &mut Section<'_>) -> Option<Self> {
        let system_name = section.required("system_name", message_text(100));
        let hent = section.required("hent_institution_kontakt", http_url);
        let indberetning = section.required("indberetning_kontakt_job_og_udd_oensker", http_url);
        let test_numbers = section.or("test_numbers", false, boolean);
        let signing = section.optional_table("signing", Signing::read).flatten();
        let common = Upstream::read(section, DatetimeFormat::UtcMillis);
        Some(Self { test_numbers, signing, common, ..Self::new(system_name?, hent?, indberetning?) })
    }
}

/// `[upstreams.dfdg]`: STAR's PersonRegistrationService.
#[derive(Clone, Debug, PartialEq)]
pub struct Dfdg {
    /// `endpoint`
    pub endpoint: String,
    /// `system_user_identifier`: `UserIdentifier` of a client credential instead of its `sub`.
    pub system_user_identifier: Option<String>,
    /// The keys that both upstreams have.
    pub common: Upstream,
}

impl Dfdg {
    /// The defaults around the one key that must be there.
    pub fn new(endpoint: String) -> Self {
        Self { endpoint, system_user_identifier: None, common: Upstream::new(DatetimeFormat::LocalOffset) }
    }
}

impl Dfdg {
    pub(super) fn read(section: &mut Section<'_>) -> Option<Self> {
        let endpoint = section.required("endpoint", http_url);
        let system_user_identifier = section.optional("system_user_identifier", message_text(255));
        let common = Upstream::read(section, DatetimeFormat::LocalOffset);
        Some(Self { system_user_identifier, common, ..Self::new(endpoint?) })
    }
}

/// One section below `[upstreams]`, whichever it is.
#[derive(Clone, Copy, Debug)]
pub struct UpstreamSection<'c> {
    /// Its name.
    pub name: &'static str,
    /// The keys that every upstream has.
    pub common: &'c Upstream,
    /// How messages are signed, where they are.
    pub signing: Option<&'c Signing>,
    addresses: [(&'static str, &'c str); 2],
}

impl<'c> UpstreamSection<'c> {
    /// The address under a key.
    pub fn address(&self, key: &str) -> Option<&'c str> {
        self.addresses.iter().find(|(known, _)| *known == key).map(|(_, address)| *address)
    }
}

impl Udb {
    pub(super) fn section(&self) -> UpstreamSection<'_> {
        UpstreamSection {
            name: "udb",
            common: &self.common,
            signing: self.signing.as_ref(),
            addresses: [
                ("hent_institution_kontakt", &self.hent_institution_kontakt),
                ("indberetning_kontakt_job_og_udd_oensker", &self.indberetning_kontakt_job_og_udd_oensker),
            ],
        }
    }
}

impl Dfdg {
    pub(super) fn section(&self) -> UpstreamSection<'_> {
        let address = ("endpoint", self.endpoint.as_str());
        UpstreamSection { name: "dfdg", common: &self.common, signing: None, addresses: [address, address] }
    }
}

/// The keys that every upstream has.
#[derive(Clone, Debug, PartialEq)]
pub struct Upstream {
    /// `wsdl_dir`: official WSDL and XSD files instead of the bundled ones.
    pub wsdl_dir: Option<PathBuf>,
    /// `datetime_format`
    pub datetime_format: DatetimeFormat,
    /// `timeout_seconds`: for the whole call, attempts included.
    pub timeout: Duration,
    /// `connect_timeout_seconds`
    pub connect_timeout: Duration,
    /// `idle_timeout_seconds`: of pooled connections.
    pub idle_timeout: Duration,
    /// `response_limit_bytes`
    pub response_limit_bytes: usize,
    /// `max_in_flight`
    pub max_in_flight: usize,
    /// `max_waiting`
    pub max_waiting: usize,
    /// `proxy`: the only proxy there is; environment variables are ignored.
    pub proxy: Option<String>,
    /// `[upstreams.<name>.breaker]`
    pub breaker: Breaker,
    /// `[upstreams.<name>.tls]`
    pub tls: Tls,
}

impl Upstream {
    /// The defaults, but for the one that differs between the two.
    pub fn new(datetime_format: DatetimeFormat) -> Self {
        Self {
            wsdl_dir: None,
            datetime_format,
            timeout: Duration::from_secs(15),
            connect_timeout: Duration::from_secs(2),
            idle_timeout: Duration::from_secs(30),
            response_limit_bytes: 4_194_304,
            max_in_flight: 64,
            max_waiting: 256,
            proxy: None,
            breaker: Breaker::default(),
            tls: Tls::default(),
        }
    }
}

impl Upstream {
    fn read(section: &mut Section<'_>, datetime_format: DatetimeFormat) -> Self {
        let default = Self::new(datetime_format);
        let up_to_an_hour = || seconds(0.001..=3600.0);
        Self {
            wsdl_dir: section.optional("wsdl_dir", folder),
            datetime_format: section.or(
                "datetime_format",
                default.datetime_format,
                choice(&DATETIME_FORMATS),
            ),
            timeout: section.or("timeout_seconds", default.timeout, up_to_an_hour()),
            connect_timeout: section.or("connect_timeout_seconds", default.connect_timeout, up_to_an_hour()),
            idle_timeout: section.or("idle_timeout_seconds", default.idle_timeout, seconds(0.0..=3600.0)),
            response_limit_bytes: section.or(
                "response_limit_bytes",
                default.response_limit_bytes,
                integer(1024..=1 << 30),
            ),
            max_in_flight: section.or("max_in_flight", default.max_in_flight, integer(1..=100_000)),
            max_waiting: section.or("max_waiting", default.max_waiting, integer(0..=1_000_000)),
            proxy: section.optional("proxy", http_url),
            breaker: section.table("breaker", Breaker::read),
            tls: section.table("tls", Tls::read),
        }
    }
}

const DATETIME_FORMATS: [(&str, DatetimeFormat); 2] =
    [("utc-millis", DatetimeFormat::UtcMillis), ("local-offset", DatetimeFormat::LocalOffset)];

/// `datetime_format`
pub use crate::types::time::WireFormat as DatetimeFormat;
