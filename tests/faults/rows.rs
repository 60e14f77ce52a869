//! The faults, and what each becomes.

use std::sync::Arc;

use rustls::version::{TLS12, TLS13};

use crate::certificates::{ALWAYS, Authority, Certified};
use crate::hostile::{Answers, Does, Turn};
use crate::support::fault::{Blame, fault};

/// A fault and what follows from it.
pub(crate) struct Row {
    pub(crate) fault: Fault,
    /// The last part of the problem's type.
    pub(crate) problem: &'static str,
    /// What is known of a write.
    pub(crate) executed: Executed,
    /// Whether a look-up is tried once more.
    pub(crate) again: bool,
    /// Whether the upstream reads the request to its end.
    pub(crate) arrives: bool,
    /// Whether the fault lasts until a time is up.
    pub(crate) waits: bool,
    /// Whether the breaker counts it.
    pub(crate) counts: bool,
}

/// What an upstream does instead of serving.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Fault {
    /// Nobody listens.
    Refused,
    /// Its queue of connections is full: a new one is neither taken nor refused.
    Full,
    /// Another service than HTTP or TLS, or one that breaks off, before a request is made over HTTPS.
    Handshake(Does),
    /// What its certificate or its wishes for ours are.
    Certificate(Certificate),
    /// While it is asked or answers.
    Does(Does),
    /// Only over plain HTTP: below TLS there is no telling what has been read.
    Plainly(Does),
    /// An answer that is none, with a status.
    Answers(u16, Content),
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Certificate {
    OtherHost,
    UnknownAuthority,
    /// Ours is refused within the handshake of TLS 1.2.
    Refuses12,
    /// Ours is refused after the handshake of TLS 1.3 is over for us, when the request may be under way.
    Refuses13,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Content {
    Empty,
    Html,
    /// A fault without detail.
    BareFault(Blame),
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Executed {
    Not,
    Unknown,
}

impl Executed {
    pub(crate) fn outcome(self) -> &'static str {
        match self {
            Self::Not => "not-executed",
            Self::Unknown => "unknown",
        }
    }
}

/// Before anything of a request was written.
const fn before(fault: Fault) -> Row {
    Row {
        fault,
        problem: "upstream-unreachable",
        executed: Executed::Not,
        again: false,
        arrives: false,
        waits: false,
        counts: true,
    }
}

/// After that.
const fn after(fault: Fault, problem: &'static str) -> Row {
    Row { problem, executed: Executed::Unknown, arrives: true, ..before(fault) }
}

const fn reset(fault: Fault) -> Row {
    Row { again: true, ..after(fault, "upstream-unreachable") }
}

const fn stall(does: Does) -> Row {
    Row { waits: true, ..after(Fault::Does(does), "upstream-timeout") }
}

const fn unread(row: Row) -> Row {
    Row { arrives: false, ..row }
}

/// One long answer does not shut everybody out.
const fn too_large(does: Does) -> Row {
    Row { counts: false, ..after(Fault::Does(does), "upstream-malformed") }
}

const fn answers(status: u16, content: Content, problem: &'static str) -> Row {
    Row { again: status >= 500, ..after(Fault::Answers(status, content), problem) }
}

/// A ServerHello of TLS 1.1, with a cipher suite of that time; rustls cannot speak it itself.
const OLD_TLS: &[u8] = b"\x16\x03\x02\x00\x2a\x02\x00\x00\x26\x03\x02\
    01234567890123456789012345678901\x00\x00\x2f\x00";

/// One row for each fault.
pub(crate) const MATRIX: &[Row] = &[
    Row { again: true, ..before(Fault::Refused) },
    Row { waits: true, ..before(Fault::Full) },
    Row { again: true, ..before(Fault::Handshake(Does::ResetBefore)) },
    Row { again: true, ..before(Fault::Handshake(Does::ResetWithin)) },
    Row { waits: true, ..before(Fault::Handshake(Does::StallBefore)) },
    Row { waits: true, ..before(Fault::Handshake(Does::StallWithin)) },
    before(Fault::Handshake(Does::Says(b"HTTP/1.1 400 Bad Request\r\n\r\n"))),
    before(Fault::Handshake(Does::Says(OLD_TLS))),
    before(Fault::Certificate(Certificate::OtherHost)),
    before(Fault::Certificate(Certificate::UnknownAuthority)),
    before(Fault::Certificate(Certificate::Refuses12)),
    before(Fault::Certificate(Certificate::Refuses13)),
    unread(reset(Fault::Plainly(Does::ResetBefore))),
    unread(reset(Fault::Does(Does::ResetWithin))),
    reset(Fault::Does(Does::ResetAfter)),
    reset(Fault::Does(Does::ResetInAnswer)),
    reset(Fault::Does(Does::HalfClose)),
    unread(stall(Does::StallBefore)),
    unread(stall(Does::StallWithin)),
    stall(Does::StallAfter),
    stall(Does::StallInHead),
    stall(Does::StallInBody),
    stall(Does::Dribble),
    too_large(Does::Endless),
    too_large(Does::TooMuch),
    after(Fault::Does(Does::EndlessHead), "upstream-malformed"),
    after(Fault::Does(Does::Babble), "upstream-malformed"),
    after(Fault::Does(Does::Redirect), "upstream-malformed"),
    answers(200, Content::Empty, "upstream-malformed"),
    answers(200, Content::Html, "upstream-malformed"),
    // What is blamed on the request says nothing of the upstream's health.
    Row { counts: false, ..answers(404, Content::Html, "upstream-malformed") },
    answers(500, Content::Html, "upstream-malformed"),
    answers(502, Content::Html, "upstream-malformed"),
    answers(503, Content::Html, "upstream-malformed"),
    answers(503, Content::Empty, "upstream-malformed"),
    answers(500, Content::BareFault(Blame::Receiver), "upstream-rejected"),
    Row {
        again: false,
        counts: false,
        ..answers(500, Content::BareFault(Blame::Sender), "upstream-rejected")
    },
];

impl Row {
    /// Whether the upstream takes the connection.
    pub(crate) fn connects(&self) -> bool {
        !matches!(self.fault, Fault::Refused | Fault::Full)
    }

    /// Whether the same may succeed later by itself.
    pub(crate) fn passes(&self) -> bool {
        matches!(self.problem, "upstream-unreachable" | "upstream-timeout")
            || matches!(self.fault, Fault::Answers(_, Content::BareFault(Blame::Receiver)))
    }

    /// Over which of plain HTTP (false) and TLS (true) it is seen.
    pub(crate) fn over(&self) -> &'static [bool] {
        match self.fault {
            Fault::Refused | Fault::Full | Fault::Plainly(_) | Fault::Answers(..) => &[false],
            Fault::Handshake(_) | Fault::Certificate(_) => &[true],
            Fault::Does(_) => &[false, true],
        }
    }
}

/// The authorities of the upstreams over TLS, and of whom they do not know.
pub(crate) struct Trust {
    pub(crate) authority: Authority,
    /// The gateway.
    pub(crate) client: Certified,
    strangers: Authority,
}

impl Trust {
    pub(crate) fn new() -> Self {
        let authority = Authority::new("Everybody");
        let client = authority.client("gateway", ALWAYS);
        Self { authority, client, strangers: Authority::new("Strangers") }
    }

    /// As an upstream should be: it answers a call well, then ends the connection.
    pub(crate) fn well(&self, tls: bool, answers: Answers) -> Turn {
        Turn { answers: Some(answers), ..self.served(Does::AnswerOnce(200), tls) }
    }

    /// The connection on which a fault shows; none for faults that show on no connection.
    pub(crate) fn turn(&self, fault: Fault, tls: bool, soap: &'static str) -> Option<Turn> {
        let certified = |host, version, clients: &Authority, by: &Authority| Turn {
            tls: Some(by.server_config(host, version, Some(clients))),
            ..Does::AnswerOnce(200).into()
        };
        let (own, strangers) = (&self.authority, &self.strangers);
        Some(match fault {
            Fault::Refused | Fault::Full => return None,
            Fault::Handshake(does) => does.into(),
            Fault::Certificate(Certificate::OtherHost) => certified("example.dk", &TLS13, own, own),
            Fault::Certificate(Certificate::UnknownAuthority) => {
                certified("localhost", &TLS13, own, strangers)
            }
            Fault::Certificate(Certificate::Refuses12) => certified("localhost", &TLS12, strangers, own),
            Fault::Certificate(Certificate::Refuses13) => certified("localhost", &TLS13, strangers, own),
            Fault::Does(does) | Fault::Plainly(does) => self.served(does, tls),
            Fault::Answers(status, content) => Turn {
                answers: Some(Arc::new(move |_| content.text(soap))),
                ..self.served(Does::AnswerOnce(status), tls)
            },
        })
    }

    fn served(&self, does: Does, tls: bool) -> Turn {
        let authority = &self.authority;
        let tls = tls.then(|| authority.server_config("localhost", &TLS13, Some(authority)));
        Turn { tls, ..does.into() }
    }
}

impl Content {
    fn text(self, soap: &str) -> (&'static str, String) {
        match self {
            Self::Empty => ("text/plain", String::new()),
            Self::Html => {
                ("text/html", "<html><body><h1>Service Unavailable</h1><hr></body></html>".to_owned())
            }
            Self::BareFault(blame) => ("text/xml; charset=utf-8", fault(soap, blame, "It went wrong", "")),
        }
    }
}
