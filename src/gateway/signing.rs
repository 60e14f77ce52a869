//! Signed messages of one upstream. Signatures are computed on threads of their own: an RSA operation takes about a
//! millisecond, too long for a thread that serves others.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::{self, available_parallelism};
use std::{io, num::NonZero};

use bytes::Bytes;
use crossbeam_channel::{Receiver, Sender};
use jiff::Timestamp;
use tokio::sync::oneshot;

use crate::soap::schema::SoapVersion;
use crate::soap::security::{MessageSecurity, SignError, VerifyError};

/// Threads for each core. One would do, but a thread that serves others would then be woken for every message by itself;
/// where it waits for its turn among several, it finds more to do at once, which saved a tenth of the time of a signed
/// look-up.
const THREADS_PER_CORE: usize = 8;

/// Signs requests and checks answers.
pub struct Signing {
    security: Arc<MessageSecurity>,
    jobs: Sender<Job>,
}

/// A message to be signed.
struct Job {
    version: SoapVersion,
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

    /// A signed envelope around `body`, the one child of the body. There are never more waiting than calls in flight.
    ///
    /// # Errors
    ///
    /// The RSA operation failed.
    pub async fn sign(&self, version: SoapVersion, body: Bytes, now: Timestamp) -> Result<Bytes, SignError> {
        let (signed, result) = oneshot::channel();
        self.jobs.send(Job { version, body, now, signed }).map_err(|_| SignError)?;
        result.await.unwrap_or(Err(SignError))
    }

    /// The envelope to read in place of an answer.
    ///
    /// # Errors
    ///
    /// The signature is missing though required, or it does not hold.
    pub fn check(&self, answer: Bytes, now: Timestamp) -> Result<Bytes, VerifyError> {
        self.security.check(answer, now)
    }

    /// What signs and checks, for whoever looks after its keys.
    pub fn security(&self) -> &Arc<MessageSecurity> {
        &self.security
    }
}

fn work(security: &MessageSecurity, queue: &Receiver<Job>) {
    for Job { version, body, now, signed } in queue {
        // Nobody sends a message whose call is over.
        if signed.is_closed() {
            continue;
        }
        // A panic is logged by its hook; the caller learns of it by the sender that goes.
        let result = catch_unwind(AssertUnwindSafe(|| security.sign(version, &body, now)));
        if let Ok(result) = result {
            let _ = signed.send(result);
        }
    }
}
