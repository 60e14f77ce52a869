//! Thousands of random operations against a simple model: never an unexpected answer, never a broken invariant.

use std::collections::{HashMap, HashSet};

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::client::{Client, days, hours};
use super::samples::{
    category, contact_group, cpr, health_limitation, id, interview, marking, operations, participant,
    request, sample, text, with,
};
use crate::sandbox::catalogue::{System, find};
use crate::sandbox::element::Element;
use crate::sandbox::world::Organisation;
use crate::sandbox::world::cast::CROWD_DATE;

/// One step; the numbers choose among what is there.
#[derive(Clone, Debug)]
enum Step {
    Interview { person: usize, hours: i64, participants: usize },
    AddParticipant { person: usize, interview: usize },
    DeleteParticipant { person: usize, interview: usize, participant: usize },
    OpenGroup { person: usize, code: u8, ends: Option<i64> },
    EndGroup { person: usize, group: usize, days: i64 },
    Limit { person: usize, start: i64, end: i64 },
    Unlimit { limitation: usize },
    Mark { person: usize, start: i64, end: i64 },
    Unmark { marking: usize },
    Categorise { person: usize, code: u8 },
    Move { person: usize, jobcenter: usize },
    Any { operation: usize, person: usize, identifier: usize, authority: usize },
}

fn steps() -> impl Strategy<Value = Step> {
    let person = || 0..4_usize;
    let pick = || 0..6_usize;
    prop_oneof![
        (person(), -200..40_i64, 0..3_usize).prop_map(|(person, hours, participants)| Step::Interview {
            person,
            hours,
            participants
        }),
        (person(), pick()).prop_map(|(person, interview)| Step::AddParticipant { person, interview }),
        (person(), pick(), pick()).prop_map(|(person, interview, participant)| Step::DeleteParticipant {
            person,
            interview,
            participant
        }),
        (person(), 0..5_u8, proptest::option::of(-2..3_i64))
            .prop_map(|(person, code, ends)| Step::OpenGroup { person, code, ends }),
        (person(), pick(), -2..5_i64).prop_map(|(person, group, days)| Step::EndGroup {
            person,
            group,
            days
        }),
        (person(), -2..20_i64, -2..20_i64).prop_map(|(person, start, end)| Step::Limit {
            person,
            start,
            end
        }),
        pick().prop_map(|limitation| Step::Unlimit { limitation }),
        (person(), -2..20_i64, -2..20_i64).prop_map(|(person, start, end)| Step::Mark { person, start, end }),
        pick().prop_map(|marking| Step::Unmark { marking }),
        (person(), 0..18_u8).prop_map(|(person, code)| Step::Categorise { person, code }),
        (person(), 0..3_usize).prop_map(|(person, jobcenter)| Step::Move { person, jobcenter }),
        (0..24_usize, person(), pick(), 0..5_usize).prop_map(|(operation, person, identifier, authority)| {
            Step::Any { operation, person, identifier, authority }
        }),
    ]
}

/// What must be true, as simply as it can be said.
#[derive(Default)]
struct Model {
    /// Interviews with their person and participants, in order of registration.
    interviews: Vec<(usize, String, Vec<String>)>,
    /// Contact groups with their person, code and end in days.
    groups: Vec<(usize, String, u8, Option<i64>)>,
    limitations: Vec<(String, i64)>,
    /// Markings with their person and period in days.
    markings: Vec<(usize, String, (i64, i64))>,
    gone: HashSet<String>,
    moved: HashMap<usize, usize>,
}

const JOBCENTERS: [&str; 3] = ["15101", "10101", "46101"];

struct Run {
    client: Client,
    model: Model,
}

fn number(person: usize) -> String {
    format!("{CROWD_DATE}{person:04}")
}

impl Run {
    /// Calls for the person's own jobcentre; whatever refuses does so with a code that DFDG has.
    fn call(&mut self, person: usize, operation: &str, request: Element) -> Result<Element, String> {
        let home = JOBCENTERS[self.model.moved.get(&person).copied().unwrap_or(0)];
        self.client.acting_for(Organisation::Jobcenter, home);
        self.checked(operation, request)
    }

    fn checked(&self, operation: &str, request: Element) -> Result<Element, String> {
        let answer = self.client.call(operation, request);
        if let Err(code) = &answer {
            let known = code.parse().ok().and_then(|number| find(System::Dfdg, number));
            assert!(known.is_some(), "{operation} answered {code}");
            assert!(!matches!(code.as_str(), "1009" | "1011" | "1100"), "{operation} answered {code}");
        }
        answer
    }

    fn take(&mut self, step: &Step) {
        match *step {
            Step::Interview { person, hours, participants } => self.interview(person, hours, participants),
            Step::AddParticipant { person, interview } => self.add_participant(person, interview),
            Step::DeleteParticipant { person, interview, participant } => {
                self.delete_participant(person, interview, participant)
            }
            Step::OpenGroup { person, code, ends } => self.open_group(person, code, ends),
            Step::EndGroup { person, group, days } => self.end_group(person, group, days),
            Step::Limit { person, start, end } => self.limit(person, start, end),
            Step::Unlimit { limitation } => self.unlimit(limitation),
            Step::Mark { person, start, end } => self.mark(person, start, end),
            Step::Unmark { marking } => self.unmark(marking),
            Step::Categorise { person, code } => {
                let made = self.call(
                    person,
                    "CreatePersonCategory",
                    request(vec![cpr(&number(person)), category(&code.to_string())]),
                );
                assert!(made.is_err() || (4..=15).contains(&code) && code != 8);
            }
            Step::Move { person, jobcenter } => self.relocate(person, jobcenter),
            Step::Any { operation, person, identifier, authority } => {
                self.anything(operation, person, identifier, authority)
            }
        }
        assert!(self.client.sandbox.registrations() <= 10_000);
    }

    fn interview(&mut self, person: usize, ago: i64, count: usize) {
        let mut asked = with(interview(), "", text("InterviewTime", hours(ago)));
        if count > 0 {
            let participants = (0..count).map(|_| participant("Bo")).collect();
            asked = with(asked, "", Element::of("InterviewParticipantCollection", participants));
        }
        let made = self.call(person, "CreatePersonInterview", request(vec![cpr(&number(person)), asked]));
        // One in the afternoon: the seventh day back began 181 hours ago.
        assert_eq!(made.is_ok(), (-181..=0).contains(&ago), "{ago}");
        let Ok(answer) = made else { return };
        let collection =
            answer.child("InterviewParticipantCollection").map(|it| it.children.clone()).unwrap_or_default();
        let ids: Vec<String> = collection.iter().map(id).collect();
        assert_eq!(ids.iter().collect::<HashSet<_>>().len(), count);
        self.model.interviews.push((person, id(&answer), ids));
    }

    fn add_participant(&mut self, person: usize, interview: usize) {
        let Some((owner, interview_id, _)) = self.model.interviews.get(interview).cloned() else { return };
        let children =
            vec![cpr(&number(person)), text("PersonInterviewIdentifier", interview_id), participant("Bo")];
        match self.call(person, "AddInterviewParticipant", request(children)) {
            Ok(receipt) => {
                assert_eq!(owner, person);
                self.model.interviews[interview].2.push(id(&receipt));
            }
            Err(code) => assert!(owner != person && code == "8237"),
        }
    }

    fn delete_participant(&mut self, person: usize, interview: usize, participant: usize) {
        let Some((owner, interview_id, participants)) = self.model.interviews.get(interview).cloned() else {
            return;
        };
        let Some(participant_id) = participants.get(participant) else { return };
        let named = || {
            let identifier = text("MessageIdentifier", participant_id.clone());
            request(vec![
                cpr(&number(person)),
                identifier,
                text("PersonInterviewIdentifier", interview_id.clone()),
            ])
        };
        let deleted = self.call(person, "DeleteInterviewParticipant", named());
        assert_eq!(deleted.is_ok(), owner == person);
        if deleted.is_ok() {
            self.model.interviews[interview].2.remove(participant);
            assert_eq!(
                self.call(person, "DeleteInterviewParticipant", named()).err().as_deref(),
                Some("8197")
            );
        }
    }

    fn open_group(&mut self, person: usize, code: u8, ends: Option<i64>) {
        let mut group = contact_group(&number(person), &code.to_string());
        if let Some(end) = ends {
            group = with(group, "", text("ContactGroupEndTime", days(end)));
        }
        let open = self
            .model
            .groups
            .iter()
            .any(|(owner, .., end)| *owner == person && end.is_none_or(|end| end > 0));
        if let Ok(receipt) = self.call(person, "CreateContactGroup", request(vec![group])) {
            assert!(!open, "a second open contact group");
            self.model.groups.push((person, id(&receipt), code, ends));
        }
    }

    fn end_group(&mut self, person: usize, group: usize, end: i64) {
        let Some((owner, group_id, code, known_end)) = self.model.groups.get(group).cloned() else { return };
        let ended = with(
            contact_group(&number(person), &code.to_string()),
            "",
            text("ContactGroupEndTime", days(end)),
        );
        let others = self.model.groups.iter().enumerate().any(|(index, (other, .., end))| {
            index != group && *other == person && end.is_none_or(|end| end > 0)
        });
        let done = self.call(
            person,
            "UpdateContactGroup",
            request(vec![text("MessageIdentifier", group_id), ended]),
        );
        let expected = owner == person && end >= 0 && !(others && end > 0);
        assert_eq!(done.is_ok(), expected, "{done:?} {end} {known_end:?}");
        if done.is_ok() {
            self.model.groups[group].3 = Some(end);
        }
    }

    fn limit(&mut self, person: usize, start: i64, end: i64) {
        let limitation = with(health_limitation(&number(person)), "", text("StartDate", days(start)));
        let limitation = with(limitation, "", text("EndDate", days(end)));
        let made = self.call(person, "CreateHealthLimitation", request(vec![limitation]));
        assert_eq!(made.is_ok(), start >= 0 && end >= start);
        if let Ok(receipt) = made {
            self.model.limitations.push((id(&receipt), start));
        }
    }

    fn unlimit(&mut self, limitation: usize) {
        let Some((limitation_id, _)) = self.model.limitations.get(limitation).cloned() else { return };
        let request = || request(vec![text("MessageIdentifier", limitation_id.clone())]);
        let gone = self.model.gone.contains(&limitation_id);
        // The owner may have moved: any jobcentre may try, only the right one succeeds.
        let done = JOBCENTERS.map(|jobcenter| {
            self.client.acting_for(Organisation::Jobcenter, jobcenter);
            self.checked("DeleteHealthLimitation", request()).is_ok()
        });
        assert_eq!(done.iter().filter(|done| **done).count(), usize::from(!gone));
        self.model.gone.insert(limitation_id);
    }

    fn mark(&mut self, person: usize, start: i64, end: i64) {
        let period = with(marking(&number(person)), "", text("PersonGroupMarkingStartTime", days(start)));
        let period = with(period, "", text("PersonGroupMarkingEndTime", days(end)));
        let meets = |(owner, id, (other_start, other_end)): &(usize, String, (i64, i64))| {
            *owner == person && !self.model.gone.contains(id) && start <= *other_end && *other_start <= end
        };
        let expected = end >= start && !self.model.markings.iter().any(meets);
        let made = self.call(person, "CreatePersonGroupMarking", request(vec![period]));
        assert_eq!(made.is_ok(), expected);
        if let Ok(receipt) = made {
            self.model.markings.push((person, id(&receipt), (start, end)));
        }
    }

    fn unmark(&mut self, marking: usize) {
        let Some((owner, marking_id, (start, _))) = self.model.markings.get(marking).cloned() else { return };
        let done = self.call(
            owner,
            "DeletePersonGroupMarking",
            request(vec![text("MessageIdentifier", marking_id.clone())]),
        );
        assert_eq!(done.is_ok(), start >= 0 && !self.model.gone.contains(&marking_id));
        if done.is_ok() {
            self.model.gone.insert(marking_id);
        }
    }

    fn relocate(&mut self, person: usize, jobcenter: usize) {
        let target = Element::of(
            "UpdatePersonJobcenter",
            vec![cpr(&number(person)), text("JobCenterIdentifier", JOBCENTERS[jobcenter])],
        );
        self.call(person, "UpdatePersonJobcenter", request(vec![target])).unwrap();
        self.model.moved.insert(person, jobcenter);
    }

    /// Any operation of DFDG by anybody, about people whom the rest of the run leaves alone.
    fn anything(&mut self, operation: usize, person: usize, identifier: usize, authority: usize) {
        let name = operations()
            .filter(|name| !name.starts_with("Hent") && !name.starts_with("Indberet"))
            .nth(operation % 22)
            .unwrap();
        let identifier =
            self.model.interviews.get(identifier).map_or("20000000-0000-4000-8000-000000000001", |it| &it.1);
        let request = sample(name, &number(person + 5000), identifier, "10000002");
        let authorities = [
            (Organisation::Jobcenter, "15101"),
            (Organisation::Municipality, "151"),
            (Organisation::UnemploymentFund, "11"),
            (Organisation::ExternalOperator, "12345678"),
            (Organisation::Company, "1"),
        ];
        let (organisation, code) = authorities[authority];
        self.client.acting_for(organisation, code);
        let _ = self.checked(name, request);
    }
}

#[test]
fn random_operations_never_break_what_must_be_true() {
    let mut runner = TestRunner::new(Config { cases: 48, failure_persistence: None, ..Config::default() });
    let sequences = proptest::collection::vec(steps(), 60..150);
    runner
        .run(&sequences, |steps| {
            let mut run = Run { client: Client::new(), model: Model::default() };
            steps.iter().for_each(|step| run.take(step));
            Ok(())
        })
        .unwrap();
}

#[test]
fn calls_at_the_same_time_open_one_contact_group() {
    let client = Client::new();
    let opened = std::thread::scope(|scope| {
        let attempt = || client.code("CreateContactGroup", request(vec![contact_group(&number(1), "2")]));
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(attempt)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).filter(|code| code == "ok").count()
    });
    assert_eq!(opened, 1);
}
