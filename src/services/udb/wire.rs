//! The two ways of asking HentInstitutionKontakt: about named young people, and since a time.

use super::contacts::GetYouthContacts;
use super::row::Page;
use crate::gateway::Gateway;
use crate::gateway::compile::{Setting, Unworkable, Wire, bind_wire, push, push_supplied};
use crate::gateway::exchange::Message;
use crate::gateway::supply::OnBehalf;
use crate::http::Route;
use crate::operation::Spec;
use crate::problem::Problem;
use crate::shape::value::Value;
use crate::shape::{Item, Kind};
use crate::soap::bind::{Difference, Field};
use crate::soap::schema::Contract;
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
    /// Binds both questions to the WSDL in force.
    pub fn new(contract: &Contract, setting: &Setting) -> Result<(Self, Vec<Difference>), Unworkable> {
        let numbers = Kind::List { of: Item::Cpr, max: NUMBERS_PER_CALL };
        let (by_number, mut differences, _) =
            bind_wire(SPEC, &fields("cprs", "Elev/CPRNr", numbers), contract, setting)?;
        let (since, more, _) =
            bind_wire(SPEC, &fields("since", "SidenSidst", Kind::Instant), contract, setting)?;
        differences.extend(more.into_iter().filter(|difference| difference.subject == "since"));
        Ok((Self { by_number, since }, differences))
    }
}

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
        let mut root = self.supply(wire.supplied.iter().copied(), who)?;
        root.push(asked.into_owned());
        let mut body = Vec::with_capacity(1024);
        wire.request.write(&Value::Object(root), &mut body);
        let message = Message { headers: Vec::new(), body };
        let answered = self.exchange(wire, message, policy).await.map_err(Problem::for_read)?;
        Ok(Fetched {
            page: Page::of(answered.values, wire.operation, &answered.secrets),
            correlation_id: answered.correlation_id,
        })
    }
}
