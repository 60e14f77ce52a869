//! Health limitations: planned ahead, fixed once they have begun.

use super::caller::{Refusal, refuse_if};
use super::registry::HealthLimitation;
use super::{Answer, Call, World};
use crate::sandbox::element::Element;
use crate::types::time::danish_day;

impl HealthLimitation {
    fn read(element: &Element) -> Result<Self, Refusal> {
        Ok(Self { start: element.time("StartDate")?, end: element.optional_time("EndDate")? })
    }
}

impl World {
    pub(super) fn create_health_limitation(&mut self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let (cpr, _) = self.person_of(call)?;
        let limitation = HealthLimitation::read(call.request.at("HealthLimitation").ok_or(Refusal(1014))?)?;
        let today = danish_day(call.now);
        refuse_if(danish_day(limitation.start) < today, 4668)?;
        check_end(&limitation, call)?;
        let id = self.ids.next();
        self.registry.add(id.clone(), cpr, call.caller, limitation);
        Ok(self.receipt(id, call.now))
    }

    pub(super) fn update_health_limitation(&mut self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let (cpr, _) = self.person_of(call)?;
        let id = call.request.guid("MessageIdentifier")?;
        let changed = HealthLimitation::read(call.request.at("HealthLimitation").ok_or(Refusal(1014))?)?;
        let known = self.own::<HealthLimitation>(&id, cpr).ok_or(Refusal(4589))?.clone();
        let today = danish_day(call.now);
        if changed.start != known.start {
            refuse_if(danish_day(known.start) < today, 4647)?;
            refuse_if(danish_day(changed.start) < today, 4668)?;
        }
        if changed.end != known.end {
            refuse_if(known.end.is_some_and(|end| danish_day(end) < today), 4748)?;
            check_end(&changed, call)?;
        }
        if let Some(limitation) = self.registry.get_mut::<HealthLimitation>(&id) {
            *limitation = changed;
        }
        Ok(self.receipt(id, call.now))
    }

    pub(super) fn delete_health_limitation(&mut self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let id = call.request.guid("MessageIdentifier")?;
        let entry = self.registry.get::<HealthLimitation>(&id).ok_or(Refusal(4589))?;
        refuse_if(!self.is_own_jobcenter(&entry.cpr, call.caller), 4575)?;
        let today = danish_day(call.now);
        refuse_if(entry.what.end.is_some_and(|end| danish_day(end) < today), 4743)?;
        refuse_if(danish_day(entry.what.start) < today, 4668)?;
        self.registry.remove(&id);
        Ok(self.receipt(id, call.now))
    }
}

fn check_end(limitation: &HealthLimitation, call: &Call<'_>) -> Result<(), Refusal> {
    let Some(end) = limitation.end else { return Ok(()) };
    refuse_if(end < limitation.start, 4669)?;
    refuse_if(danish_day(end) < danish_day(call.now), 4742)
}
