//! Participants of interviews: added, renamed and removed one by one.

use super::caller::{Refusal, refuse_if};
use super::interview::{check_participant, may_choose_identifiers};
use super::registry::Interview;
use super::{Answer, Call, World};

/// How many participants an interview can have.
pub(super) const MAX_PARTICIPANTS: usize = 200;

impl World {
    pub(super) fn add_participant(&mut self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let (cpr, _) = self.person_of(call)?;
        let interview_id = call.request.guid("PersonInterviewIdentifier")?;
        let participant = call.request.at("InterviewParticipant").ok_or(Refusal(1014))?;
        let interview = self.registry.get::<Interview>(&interview_id).ok_or(Refusal(4589))?;
        refuse_if(interview.cpr != cpr, 8237)?;
        let chosen = participant.optional_guid("MessageIdentifier");
        refuse_if(chosen.is_some() && !may_choose_identifiers(call.caller), 8240)?;
        refuse_if(chosen.as_ref().is_some_and(|id| interview.what.participants.contains(id)), 8240)?;
        check_participant(participant)?;
        let from_elsewhere = participant.at("ExternalAuthorityParticipantId").is_some();
        refuse_if(from_elsewhere && !interview.what.with_more_authorities, 8188)?;
        refuse_if(interview.what.participants.len() >= MAX_PARTICIPANTS, 1014)?;
        let id = chosen.unwrap_or_else(|| self.ids.next());
        if let Some(interview) = self.registry.get_mut::<Interview>(&interview_id) {
            interview.participants.push(id.clone());
        }
        Ok(self.receipt(id, call.now))
    }

    pub(super) fn update_participant(&mut self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let (_, id) = self.find_participant(call)?;
        Ok(self.receipt(id, call.now))
    }

    pub(super) fn delete_participant(&mut self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let (interview, id) = self.find_participant(call)?;
        if let Some(interview) = self.registry.get_mut::<Interview>(&interview) {
            interview.participants.retain(|known| *known != id);
        }
        Ok(self.receipt(id, call.now))
    }

    /// The identifiers of the interview and of its participant.
    fn find_participant(&self, call: &Call<'_>) -> Result<(String, String), Refusal> {
        let (cpr, _) = self.person_of(call)?;
        let interview_id = call.request.guid("PersonInterviewIdentifier")?;
        let id = call.request.guid("MessageIdentifier")?;
        let interview = self.own::<Interview>(&interview_id, cpr).ok_or(Refusal(4589))?;
        if !interview.participants.contains(&id) {
            let elsewhere = |(_, it): (&str, &Interview)| it.participants.contains(&id);
            let code = if self.registry.of_person::<Interview>(cpr).any(elsewhere) { 8198 } else { 8197 };
            return Err(Refusal(code));
        }
        Ok((interview_id, id))
    }
}
