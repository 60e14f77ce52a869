//! Group markings: a person takes part in a project for a time, within the project's own time, once at a time.

use jiff::Timestamp;

use super::caller::{Caller, Refusal, refuse_if};
use super::registry::{Entry, GroupMarking};
use super::{Answer, Call, World};
use crate::sandbox::rules::markings as rules;
use crate::sandbox::rules::people::UNKNOWN_IDENTIFIER;
use crate::types::time::danish_day;

impl World {
    pub(super) fn create_marking(&mut self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let (cpr, _) = self.person_of(call)?;
        let element = call.request.part("PersonGroupMarking")?;
        let marking = GroupMarking {
            project: element.guid("PersonGroupProjectIdentifier")?,
            start: element.time("PersonGroupMarkingStartTime")?,
            end: element.optional_time("PersonGroupMarkingEndTime")?,
        };
        self.check_marking(cpr, &marking, None)?;
        let id = self.ids.next();
        self.registry.add(id.clone(), cpr, call.caller, marking);
        Ok(self.receipt(id, call.now))
    }

    pub(super) fn update_marking(&mut self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let id = call.request.guid("MessageIdentifier")?;
        let entry = self.registry.get::<GroupMarking>(&id).ok_or(Refusal(&UNKNOWN_IDENTIFIER))?;
        refuse_if(!self.may_change(&entry, call.caller), &rules::OTHERS)?;
        let changed = GroupMarking {
            project: entry.what.project.clone(),
            start: call.request.time("PersonGroupMarkingStartTime")?,
            end: call.request.optional_time("PersonGroupMarkingEndTime")?,
        };
        let moved = changed.start != entry.what.start;
        refuse_if(moved && danish_day(changed.start) < danish_day(call.now), &rules::MOVES_BEFORE_TODAY)?;
        self.check_marking(&entry.cpr, &changed, Some(&id))?;
        if let Some(marking) = self.registry.get_mut::<GroupMarking>(&id) {
            *marking = changed;
        }
        Ok(self.receipt(id, call.now))
    }

    pub(super) fn delete_marking(&mut self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let id = call.request.guid("MessageIdentifier")?;
        let entry = self.registry.get::<GroupMarking>(&id).ok_or(Refusal(&UNKNOWN_IDENTIFIER))?;
        refuse_if(!self.may_change(&entry, call.caller), &rules::OTHERS)?;
        refuse_if(danish_day(entry.what.start) < danish_day(call.now), &rules::HAS_BEGUN)?;
        self.registry.remove(&id);
        Ok(self.receipt(id, call.now))
    }

    fn may_change(&self, entry: &Entry<&GroupMarking>, caller: &Caller) -> bool {
        entry.by == *caller || self.is_own_jobcenter(&entry.cpr, caller)
    }

    /// The rules for the period of a marking; `itself` is the one that is being changed.
    fn check_marking(&self, cpr: &str, marking: &GroupMarking, itself: Option<&str>) -> Result<(), Refusal> {
        let (project_start, project_end) =
            self.presets.project(&marking.project).ok_or(Refusal(&rules::UNKNOWN_PROJECT))?;
        refuse_if(marking.end.is_some_and(|end| end < marking.start), &rules::ENDS_BEFORE_START)?;
        refuse_if(danish_day(marking.start) < danish_day(project_start), &rules::BEFORE_PROJECT)?;
        let late = |time: Timestamp| project_end.is_some_and(|end| danish_day(time) > danish_day(end));
        refuse_if(late(marking.start) || marking.end.is_some_and(late), &rules::AFTER_PROJECT)?;
        let overlaps = |(id, other): (&str, &GroupMarking)| {
            Some(id) != itself && other.project == marking.project && other.overlaps(marking)
        };
        refuse_if(self.registry.of_person::<GroupMarking>(cpr).any(overlaps), &rules::OVERLAPS)
    }
}

impl GroupMarking {
    /// Whether two periods share a point in time; an open end is for ever.
    pub(super) fn overlaps(&self, other: &Self) -> bool {
        let begins_before_end = |a: &Self, b: &Self| b.end.is_none_or(|end| a.start <= end);
        begins_before_end(self, other) && begins_before_end(other, self)
    }
}
