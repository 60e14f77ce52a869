//! What a finished call tells its client, free of HTTP machinery, so that it can be kept and told again.

use serde::{Deserialize, Serialize};

/// A successful answer.
#[derive(Clone, Serialize, Deserialize)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The JSON document.
    pub body: String,
    /// What the upstream calls what was created. The path around it is made of the request that is answered: another
    /// request under the same key may name the person in another way.
    #[serde(default)]
    pub created: Option<String>,
    /// The platform's id of the exchange.
    pub correlation_id: Option<String>,
}

impl std::fmt::Debug for Reply {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Reply").field("status", &self.status).finish_non_exhaustive()
    }
}
