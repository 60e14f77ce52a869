//! What is registered before anybody calls: interviews, groups, limitations, markings, bookings and projects of the cast.

use jiff::{Timestamp, ToSpan};

use super::caller::{Caller, Organisation};
use super::cast::{CAST, HOME_JOBCENTER};
use super::local;
use super::registry::{Category, ContactGroup, GroupMarking, HealthLimitation, Interview, Registry};
use crate::types::time::{danish_day, danish_zone};

/// A registration, booking or project that is there from the start.
pub(crate) struct Preset {
    pub(crate) id: &'static str,
    pub(crate) cpr: &'static str,
    pub(crate) about: (&'static str, &'static str),
    what: What,
}

/// Days are counted from the day on which the world was made; negative ones lie before it.
enum What {
    Interview {
        day: i64,
        interview_type: i64,
        with_more_authorities: bool,
        participants: &'static [&'static str],
    },
    Category {
        day: i64,
    },
    HealthLimitation {
        start: i64,
        end: Option<i64>,
    },
    GroupMarking {
        project: &'static str,
        start: i64,
        end: Option<i64>,
        by: (Organisation, &'static str),
    },
    Booking,
    Project {
        start: i64,
        end: Option<i64>,
    },
}

const MADS: &str = "0708850001";
const NORA: &str = "0708850002";
pub(crate) const OPEN_PROJECT: &str = "40000000-0000-4000-8000-000000000001";
const BOUNDED_PROJECT: &str = "40000000-0000-4000-8000-000000000002";
const JOBCENTER: (Organisation, &str) = (Organisation::Jobcenter, "15101");
const FUND: (Organisation, &str) = (Organisation::UnemploymentFund, "11");

const fn preset(
    id: &'static str,
    cpr: &'static str,
    what: What,
    english: &'static str,
    danish: &'static str,
) -> Preset {
    Preset { id, cpr, about: (english, danish), what }
}

/// Everything that is there from the start besides the open contact groups, whose identifiers [`contact_group_id`] gives.
pub(crate) const PRESETS: &[Preset] = &[
    preset(
        "20000000-0000-4000-8000-000000000001",
        MADS,
        What::Interview {
            day: -3,
            interview_type: 7,
            with_more_authorities: false,
            participants: &["21000000-0000-4000-8000-000000000001", "21000000-0000-4000-8000-000000000002"],
        },
        "interview of type 7 held three days ago; participants 21000000-0000-4000-8000-000000000001 and -000000000002",
        "samtale af type 7 holdt for tre dage siden; deltagere 21000000-0000-4000-8000-000000000001 og -000000000002",
    ),
    preset(
        "20000000-0000-4000-8000-000000000002",
        NORA,
        What::Interview {
            day: -2,
            interview_type: 19,
            with_more_authorities: true,
            participants: &["21000000-0000-4000-8000-000000000003"],
        },
        "joint interview of type 19 held two days ago; participant 21000000-0000-4000-8000-000000000003",
        "fælles samtale af type 19 holdt for to dage siden; deltager 21000000-0000-4000-8000-000000000003",
    ),
    preset(
        "20000000-0000-4000-8000-000000000003",
        MADS,
        What::HealthLimitation { start: -20, end: None },
        "health limitation that has begun: its start cannot change (4647), it cannot be deleted (4668)",
        "helbredsbegrænsning, der er begyndt: starten kan ikke ændres (4647), og den kan ikke slettes (4668)",
    ),
    preset(
        "20000000-0000-4000-8000-000000000004",
        MADS,
        What::HealthLimitation { start: -60, end: Some(-30) },
        "health limitation that has ended: its end cannot change (4748), it cannot be deleted (4743)",
        "helbredsbegrænsning, der er ophørt: slutningen kan ikke ændres (4748), og den kan ikke slettes (4743)",
    ),
    preset(
        "20000000-0000-4000-8000-000000000005",
        MADS,
        What::HealthLimitation { start: 5, end: Some(40) },
        "health limitation that begins in five days: it can be changed and deleted",
        "helbredsbegrænsning, der begynder om fem dage: den kan ændres og slettes",
    ),
    preset(
        "20000000-0000-4000-8000-000000000006",
        MADS,
        What::GroupMarking { project: OPEN_PROJECT, start: -10, end: Some(10), by: JOBCENTER },
        "group marking that has begun: it cannot be deleted (4668)",
        "gruppemarkering, der er begyndt: den kan ikke slettes (4668)",
    ),
    preset(
        "20000000-0000-4000-8000-000000000007",
        NORA,
        What::GroupMarking { project: BOUNDED_PROJECT, start: 3, end: Some(20), by: FUND },
        "group marking made by fund 11 that begins in three days: jobcentre 15101 and the fund may change it, others not (9407)",
        "gruppemarkering fra a-kasse 11, der begynder om tre dage: jobcenter 15101 og a-kassen må ændre den, andre ikke (9407)",
    ),
    preset(
        "20000000-0000-4000-8000-000000000008",
        "0708850013",
        What::Category { day: -10 },
        "category registered ten days ago: an earlier one is refused (8192)",
        "kategori registreret for ti dage siden: en tidligere afvises (8192)",
    ),
    preset(
        "20000000-0000-4000-8000-000000000009",
        MADS,
        What::HealthLimitation { start: 50, end: Some(60) },
        "health limitation that begins in fifty days: it can be changed and deleted",
        "helbredsbegrænsning, der begynder om halvtreds dage: den kan ændres og slettes",
    ),
    preset(
        "20000000-0000-4000-8000-000000000010",
        "0708850013",
        What::GroupMarking { project: BOUNDED_PROJECT, start: 30, end: Some(40), by: JOBCENTER },
        "group marking that begins in thirty days: it can be changed and deleted",
        "gruppemarkering, der begynder om tredive dage: den kan ændres og slettes",
    ),
    preset("30000000-0000-4000-8000-000000000001", MADS, What::Booking, "booking", "indkaldelse"),
    preset("30000000-0000-4000-8000-000000000002", NORA, What::Booking, "booking", "indkaldelse"),
    preset(
        OPEN_PROJECT,
        "",
        What::Project { start: -365, end: None },
        "group project since a year ago, without end",
        "gruppeprojekt siden for et år siden, uden slutning",
    ),
    preset(
        BOUNDED_PROJECT,
        "",
        What::Project { start: -30, end: Some(60) },
        "group project from 30 days ago to 60 days ahead",
        "gruppeprojekt fra for 30 dage siden til om 60 dage",
    ),
];

/// The identifier of the contact group that a person of the cast is in from the start.
pub(crate) fn contact_group_id(cpr: &str) -> String {
    format!("22000000-0000-4000-8000-00{cpr}")
}

/// The person whose booking this is.
pub(crate) fn booking(id: &str) -> Option<&'static str> {
    PRESETS.iter().find(|it| it.id == id && matches!(it.what, What::Booking)).map(|it| it.cpr)
}

/// The presets at the time at which a world was made.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Presets {
    made: Timestamp,
}

impl Presets {
    pub(crate) fn new(made: Timestamp) -> Self {
        Self { made }
    }

    /// When the world was made.
    pub(crate) fn made(&self) -> Timestamp {
        self.made
    }

    /// Danish midnight at the start of a day, so that whoever reads the list can write the very same time.
    pub(crate) fn day(&self, days: i64) -> Timestamp {
        self.at(days, 0)
    }

    /// An hour of a day, Danish time.
    pub(crate) fn at(&self, days: i64, hour: i8) -> Timestamp {
        let day = danish_day(self.made).saturating_add(days.days());
        danish_zone().to_zoned(day.at(hour, 0, 0, 0)).map_or(self.made, |time| time.timestamp())
    }

    /// From when and until when a group project runs.
    pub(crate) fn project(&self, id: &str) -> Option<(Timestamp, Option<Timestamp>)> {
        PRESETS.iter().find(|it| it.id == id).and_then(|it| match it.what {
            What::Project { start, end } => Some((self.day(start), end.map(|end| self.day(end)))),
            _ => None,
        })
    }

    /// The times that an update must repeat, from first to last.
    pub(crate) fn times(&self, preset: &Preset) -> String {
        let period = |start, end: Option<i64>| {
            let end = end.map_or_else(String::new, |end| local(self.day(end)));
            format!("{} – {end}", local(self.day(start)))
        };
        match preset.what {
            What::Interview { day, .. } => local(self.at(day, 10)),
            What::Category { day } => local(self.day(day)),
            What::HealthLimitation { start, end }
            | What::GroupMarking { start, end, .. }
            | What::Project { start, end } => period(start, end),
            What::Booking => String::new(),
        }
    }

    /// Registers everything that is there from the start.
    pub(crate) fn fill(&self, registry: &mut Registry) {
        let home = Caller { organisation: Organisation::Jobcenter, code: HOME_JOBCENTER.to_string() };
        for person in CAST {
            if let Some(group_type) = person.contact_group {
                let start = self.day(-90);
                let group =
                    ContactGroup { group_type: group_type.into(), event: Some(start), start, end: None };
                registry.add(contact_group_id(person.cpr), person.cpr, &home, group);
            }
        }
        for preset in PRESETS {
            self.register(preset, &home, registry);
        }
    }

    fn register(&self, preset: &Preset, home: &Caller, registry: &mut Registry) {
        let (id, cpr) = (preset.id.to_owned(), preset.cpr);
        match preset.what {
            What::Interview { day, interview_type, with_more_authorities, participants } => {
                let participants = participants.iter().map(|&id| id.to_owned()).collect();
                let time = self.at(day, 10);
                registry.add(
                    id,
                    cpr,
                    home,
                    Interview { interview_type, time, with_more_authorities, participants },
                );
            }
            What::Category { day } => registry.add(id, cpr, home, Category { incident: self.day(day) }),
            What::HealthLimitation { start, end } => {
                let end = end.map(|end| self.day(end));
                registry.add(id, cpr, home, HealthLimitation { start: self.day(start), end });
            }
            What::GroupMarking { project, start, end, by: (organisation, code) } => {
                let by = Caller { organisation, code: code.to_owned() };
                let end = end.map(|end| self.day(end));
                let project = project.to_owned();
                registry.add(id, cpr, &by, GroupMarking { project, start: self.day(start), end });
            }
            What::Booking | What::Project { .. } => {}
        }
    }
}
