//! Looks up the contact persons of several young people: which rows count, and who must be asked again.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::fetch::{Asking, Fetched};
use super::row::{Page, Says};
use crate::known::{NUMBERS_PER_CALL, ROWS_PER_ANSWER, RowsEach};
use crate::problem::Problem;
use crate::shape::value::Value;
use crate::soap::envelope::Malformed;
use crate::upstream::malformed;

/// What a call told about one young person.
pub(super) struct Person {
    /// The contact persons, each as the values of `CONTACT`'s members.
    pub(super) contacts: Result<Vec<Vec<Value<'static>>>, Problem>,
    /// The platform's id of the exchange.
    pub(super) correlation_id: Option<String>,
}

/// Into how many parts a batch is divided that the upstream refuses as a whole: one call and three make four.
const PARTS_OF_REFUSED: usize = 3;

/// What became of a look-up of several.
pub(super) struct Found {
    /// By CPR number.
    pub(super) people: BTreeMap<String, Person>,
    /// How many rows those had whose rows are complete.
    pub(super) rows_each: RowsEach,
}

/// One call to make.
struct Batch {
    numbers: Vec<String>,
    /// Whether it is part of a batch that was refused as a whole.
    part: bool,
    /// Whether it is asked again because an answer that was not full did not mention it.
    again: bool,
}

impl Asking {
    /// Asks about young people, at most `per_call` at once and in as few calls as the upstream's limits allow; answers
    /// for each number once.
    pub(super) async fn look_up(&self, numbers: impl IntoIterator<Item = String>, per_call: usize) -> Found {
        let numbers: Vec<String> = BTreeSet::from_iter(numbers).into_iter().collect();
        let batches = numbers.chunks(per_call.clamp(1, NUMBERS_PER_CALL));
        let mut waiting: VecDeque<Batch> = batches.map(|batch| Batch::first(batch.to_vec())).collect();
        let mut found = Found { people: BTreeMap::new(), rows_each: RowsEach::NONE };
        while let Some(batch) = waiting.pop_front() {
            let asked: Vec<&str> = batch.numbers.iter().map(String::as_str).collect();
            match self.about(&asked).await {
                Ok(fetched) => found.take(batch, fetched, &mut waiting),
                Err(problem) => found.refuse(batch, problem, &mut waiting),
            }
        }
        found
    }
}

impl Batch {
    fn first(numbers: Vec<String>) -> Self {
        Self { numbers, part: false, again: false }
    }
}

impl Found {
    /// Sorts an answer by person; whoever it does not settle is asked again.
    fn take(&mut self, batch: Batch, fetched: Fetched, waiting: &mut VecDeque<Batch>) {
        let Fetched { page, correlation_id } = fetched;
        let alone = batch.numbers.len() == 1;
        let mut rows = Rows::of(page, &batch.numbers);
        let unmentioned: Vec<String> =
            batch.numbers.iter().filter(|number| !rows.people.contains_key(*number)).cloned().collect();
        let full = rows.contacts >= ROWS_PER_ANSWER
            || (rows.count >= ROWS_PER_ANSWER && (rows.ends_with_contact || !unmentioned.is_empty()));
        match (full, alone) {
            (true, true) => {
                rows.people.clear();
                let number = batch.numbers.into_iter().next().unwrap_or_default();
                self.fail(number, "one person fills a whole answer");
            }
            (true, false) => {
                let unsettled = rows.unsettled(unmentioned);
                let first = Batch::first(unsettled.iter().cloned().collect());
                // Asking the same again would get the same: then each half is asked for itself.
                if first.numbers.len() == batch.numbers.len() {
                    let half = first.numbers.len() / 2;
                    waiting.push_back(Batch::first(first.numbers[..half].to_vec()));
                    waiting.push_back(Batch::first(first.numbers[half..].to_vec()));
                } else {
                    waiting.push_back(first);
                }
                rows.people.retain(|number, _| !unsettled.contains(number));
            }
            (false, _) => {
                for number in unmentioned {
                    if batch.again || alone {
                        self.fail(number, "a person who was asked about is not mentioned");
                    } else {
                        waiting.push_back(Batch { numbers: vec![number], part: true, again: true });
                    }
                }
            }
        }
        for (number, contacts) in rows.people {
            self.rows_each.saw(contacts.as_ref().map_or(0, Vec::len));
            self.people.insert(number, Person { contacts, correlation_id: correlation_id.clone() });
        }
    }

    /// A refused batch is asked again in parts, so that one person's fault touches only that person's part.
    fn refuse(&mut self, batch: Batch, problem: Problem, waiting: &mut VecDeque<Batch>) {
        if problem.senders_fault && !batch.part && batch.numbers.len() > 1 {
            let size = batch.numbers.len().div_ceil(PARTS_OF_REFUSED);
            let parts = batch.numbers.chunks(size);
            waiting.extend(parts.map(|part| Batch { numbers: part.to_vec(), part: true, again: false }));
            return;
        }
        for number in batch.numbers {
            let correlation_id = problem.correlation_id.clone();
            self.people.insert(number, Person { contacts: Err(problem.clone()), correlation_id });
        }
    }

    fn fail(&mut self, number: String, why: &'static str) {
        let problem = malformed(Malformed::Contradictory(why)).for_read();
        self.people.insert(number, Person { contacts: Err(problem), correlation_id: None });
    }
}

/// The rows of one answer, by person.
struct Rows {
    people: BTreeMap<String, Result<Vec<Vec<Value<'static>>>, Problem>>,
    count: usize,
    contacts: usize,
    /// A row that says something else is one person's only one, and cannot be cut.
    ends_with_contact: bool,
    last: Option<String>,
    scattered: bool,
}

impl Rows {
    /// Rows about people who were not asked about are dropped; a row without a number counts where one was asked about.
    fn of(page: Page, asked: &[String]) -> Self {
        let mut rows = Self {
            people: BTreeMap::new(),
            count: page.rows.len(),
            contacts: 0,
            ends_with_contact: page.rows.last().is_some_and(|row| matches!(row.says, Says::Contact(_))),
            last: None,
            scattered: false,
        };
        for row in page.rows {
            rows.contacts += usize::from(matches!(row.says, Says::Contact(_)));
            let number = match row.cpr {
                Some(cpr) if !cpr.is_empty() => cpr,
                _ if asked.len() == 1 => asked[0].clone(),
                _ => continue,
            };
            if asked.contains(&number) {
                rows.add(number, row.says);
            }
        }
        rows
    }

    fn add(&mut self, number: String, says: Says) {
        let seen = self.people.contains_key(&number);
        self.scattered |= seen && self.last.as_ref() != Some(&number);
        let known = self.people.entry(number.clone()).or_insert_with(|| Ok(Vec::new()));
        match says {
            Says::Contact(contact) => {
                if let Ok(contacts) = known {
                    contacts.push(contact);
                }
            }
            Says::Nothing => {}
            Says::Refused(problem) => *known = Err(problem.for_read()),
        }
        self.last = Some(number);
    }

    /// Whose rows a full answer may have cut off: the last one's, or anybody's where rows are not adjacent.
    fn unsettled(&self, unmentioned: Vec<String>) -> BTreeSet<String> {
        let mut unsettled = BTreeSet::from_iter(unmentioned);
        if self.scattered {
            unsettled.extend(self.people.keys().cloned());
        } else {
            unsettled.extend(self.last.clone());
        }
        unsettled
    }
}
