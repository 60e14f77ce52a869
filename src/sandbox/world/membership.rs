//! Jobcentre and unemployment fund: where a person belongs, and who takes part in joint interviews.

use super::caller::{Organisation, Refusal, refuse_if};
use super::cast::{self, JOBCENTERS};
use super::{Answer, Call, World};
use crate::sandbox::rules::people as rules;

impl World {
    pub(super) fn update_jobcenter(&mut self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let (cpr, person) = self.person_of(call)?;
        let target = call.request.number("UpdatePersonJobcenter/JobCenterIdentifier")?;
        let target = JOBCENTERS
            .into_iter()
            .find(|known| i64::from(*known) == target)
            .ok_or(Refusal(&rules::UNKNOWN_JOBCENTER))?;
        // The one that lets go or the one that takes over (guess).
        let ours = self.is_own_jobcenter(cpr, call.caller) || call.caller.is_number(target);
        refuse_if(!ours && !person.open_to_all, &rules::NOT_OURS_TO_MOVE)?;
        self.moved.insert(cpr.to_owned(), target);
        Ok(self.new_receipt(call.now))
    }

    pub(super) fn register_participation(&mut self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let (_, person) = self.person_of(call)?;
        refuse_if(person.fund.is_none(), &rules::NOT_IN_A_FUND)?;
        Ok(self.new_receipt(call.now))
    }

    pub(super) fn register_participation_choice(&mut self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let (_, person) = self.person_of(call)?;
        refuse_if(person.fund.is_none(), &rules::NO_FUND)?;
        call.request.time("EventDate")?;
        Ok(self.new_receipt(call.now))
    }

    pub(super) fn register_participation_by_cv(&mut self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let taken =
            matches!(call.caller.organisation, Organisation::Jobcenter | Organisation::UnemploymentFund);
        refuse_if(!taken, &rules::AUTHORITY_KIND)?;
        let person = cast::cv_customer(call.request.required("CvCustomerIdentifier")?)
            .ok_or(Refusal(&rules::UNKNOWN_CV))?;
        refuse_if(person.dead, &rules::DEAD)?;
        refuse_if(person.fund.is_none(), &rules::NOT_IN_A_FUND)?;
        Ok(self.new_receipt(call.now))
    }

    /// Phased out: refused whoever asks (4588), except where a trigger wants it to work.
    pub(super) fn consent(&mut self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let cpr = call.request.value("CivicConsent/PersonCivilRegistrationIdentifier");
        let behind_a_trigger = cpr.and_then(cast::person).is_some_and(|person| person.open_to_all);
        refuse_if(!behind_a_trigger, &rules::PHASED_OUT)?;
        Ok(self.new_receipt(call.now))
    }
}
