//! The change feed, followed as a reader of it would.

use std::collections::HashSet;

use jiff::SignedDuration;

use super::client::{Client, now};
use super::samples::changes;
use crate::sandbox::element::Element;
use crate::sandbox::world::feed::{HISTORY, LATE, MINUTES};
use crate::sandbox::world::utc;

fn since(rows_ago: i64) -> String {
    utc(now() - SignedDuration::from_mins(MINUTES * rows_ago + 1))
}

fn page(client: &Client, since: &str) -> (Vec<String>, bool, Option<String>) {
    let answer = client.call("HentInstitutionKontakt", changes(since)).unwrap();
    let rows = answer.children.iter().filter(|row| row.name == "ElevKontaktPerson");
    let numbers = rows.map(|row: &Element| row.value("CPRNr").unwrap().to_owned()).collect();
    let more = answer.value("FindesFlereKontaktPersoner") == Some("true");
    (numbers, more, answer.value("SenesteRegistrering").map(str::to_owned))
}

/// Follows the feed to its end: how many rows, and at how many pages the time did not move.
fn follow(client: &Client, start: &str) -> (usize, usize) {
    let (mut time, mut count, mut unmoved) = (start.to_owned(), 0, 0);
    for _ in 0..50 {
        let (rows, more, latest) = page(client, &time);
        assert!(rows.len() <= 100);
        count += rows.len();
        unmoved += usize::from(latest.as_deref() == Some(&time));
        time = latest.unwrap_or(time);
        if !more {
            return (count, unmoved);
        }
    }
    panic!("the feed does not end");
}

#[test]
fn the_whole_history_is_paged_by_a_hundred() {
    let client = Client::new();
    assert_eq!(follow(&client, &since(HISTORY as i64 + 1)), (HISTORY, 0));
}

#[test]
fn late_rows_come_first_and_the_time_does_not_move_while_there_are_many() {
    let client = Client::new();
    assert_eq!(follow(&client, &since(120)), (LATE + 120, 1));
}

#[test]
fn what_an_institution_has_fetched_late_does_not_come_again_until_reset() {
    let client = Client::new();
    let start = since(120);
    follow(&client, &start);
    assert_eq!(follow(&client, &start), (120, 0));
    client.sandbox.reset();
    assert_eq!(follow(&client, &start), (LATE + 120, 1));
}

#[test]
fn an_empty_page_has_no_time_and_the_rows_of_a_page_differ() {
    let client = Client::new();
    follow(&client, &since(0));
    assert_eq!(page(&client, &utc(now())), (Vec::new(), false, None));
    let (rows, ..) = page(&client, &since(100));
    assert!(rows.iter().collect::<HashSet<_>>().len() > 90);
}
