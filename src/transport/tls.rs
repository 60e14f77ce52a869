//! The TLS settings in force, made anew when the identity or the authorities change.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;
use jiff::Timestamp;
use rustls::crypto::aws_lc_rs::default_provider;
use rustls::version::{TLS12, TLS13};
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;

use super::error::TransportError;
use super::identity::Identity;
use super::rollover::Rollover;
use crate::config;
use crate::types::text::without_mark;

/// Client certificate and trusted authorities of one upstream.
pub(super) struct Tls {
    upstream: &'static str,
    settings: config::Tls,
    rollover: Option<Rollover>,
    made_from: Mutex<MadeFrom>,
    current: ArcSwap<ClientConfig>,
}

/// What the settings in force were made from.
struct MadeFrom {
    identity: Option<Arc<Identity>>,
    authorities: Option<Vec<u8>>,
    /// The last complaint, so that it is logged once.
    complaint: Option<String>,
}

impl Tls {
    /// Reads all files.
    ///
    /// # Errors
    ///
    /// The file at fault and why.
    pub(super) fn load(
        upstream: &'static str,
        settings: &config::Tls,
        now: Timestamp,
    ) -> Result<Self, TransportError> {
        let rollover = match &settings.identity {
            Some(files) => Some(Rollover::load(upstream, "tls", files, now)?),
            None => None,
        };
        let identity = rollover.as_ref().map(Rollover::current);
        let authorities = read_authorities(settings)?;
        let current = client_config(settings, identity.as_deref(), authorities.as_deref())?;
        Ok(Self {
            upstream,
            settings: settings.clone(),
            rollover,
            made_from: Mutex::new(MadeFrom { identity, authorities, complaint: None }),
            current: ArcSwap::from_pointee(current),
        })
    }

    /// What new connections use. Another `Arc` than before: old connections are not used again.
    pub(super) fn current(&self) -> Arc<ClientConfig> {
        self.current.load_full()
    }

    /// The client certificate in use.
    pub(super) fn identity(&self) -> Option<Arc<Identity>> {
        self.rollover.as_ref().map(Rollover::current)
    }

    /// Picks up what changed. What cannot be used leaves everything as it is and is logged once.
    ///
    /// Blocks on files.
    pub(super) fn refresh(&self, now: Timestamp) {
        if let Some(rollover) = &self.rollover {
            rollover.refresh(now);
        }
        let mut made_from = self.made_from.lock().unwrap_or_else(PoisonError::into_inner);
        match self.remake(&mut made_from) {
            Ok(()) => made_from.complaint = None,
            Err(error) => self.complain(&mut made_from, error.to_string()),
        }
    }

    fn remake(&self, made_from: &mut MadeFrom) -> Result<(), TransportError> {
        let identity = self.identity();
        let authorities = read_authorities(&self.settings)?;
        // A session of the old settings must not be resumed under the new ones, so they are made
        // whole instead of only handing out another certificate.
        if !same(&identity, &made_from.identity) || authorities != made_from.authorities {
            let config = client_config(&self.settings, identity.as_deref(), authorities.as_deref())?;
            self.current.store(Arc::new(config));
            made_from.identity = identity;
            made_from.authorities = authorities;
        }
        Ok(())
    }

    fn complain(&self, made_from: &mut MadeFrom, complaint: String) {
        if made_from.complaint.as_ref() != Some(&complaint) {
            tracing::error!(
                upstream = self.upstream,
                error = complaint,
                "changed TLS settings cannot be used, those before stay"
            );
            made_from.complaint = Some(complaint);
        }
    }
}

fn same(one: &Option<Arc<Identity>>, other: &Option<Arc<Identity>>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => Arc::ptr_eq(one, other),
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
    }
}

fn client_config(
    settings: &config::Tls,
    identity: Option<&Identity>,
    authorities: Option<&[u8]>,
) -> Result<ClientConfig, TransportError> {
    let roots = match (authorities, &settings.ca_file) {
        (Some(pem), Some(file)) => parse_authorities(pem, file)?,
        _ => RootCertStore::from_iter(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
    };
    let builder = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_protocol_versions(&[&TLS13, &TLS12])?
        .with_root_certificates(roots);
    let mut config = match identity {
        Some(identity) => builder.with_client_auth_cert(identity.chain.clone(), identity.key.clone_key())?,
        None => builder.with_no_client_auth(),
    };
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

fn read_authorities(settings: &config::Tls) -> Result<Option<Vec<u8>>, TransportError> {
    let Some(file) = &settings.ca_file else {
        return Ok(None);
    };
    match std::fs::read(file) {
        Ok(pem) => Ok(Some(pem)),
        Err(error) => Err(unusable(file, format!("cannot be read: {error}"))),
    }
}

fn parse_authorities(pem: &[u8], file: &Path) -> Result<RootCertStore, TransportError> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(without_mark(pem)) {
        certificate
            .map_err(|_| "is broken PEM")
            .and_then(|der| roots.add(der).map_err(|_| "holds a broken certificate"))
            .map_err(|reason| unusable(file, reason))?;
    }
    if roots.is_empty() {
        return Err(unusable(file, "holds no certificate"));
    }
    Ok(roots)
}

fn unusable(file: &Path, reason: impl Into<String>) -> TransportError {
    TransportError::Authorities { file: file.to_owned(), reason: reason.into() }
}
