//! Expanded names: a namespace and a local part.

use std::fmt;
use std::sync::Arc;

/// An expanded XML name. Two names are equal when namespace and local part are; prefixes play no part.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct QName {
    /// Namespace name; `None` when the name is in no namespace.
    pub namespace: Option<Arc<str>>,
    /// Local part.
    pub local: Arc<str>,
}

impl QName {
    /// A name; an empty namespace counts as none.
    pub fn new(namespace: Option<&str>, local: &str) -> Self {
        Self { namespace: namespace.filter(|ns| !ns.is_empty()).map(Arc::from), local: local.into() }
    }

    /// Whether this is `local` in `namespace`, without building a `QName`.
    pub fn is(&self, namespace: Option<&str>, local: &str) -> bool {
        &*self.local == local && self.namespace.as_deref() == namespace.filter(|ns| !ns.is_empty())
    }
}

impl fmt::Display for QName {
    /// Clark notation, `{namespace}local`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.namespace {
            Some(namespace) => write!(f, "{{{namespace}}}{}", self.local),
            None => f.write_str(&self.local),
        }
    }
}

impl fmt::Debug for QName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
