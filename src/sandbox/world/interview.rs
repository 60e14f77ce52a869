//! Interviews: held within the last seven days, never moved afterwards.

use std::sync::LazyLock;

use jiff::Timestamp;
use regex::Regex;

use super::admission::danish_days_between;
use super::caller::{Caller, Organisation, Refusal, refuse_if};
use super::cast::{Absence, Person};
use super::codes::{self, INTERVIEW_TYPES};
use super::participant::MAX_PARTICIPANTS;
use super::registry::{ContactGroup, Interview};
use super::{Answer, Call, World};
use crate::sandbox::element::Element;
use crate::sandbox::rules::interviews as rules;
use crate::sandbox::rules::people::UNKNOWN_IDENTIFIER;

static TAG: LazyLock<Regex> =
    LazyLock::new(|| Regex::new("<[/!]?[A-Za-z][^<>]*>").expect("the pattern is constant"));

impl World {
    pub(super) fn create_interview(&mut self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let (cpr, person) = self.person_of(call)?;
        let interview = call.request.part("PersonInterview")?;
        self.check_new_interview(cpr, person, interview, call)?;
        Ok(Answer::Interview(self.keep_interview(cpr, interview, call)?))
    }

    /// All rules for an interview that is to be registered.
    pub(super) fn check_new_interview(
        &self,
        cpr: &str,
        person: &Person,
        interview: &Element,
        call: &Call<'_>,
    ) -> Result<(), Refusal> {
        let own_identifiers = interview.value("MessageIdentifier").is_some()
            || participants(interview).any(|it| it.value("MessageIdentifier").is_some());
        refuse_if(own_identifiers && !may_choose_identifiers(call.caller), &rules::OWN_IDENTIFIER)?;
        let known = |id: String| self.registry.contains(&id);
        refuse_if(interview.optional_guid("MessageIdentifier").is_some_and(known), &rules::EXISTS)?;
        let time = interview.time("InterviewTime")?;
        refuse_if(time > call.now, &rules::IN_FUTURE)?;
        refuse_if(danish_days_between(time, call.now) > 7, &rules::TOO_OLD)?;
        self.check_interview(cpr, person, interview, call.now)
    }

    /// The rules for an interview that do not depend on whether it is new.
    fn check_interview(
        &self,
        cpr: &str,
        person: &Person,
        interview: &Element,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        check_codes(interview)?;
        self.check_coherence(cpr, person, interview, now)?;
        check_authorities(interview)?;
        check_agreement(interview)?;
        self.check_booking(cpr, interview)
    }

    fn check_coherence(
        &self,
        cpr: &str,
        person: &Person,
        interview: &Element,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        if person.open_to_all {
            return Ok(());
        }
        let group = self.open_contact_group(cpr, now).map(|(_, group): (_, &ContactGroup)| group.group_type);
        let kind = interview.number("InterviewTypeIdentifier")?;
        let ill = person.absence == Some(Absence::Illness);
        refuse_if(kind == codes::FOLLOW_UP && matches!(group, Some(1 | 2)) && !ill, &rules::NEEDS_ILLNESS)?;
        refuse_if(codes::BENEFIT_ONLY.contains(&kind) && group != Some(1), &rules::BENEFIT_ONLY)?;
        refuse_if(kind == codes::REHABILITATION_TEAM && group != Some(13), &rules::REHABILITATION_ONLY)
    }

    fn check_booking(&self, cpr: &str, interview: &Element) -> Result<(), Refusal> {
        let Some(booking) = interview.optional_guid("BookingIdentifier") else {
            return Ok(());
        };
        match super::presets::booking(&booking) {
            None => Err(Refusal(&rules::UNKNOWN_BOOKING)),
            Some(owner) => refuse_if(owner != cpr, &rules::OTHERS_BOOKING),
        }
    }

    /// Registers an interview and gives it back with all identifiers filled in.
    pub(super) fn keep_interview(
        &mut self,
        cpr: &str,
        interview: &Element,
        call: &Call<'_>,
    ) -> Result<Element, Refusal> {
        let mut answer = interview.clone();
        let id = self.identify(&mut answer)?;
        let mut ids = Vec::new();
        for participant in participants_mut(&mut answer) {
            ids.push(self.identify(participant)?);
        }
        let kept = Interview {
            interview_type: interview.number("InterviewTypeIdentifier")?,
            time: interview.time("InterviewTime")?,
            with_more_authorities: interview.flag("InterviewWithMoreAuthorities")?,
            participants: ids,
        };
        self.registry.add(id, cpr, call.caller, kept);
        Ok(answer)
    }

    pub(super) fn update_interview(&mut self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let (cpr, person) = self.person_of(call)?;
        let interview = call.request.part("PersonInterview")?;
        let id = interview.optional_guid("MessageIdentifier").ok_or(Refusal(&UNKNOWN_IDENTIFIER))?;
        let known = self.own::<Interview>(&id, cpr)?.clone();
        refuse_if(interview.time("InterviewTime")? != known.time, &rules::TIME_FIXED)?;
        refuse_if(interview.number("InterviewTypeIdentifier")? != known.interview_type, &rules::TYPE_FIXED)?;
        refuse_if(
            interview.flag("InterviewWithMoreAuthorities")? != known.with_more_authorities,
            &rules::MORE_AUTHORITIES_FIXED,
        )?;
        self.check_interview(cpr, person, interview, call.now)?;
        check_agreement_says_something(interview)?;
        if interview.at("InterviewParticipantCollection").is_some() {
            let ids = self.replacing_participants(&known, interview)?;
            if let Some(kept) = self.registry.get_mut::<Interview>(&id) {
                kept.participants = ids;
            }
        }
        Ok(self.receipt(id, call.now))
    }

    /// Participants of an update replace those there were; one that is named must be one of them.
    fn replacing_participants(
        &mut self,
        known: &Interview,
        interview: &Element,
    ) -> Result<Vec<String>, Refusal> {
        let mut ids = Vec::new();
        for participant in participants(interview) {
            let id = match participant.optional_guid("MessageIdentifier") {
                Some(id) if known.participants.contains(&id) && !ids.contains(&id) => id,
                Some(_) => return Err(Refusal(&UNKNOWN_IDENTIFIER)),
                None => self.ids.next(),
            };
            ids.push(id);
        }
        Ok(ids)
    }

    /// The identifier of an element, which is given one as its first child where it has none.
    fn identify(&mut self, element: &mut Element) -> Result<String, Refusal> {
        match element.optional_guid("MessageIdentifier") {
            Some(id) => Ok(id),
            None => {
                let id = self.ids.next();
                element.children.insert(0, Element::text("MessageIdentifier", id.clone()));
                Ok(id)
            }
        }
    }
}

/// Only a jobcentre chooses identifiers itself (guess: the description says "in this situation").
pub(super) fn may_choose_identifiers(caller: &Caller) -> bool {
    caller.organisation == Organisation::Jobcenter
}

fn participants(interview: &Element) -> impl Iterator<Item = &Element> {
    interview.child("InterviewParticipantCollection").into_iter().flat_map(|collection| &collection.children)
}

fn participants_mut(interview: &mut Element) -> impl Iterator<Item = &mut Element> {
    interview.child_mut("InterviewParticipantCollection").into_iter().flat_map(|it| &mut it.children)
}

fn check_codes(interview: &Element) -> Result<(), Refusal> {
    let kind = interview.number("InterviewTypeIdentifier")?;
    refuse_if(kind == codes::EXPIRED_INTERVIEW_TYPE, &rules::TYPE_EXPIRED)?;
    refuse_if(!INTERVIEW_TYPES.contains(&kind), &rules::TYPE_UNKNOWN)?;
    let contact = interview.number("InterviewContactTypeIdentifier")?;
    refuse_if(!codes::CONTACT_TYPES.contains(&contact), &rules::CONTACT_TYPE_UNKNOWN)?;
    let status = interview.optional_number("ParticipationStatusTypeIdentifier")?;
    refuse_if(
        status.is_some_and(|status| !codes::PARTICIPATION_STATUSES.contains(&status)),
        &rules::STATUS_UNKNOWN,
    )?;
    let organisation =
        interview.number("ResponsibleAuthority/AuthorityStructure/OrganisationTypeIdentifier")?;
    refuse_if(!(1..=100).contains(&organisation), &rules::AUTHORITY_TYPE)?;
    refuse_if(participants(interview).count() > MAX_PARTICIPANTS, &rules::CROWDED)?;
    participants(interview).try_for_each(check_participant)
}

/// The codes of one participant.
pub(super) fn check_participant(participant: &Element) -> Result<(), Refusal> {
    let contact = participant.number("InterviewParticipantContactTypeIdentifier")?;
    refuse_if(!codes::CONTACT_TYPES.contains(&contact), &rules::PARTICIPANT_CONTACT_TYPE)?;
    let kind = participant.number("InterviewParticipantTypeIdentifier")?;
    refuse_if(!codes::PARTICIPANT_TYPES.contains(&kind), &rules::PARTICIPANT_TYPE)
}

fn check_authorities(interview: &Element) -> Result<(), Refusal> {
    let kind = interview.number("InterviewTypeIdentifier")?;
    let more = interview.flag("InterviewWithMoreAuthorities")?;
    let status = interview.optional_number("ParticipationStatusTypeIdentifier")?;
    let joint = codes::JOINT.contains(&kind);
    refuse_if(joint && !more, &rules::MORE_AUTHORITIES)?;
    refuse_if(joint && participants(interview).next().is_none(), &rules::PARTICIPANTS)?;
    refuse_if(joint && status.is_none(), &rules::STATUS)?;
    refuse_if(more && status.is_none(), &rules::MORE_AUTHORITIES_STATUS)?;
    refuse_if(
        kind == codes::REHABILITATION_TEAM && !matches!(status, Some(5 | 6)),
        &rules::REHABILITATION_STATUS,
    )
}

fn check_agreement(interview: &Element) -> Result<(), Refusal> {
    let text = interview.required("AgreementDescription")?;
    refuse_if(TAG.is_match(text), &rules::HTML)
}

/// Not asked of an interview that is registered by itself: the description lists no 4734 there.
pub(super) fn check_agreement_says_something(interview: &Element) -> Result<(), Refusal> {
    refuse_if(interview.required("AgreementDescription")?.trim().is_empty(), &rules::BLANK)
}
