//! Certificates, keys and other files that a configuration names.

use std::fs::{self, OpenOptions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use jiff::Timestamp;

use super::Report;
use crate::audit::{CprHasher, can_go_on};
use crate::auth::{self, KeySetFault};
use crate::code_lists::CodeLists;
use crate::config::{
    Audit, AuditOutput, Auth, Config, Identity as IdentitySettings, IdentityFiles, JwksSource, Signing,
    Store, Upstream,
};
use crate::http::tls::Certificate;
use crate::idempotency;
use crate::soap::security::{MessageSecurity, SecurityError, TrustAnchors};
use crate::transport::identity::{Identity, IdentityError, IdentityFault};
use crate::transport::{Transport, TransportError};

const SOON: i64 = 90;

/// Looks at all of them.
pub(super) async fn all(config: &Config, now: Timestamp, report: &mut Report) {
    for section in config.upstreams() {
        upstream(section.name, section.common, now, report);
        if let Some(settings) = section.signing {
            signing(section.name, settings, now, report);
        }
    }
    if let Some(files) = &config.server.tls {
        match Certificate::load(files) {
            Ok(certificate) => {
                let subject = format!("server.tls.certificate: {}", files.certificate.display());
                validity(&subject, certificate.not_after(), now, report);
            }
            Err(error) => report.error(format!("server.tls: {error}")),
        }
    }
    key_sets(&config.auth, report).await;
    audit(&config.audit, report);
    secrets(config, report);
    if let Store::Redis(redis) = &config.idempotency.store
        && let Err(error) = idempotency::check_key_file(&redis.encryption_key_file)
    {
        report.error(format!("idempotency: {error}"));
    }
    if let Some(file) = &config.code_lists_file
        && let Err(error) = CodeLists::load(file)
    {
        report.error(format!("code_lists_file: {error}"));
    }
}

fn upstream(name: &'static str, settings: &Upstream, now: Timestamp, report: &mut Report) {
    if let Some(files) = &settings.tls.identity {
        identities(&format!("upstreams.{name}.tls"), files, now, report);
    }
    // With and without identity, so that neither it nor the authorities hide each other's faults.
    let mut without_identity = settings.clone();
    without_identity.tls.identity = None;
    for settings in [settings, &without_identity] {
        match Transport::new(name, settings, now) {
            Err(TransportError::Identity(error)) if is_said(&error) => {}
            Err(error) => report.error(format!("upstreams.{name}: {error}")),
            Ok(_) => {}
        }
    }
}

fn signing(name: &'static str, settings: &Signing, now: Timestamp, report: &mut Report) {
    let key = format!("upstreams.{name}.signing");
    identities(&key, &settings.identity, now, report);
    match MessageSecurity::load(name, settings, now) {
        Err(SecurityError::Identity(error)) if is_said(&error) => {}
        Err(error) => report.error(format!("{key}: {error}")),
        Ok(_) => {}
    }
    let Some(file) = &settings.trust_anchors else { return };
    let anchors = fs::read(file).map_err(|error| error.to_string());
    let anchors = anchors.and_then(|pem| TrustAnchors::from_pem(&pem).map_err(|error| error.to_string()));
    match anchors {
        Ok(_) => report.ok(format!("{key}: {} can be read", file.display())),
        Err(error) => report.error(format!("{key}: {}: {error}", file.display())),
    }
}

fn identities(key: &str, files: &IdentitySettings, now: Timestamp, report: &mut Report) {
    identity(&format!("{key}.identity"), &files.current, now, report);
    if let Some(next) = &files.next {
        identity(&format!("{key}.next_identity"), next, now, report);
    }
}

/// Whether [`identities`] has found the same, which does not judge what time it is.
fn is_said(error: &IdentityError) -> bool {
    !matches!(error.reason, IdentityFault::Expired(_) | IdentityFault::NotYetValid(_))
}

/// How long an identity lasts. Whether it may be used now says what uses it, in words of its own.
fn identity(key: &str, files: &IdentityFiles, now: Timestamp, report: &mut Report) {
    match Identity::load(files) {
        Err(error) => report.error(format!("{key}: {error}")),
        Ok(identity) if now < identity.not_before => {
            report.ok(format!("{key}: {} is valid from {}", files.path.display(), identity.not_before));
        }
        Ok(identity) => {
            validity(&format!("{key}: {}", files.path.display()), identity.not_after, now, report)
        }
    }
}

fn validity(subject: &str, not_after: Timestamp, now: Timestamp, report: &mut Report) {
    let days = not_after.duration_since(now).as_hours().div_euclid(24);
    let text = format!("{subject} has {days} days left, until {not_after}");
    match days {
        ..0 => report.warning(format!("{subject} expired on {not_after}")),
        0..=SOON => report.warning(text),
        _ => report.ok(text),
    }
}

/// Key sets in files; those at an address are asked by `--connect`.
async fn key_sets(auth: &Auth, report: &mut Report) {
    for (index, issuer) in auth.issuers.iter().enumerate() {
        if let JwksSource::File(file) = &issuer.jwks {
            let subject = format!("auth.issuers[{index}].jwks_file: {}", file.display());
            key_set(&subject, auth::examine(issuer).await, report);
        }
    }
}

/// What a key set is worth.
pub(super) fn key_set(subject: &str, keys: Result<usize, KeySetFault>, report: &mut Report) {
    match keys {
        Ok(0) => report.warning(format!("{subject} holds no key that may verify a token")),
        Ok(1) => report.ok(format!("{subject} holds a key")),
        Ok(keys) => report.ok(format!("{subject} holds {keys} keys")),
        Err(error) => report.error(format!("{subject}: {error}")),
    }
}

fn audit(settings: &Audit, report: &mut Report) {
    let keys = std::iter::once(&settings.cpr_hash_key_file).chain(&settings.previous_cpr_hash_key_files);
    for file in keys {
        if let Err(error) = CprHasher::load(&Audit::new(AuditOutput::Stdout, file.clone())) {
            report.error(format!("audit: {error}"));
        }
    }
    if let AuditOutput::File(file) = &settings.output {
        match writable(file).and_then(|()| can_go_on(file)) {
            Ok(true) => {}
            Ok(false) => report
                .error(format!("audit.file: {} is no audit trail, and is not continued", file.display())),
            Err(error) => report.error(format!("audit.file: {}: {error}", file.display())),
        }
    }
}

/// Whoever may read a key may sign, decrypt or look for people in its owner's place.
fn secrets(config: &Config, report: &mut Report) {
    for (key, file) in secret_files(config) {
        if let Ok(metadata) = fs::metadata(file)
            && metadata.permissions().mode() & READ_BY_OTHERS != 0
        {
            let mode = metadata.permissions().mode() & 0o777;
            report.warning(format!(
                "{key}: {} can be read by every user of the machine (mode {mode:o})",
                file.display()
            ));
        }
    }
}

const READ_BY_OTHERS: u32 = 0o004;

/// Every file of which a secret is read, by its key.
fn secret_files(config: &Config) -> Vec<(String, &Path)> {
    let audit = &config.audit;
    let mut files = vec![("audit.cpr_hash_key_file".to_owned(), audit.cpr_hash_key_file.as_path())];
    let previous = audit.previous_cpr_hash_key_files.iter().enumerate();
    files.extend(
        previous.map(|(at, file)| (format!("audit.previous_cpr_hash_key_files[{at}]"), file.as_path())),
    );
    files.extend(config.server.tls.iter().map(|tls| ("server.tls.key".to_owned(), tls.key.as_path())));
    if let Store::Redis(redis) = &config.idempotency.store {
        files.push(("idempotency.encryption_key_file".to_owned(), &redis.encryption_key_file));
        let password = redis.password_file.iter();
        files.extend(password.map(|file| ("idempotency.redis_password_file".to_owned(), file.as_path())));
    }
    for section in config.upstreams() {
        let name = section.name;
        let signing = section.signing.map(|signing| (format!("upstreams.{name}.signing"), &signing.identity));
        let tls = section.common.tls.identity.as_ref();
        let tls = tls.map(|identity| (format!("upstreams.{name}.tls"), identity));
        for (key, identity) in tls.into_iter().chain(signing) {
            files.extend(files_of_identity(&format!("{key}.identity"), &identity.current));
            let next = identity.next.iter();
            files.extend(next.flat_map(|next| files_of_identity(&format!("{key}.next_identity"), next)));
        }
    }
    files
}

fn files_of_identity<'a>(key: &str, files: &'a IdentityFiles) -> Vec<(String, &'a Path)> {
    let password = files.password_file.iter().map(|file| (format!("{key}_password_file"), file.as_path()));
    std::iter::once((key.to_owned(), files.path.as_path())).chain(password).collect()
}

/// Asks for the right to write a file. Opening the trail would set half a line of a crash aside, and making it could
/// take the name from a gateway that starts just then.
fn writable(file: &Path) -> io::Result<()> {
    if file.exists() {
        return OpenOptions::new().append(true).open(file).map(|_| ());
    }
    let mut beside = file.as_os_str().to_owned();
    beside.push(format!(".check-{}", std::process::id()));
    OpenOptions::new().append(true).create_new(true).open(&beside)?;
    fs::remove_file(&beside)
}
