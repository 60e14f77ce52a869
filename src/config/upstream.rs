//! `[upstreams]`: where the SOAP services are and how they are called.

use std::path::PathBuf;
use std::time::Duration;

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

/// `[upstreams.<name>.tls]`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tls {
    /// The client certificate; absent: none is shown.
    pub identity: Option<Identity>,
    /// `ca_file`: PEM; absent: the web PKI roots.
    pub ca_file: Option<PathBuf>,
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

/// PEM (chain and key) or PKCS#12, with the file that holds its password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityFiles {
    /// The identity itself.
    pub path: PathBuf,
    /// Absent: not encrypted.
    pub password_file: Option<PathBuf>,
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
