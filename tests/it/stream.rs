//! The feed as a stream, and clients that take their time: what is fetched ahead, what never, and how much at most.

use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

use crate::support::app::App;
use crate::support::contract::route;
use crate::support::exchange::{CPR, hent_svar, usual_reply};
use crate::support::token::Token;
use crate::support::upstream::Reply;

/// The time that every client here asks from.
const SINCE: &str = "2026-01-01T00:00:00.000Z";
/// More than the system buffers of a connection on its way to a client that reads nothing.
const HUGE: usize = 8 << 20;

/// A feed of so many pages, each of so many octets; its times move or stand still.
async fn feed(pages: usize, size: usize, moving: bool) -> App {
    let app =
        App::with(|config| config.udb.as_mut().unwrap().common.response_limit_bytes = HUGE + (1 << 20)).await;
    let next = AtomicUsize::new(1);
    app.upstream.answers(move |received| {
        if received.message().text_of("SidenSidst").is_none() {
            return usual_reply(received);
        }
        let page = next.fetch_add(1, Ordering::Relaxed);
        let time = if moving { format!("2026-01-01T00:00:{page:02}Z") } else { SINCE.to_owned() };
        let row = format!(
            "<ElevKontaktPerson><CPRNr>{CPR}</CPRNr><KontaktPerson>Side {page} {}</KontaktPerson></ElevKontaktPerson>",
            "x".repeat(size)
        );
        Reply::message("1.2", &hent_svar(page < pages, Some(&time), vec![row]))
    });
    app
}

/// A client that has the beginning of the stream and reads on when it is told to.
async fn begin(app: &App) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(1 << 16).unwrap();
    let address = app.url.strip_prefix("http://").unwrap();
    let mut client = socket.connect(address.parse().unwrap()).await.unwrap();
    let token = Token::caseworker("youth.contacts.changes.read", "jobcenter:15101").signed();
    let request = format!(
        "GET /youth/contacts?since={SINCE} HTTP/1.1\r\nHost: {address}\r\nAccept: application/x-ndjson\r\n\
         Authorization: Bearer {token}\r\n\r\n"
    );
    client.write_all(request.as_bytes()).await.unwrap();
    read_until(&mut client, "Side 1").await;
    client
}

/// Reads until a text has come.
async fn read_until(client: &mut TcpStream, text: &str) {
    let mut kept = String::new();
    let mut buffer = vec![0; 1 << 18];
    while !kept.contains(text) {
        // The text may come in two parts.
        kept.drain(..kept.len().saturating_sub(text.len()));
        let count = client.read(&mut buffer).await.unwrap();
        assert!(count > 0, "the stream ended before {text}");
        kept.push_str(std::str::from_utf8(&buffer[..count]).unwrap());
    }
}

/// How many pages were asked for, once calls that came later were answered.
async fn pages_asked_for(app: &App) -> usize {
    for _ in 0..10 {
        let path = format!("/youth/{CPR}/contacts");
        assert_eq!(app.call_of(route("getYouthContacts"), &path).send().await.status, 200);
    }
    app.upstream.count(|received| received.message().text_of("SidenSidst").is_some())
}

/// The same when it has not grown for a while, in which a page could have been read several times.
async fn pages_asked_for_at_last(app: &App) -> usize {
    let (mut pages, mut seen) = (0, 0);
    while seen < 20 {
        let now = pages_asked_for(app).await;
        seen = if now == pages { seen + 1 } else { 0 };
        pages = now;
    }
    pages
}

#[tokio::test]
async fn one_page_is_fetched_ahead_where_the_time_moved() {
    let app = feed(4, HUGE, true).await;
    let mut client = begin(&app).await;
    assert_eq!(pages_asked_for_at_last(&app).await, 2);
    read_until(&mut client, "\"end\":true").await;
    assert_eq!(pages_asked_for(&app).await, 4);
}

#[tokio::test]
async fn a_page_whose_time_stands_still_waits_for_the_client() {
    let app = feed(3, HUGE, false).await;
    let mut client = begin(&app).await;
    for page in 1..3 {
        assert_eq!(pages_asked_for_at_last(&app).await, page);
        read_until(&mut client, &format!("Side {}", page + 1)).await;
    }
    read_until(&mut client, "\"end\":true").await;
    assert_eq!(pages_asked_for(&app).await, 3);
}

#[tokio::test]
async fn a_page_whose_time_stands_still_is_not_fetched_for_a_client_that_went_away() {
    let app = feed(3, HUGE, false).await;
    drop(begin(&app).await);
    assert_eq!(pages_asked_for_at_last(&app).await, 1);
}

#[tokio::test]
async fn a_slow_client_slows_the_upstream() {
    const PAGES: usize = 20;
    for moving in [true, false] {
        let app = feed(PAGES, HUGE / 8, moving).await;
        let mut client = begin(&app).await;
        let asked_for = pages_asked_for_at_last(&app).await;
        // What the system buffers, one that is being sent, one ahead.
        assert!(asked_for <= 12, "{asked_for} pages for a client that takes none");
        read_until(&mut client, "\"end\":true").await;
        assert_eq!(pages_asked_for(&app).await, PAGES);
    }
}
