//! Health limitations: planned ahead, fixed once they have begun.

use super::caller::{Refusal, refuse_if};
use super::registry::HealthLimitation;
use super::{Answer, Call, World};
use crate::sandbox::element::Element;
use crate::sandbox::rules::limitations as rules;
use crate::sandbox::rules::people::UNKNOWN_IDENTIFIER;
use crate::types::time::danish_day;

impl HealthLimitation {
    fn read(element: &Element) -> Result<Self, Refusal> {
        Ok(Self { start: element.time("StartDate")?, end: element.optional_time("EndDate")? })
    }
}

impl World {
    pub(super) fn create_health_limitation(&mut self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let (cpr, _) = self.person_of(call)?;
        let limitation = HealthLimitation::read(call.request.part("HealthLimitation")?)?;
        let today = danish_day(call.now);
        refuse_if(danish_day(limitation.start) < today, &rules::STARTS_BEFORE_TODAY)?;
        check_end(&limitation, call)?;
        let id = self.ids.next();
        self.registry.add(id.clone(), cpr, call.caller, limitation);
        Ok(self.receipt(id, call.now))
    }

    pub(super) fn update_health_limitation(&mut self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let (cpr, _) = self.person_of(call)?;
        let id = call.request.guid("MessageIdentifier")?;
        let changed = HealthLimitation::read(call.request.part("HealthLimitation")?)?;
        let known = self.own::<HealthLimitation>(&id, cpr)?.clone();
        let today = danish_day(call.now);
        if changed.start != known.start {
            refuse_if(danish_day(known.start) < today, &rules::START_FIXED)?;
            refuse_if(danish_day(changed.start) < today, &rules::MOVES_BEFORE_TODAY)?;
        }
        if changed.end != known.end {
            refuse_if(known.end.is_some_and(|end| danish_day(end) < today), &rules::END_FIXED)?;
            check_end(&changed, call)?;
        }
        if let Some(limitation) = self.registry.get_mut::<HealthLimitation>(&id) {
            *limitation = changed;
        }
        Ok(self.receipt(id, call.now))
    }

    pub(super) fn delete_health_limitation(&mut self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let id = call.request.guid("MessageIdentifier")?;
        let entry = self.registry.get::<HealthLimitation>(&id).ok_or(Refusal(&UNKNOWN_IDENTIFIER))?;
        refuse_if(!self.is_own_jobcenter(&entry.cpr, call.caller), &rules::OTHERS)?;
        let today = danish_day(call.now);
        refuse_if(entry.what.end.is_some_and(|end| danish_day(end) < today), &rules::HAS_ENDED)?;
        refuse_if(danish_day(entry.what.start) < today, &rules::HAS_BEGUN)?;
        self.registry.remove(&id);
        Ok(self.receipt(id, call.now))
    }
}

fn check_end(limitation: &HealthLimitation, call: &Call<'_>) -> Result<(), Refusal> {
    let Some(end) = limitation.end else { return Ok(()) };
    refuse_if(end < limitation.start, &rules::ENDS_BEFORE_START)?;
    refuse_if(danish_day(end) < danish_day(call.now), &rules::ENDS_BEFORE_TODAY)
}
