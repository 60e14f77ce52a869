//! TLS on the listener itself; a changed certificate is taken without a restart.

use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;
use jiff::Timestamp;
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs::{default_provider, sign::any_supported_type};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::version::{TLS12, TLS13};

use crate::config::ServerTls;
use crate::transport::identity::{Identity, IdentityError, IdentityFault};
use crate::transport::rollover::watch;
use crate::types::text::without_mark;
use crate::types::time::Clock;

/// The certificate of the listener, and the files that it comes from.
pub struct Certificate {
    files: ServerTls,
    current: ArcSwap<Served>,
    seen: Mutex<Seen>,
}

struct Served {
    key: Arc<CertifiedKey>,
    not_after: Timestamp,
}

struct Seen {
    content: Vec<u8>,
    /// The last complaint, so that it is logged once.
    complaint: Option<String>,
}

impl Certificate {
    /// Reads both files.
    ///
    /// # Errors
    /// The file at fault and what is wrong with it.
    pub fn load(files: &ServerTls) -> Result<Self, IdentityError> {
        let content = read(files)?;
        let current = ArcSwap::from_pointee(parse(files, &content)?);
        Ok(Self { files: files.clone(), current, seen: Mutex::new(Seen { content, complaint: None }) })
    }

    /// When the certificate in use ends.
    pub fn not_after(&self) -> Timestamp {
        self.current.load().not_after
    }

    /// Reads the files again where they changed. What cannot be used leaves everything as it is and is logged once.
    ///
    /// Blocks on files.
    pub fn refresh(&self) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let changed = read(&self.files).and_then(|content| {
            let changed = content != seen.content;
            Ok(if changed { Some((parse(&self.files, &content)?, content)) } else { None })
        });
        match changed {
            Ok(None) => seen.complaint = None,
            Ok(Some((served, content))) => {
                tracing::info!(not_after = %served.not_after, "the listener's certificate changed");
                self.current.store(Arc::new(served));
                *seen = Seen { content, complaint: None };
            }
            Err(error) => {
                let complaint = error.to_string();
                if seen.complaint.as_ref() != Some(&complaint) {
                    tracing::error!(
                        error = complaint,
                        "the listener's changed certificate cannot be used, the one before stays"
                    );
                    seen.complaint = Some(complaint);
                }
            }
        }
    }

    /// Does [`Certificate::refresh`] every ten seconds, for ever.
    pub async fn watch(self: Arc<Self>) {
        watch("server.tls", move || self.refresh()).await;
    }

    /// Says so where the certificate is not valid now: clients will refuse it.
    pub(super) fn warn_if_invalid(&self, clock: Clock) {
        if clock() > self.not_after() {
            tracing::warn!(not_after = %self.not_after(), "the listener's certificate has expired");
        }
    }

    /// Settings that hand out whichever certificate is in use.
    pub(super) fn settings(self: &Arc<Self>) -> Result<ServerConfig, rustls::Error> {
        let mut settings = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_protocol_versions(&[&TLS13, &TLS12])?
            .with_no_client_auth()
            .with_cert_resolver(Arc::<Self>::clone(self));
        settings.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(settings)
    }
}

impl ResolvesServerCert for Certificate {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.current.load().key))
    }
}

impl fmt::Debug for Certificate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Certificate").field("not_after", &self.not_after()).finish_non_exhaustive()
    }
}

fn read(files: &ServerTls) -> Result<Vec<u8>, IdentityError> {
    let mut content = without_mark(&read_file(&files.certificate)?).to_vec();
    content.push(b'\n');
    content.extend_from_slice(without_mark(&read_file(&files.key)?));
    Ok(content)
}

fn read_file(file: &Path) -> Result<Vec<u8>, IdentityError> {
    std::fs::read(file).map_err(|error| blame(file, IdentityFault::Unreadable(error)))
}

fn parse(files: &ServerTls, content: &[u8]) -> Result<Served, IdentityError> {
    let identity = Identity::parse(content, None).map_err(|reason| {
        let of_certificate =
            matches!(reason, IdentityFault::NoCertificate | IdentityFault::BrokenCertificate);
        blame(if of_certificate { &files.certificate } else { &files.key }, reason)
    })?;
    let key = any_supported_type(&identity.key).map_err(|_| blame(&files.key, IdentityFault::UnknownKey))?;
    Ok(Served { key: Arc::new(CertifiedKey::new(identity.chain, key)), not_after: identity.not_after })
}

fn blame(file: &Path, reason: IdentityFault) -> IdentityError {
    IdentityError { file: file.to_owned(), reason }
}

#[cfg(test)]
mod tests {
    use rcgen::generate_simple_self_signed;

    use super::*;

    fn write(folder: &Path) -> ServerTls {
        let made = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let files = ServerTls { certificate: folder.join("tls.crt"), key: folder.join("tls.key") };
        std::fs::write(&files.certificate, made.cert.pem()).unwrap();
        std::fs::write(&files.key, made.signing_key.serialize_pem()).unwrap();
        files
    }

    fn served(certificate: &Certificate) -> Vec<u8> {
        certificate.current.load().key.cert[0].to_vec()
    }

    #[test]
    fn a_changed_certificate_is_taken_and_a_broken_one_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let files = write(folder.path());
        let certificate = Certificate::load(&files).unwrap();
        let first = served(&certificate);
        certificate.refresh();
        assert_eq!(served(&certificate), first);

        write(folder.path());
        certificate.refresh();
        let second = served(&certificate);
        assert_ne!(second, first);

        std::fs::write(&files.key, "nothing").unwrap();
        certificate.refresh();
        assert_eq!(served(&certificate), second);
    }

    #[test]
    fn a_key_of_another_certificate_names_the_file() {
        let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let files = ServerTls { key: write(other.path()).key, ..write(one.path()) };
        let error = Certificate::load(&files).unwrap_err();
        assert!(error.to_string().contains("tls.key"), "{error}");
        assert!(matches!(error.reason, IdentityFault::KeyMismatch));
    }
}
