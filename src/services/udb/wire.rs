//! The two ways of asking HentInstitutionKontakt: about named young people, and since a time.

use super::changes::ListYouthContactChanges;
use super::contacts::{GetYouthContacts, QueryYouthContacts};
use super::row::Page;
use crate::gateway::Gateway;
use crate::gateway::compile::{Setting, Unworkable, Wire, bind_wire, push, push_supplied};
use crate::gateway::supply::OnBehalf;
use crate::http::Route;
use crate::operation::Spec;
use crate::problem::Problem;
use crate::shape::value::Value;
use crate::shape::{Item, Kind};
use crate::soap::bind::Field;
use crate::soap::difference::Difference;
use crate::soap::schema::Contract;
use crate::telemetry::metrics;
use crate::transport::Policy;

/// The most numbers that one call may name.
pub const NUMBERS_PER_CALL: usize = 100;

static SPEC: &Spec = &GetYouthContacts::SPEC;

/// The wire of the look-ups.
#[derive(Debug)]
pub struct Lookup {
    by_number: Wire,
    since: Wire,
}

impl Lookup {
    /// Binds both questions to the WSDL in force; each difference with the route that asks so.
    pub fn new(contract: &Contract, setting: &Setting) -> Result<(Self, RouteDifferences), Unworkable> {
        let numbers = Kind::List { of: Item::Cpr, max: NUMBERS_PER_CALL };
        let bind = |fields: &[Field]| bind_wire(SPEC, fields, contract, setting);
        let (by_number, of_numbers, _) = bind(&fields("cprs", "Elev/CPRNr", numbers))?;
        let (since, of_time, _) = bind(&fields("since", "SidenSidst", Kind::Instant))?;
        // What the questions have in common is known from the routes' own binding.
        let about = |subject: &'static str| move |difference: &Difference| difference.subject == subject;
        let of_numbers = of_numbers.into_iter().filter(about("cprs"));
        let of_time = of_time.into_iter().filter(about("since"));
        let differences = of_numbers
            .map(|difference| (QueryYouthContacts::SPEC.id, difference))
            .chain(of_time.map(|difference| (ListYouthContactChanges::SPEC.id, difference)));
        Ok((Self { by_number, since }, differences.collect()))
    }
}

/// Differences, each with the route that it concerns.
pub type RouteDifferences = Vec<(&'static str, Difference)>;

fn fields(label: &str, path: &str, kind: Kind) -> Vec<Field> {
    let mut fields = Vec::new();
    push_supplied(&mut fields, SPEC);
    push(&mut fields, label, &format!("{}/{path}", SPEC.service.request_prefix), kind, true);
    fields
}

/// An answer and the platform's id of the exchange.
#[derive(Debug)]
pub struct Fetched {
    /// The answer.
    pub page: Page,
    /// The platform's id.
    pub correlation_id: Option<String>,
}

impl Gateway {
    /// Asks about named young people, at most a hundred.
    pub async fn fetch_by_number(&self, numbers: &[&str], who: OnBehalf<'_>) -> Result<Fetched, Problem> {
        metrics::batch(numbers.len());
        let numbers = numbers.iter().map(|number| Value::Text((*number).into())).collect();
        self.fetch(&self.lookup.by_number, Value::List(numbers), who, Policy::Read).await
    }

    /// Asks what changed since a time. Never repeated silently: what it hands out counts as fetched upstream.
    pub async fn fetch_since(&self, since: Value<'_>, who: OnBehalf<'_>) -> Result<Fetched, Problem> {
        self.fetch(&self.lookup.since, since, who, Policy::Write).await
    }

    async fn fetch(
        &self,
        wire: &Wire,
        asked: Value<'_>,
        who: OnBehalf<'_>,
        policy: Policy,
    ) -> Result<Fetched, Problem> {
        let mut root: Vec<Value<'_>> = self.supply(wire.supplied.iter().copied(), who)?;
        root.push(asked);
        let answered =
            self.exchange(wire, wire.write(Vec::new(), root), policy).await.map_err(Problem::for_read)?;
        Ok(Fetched {
            page: Page::of(answered.values, wire.operation, &answered.secrets),
            correlation_id: answered.correlation_id,
        })
    }
}
