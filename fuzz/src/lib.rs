//! What several targets need: the routes, bound to the bundled WSDLs.

use std::sync::LazyLock;

use http::Uri;
use ungebro::operation::Spec;
use ungebro::route::{Compiled, Setting};
use ungebro::services;
use ungebro::soap::schema::{Contract, SoapVersion, load_str};
use ungebro::types::time::WireFormat;

/// A route and the contract that it is bound to.
pub struct Bound {
    /// The route.
    pub compiled: Compiled,
    /// The contract.
    pub contract: &'static Contract,
}

/// Every route.
pub static ROUTES: LazyLock<Vec<Bound>> = LazyLock::new(|| services::specs().map(bound).collect());

static CONTRACTS: LazyLock<Vec<Contract>> = LazyLock::new(|| {
    let services = services::services();
    let files: Vec<_> = services.iter().map(|service| (service.wsdl_name, service.wsdl)).collect();
    load_str(&files, Some(SoapVersion::V12)).expect("the bundled WSDLs")
});

fn bound(spec: &'static Spec) -> Bound {
    let contract = CONTRACTS.iter().find(|contract| contract.operation(spec.operation).is_some());
    let contract = contract.expect("a contract for each operation");
    Bound { compiled: Compiled::new(spec, contract, setting()).expect("bound"), contract }
}

/// A configuration that says nothing special.
pub fn setting() -> Setting {
    Setting {
        url: Uri::from_static("http://127.0.0.1/"),
        format: WireFormat::LocalOffset,
        enabled: true,
        kinds: None,
    }
}
