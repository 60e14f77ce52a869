//! Look-ups of one authority share calls: whoever comes while four are under way is in the next.

use std::sync::Arc;

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use bytes::Bytes;

use super::batch::Person;
use super::fetch::Asking;
use crate::call::Admitted;
use crate::known::{Contacts, Document, Joined, Known, Looked, Source};
use crate::problem::{Problem, names};
use crate::services::udb::row::CONTACT;
use crate::shape::write;
use crate::telemetry::metrics::{self, CacheResult};
use crate::telemetry::spans;
use crate::telemetry::trace_context::Origin;
use crate::types::Cpr;
use crate::types::text::write_json_string;

/// The contact persons of young people, in the order asked; repeats are answered each time.
///
/// `fresh` goes around what is remembered. Whoever goes away neither cancels a call nor repeats it; a look-up that no
/// call has been made for is forgotten with the last who waited for it.
pub(super) async fn contacts_of(admitted: &Admitted, numbers: &[Cpr], fresh: bool) -> Vec<Looked> {
    let (gateway, authority) = (admitted.gateway(), admitted.who().authority);
    let contacts = &gateway.contacts;
    let numbers: Vec<String> = numbers.iter().map(|cpr| cpr.as_str().to_owned()).collect();
    let recalled = |number: &String| contacts.recall(authority, number).filter(|_| !fresh);
    let mut looked: Vec<Option<Looked>> = numbers.iter().map(recalled).collect();
    let missing: Vec<usize> = (0..numbers.len()).filter(|index| looked[*index].is_none()).collect();
    if !missing.is_empty() {
        let asked: Vec<String> = missing.iter().map(|index| numbers[*index].clone()).collect();
        let (joined, started) = contacts.join(authority, &asked, fresh);
        for _ in 0..started {
            let turn = Turn {
                asker: Asking::of(admitted),
                origin: Some(Origin::here()),
                asking: Vec::new(),
                ended: false,
            };
            gateway.tasks.spawn(turn.run());
        }
        for (index, joined) in missing.into_iter().zip(joined) {
            looked[index] = Some(match joined {
                Joined::Known(looked) => looked,
                Joined::Waiting { answer, source } => {
                    Looked { known: answer.await.unwrap_or_else(|_| lost()), source }
                }
            });
        }
    }
    let looked: Vec<Looked> = looked.into_iter().flatten().collect();
    count(&looked, fresh);
    looked
}

/// What was told of a person, ready to be sent.
fn known(asker: &Asking, number: &str, person: Person) -> Arc<Known> {
    let result = person.contacts.map(|contacts| {
        let mut json = Vec::with_capacity(64 + 160 * contacts.len());
        json.extend_from_slice(b"{\"cpr\":");
        write_json_string(number, &mut json);
        json.extend_from_slice(b",\"contacts\":[");
        for (index, contact) in contacts.iter().enumerate() {
            if index > 0 {
                json.push(b',');
            }
            write::object(CONTACT.members, contact, &mut json);
        }
        json.extend_from_slice(b"]}");
        let tag = hmac::sign(&asker.gateway.cursor_key, &[b"etag", &json[..]].concat());
        let tag = format!("\"{}\"", BASE64.encode(&tag.as_ref()[..16]));
        Document { json: Bytes::from(json), tag, empty: contacts.is_empty() }
    });
    Arc::new(Known { result, correlation_id: person.correlation_id })
}

fn count(looked: &[Looked], fresh: bool) {
    let (mut hits, mut misses, mut collapsed) = (0, 0, 0);
    for looked in looked {
        match looked.source {
            Source::Hit { .. } => hits += 1,
            Source::Miss => misses += 1,
            Source::Collapsed => collapsed += 1,
        }
    }
    metrics::cache(CacheResult::Hit, hits);
    metrics::cache(if fresh { CacheResult::Bypass } else { CacheResult::Miss }, misses);
    metrics::cache(CacheResult::Collapsed, collapsed);
}

fn lost() -> Arc<Known> {
    Arc::new(Known { result: Err(Problem::own(names::INTERNAL_ERROR).for_read()), correlation_id: None })
}

/// One of the calls that an authority may have under way; asks batch after batch until nobody waits.
struct Turn {
    /// Whose look-up is in the first call; later ones are made for others.
    asker: Asking,
    origin: Option<Origin>,
    asking: Vec<String>,
    ended: bool,
}

impl Turn {
    async fn run(mut self) {
        loop {
            self.asking = self.contacts().next_batch(&self.asker.authority);
            if self.asking.is_empty() {
                self.ended = true;
                return;
            }
            let origin = self.origin.take().unwrap_or_else(|| Origin::own(spans::gather()));
            let numbers = self.asking.clone();
            let per_call = numbers.len();
            let found = origin.follow(self.asker.look_up(numbers, per_call)).await;
            self.contacts().learn(&self.asker.authority, found.rows_each);
            for (number, person) in found.people {
                self.asking.retain(|asked| *asked != number);
                let known = known(&self.asker, &number, person);
                self.contacts().publish(&self.asker.authority, &number, &known);
            }
            self.let_go();
        }
    }

    fn contacts(&self) -> &Contacts {
        &self.asker.gateway.contacts
    }

    /// Whoever still waits for what was asked about gets no answer.
    fn let_go(&mut self) {
        for number in std::mem::take(&mut self.asking) {
            drop(self.contacts().callers(&self.asker.authority, &number));
        }
    }
}

impl Drop for Turn {
    /// A turn that was cut short (shutdown, a panic) leaves nobody waiting for it.
    fn drop(&mut self) {
        self.let_go();
        if !self.ended {
            self.contacts().cut_short(&self.asker.authority);
        }
    }
}
