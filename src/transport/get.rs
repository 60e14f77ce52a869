//! Fetches a document from an upstream with the gateway's certificate: what `ungebro check` needs besides calls.

use bytes::Bytes;
use http::header::{HOST, USER_AGENT};
use http::{Method, Request, Uri};
use http_body_util::Full;
use tokio::time::timeout;

use super::Transport;
use super::error::{CallError, Failure, Sent};
use super::exchange::Answer;
use super::send::{AGENT, host, path_of, unsent};

impl Transport {
    /// GETs what is at `url`, over a connection of its own and within the limits of calls; redirects are failures.
    /// The proxy is used where it tunnels, which is for https.
    ///
    /// # Errors
    /// What went wrong; an answer with any status is none.
    pub async fn get(&self, url: &Uri) -> Result<Answer, CallError> {
        let fetching = async {
            let connecting = self.shared.connector.connect(url).await;
            let mut connection = connecting.map_err(|why| unsent(Failure::Unreachable(why)))?;
            let mut request = Request::new(Full::new(Bytes::new()));
            *request.method_mut() = Method::GET;
            *request.uri_mut() = path_of(url);
            request.headers_mut().insert(HOST, host(url));
            request.headers_mut().insert(USER_AGENT, AGENT);
            let answered = connection.post(request, self.shared.response_limit).await;
            answered.map_err(|lost| CallError { failure: lost.failure, sent: Sent::Maybe })
        };
        let late = CallError { failure: Failure::Timeout, sent: Sent::Maybe };
        timeout(self.shared.timeout, fetching).await.unwrap_or(Err(late))
    }
}
