//! `[upstreams]`: where the SOAP services are and how they are called.

use std::path::PathBuf;
use std::time::Duration;

use super::fault::Reason;
use super::section::Section;
use super::value::{
    boolean, choice, file, folder, http_url, integer, message_text, number, seconds,
};

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
        Some(Self {
            test_numbers,
            signing,
            common,
            ..Self::new(system_name?, hent?, indberetning?)
        })
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
        Self {
            endpoint,
            system_user_identifier: None,
            common: Upstream::new(DatetimeFormat::LocalOffset),
        }
    }
}

impl Dfdg {
    pub(super) fn read(section: &mut Section<'_>) -> Option<Self> {
        let endpoint = section.required("endpoint", http_url);
        let system_user_identifier = section.optional("system_user_identifier", message_text(255));
        let common = Upstream::read(section, DatetimeFormat::LocalOffset);
        Some(Self {
            system_user_identifier,
            common,
            ..Self::new(endpoint?)
        })
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
            connect_timeout: section.or(
                "connect_timeout_seconds",
                default.connect_timeout,
                up_to_an_hour(),
            ),
            idle_timeout: section.or(
                "idle_timeout_seconds",
                default.idle_timeout,
                seconds(0.0..=3600.0),
            ),
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

const DATETIME_FORMATS: [(&str, DatetimeFormat); 2] = [
    ("utc-millis", DatetimeFormat::UtcMillis),
    ("local-offset", DatetimeFormat::LocalOffset),
];

/// How instants are written towards an upstream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DatetimeFormat {
    /// `utc-millis`: UTC with three decimals and `Z`.
    UtcMillis,
    /// `local-offset`: Danish local time with its offset.
    LocalOffset,
}

/// `[upstreams.<name>.breaker]`
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Breaker {
    /// `consecutive_failures`: opens after so many in a row.
    pub consecutive_failures: u32,
    /// `failure_rate`: opens at this share of failures, above 0 and at most 1.
    pub failure_rate: f64,
    /// `minimum_calls`: below this many calls in `window` the rate says nothing.
    pub minimum_calls: u32,
    /// `window_seconds`
    pub window: Duration,
    /// `open_seconds`: how long no call is let through.
    pub open: Duration,
}

impl Default for Breaker {
    fn default() -> Self {
        Self {
            consecutive_failures: 5,
            failure_rate: 0.5,
            minimum_calls: 20,
            window: Duration::from_secs(30),
            open: Duration::from_secs(10),
        }
    }
}

impl Breaker {
    fn read(section: &mut Section<'_>) -> Self {
        let default = Self::default();
        let mut count = |name, default| section.or(name, default, integer(1..=1_000_000));
        Self {
            consecutive_failures: count("consecutive_failures", default.consecutive_failures),
            minimum_calls: count("minimum_calls", default.minimum_calls),
            failure_rate: section.or("failure_rate", default.failure_rate, number(0.001..=1.0)),
            window: section.or("window_seconds", default.window, seconds(0.1..=3600.0)),
            open: section.or("open_seconds", default.open, seconds(0.1..=3600.0)),
        }
    }
}

/// `[upstreams.<name>.tls]`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tls {
    /// The client certificate; absent: none is shown.
    pub identity: Option<Identity>,
    /// `ca_file`: PEM; absent: the web PKI roots.
    pub ca_file: Option<PathBuf>,
}

impl Tls {
    fn read(section: &mut Section<'_>) -> Self {
        Self {
            identity: Identity::read(section),
            ca_file: section.optional("ca_file", file),
        }
    }
}

/// A certificate with its key, and the one that takes over from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// `identity` and `identity_password_file`
    pub current: IdentityFiles,
    /// `next_identity` and `next_identity_password_file`: used from when it is valid and the
    /// first has under 24 hours left.
    pub next: Option<IdentityFiles>,
}

impl Identity {
    fn read(section: &mut Section<'_>) -> Option<Self> {
        let current = IdentityFiles::read(section, "identity", "identity_password_file");
        let next = IdentityFiles::read(section, "next_identity", "next_identity_password_file");
        if section.has_set("next_identity") && !section.has_set("identity") {
            section.fault("next_identity", Reason::rule("needs identity"));
        }
        Some(Self {
            current: current?,
            next,
        })
    }
}

/// PEM (chain and key) or PKCS#12, with the file that holds its password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityFiles {
    /// The identity itself.
    pub path: PathBuf,
    /// Absent: not encrypted.
    pub password_file: Option<PathBuf>,
}

impl IdentityFiles {
    fn read(section: &mut Section<'_>, name: &str, password_name: &str) -> Option<Self> {
        let path = section.optional(name, file);
        let password_file = section.optional(password_name, file);
        if section.has_set(password_name) && !section.has_set(name) {
            let rule = format!("needs {name}");
            section.fault(password_name, Reason::Rule(rule.into()));
        }
        Some(Self {
            path: path?,
            password_file,
        })
    }
}

/// `[upstreams.udb.signing]`: WS-Security with an X.509 token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signing {
    /// What messages are signed with.
    pub identity: Identity,
    /// `signature`
    pub signature: SignatureMethod,
    /// `digest`
    pub digest: DigestMethod,
    /// `verify`: what is asked of answers.
    pub verify: Verify,
    /// `trust_anchors`: PEM; there whenever `verify` is not [`Verify::Off`].
    pub trust_anchors: Option<PathBuf>,
}

impl Signing {
    fn read(section: &mut Section<'_>) -> Option<Self> {
        section.expect("identity");
        let identity = Identity::read(section);
        let signature = section.or("signature", SignatureMethod::RsaSha256, choice(&SIGNATURES));
        let digest = section.or("digest", DigestMethod::Sha256, choice(&DIGESTS));
        let verify = section.or("verify", Verify::Off, choice(&VERIFY));
        let trust_anchors = section.optional("trust_anchors", file);
        // The web PKI does not vouch for OCES certificates, so there is no default.
        if verify != Verify::Off {
            section.expect("trust_anchors");
        }
        Some(Self {
            identity: identity?,
            signature,
            digest,
            verify,
            trust_anchors,
        })
    }
}

const SIGNATURES: [(&str, SignatureMethod); 2] = [
    ("rsa-sha256", SignatureMethod::RsaSha256),
    ("rsa-sha1", SignatureMethod::RsaSha1),
];

const DIGESTS: [(&str, DigestMethod); 2] = [
    ("sha256", DigestMethod::Sha256),
    ("sha1", DigestMethod::Sha1),
];

const VERIFY: [(&str, Verify); 3] = [
    ("off", Verify::Off),
    ("if-present", Verify::IfPresent),
    ("require", Verify::Require),
];

/// `signing.signature`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureMethod {
    /// `rsa-sha256`
    RsaSha256,
    /// `rsa-sha1`
    RsaSha1,
}

/// `signing.digest`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DigestMethod {
    /// `sha256`
    Sha256,
    /// `sha1`
    Sha1,
}

/// `signing.verify`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verify {
    /// `off`: signatures of answers are not looked at.
    Off,
    /// `if-present`: a signature that is there must hold.
    IfPresent,
    /// `require`: an answer without a signature is refused.
    Require,
}
