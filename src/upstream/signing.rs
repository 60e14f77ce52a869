//! Signed messages of one upstream. Signatures are computed on threads of their own: an RSA operation takes about a
//! millisecond, too long for a thread that serves others.

use std::io;
use std::num::NonZero;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::{self, available_parallelism};

use bytes::Bytes;
use crossbeam_channel::{Receiver, Sender};
use jiff::Timestamp;
use tokio::sync::oneshot;

use crate::soap::schema::SoapVersion;
use crate::soap::security::{MessageSecurity, SignError};

/// Threads for each core. With one, a thread that serves others is woken for every message by itself; where it waits for
/// its turn among several, it finds more to do at once, which saved a tenth of the time of a signed look-up
/// (`docs/performance.md`).
const THREADS_PER_CORE: usize = 8;

/// The keys that sign requests and check answers, and the threads that sign.
pub struct Signing {
    security: Arc<MessageSecurity>,
    jobs: Sender<Job>,
}

/// A message to be signed.
struct Job {
    version: SoapVersion,
    headers: Bytes,
    body: Bytes,
    now: Timestamp,
    signed: oneshot::Sender<Result<Bytes, SignError>>,
}

impl Signing {
    /// Starts the threads; they end with this.
    ///
    /// # Errors
    ///
    /// The system gives no thread.
    pub fn start(security: MessageSecurity) -> io::Result<Self> {
        let security = Arc::new(security);
        let (jobs, queue) = crossbeam_channel::unbounded();
        let cores = available_parallelism().map_or(1, NonZero::get);
        for _ in 0..cores * THREADS_PER_CORE {
            let (security, queue) = (Arc::clone(&security), Receiver::clone(&queue));
            thread::Builder::new().name("sign".into()).spawn(move || work(&security, &queue))?;
        }
        Ok(Self { security, jobs })
    }

    /// A signed envelope around `body`, the one child of the body, with header blocks beside its signature. There are never more waiting than calls in flight.
    ///
    /// # Errors
    ///
    /// The RSA operation failed.
    pub async fn sign(
        &self,
        version: SoapVersion,
        (headers, body): (Bytes, Bytes),
        now: Timestamp,
    ) -> Result<Bytes, SignError> {
        let (signed, result) = oneshot::channel();
        self.jobs.send(Job { version, headers, body, now, signed }).map_err(|_| SignError)?;
        result.await.unwrap_or(Err(SignError))
    }

    /// What checks answers, and picks up changed keys.
    pub fn security(&self) -> &Arc<MessageSecurity> {
        &self.security
    }
}

fn work(security: &MessageSecurity, queue: &Receiver<Job>) {
    for Job { version, headers, body, now, signed } in queue {
        // Nobody sends a message whose call is over.
        if signed.is_closed() {
            continue;
        }
        // A panic is logged by its hook; the caller learns of it by the sender that goes.
        let result = catch_unwind(AssertUnwindSafe(|| security.sign(version, &headers, &body, now)));
        if let Ok(result) = result {
            let _ = signed.send(result);
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;
    use crate::config;

    const BODY: Bytes = Bytes::from_static(b"<a></a>");

    fn now() -> Timestamp {
        "2027-01-02T03:04:05Z".parse().expect("an instant")
    }

    fn signing() -> Signing {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/signed/identities/rsa-3072.pem").into();
        let settings = config::Signing {
            identity: config::Identity {
                current: config::IdentityFiles { path, password_file: None },
                next: None,
            },
            signature: config::SignatureMethod::RsaSha256,
            digest: config::DigestMethod::Sha256,
            verify: config::Verify::Off,
            trust_anchors: None,
        };
        Signing::start(MessageSecurity::load("udb", &settings, now()).expect("loaded")).expect("started")
    }

    #[tokio::test]
    async fn a_thread_that_serves_others_does_not_compute() {
        let signing = signing();
        let sign = || signing.sign(SoapVersion::V12, (Bytes::new(), BODY), now());
        // One may be done before it is looked at, but not a hundred.
        let waits = (0..100).any(|_| sign().now_or_never().is_none());
        assert!(waits, "computed while it was asked for");
        assert!(sign().await.is_ok());
    }

    #[tokio::test]
    async fn header_blocks_are_sent_beside_the_signature() {
        let block = Bytes::from_static(b"<h:Who xmlns:h=\"urn:h\">b</h:Who>");
        let signed = signing().sign(SoapVersion::V12, (block, BODY), now()).await.expect("signed");
        let text = String::from_utf8(signed.to_vec()).expect("text");
        let blocks = "</wsse:Security><h:Who xmlns:h=\"urn:h\">b</h:Who></soap:Header><soap:Body ";
        assert!(text.contains(blocks), "{text}");
    }

    #[tokio::test]
    async fn whoever_goes_away_takes_no_signature_from_anybody() {
        let signing = signing();
        let sign = || signing.sign(SoapVersion::V12, (Bytes::new(), BODY), now()).boxed_local();
        let asked: Vec<_> = (0..200)
            .map(|_| {
                let mut asked = sign();
                (asked.as_mut().now_or_never(), asked)
            })
            .collect();
        let mut signed = Vec::new();
        for (done, asked) in asked.into_iter().step_by(4) {
            let envelope = match done {
                Some(done) => done,
                None => asked.await,
            };
            signed.push(envelope.expect("signed"));
        }
        signed.sort();
        signed.dedup();
        assert_eq!(signed.len(), 50, "each message has ids of its own");
        assert!(sign().await.is_ok());
    }
}
