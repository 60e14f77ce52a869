//! The world behind the simulated upstreams: people, what is registered about them, and the rules for it.
//!
//! A state machine without clock, network or chance of its own: each call brings its time, and a seed decides the
//! identifiers. An operation that is refused has changed nothing.

mod admission;
mod caller;
pub(crate) mod cast;
mod category;
mod codes;
mod contact_group;
pub(crate) mod contacts;
pub(crate) mod feed;
mod group_marking;
mod health_limitation;
mod identifiers;
pub(crate) mod input;
mod interview;
mod membership;
mod participant;
pub(crate) mod presets;
mod registry;
pub(crate) mod youth;

use std::collections::HashMap;

use jiff::Timestamp;

pub(crate) use caller::{Caller, Organisation, Refusal};
use feed::Feed;
use identifiers::Identifiers;
use input::UNREADABLE;
use presets::Presets;
use registry::{Kind, Registry};

use super::element::Element;
use super::triggers;
use crate::sandbox::rules::people::UNKNOWN_IDENTIFIER;
use crate::types::time::{Instant, WireFormat};

/// A registration that is asked for.
pub(crate) struct Call<'c> {
    /// Name of the operation.
    pub(crate) operation: &'c str,
    /// The request element.
    pub(crate) request: &'c Element,
    /// For whom it is made.
    pub(crate) caller: &'c Caller,
    /// When.
    pub(crate) now: Timestamp,
}

impl Call<'_> {
    /// The CPR number in the request; a few operations carry none.
    pub(crate) fn cpr(&self) -> Option<&str> {
        cpr(self.request)
    }
}

/// The CPR number of a DFDG request, which stands in it or in its one structure.
pub(crate) fn cpr(request: &Element) -> Option<&str> {
    const NAME: &str = "PersonCivilRegistrationIdentifier";
    request.value(NAME).or_else(|| request.children.iter().find_map(|child| child.value(NAME)))
}

/// What a registration answers.
#[derive(Clone)]
pub(crate) enum Answer {
    /// `ServiceReceipt`.
    Receipt {
        /// When it happened.
        event: Timestamp,
        /// Identifier of what was registered.
        id: String,
    },
    /// The interview with its identifiers filled in.
    Interview(Element),
}

impl Answer {
    /// The child of the answer's root element.
    pub(crate) fn into_element(self) -> Element {
        match self {
            Self::Interview(interview) => interview,
            Self::Receipt { event, id } => Element::of(
                "ServiceReceipt",
                vec![Element::text("EventDate", local(event)), Element::text("MessageIdentifier", id)],
            ),
        }
    }
}

/// A point in time as DFDG writes it.
pub(crate) fn local(time: Timestamp) -> String {
    let mut text = Vec::new();
    Instant::utc(time).write_wire(WireFormat::LocalOffset, &mut text);
    String::from_utf8_lossy(&text).into_owned()
}

/// A point in time as Ungedatabasen writes it.
pub(crate) fn utc(time: Timestamp) -> String {
    let mut text = Vec::new();
    Instant::utc(time).write_wire(WireFormat::UtcMillis, &mut text);
    String::from_utf8_lossy(&text).into_owned()
}

/// Everything that can change.
#[derive(Debug)]
pub(crate) struct World {
    ids: Identifiers,
    presets: Presets,
    registry: Registry,
    /// Jobcentres of those who have moved.
    moved: HashMap<String, u32>,
    feed: Feed,
    reports: u64,
}

impl World {
    /// The world as it is before the first call.
    pub(crate) fn new(now: Timestamp, seed: u64) -> Self {
        let presets = Presets::new(now);
        let mut registry = Registry::default();
        presets.fill(&mut registry);
        Self {
            ids: Identifiers::new(seed),
            presets,
            registry,
            moved: HashMap::new(),
            feed: Feed::new(now),
            reports: 0,
        }
    }

    /// Carries out one operation of PersonRegistrationService.
    pub(crate) fn register(&mut self, call: &Call<'_>) -> Result<Answer, Refusal> {
        if call.cpr().is_none() && triggers::is_trigger_identifier(call.request) {
            return Ok(self.new_receipt(call.now));
        }
        match call.operation {
            "CreatePersonInterview" => self.create_interview(call),
            "UpdatePersonInterview" => self.update_interview(call),
            "AddInterviewParticipant" => self.add_participant(call),
            "UpdateInterviewParticipant" => self.update_participant(call),
            "DeleteInterviewParticipant" => self.delete_participant(call),
            "CreatePersonCategory" => self.create_category(call),
            "UpdatePersonCategory" => self.correct_category(call),
            "CreatePersonCategoryAndInterview" => self.create_category_and_interview(call),
            "CreateContactGroup" => self.create_contact_group(call),
            "UpdateContactGroup" => self.update_contact_group(call),
            "CreateHealthLimitation" => self.create_health_limitation(call),
            "UpdateHealthLimitation" => self.update_health_limitation(call),
            "DeleteHealthLimitation" => self.delete_health_limitation(call),
            "CreatePersonGroupMarking" => self.create_marking(call),
            "UpdatePersonGroupMarking" => self.update_marking(call),
            "DeletePersonGroupMarking" => self.delete_marking(call),
            "CreateCivicConsent" | "DeleteCivicConsent" => self.consent(call),
            "UpdatePersonJobcenter" => self.update_jobcenter(call),
            "RegisterUnemploymentFundParticipation" => self.register_participation(call),
            "RegisterUnemploymentFundParticipationCv" => self.register_participation_by_cv(call),
            "RegisterUnemploymentFundParticipationChoice" => self.register_participation_choice(call),
            _ => Err(UNREADABLE),
        }
    }

    /// What is there from the start, with its times.
    pub(crate) fn presets(&self) -> Presets {
        self.presets
    }

    /// How much is registered, and how many reports have come.
    pub(crate) fn size(&self) -> (usize, u64) {
        (self.registry.len(), self.reports)
    }

    fn person_of<'c>(&self, call: &Call<'c>) -> Result<(&'c str, &'static cast::Person), Refusal> {
        let cpr = cpr(call.request).ok_or(UNREADABLE)?;
        Ok((cpr, self.admit(cpr, call.caller, call.operation)?))
    }

    /// The registration of a kind under an identifier, if it concerns this person.
    fn own<T: Kind>(&self, id: &str, cpr: &str) -> Result<&T, Refusal> {
        let found = self.registry.of_person::<T>(cpr).find(|(known, _)| *known == id);
        found.map(|(_, it)| it).ok_or(Refusal(&UNKNOWN_IDENTIFIER))
    }

    fn is_own_jobcenter(&self, cpr: &str, caller: &Caller) -> bool {
        let own = |person| caller.is_number(self.jobcenter_of(cpr, person));
        caller.organisation == Organisation::Jobcenter && cast::person(cpr).is_some_and(own)
    }

    fn receipt(&self, id: String, now: Timestamp) -> Answer {
        Answer::Receipt { event: now, id }
    }

    fn new_receipt(&mut self, now: Timestamp) -> Answer {
        let id = self.ids.next();
        self.receipt(id, now)
    }
}
