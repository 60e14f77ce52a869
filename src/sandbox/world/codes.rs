//! Code-list values that the sandbox takes: those that are published, and inventions where none are.

/// Interview types (`InterviewTypeIdentifier`). 21, the rehabilitation team, is an invention: its number is not published.
pub(crate) const INTERVIEW_TYPES: [i64; 12] = [4, 7, 8, 9, 10, 11, 12, 13, 15, 17, 19, REHABILITATION_TEAM];
/// The type of the trial that is over.
pub(crate) const EXPIRED_INTERVIEW_TYPE: i64 = 20;
/// Follow-up interview.
pub(crate) const FOLLOW_UP: i64 = 4;
/// Meeting of the rehabilitation team (invented number).
pub(crate) const REHABILITATION_TEAM: i64 = 21;
/// Types for recipients of unemployment benefit only (guess).
pub(crate) const BENEFIT_ONLY: [i64; 2] = [17, 19];
/// Types in which more authorities meet (guess).
pub(crate) const JOINT: [i64; 3] = [17, 19, REHABILITATION_TEAM];
/// Contact types of interviews and participants; only 6 is published.
pub(crate) const CONTACT_TYPES: std::ops::RangeInclusive<i64> = 1..=6;
/// Participant types; none is published.
pub(crate) const PARTICIPANT_TYPES: std::ops::RangeInclusive<i64> = 1..=10;
/// Participation statuses; only 5 and 6 are published.
pub(crate) const PARTICIPATION_STATUSES: std::ops::RangeInclusive<i64> = 1..=6;
/// Contact group types; 9 is not in use.
pub(crate) fn is_contact_group_type(code: i64) -> bool {
    (1..=29).contains(&code) && code != 9
}
/// The group that a jobcentre may not create (invention).
pub(crate) const NOT_FOR_JOBCENTERS: i64 = 29;
/// The group that needs a CV number (invention).
pub(crate) const NEEDS_CV: i64 = 7;
/// "Not assessed".
pub(crate) const NOT_ASSESSED: i64 = 8;
/// Ready for work.
pub(crate) const READY_FOR_WORK: i64 = 4;
/// Ready for activity.
pub(crate) const READY_FOR_ACTIVITY: i64 = 5;
