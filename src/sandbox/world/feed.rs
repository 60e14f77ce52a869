//! The history of contact persons: what changed since a time, a hundred rows at a time.
//!
//! Rows that were registered late lie before the time that a reader has reached. As long as more than a hundred of
//! them wait for an institution, the answer's time does not move (interface description, `SenesteRegistering`).

use std::collections::{HashMap, HashSet, VecDeque};

use jiff::{SignedDuration, Timestamp};

use super::cast::{CAST, CROWD_DATE, Contacts};
use super::contacts::Contact;
use super::utc;
use super::youth::{ROWS, answer, code_row};
use crate::sandbox::element::Element;
use crate::sandbox::moment::whole_second;

/// How many rows the history has.
pub(crate) const HISTORY: usize = 640;
/// How many of the oldest were registered late.
pub(crate) const LATE: usize = 150;
/// Minutes between two rows; the newest is this old when the world is made.
pub(crate) const MINUTES: i64 = 90;
/// How many institution numbers are remembered.
const READERS: usize = 1000;

#[derive(Debug)]
struct Row {
    at: Timestamp,
    cpr: String,
    late: bool,
}

/// The history, and which late rows each institution has fetched.
#[derive(Debug)]
pub(crate) struct Feed {
    rows: Vec<Row>,
    fetched: HashMap<String, HashSet<usize>>,
    oldest_reader_first: VecDeque<String>,
}

impl Feed {
    /// The history up to a time.
    pub(crate) fn new(now: Timestamp) -> Self {
        let rows = (0..HISTORY)
            .map(|number| {
                let age = SignedDuration::from_mins(MINUTES * (HISTORY - number) as i64);
                Row {
                    at: whole_second(now.saturating_sub(age).unwrap_or(now)),
                    cpr: subject(number),
                    late: number < LATE,
                }
            })
            .collect();
        Self { rows, fetched: HashMap::new(), oldest_reader_first: VecDeque::new() }
    }

    /// The page for an institution that has everything up to `since`.
    ///
    /// `asked` is `since` as the request wrote it; a time that does not move is given back in the same words.
    pub(crate) fn page(&mut self, institution: &str, since: Timestamp, asked: &str) -> Element {
        let fetched = self.reader(institution).clone();
        let waits = |(number, row): &(usize, &Row)| row.late && row.at <= since && !fetched.contains(number);
        let mut page: Vec<usize> =
            self.rows.iter().enumerate().filter(waits).map(|(number, _)| number).collect();
        let unmoved = page.len() > ROWS;
        let newer = self.rows.iter().enumerate().filter(|(_, row)| row.at > since);
        page.extend(newer.map(|(number, _)| number));
        let more = page.len() > ROWS;
        page.truncate(ROWS);
        let newest = page.iter().map(|number| self.rows[*number].at).max();
        let latest =
            newest.map(|newest| if unmoved || newest < since { asked.to_owned() } else { utc(newest) });
        let rows = page.iter().map(|number| self.row(*number)).collect();
        let late = page.into_iter().filter(|number| self.rows[*number].late).collect::<Vec<_>>();
        self.reader(institution).extend(late);
        answer(more, latest, rows)
    }

    /// The last rows of the history; nobody counts as having fetched them.
    pub(crate) fn newest(&self, count: usize) -> Element {
        let rows = (self.rows.len() - count..self.rows.len()).map(|number| self.row(number)).collect();
        answer(false, self.rows.last().map(|row| utc(row.at)), rows)
    }

    fn reader(&mut self, institution: &str) -> &mut HashSet<usize> {
        if !self.fetched.contains_key(institution) {
            self.oldest_reader_first.push_back(institution.to_owned());
            if self.oldest_reader_first.len() > READERS
                && let Some(oldest) = self.oldest_reader_first.pop_front()
            {
                self.fetched.remove(&oldest);
            }
        }
        self.fetched.entry(institution.to_owned()).or_default()
    }

    fn row(&self, number: usize) -> Element {
        let row = &self.rows[number];
        // Now and then somebody has left the subscription since.
        if number % 97 == 96 {
            return code_row(&row.cpr, 68);
        }
        Contact::new(&format!("Kontaktperson nr. {number}"), number).row(&row.cpr)
    }
}

/// Whom a row concerns: the crowd, and now and then somebody with a name.
fn subject(number: usize) -> String {
    let named: Vec<&str> =
        CAST.iter().filter(|it| it.subscribed && it.youth == Some(Contacts::One)).map(|it| it.cpr).collect();
    match number % 50 {
        7 => named[number / 50 % named.len()].to_owned(),
        _ => format!("{CROWD_DATE}{number:04}"),
    }
}
