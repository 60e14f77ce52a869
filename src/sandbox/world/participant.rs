//! Participants of interviews: added, renamed and removed one by one.

use super::caller::{Refusal, refuse_if};
use super::interview::{check_participant, may_choose_identifiers};
use super::registry::Interview;
use super::{Answer, Call, World};
use crate::sandbox::rules::interviews as rules;
use crate::sandbox::rules::people::UNKNOWN_IDENTIFIER;

/// How many participants an interview can have.
pub(super) const MAX_PARTICIPANTS: usize = 200;

impl World {
    pub(super) fn add_participant(&mut self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let (cpr, _) = self.person_of(call)?;
        let interview_id = call.request.guid("PersonInterviewIdentifier")?;
        let participant = call.request.part("InterviewParticipant")?;
        let interview = self.registry.get::<Interview>(&interview_id).ok_or(Refusal(&UNKNOWN_IDENTIFIER))?;
        refuse_if(interview.cpr != cpr, &rules::OTHERS_INTERVIEW)?;
        let chosen = participant.optional_guid("MessageIdentifier");
        refuse_if(chosen.is_some() && !may_choose_identifiers(call.caller), &rules::OWN_IDENTIFIER)?;
        refuse_if(
            chosen.as_ref().is_some_and(|id| interview.what.participants.contains(id)),
            &rules::PARTICIPANT_EXISTS,
        )?;
        check_participant(participant)?;
        let from_elsewhere = participant.at("ExternalAuthorityParticipantId").is_some();
        refuse_if(from_elsewhere && !interview.what.with_more_authorities, &rules::OUTSIDER)?;
        refuse_if(interview.what.participants.len() >= MAX_PARTICIPANTS, &rules::CROWDED)?;
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
        let interview = self.own::<Interview>(&interview_id, cpr)?;
        if !interview.participants.contains(&id) {
            let elsewhere = |(_, it): (&str, &Interview)| it.participants.contains(&id);
            let rule = if self.registry.of_person::<Interview>(cpr).any(elsewhere) {
                &rules::PARTICIPANT_ELSEWHERE
            } else {
                &rules::PARTICIPANT_UNKNOWN
            };
            return Err(Refusal(rule));
        }
        Ok((interview_id, id))
    }
}
