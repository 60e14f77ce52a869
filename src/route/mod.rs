//! Routes as values: definition, WSDL in force and configuration, put together and checked once at start.

pub mod binding;
pub mod compile;
pub mod differences;

use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::Arc;

pub use compile::{Compiled, Setting};

use crate::operation::Spec;
use crate::upstream::{Port, Ports};

/// A route that is served, and the way to its upstream.
#[derive(Debug)]
pub struct Route {
    compiled: Arc<Compiled>,
    port: Arc<Port>,
}

impl Route {
    /// The way to its upstream.
    pub fn port(&self) -> &Port {
        &self.port
    }
}

impl Deref for Route {
    type Target = Compiled;

    fn deref(&self) -> &Compiled {
        &self.compiled
    }
}

/// Every route that is served, in the order of the documents.
#[derive(Debug, Clone, Default)]
pub struct Routes(Vec<Arc<Route>>);

impl Routes {
    /// Those of the compiled routes that are enabled and whose service is there.
    pub fn of(compiled: impl IntoIterator<Item = Arc<Compiled>>, ports: &Ports) -> Self {
        let served = compiled.into_iter().filter(|compiled| compiled.enabled);
        let route = |compiled: Arc<Compiled>| {
            let port = Arc::clone(ports.of(compiled.spec.service.upstream)?);
            Some(Arc::new(Route { compiled, port }))
        };
        Self(served.filter_map(route).collect())
    }

    /// The same routes over other connections, for a worker thread.
    #[must_use]
    pub fn over(&self, ports: &Ports) -> Self {
        Self::of(self.0.iter().map(|route| Arc::clone(&route.compiled)), ports)
    }

    /// Every route, in the order of the documents.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Route>> {
        self.0.iter()
    }

    /// The route of a definition, where it is served.
    pub fn served(&self, spec: &Spec) -> Option<&Arc<Route>> {
        self.0.iter().find(|route| std::ptr::eq(route.spec, spec))
    }

    /// The URL tree: the routes by their path, each path with its methods.
    pub fn tree(&self) -> BTreeMap<&'static str, Vec<&Arc<Route>>> {
        let mut tree: BTreeMap<&str, Vec<&Arc<Route>>> = BTreeMap::new();
        for route in &self.0 {
            tree.entry(route.spec.path).or_default().push(route);
        }
        tree
    }
}
