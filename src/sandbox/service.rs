//! The three services: their paths and their bundled WSDLs.

use std::sync::LazyLock;

use crate::soap::schema::{Contract, SoapVersion, load_str};

/// A simulated service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Service {
    /// HentInstitutionKontakt of Ungedatabasen.
    LookUp,
    /// IndberetningKontaktJobOgUddOensker of Ungedatabasen.
    Report,
    /// PersonRegistrationService of DFDG.
    Registration,
}

static CONTRACTS: LazyLock<[Contract; 3]> = LazyLock::new(|| Service::ALL.map(Service::load));

impl Service {
    /// All of them.
    pub(crate) const ALL: [Self; 3] = [Self::LookUp, Self::Report, Self::Registration];

    /// Where it is served, as at the real upstream.
    pub(crate) const fn path(self) -> &'static str {
        match self {
            Self::LookUp => "/services/Ungedatabasen/HentInstitutionKontakt/v1.0",
            Self::Report => "/services/Ungedatabasen/IndberetningKontaktJobOgUddOensker/v1",
            Self::Registration => "/9/PersonRegistrationService.svc",
        }
    }

    /// Its WSDL.
    pub(crate) const fn wsdl(self) -> &'static str {
        match self {
            Self::LookUp => include_str!("../services/udb/hent_institution_kontakt.wsdl"),
            Self::Report => include_str!("../services/udb/indberetning_kontakt_job_og_udd_oensker.wsdl"),
            Self::Registration => include_str!("../services/dfdg/person_registration_service.wsdl"),
        }
    }

    /// Its WSDL with the address at which it was asked for.
    pub(crate) fn wsdl_at(self, base: &str) -> String {
        let own = self.contract().address.as_deref().unwrap_or_default();
        self.wsdl().replace(own, &format!("{base}{}", self.path()))
    }

    /// Its WSDL as a model.
    pub(crate) fn contract(self) -> &'static Contract {
        &CONTRACTS[self as usize]
    }

    /// Which envelope it takes.
    pub(crate) fn version(self) -> SoapVersion {
        self.contract().soap_version
    }

    /// The service that has an operation, and the operation.
    #[cfg(test)]
    pub(crate) fn with_operation(name: &str) -> Option<(Self, &'static crate::soap::schema::Operation)> {
        Self::ALL.into_iter().find_map(|service| Some((service, service.contract().operation(name)?)))
    }

    fn load(self) -> Contract {
        load_str(&[("bundled.wsdl", self.wsdl())], None)
            .ok()
            .and_then(|mut contracts| contracts.pop())
            .expect("the bundled WSDLs are part of the program and can be read")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_services_have_twenty_four_operations() {
        let count: usize = Service::ALL.iter().map(|service| service.contract().operations.len()).sum();
        assert_eq!(count, 24);
    }

    #[test]
    fn a_wsdl_says_the_address_at_which_it_was_asked_for() {
        for service in Service::ALL {
            let wsdl = service.wsdl_at("http://example.test:99");
            let contract = load_str(&[("served.wsdl", &wsdl)], None).unwrap().remove(0);
            assert_eq!(
                contract.address.as_deref(),
                Some(&*format!("http://example.test:99{}", service.path()))
            );
        }
    }
}
