//! Person categories: how ready a person is for work.

use jiff::Timestamp;

use super::caller::{Refusal, refuse_if};
use super::cast::{Absence, Person};
use super::codes;
use super::interview::check_agreement_says_something;
use super::registry::{Category, ContactGroup};
use super::{Answer, Call, World};
use crate::sandbox::element::Element;
use crate::sandbox::rules::categories as rules;

impl World {
    pub(super) fn create_category(&mut self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let (cpr, person) = self.person_of(call)?;
        let category = call.request.part("PersonCategory")?;
        self.check_category(cpr, person, category, call.now)?;
        let id = self.keep_category(cpr, category, call)?;
        Ok(self.receipt(id, call.now))
    }

    pub(super) fn create_category_and_interview(&mut self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let (cpr, person) = self.person_of(call)?;
        let category = call.request.part("PersonCategory")?;
        let interview = call.request.part("PersonInterview")?;
        self.check_category(cpr, person, category, call.now)?;
        self.check_new_interview(cpr, person, interview, call)?;
        check_agreement_says_something(interview)?;
        let answer = self.keep_interview(cpr, interview, call)?;
        self.keep_category(cpr, category, call)?;
        Ok(Answer::Interview(answer))
    }

    /// A correction cancels the category; what is cancelled is not found again (guess).
    pub(super) fn correct_category(&mut self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let (cpr, _) = self.person_of(call)?;
        let id = call.request.guid("MessageIdentifier")?;
        self.own::<Category>(&id, cpr)?;
        self.registry.remove(&id);
        Ok(self.receipt(id, call.now))
    }

    fn keep_category(&mut self, cpr: &str, category: &Element, call: &Call<'_>) -> Result<String, Refusal> {
        let id = self.ids.next();
        let kept = Category { incident: category.time("IncidentDate")? };
        self.registry.add(id.clone(), cpr, call.caller, kept);
        Ok(id)
    }

    fn check_category(
        &self,
        cpr: &str,
        person: &Person,
        category: &Element,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let code = category.number("PersonCategoryTypeIdentifier")?;
        let incident = category.time("IncidentDate")?;
        refuse_if(code == codes::NOT_ASSESSED, &rules::NOT_ASSESSED)?;
        refuse_if(code > 15, &rules::TOO_HIGH)?;
        refuse_if(code < 4, &rules::TOO_LOW)?;
        refuse_if(incident > now, &rules::IN_FUTURE)?;
        refuse_if(self.has_later(cpr, incident), &rules::LATER_EXISTS)?;
        if person.open_to_all {
            return Ok(());
        }
        match self.open_contact_group(cpr, now).map(|(_, group)| group.group_type) {
            None => return Err(Refusal(&rules::NO_CONTACT_GROUP)),
            Some(1) => return Err(Refusal(&rules::BENEFIT)),
            Some(_) => {}
        }
        refuse_if(person.warning_letter_passed, &rules::WARNING_LETTER)?;
        let ready = code == codes::READY_FOR_WORK;
        refuse_if(ready && person.absence == Some(Absence::Leave), &rules::LEAVE)?;
        refuse_if(ready && person.absence == Some(Absence::Illness), &rules::ILLNESS)?;
        refuse_if(ready && !person.enrolled, &rules::NOT_ENROLLED)?;
        refuse_if(code == codes::READY_FOR_ACTIVITY && person.enrolled, &rules::ENROLLED)
    }

    fn has_later(&self, cpr: &str, incident: Timestamp) -> bool {
        let categories = self.registry.of_person::<Category>(cpr).map(|(_, it)| it.incident);
        let groups = self.registry.of_person::<ContactGroup>(cpr).map(|(_, it)| it.start);
        categories.chain(groups).any(|time| time > incident)
    }
}
