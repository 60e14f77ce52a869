//! Changes identities while running: the next one when its time has come, and changed files.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use arc_swap::ArcSwap;
use aws_lc_rs::digest::{self, Digest};
use jiff::{SignedDuration, Timestamp};

use super::identity::{Identity, IdentityError, IdentityFault};
use crate::config;
use crate::telemetry::names::CERTIFICATE_DAYS_LEFT;

/// How often files are looked at.
const LOOK_EVERY: Duration = Duration::from_secs(10);

/// Looks at files every ten seconds, for ever; `refresh` may block, and says itself what it finds. `whose` is for the log.
pub async fn watch(whose: &'static str, refresh: impl Fn() + Clone + Send + 'static) {
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        if tokio::task::spawn_blocking(refresh.clone()).await.is_err() {
            tracing::error!(whose, "looking for changed files failed");
        }
    }
}

const TAKES_OVER_BEFORE: SignedDuration = SignedDuration::from_hours(24);

/// The identity in use, and the files that it comes from.
pub struct Rollover {
    upstream: &'static str,
    purpose: &'static str,
    files: config::Identity,
    known: Mutex<Known>,
    current: ArcSwap<Identity>,
}

struct Known {
    pair: Pair,
    /// Of the files that `pair` was read from.
    digest: Digest,
    /// The last complaint about files that could not be used, so that it is logged once.
    complaint: Option<String>,
    /// Fingerprint and threshold of the last warning about the time left.
    warned: Option<(String, i64)>,
}

struct Pair {
    first: Arc<Identity>,
    next: Option<Arc<Identity>>,
}

impl Rollover {
    /// Reads the files. `purpose` is `tls` or `signing`.
    ///
    /// # Errors
    ///
    /// The file at fault and why; also where neither identity is valid at `now`.
    pub fn load(
        upstream: &'static str,
        purpose: &'static str,
        files: &config::Identity,
        now: Timestamp,
    ) -> Result<Self, IdentityError> {
        let digest = digest_of(files)?;
        let pair = Pair::load(files, now)?;
        let current = ArcSwap::new(pair.at(now));
        let known = Mutex::new(Known { pair, digest, complaint: None, warned: None });
        let rollover = Self { upstream, purpose, files: files.clone(), known, current };
        rollover.refresh(now);
        Ok(rollover)
    }

    /// The identity to use now. Another `Arc` than before: another identity.
    pub fn current(&self) -> Arc<Identity> {
        self.current.load_full()
    }

    /// Reads the files where they changed, takes the identity whose time it is, and tells how long
    /// it lasts. Files that cannot be used leave everything as it is and are logged once.
    ///
    /// Blocks on files, and for as long as a key takes to decrypt.
    pub fn refresh(&self, now: Timestamp) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(error) = self.reread(&mut known, now) {
            self.complain(&mut known, error.to_string());
        }
        let current = known.pair.at(now);
        if !Arc::ptr_eq(&current, &self.current.load()) {
            tracing::info!(
                upstream = self.upstream,
                purpose = self.purpose,
                fingerprint = current.fingerprint,
                not_after = %current.not_after,
                "identity changed"
            );
            self.current.store(Arc::clone(&current));
        }
        self.tell_days_left(&mut known, &current, now);
    }

    fn reread(&self, known: &mut Known, now: Timestamp) -> Result<(), IdentityError> {
        let digest = digest_of(&self.files)?;
        if digest.as_ref() != known.digest.as_ref() {
            known.pair = Pair::load(&self.files, now)?;
            known.digest = digest;
        }
        known.complaint = None;
        Ok(())
    }

    fn complain(&self, known: &mut Known, complaint: String) {
        if known.complaint.as_ref() != Some(&complaint) {
            tracing::error!(
                upstream = self.upstream,
                purpose = self.purpose,
                error = complaint,
                "changed identity cannot be used, the one before stays"
            );
            known.complaint = Some(complaint);
        }
    }

    fn tell_days_left(&self, known: &mut Known, current: &Identity, now: Timestamp) {
        let days = days_left(current, now);
        metrics::gauge!(CERTIFICATE_DAYS_LEFT.name, "upstream" => self.upstream, "purpose" => self.purpose)
            .set(days as f64);
        let Some(threshold) = [7, 30, 90].into_iter().find(|threshold| days <= *threshold) else {
            return;
        };
        let warning = Some((current.fingerprint.clone(), threshold));
        if known.warned != warning {
            tracing::warn!(
                upstream = self.upstream,
                purpose = self.purpose,
                fingerprint = current.fingerprint,
                not_after = %current.not_after,
                days_left = days,
                "certificate expires soon"
            );
            known.warned = warning;
        }
    }
}

/// Whole days until the certificate expires; negative after that.
pub fn days_left(identity: &Identity, now: Timestamp) -> i64 {
    identity.not_after.duration_since(now).as_hours().div_euclid(24)
}

impl Pair {
    fn load(files: &config::Identity, now: Timestamp) -> Result<Self, IdentityError> {
        let first = Arc::new(Identity::load(&files.current)?);
        let next = files.next.as_ref().map(Identity::load).transpose()?.map(Arc::new);
        let pair = Self { first, next };
        let used = pair.at(now);
        let (file, checked) = match (&pair.next, &files.next) {
            // A next identity may still lie in the future, but not in the past.
            (Some(next), Some(files)) if now > next.not_after => (&files.path, next),
            (Some(next), Some(files)) if Arc::ptr_eq(next, &used) => (&files.path, next),
            _ => (&files.current.path, &pair.first),
        };
        match checked.check_validity(now) {
            Ok(()) => Ok(pair),
            Err(reason) => Err(IdentityError { file: file.clone(), reason }),
        }
    }

    fn at(&self, now: Timestamp) -> Arc<Identity> {
        match &self.next {
            Some(next)
                if next.not_before <= now && self.first.not_after.duration_since(now) < TAKES_OVER_BEFORE =>
            {
                Arc::clone(next)
            }
            _ => Arc::clone(&self.first),
        }
    }
}

/// Times and sizes of files say too little: a mounted secret is swapped whole, by a link.
fn digest_of(files: &config::Identity) -> Result<Digest, IdentityError> {
    let mut context = digest::Context::new(&digest::SHA256);
    for one in [Some(&files.current), files.next.as_ref()].into_iter().flatten() {
        for path in [Some(&one.path), one.password_file.as_ref()].into_iter().flatten() {
            context.update(digest_of_file(path)?.as_ref());
        }
    }
    Ok(context.finish())
}

fn digest_of_file(path: &Path) -> Result<Digest, IdentityError> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(digest::digest(&digest::SHA256, &bytes)),
        Err(error) => Err(IdentityError { file: path.to_owned(), reason: IdentityFault::Unreadable(error) }),
    }
}
