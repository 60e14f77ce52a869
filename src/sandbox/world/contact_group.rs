//! Contact groups: at most one open at a time, and nothing but its end can change.

use jiff::Timestamp;

use super::caller::{Organisation, Refusal, refuse_if};
use super::cast::{Absence, Person};
use super::codes;
use super::registry::ContactGroup;
use super::{Answer, Call, World};
use crate::sandbox::element::Element;
use crate::sandbox::rules::contact_groups as rules;
use crate::types::time::danish_day;

impl World {
    /// The contact group of a person that has not ended.
    pub(super) fn open_contact_group(&self, cpr: &str, now: Timestamp) -> Option<(&str, &ContactGroup)> {
        self.registry.of_person::<ContactGroup>(cpr).find(|(_, group)| group.end.is_none_or(|end| end > now))
    }

    pub(super) fn create_contact_group(&mut self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let (cpr, person) = self.person_of(call)?;
        let element = call.request.part("ContactGroup")?;
        let group = ContactGroup {
            group_type: element
                .optional_number("ContactGroupTypeIdentifier")?
                .ok_or(Refusal(&rules::TYPE_UNKNOWN))?,
            event: element.optional_time("ContactGroupEventTime")?,
            start: element.time("ContactGroupStartTime")?,
            end: element.optional_time("ContactGroupEndTime")?,
        };
        self.check_new_group(cpr, &group, call)?;
        if !person.open_to_all {
            check_person(person, group.group_type)?;
        }
        let id = self.ids.next();
        self.registry.add(id.clone(), cpr, call.caller, group);
        Ok(self.receipt(id, call.now))
    }

    fn check_new_group(&self, cpr: &str, group: &ContactGroup, call: &Call<'_>) -> Result<(), Refusal> {
        refuse_if(!codes::is_contact_group_type(group.group_type), &rules::TYPE_UNKNOWN)?;
        let jobcenter = call.caller.organisation == Organisation::Jobcenter;
        refuse_if(jobcenter && group.group_type == codes::NOT_FOR_JOBCENTERS, &rules::NOT_FOR_JOBCENTERS)?;
        refuse_if(group.event.is_some_and(|event| event > group.start), &rules::EVENT_AFTER_START)?;
        refuse_if(self.open_contact_group(cpr, call.now).is_some(), &rules::OPEN)?;
        let former = || self.registry.of_person::<ContactGroup>(cpr).map(|(_, former)| former);
        refuse_if(former().any(|former| former.start > group.start), &rules::LATER_EXISTS)?;
        let again = |former: &ContactGroup| {
            former.group_type == group.group_type
                && former.end.is_some_and(|end| danish_day(end) == danish_day(group.start))
        };
        refuse_if(former().any(again), &rules::SAME_AGAIN)
    }

    pub(super) fn update_contact_group(&mut self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let (cpr, person) = self.person_of(call)?;
        let id = call.request.guid("MessageIdentifier")?;
        let element = call.request.part("ContactGroup")?;
        let known = self.own::<ContactGroup>(&id, cpr)?.clone();
        check_unchanged(&known, element)?;
        let end = element.optional_time("ContactGroupEndTime")?;
        if let Some(end) = end {
            refuse_if(end < known.start, &rules::ENDS_BEFORE_ITS_START)?;
            refuse_if(danish_day(end) < danish_day(call.now), &rules::ENDS_BEFORE_TODAY)?;
            refuse_if(!person.open_to_all && person.enrolled, &rules::ENROLLED)?;
            refuse_if(!person.open_to_all && person.absence.is_some(), &rules::ABSENT)?;
        }
        // Without an end, or with a later one, the group is open: then it must be the only one.
        let other = self.open_contact_group(cpr, call.now).is_some_and(|(open, _)| open != id);
        refuse_if(other && end.is_none_or(|end| end > call.now), &rules::REOPENS)?;
        if let Some(group) = self.registry.get_mut::<ContactGroup>(&id) {
            group.end = end;
        }
        Ok(self.receipt(id, call.now))
    }
}

/// What an update leaves out counts as unchanged.
fn check_unchanged(known: &ContactGroup, element: &Element) -> Result<(), Refusal> {
    let group_type = element.optional_number("ContactGroupTypeIdentifier")?;
    refuse_if(group_type.is_some_and(|it| it != known.group_type), &rules::TYPE_FIXED)?;
    refuse_if(element.time("ContactGroupStartTime")? != known.start, &rules::START_FIXED)?;
    let event = element.optional_time("ContactGroupEventTime")?;
    refuse_if(event.is_some() && event != known.event, &rules::EVENT_FIXED)
}

/// Who may be in which group. Types and ages are inventions; the codes are not.
fn check_person(person: &Person, group_type: i64) -> Result<(), Refusal> {
    refuse_if(matches!(group_type, 2 | 13) && person.age < 18, &rules::TOO_YOUNG)?;
    refuse_if(group_type == 1 && !person.enrolled, &rules::NOT_ENROLLED)?;
    refuse_if(group_type == 1 && person.absence == Some(Absence::Leave), &rules::LEAVE)?;
    refuse_if(group_type == 13 && person.absence != Some(Absence::Illness), &rules::NOT_ILL)?;
    refuse_if(group_type == codes::NEEDS_CV && person.cv.is_none(), &rules::NO_CV)
}
