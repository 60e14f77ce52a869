//! From the configuration to a Redis client.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fs, io};

use redis::{Client, ConnectionInfo, ErrorKind, IntoConnectionInfo, RedisError, TlsCertificates};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;

use super::durability::Unfit;
use super::link::Failure;
use crate::config;
use crate::idempotency::keyring::KeyFileError;
use crate::types::text::without_mark;

/// Why a store cannot be opened. Neither the address nor a secret is part of the message.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// `encryption_key_file` is of no use.
    #[error(transparent)]
    KeyFile(#[from] KeyFileError),
    /// A file of the configuration cannot be read.
    #[error("cannot read {key} {file}", file = file.display())]
    File {
        /// The key of the configuration.
        key: &'static str,
        /// Its value.
        file: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// `redis_ca_file` holds something else than certificates.
    #[error("redis_ca_file {file} holds no certificates in PEM form", file = file.display())]
    NoCertificates {
        /// `redis_ca_file`
        file: PathBuf,
    },
    /// `redis_url` is not one, or `redis_ca_file` stands beside a `redis_url` without TLS.
    #[error("redis_url cannot be used")]
    Address,
    /// Redis knows another password, or wants one.
    #[error("Redis refused the password of redis_password_file")]
    Password,
    /// No TLS with this server.
    #[error("the TLS handshake with Redis failed")]
    Tls(#[source] io::Error),
    /// Redis would lose claims when it restarts.
    #[error("Redis must run with appendonly yes")]
    NotDurable,
    /// Redis would drop claims when it is full.
    #[error("Redis must run with maxmemory-policy noeviction")]
    Evicts,
    /// Redis does not answer, or answers nothing of use; a start goes on without it.
    #[error("Redis is away: {reason}")]
    Away {
        /// A fixed text or Redis's own code.
        reason: String,
    },
}

/// A client that knows address, password and certificates, and has not connected yet.
pub(super) fn client(settings: &config::Redis) -> Result<Client, OpenError> {
    let mut info = settings.url.as_str().into_connection_info().map_err(|_| OpenError::Address)?;
    if let Some(file) = &settings.password_file {
        info = with_password(info, file)?;
    }
    let Some(file) = &settings.ca_file else {
        return Client::open(info).map_err(|_| OpenError::Address);
    };
    let root_cert = read("redis_ca_file", file)?;
    let certificates: Vec<_> = CertificateDer::pem_slice_iter(without_mark(&root_cert)).collect();
    if certificates.is_empty() || certificates.iter().any(Result::is_err) {
        return Err(OpenError::NoCertificates { file: file.clone() });
    }
    let certificates = TlsCertificates { client_tls: None, root_cert: Some(root_cert) };
    Client::build_with_tls(info, certificates).map_err(|_| OpenError::Address)
}

fn with_password(info: ConnectionInfo, file: &Path) -> Result<ConnectionInfo, OpenError> {
    let content = read("redis_password_file", file)?;
    let password = str::from_utf8(without_mark(&content).trim_ascii_end()).map_err(|_| OpenError::File {
        key: "redis_password_file",
        file: file.to_owned(),
        source: io::ErrorKind::InvalidData.into(),
    })?;
    let settings = info.redis_settings().clone().set_password(password);
    Ok(info.set_redis_settings(settings))
}

fn read(key: &'static str, file: &Path) -> Result<Vec<u8>, OpenError> {
    fs::read(file).map_err(|source| OpenError::File { key, file: file.to_owned(), source })
}

impl From<Unfit> for OpenError {
    fn from(unfit: Unfit) -> Self {
        match unfit {
            Unfit::NotDurable => Self::NotDurable,
            Unfit::Evicts => Self::Evicts,
            Unfit::Unanswered(failure) => unanswered(failure),
        }
    }
}

/// Tells a Redis that turns us away from one that is away.
fn unanswered(failure: Failure) -> OpenError {
    if let Failure::NotConnected(error) | Failure::Refused(error) = &failure {
        if error.kind() == ErrorKind::AuthenticationFailed || error.code() == Some("NOAUTH") {
            return OpenError::Password;
        }
        if let Some(error) = tls_error(error) {
            return OpenError::Tls(io::Error::other(error));
        }
    }
    OpenError::Away { reason: failure.reason().to_owned() }
}

fn tls_error(error: &RedisError) -> Option<rustls::Error> {
    // The crate gives its source as the Arc that it holds it in.
    let source: &Arc<dyn Error + Send + Sync> = error.source()?.downcast_ref()?;
    let error = source.downcast_ref::<io::Error>()?.get_ref()?;
    error.downcast_ref().cloned()
}
