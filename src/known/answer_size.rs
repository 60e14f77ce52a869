//! How many people a call may ask about so that its answer is not full, learned from what answers held.
//!
//! A full answer cannot be trusted to be whole: whoever stands last in it is asked about again, which costs a call.

/// The most numbers that one call may name.
pub const NUMBERS_PER_CALL: usize = 100;

/// The most contact persons in one answer; more are cut off (interface description, section 4).
pub const ROWS_PER_ANSWER: usize = 100;

/// The most rows of an answer that is not full.
const ROWS_WITH_ROOM: f64 = (ROWS_PER_ANSWER - 1) as f64;

/// After so many people the past weighs half: habits of schools change with the school year, not with the hour.
const PEOPLE_REMEMBERED: f64 = 1000.0;

/// How many contact persons people had, in all and squared.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RowsEach {
    people: f64,
    rows: f64,
    squares: f64,
}

impl RowsEach {
    /// Nobody was seen.
    pub const NONE: Self = Self { people: 0.0, rows: 0.0, squares: 0.0 };

    /// One more person had so many rows.
    pub fn saw(&mut self, rows: usize) {
        let rows = rows as f64;
        *self =
            Self { people: self.people + 1.0, rows: self.rows + rows, squares: self.squares + rows * rows };
    }

    /// Both together, the earlier ones fading.
    pub fn then(self, later: Self) -> Self {
        let weight = 0.5_f64.powf(later.people / PEOPLE_REMEMBERED);
        Self {
            people: self.people * weight + later.people,
            rows: self.rows * weight + later.rows,
            squares: self.squares * weight + later.squares,
        }
    }

    /// The most people of whom an answer usually has room left, by mean and two standard deviations; of nobody seen
    /// as many as have one row each.
    pub fn people_per_call(self) -> usize {
        if self.people < 1.0 {
            return ROWS_WITH_ROOM as usize;
        }
        let mean = (self.rows / self.people).max(f64::EPSILON);
        let deviation = (self.squares / self.people - mean * mean).max(0.0).sqrt();
        // people * mean + 2 * sqrt(people) * deviation = room, solved for sqrt(people).
        let root = ((deviation * deviation + mean * ROWS_WITH_ROOM).sqrt() - deviation) / mean;
        // A hair more than the root's square, lest 98.999… of 99 be 98.
        let people = (root * root + 1e-6) as usize;
        // A hundred refusals, one row each, are no full answer; with a contact person at the end they would be one.
        people.clamp(1, if self.rows > 0.0 { ROWS_WITH_ROOM as usize } else { NUMBERS_PER_CALL })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn each(rows: &[usize]) -> RowsEach {
        let mut each = RowsEach::NONE;
        rows.iter().for_each(|rows| each.saw(*rows));
        each
    }

    #[test]
    fn the_usual_answer_has_room() {
        for (rows, people) in [
            (&[][..], 99),
            (&[1; 50], 99),
            (&[3; 20], 33),
            (&[99], 1),
            (&[250], 1),
            (&[0; 30], 100),
            (&[0, 1, 0, 1, 0, 0, 0, 0], 99),
        ] {
            assert_eq!(each(rows).people_per_call(), people, "{rows:?}");
        }
        assert!((30..50).contains(&each(&[0, 4, 1, 3, 2, 2]).people_per_call()));
    }

    #[test]
    fn what_was_long_ago_fades() {
        let mut seen = each(&[5; 1000]);
        for _ in 0..20 {
            seen = seen.then(each(&[1; 1000]));
        }
        assert!(seen.people_per_call() > 95);
    }
}
