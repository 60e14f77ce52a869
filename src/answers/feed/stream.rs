//! The change feed as one stream of lines: two pages in memory at most, whatever its length.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use tokio::task::{JoinHandle, yield_now};

use super::{FetchedPage, Position, audit, fetch, write_item};
use crate::call::event::Event;
use crate::call::{Admitted, Answer, Content};
use crate::problem::{Problem, names};

/// Where a stream is between two pages.
struct Reader {
    admitted: Arc<Admitted>,
    event: Event,
    position: Position,
    /// The page at `position`, when it is being fetched already.
    ahead: Option<JoinHandle<Result<FetchedPage, Problem>>>,
}

/// All pages as lines, the next page being asked for when the client has taken the one before.
///
/// It is asked for earlier only where the time moved: a page whose time did not move exists once, and would be lost
/// with a client that goes away before it is told of it. No page is asked for where the admitted may be shown nobody more,
/// and one that was is shown whole, so that the limit loses nobody.
pub(super) fn of_pages(admitted: Admitted, event: Event, start: Position) -> Answer {
    let reader = Reader { admitted: Arc::new(admitted), event, position: start, ahead: None };
    let lines = stream::unfold(Some(reader), |reader| async move {
        let (lines, reader) = reader?.next_page().await;
        Some((Bytes::from(lines), reader))
    });
    let headers = vec![("cache-control", "no-store".to_owned())];
    Answer { status: 200, headers, content: Content::Lines(lines.boxed()), rate: None }
}

impl Reader {
    /// The lines of the next page, and the reader after it; none after the last.
    async fn next_page(mut self) -> (Vec<u8>, Option<Self>) {
        let fetched = match self.ahead.take() {
            Some(ahead) => {
                ahead.await.unwrap_or_else(|_| Err(Problem::own(names::INTERNAL_ERROR).for_read()))
            }
            None => {
                // Lets the connection write out the page before, and notice a client that is gone.
                yield_now().await;
                match self.admitted.may_be_shown_persons(&self.event).await {
                    Ok(()) => fetch(&self.admitted, &self.position).await,
                    Err(problem) => return (self.failure(&problem.for_read()), None),
                }
            }
        };
        match audit(&self.admitted, &self.event, &fetched).await.and(fetched) {
            Ok(fetched) => {
                self.admitted.was_shown(fetched.people().len());
                self.after(fetched)
            }
            Err(problem) => (self.failure(&problem), None),
        }
    }

    fn after(mut self, fetched: FetchedPage) -> (Vec<u8>, Option<Self>) {
        let mut lines = Vec::with_capacity(256 * (fetched.page.rows.len() + 1));
        for row in &fetched.page.rows {
            write_item(&self.admitted, row, &mut lines);
            lines.push(b'\n');
        }
        match fetched.next {
            Some(next) if fetched.page.more => {
                let moved = self.position.moved_to(&next);
                self.position = Position::After(next);
                let ahead = moved && self.admitted.has_persons_left().is_ok();
                self.ahead = ahead.then(|| self.fetch_ahead());
                (lines, Some(self))
            }
            next => {
                let last = serde_json::json!({ "end": true, "nextCursor": next.map(|cursor| cursor.text) });
                lines.extend_from_slice(last.to_string().as_bytes());
                lines.push(b'\n');
                (lines, None)
            }
        }
    }

    fn fetch_ahead(&self) -> JoinHandle<Result<FetchedPage, Problem>> {
        let (admitted, position) = (Arc::clone(&self.admitted), self.position.clone());
        tokio::spawn(async move { fetch(&admitted, &position).await })
    }

    /// The last line of a stream that failed: why, and where to go on.
    fn failure(&self, problem: &Problem) -> Vec<u8> {
        let mut last = serde_json::json!({ "problem": self.admitted.problem_document(problem) });
        if let Position::After(cursor) = &self.position {
            last["nextCursor"] = cursor.text.as_str().into();
        }
        format!("{last}\n").into_bytes()
    }
}
