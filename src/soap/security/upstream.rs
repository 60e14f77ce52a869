//! `[upstreams.<name>.signing]` at work; made anew when the identity or the anchors change.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;
use bytes::Bytes;
use jiff::Timestamp;

use super::algorithm::{DigestAlgorithm, SignatureAlgorithm};
use super::error::VerifyError;
use super::key::{SigningKey, SigningKeyError};
use super::sign::{SignError, Signer};
use super::trust::{TrustAnchorError, TrustAnchors};
use super::verify::{Verification, Verifier};
use crate::config;
use crate::soap::schema::SoapVersion;
use crate::transport::identity::{Identity, IdentityError};
use crate::transport::rollover::Rollover;

/// Signs requests to one upstream and checks its answers, as configured.
pub struct MessageSecurity {
    upstream: &'static str,
    settings: config::Signing,
    rollover: Rollover,
    made_from: Mutex<MadeFrom>,
    current: ArcSwap<InForce>,
}

/// What is in force was made from these.
struct MadeFrom {
    identity: Arc<Identity>,
    anchors: Option<Vec<u8>>,
    /// The last complaint, so that it is logged once.
    complaint: Option<String>,
}

struct InForce {
    signer: Signer,
    answers: Verification,
}

/// Why messages cannot be signed or checked: one line that names the file and the reason.
#[derive(Debug, thiserror::Error)]
pub enum SecurityError {
    /// The identity cannot be used by anybody.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// A file cannot be used for signatures.
    #[error("{}: {fault}", file.display())]
    File {
        /// The file at fault.
        file: PathBuf,
        /// What is wrong with it.
        fault: SecurityFault,
    },
}

/// What is wrong with a file.
#[derive(Debug, thiserror::Error)]
pub enum SecurityFault {
    /// No such file, or no right to read it.
    #[error("cannot be read: {0}")]
    Unreadable(std::io::Error),
    /// The identity cannot sign.
    #[error("cannot sign messages: {0}")]
    Key(#[from] SigningKeyError),
    /// The anchors are no certificates.
    #[error("{0}")]
    Anchors(#[from] TrustAnchorError),
}

impl MessageSecurity {
    /// Reads all files.
    ///
    /// # Errors
    /// The file at fault and why.
    pub fn load(
        upstream: &'static str,
        settings: &config::Signing,
        now: Timestamp,
    ) -> Result<Self, SecurityError> {
        let rollover = Rollover::load(upstream, "signing", &settings.identity, now)?;
        let identity = rollover.current();
        let anchors = read_anchors(settings)?;
        let current = InForce::make(settings, &identity, anchors.as_deref())?;
        Ok(Self {
            upstream,
            settings: settings.clone(),
            rollover,
            made_from: Mutex::new(MadeFrom { identity, anchors, complaint: None }),
            current: ArcSwap::from_pointee(current),
        })
    }

    /// A signed envelope; see [`Signer::sign_beside`] and [`Signer::sign`] for what it takes and how long it computes.
    ///
    /// # Errors
    /// Only when the RSA operation itself fails.
    pub fn sign(
        &self,
        soap: SoapVersion,
        header_blocks: &[u8],
        body_children: &[u8],
        now: Timestamp,
    ) -> Result<Bytes, SignError> {
        self.current.load().signer.sign_beside(soap, header_blocks, body_children, now)
    }

    /// The envelope to read in place of an answer; see [`Verification::apply`].
    ///
    /// # Errors
    /// The signature is missing though required, or it does not hold.
    pub fn check(&self, answer: Bytes, now: Timestamp) -> Result<Bytes, VerifyError> {
        self.current.load().answers.apply(answer, now)
    }

    /// The identity in use.
    pub fn identity(&self) -> Arc<Identity> {
        self.rollover.current()
    }

    /// Picks up what changed. What cannot be used leaves everything as it is and is logged once.
    ///
    /// Blocks on files; to be called by [`crate::transport::rollover::watch`].
    pub fn refresh(&self, now: Timestamp) {
        self.rollover.refresh(now);
        let mut made_from = self.made_from.lock().unwrap_or_else(PoisonError::into_inner);
        match self.remake(&mut made_from) {
            Ok(()) => made_from.complaint = None,
            Err(error) => self.complain(&mut made_from, error.to_string()),
        }
    }

    fn remake(&self, made_from: &mut MadeFrom) -> Result<(), SecurityError> {
        let identity = self.rollover.current();
        let anchors = read_anchors(&self.settings)?;
        if !Arc::ptr_eq(&identity, &made_from.identity) || anchors != made_from.anchors {
            let current = InForce::make(&self.settings, &identity, anchors.as_deref())?;
            self.current.store(Arc::new(current));
            made_from.identity = identity;
            made_from.anchors = anchors;
        }
        Ok(())
    }

    fn complain(&self, made_from: &mut MadeFrom, complaint: String) {
        if made_from.complaint.as_ref() != Some(&complaint) {
            tracing::error!(
                upstream = self.upstream,
                error = complaint,
                "changed signing settings cannot be used, those before stay"
            );
            made_from.complaint = Some(complaint);
        }
    }
}

impl fmt::Debug for MessageSecurity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MessageSecurity").field("upstream", &self.upstream).finish_non_exhaustive()
    }
}

impl InForce {
    fn make(
        settings: &config::Signing,
        identity: &Identity,
        anchors: Option<&[u8]>,
    ) -> Result<Self, SecurityError> {
        let signature = settings.signature.into();
        let digest = settings.digest.into();
        let key = SigningKey::new(&identity.chain[0], &identity.key, signature)
            .map_err(|fault| blame(&settings.identity.current.path, fault))?;
        let verifier = |anchors: Option<&[u8]>| {
            let file = settings.trust_anchors.as_deref().unwrap_or(Path::new("trust_anchors"));
            TrustAnchors::from_pem(anchors.unwrap_or_default())
                .map(|anchors| Verifier::new(anchors, signature, digest))
                .map_err(|fault| blame(file, fault))
        };
        let answers = match settings.verify {
            config::Verify::Off => Verification::Off,
            config::Verify::IfPresent => Verification::IfPresent(verifier(anchors)?),
            config::Verify::Require => Verification::Require(verifier(anchors)?),
        };
        Ok(Self { signer: Signer::new(key, digest), answers })
    }
}

fn read_anchors(settings: &config::Signing) -> Result<Option<Vec<u8>>, SecurityError> {
    settings
        .trust_anchors
        .as_deref()
        .map(|file| std::fs::read(file).map_err(|error| blame(file, SecurityFault::Unreadable(error))))
        .transpose()
}

fn blame(file: &Path, fault: impl Into<SecurityFault>) -> SecurityError {
    SecurityError::File { file: file.to_owned(), fault: fault.into() }
}

impl From<config::SignatureMethod> for SignatureAlgorithm {
    fn from(configured: config::SignatureMethod) -> Self {
        match configured {
            config::SignatureMethod::RsaSha256 => Self::RsaSha256,
            config::SignatureMethod::RsaSha1 => Self::RsaSha1,
        }
    }
}

impl From<config::DigestMethod> for DigestAlgorithm {
    fn from(configured: config::DigestMethod) -> Self {
        match configured {
            config::DigestMethod::Sha256 => Self::Sha256,
            config::DigestMethod::Sha1 => Self::Sha1,
        }
    }
}
