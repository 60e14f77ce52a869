//! A gateway between a client and three services that misbehave as a row of the matrix says.

use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::timeout;
use ungebro::config::Config;
use ungebro::services::{dfdg, udb};

use crate::hostile::{Answers, Hostile, Turn};
use crate::rows::{Executed, Fault, Row, Trust};
use crate::support::app::App;
use crate::support::client::Answer;
use crate::support::contract::{Route, route};
use crate::support::exchange::{Request, request, usual_reply};
use crate::support::nobody::nobody;
use crate::support::sample::Extent;
use crate::support::upstream::{Received, Reply};

/// Longer than any call takes that is not meant to wait.
const LONG: Duration = Duration::from_secs(30);
/// Longer than loopback takes for anything.
const A_MOMENT: Duration = Duration::from_millis(100);
/// How long one takes that is.
const SHORT: Duration = Duration::from_secs(2);
/// How many gateways are made at once: each keeps a processor busy while others count time.
static MAKING: Semaphore = Semaphore::const_new(2);

/// Calls that differ in how they are made again.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Kind {
    /// A write over SOAP 1.1.
    Interview,
    /// A write over SOAP 1.2.
    Report,
    /// A read by CPR number, which may be repeated.
    LookUp,
    /// A read that must not be: the upstream hands each row out once.
    Changes,
}

impl Kind {
    pub(crate) const ALL: [Self; 4] = [Self::Interview, Self::Report, Self::LookUp, Self::Changes];

    pub(crate) const WRITES: [Self; 2] = [Self::Interview, Self::Report];

    pub(crate) fn route(self) -> &'static Route {
        route(match self {
            Self::Interview => "createInterview",
            Self::Report => "reportYouth",
            Self::LookUp => "getYouthContacts",
            Self::Changes => "listYouthContactChanges",
        })
    }

    pub(crate) fn writes(self) -> bool {
        Self::WRITES.contains(&self)
    }

    /// How often a call is made in the face of a fault.
    pub(crate) fn attempts(self, row: &Row) -> usize {
        1 + usize::from(row.again && (self == Self::LookUp || row.executed == Executed::Not))
    }

    fn soap(self) -> &'static str {
        match self {
            Self::Interview => "1.1",
            Self::Report | Self::LookUp | Self::Changes => "1.2",
        }
    }
}

/// A gateway, and an upstream for all its services.
pub(crate) struct Scene {
    app: App,
    fault: Fault,
    tls: bool,
    trust: Arc<Trust>,
    place: Place,
    _folder: tempfile::TempDir,
}

/// Where the upstream is, or should be.
enum Place {
    Served(Hostile),
    /// The port is taken, and nobody listens.
    Nobody(TcpSocket),
    /// Somebody listens and takes no connection; some wait already.
    Full {
        listener: TcpListener,
        _waiting: Vec<TcpStream>,
    },
}

impl Scene {
    /// The upstream is healthy until it is told otherwise, unless nobody can reach it.
    pub(crate) async fn new(
        row: &Row,
        tls: bool,
        trust: &Arc<Trust>,
        change: impl FnOnce(&mut Config),
    ) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let place = match row.fault {
            Fault::Refused => Place::Nobody(nobody()),
            Fault::Full => full().await,
            _ => Place::Served(Hostile::serving(free().await, trust.well(tls, usual()))),
        };
        let port = match &place {
            Place::Served(upstream) => upstream.address.port(),
            Place::Nobody(socket) => socket.local_addr().unwrap().port(),
            Place::Full { listener, .. } => listener.local_addr().unwrap().port(),
        };
        let base = if tls { format!("https://localhost:{port}") } else { format!("http://127.0.0.1:{port}") };
        let patience = if row.waits { SHORT } else { LONG };
        let _making = MAKING.acquire().await.unwrap();
        let app = App::with(|config| {
            config.udb.as_mut().unwrap().hent_institution_kontakt =
                format!("{base}{}", udb::HENT_INSTITUTION_KONTAKT.path);
            config.udb.as_mut().unwrap().indberetning_kontakt_job_og_udd_oensker =
                format!("{base}{}", udb::INDBERETNING.path);
            config.dfdg.as_mut().unwrap().endpoint = format!("{base}{}", dfdg::SERVICE.path);
            for common in
                [&mut config.udb.as_mut().unwrap().common, &mut config.dfdg.as_mut().unwrap().common]
            {
                common.timeout = patience;
                common.connect_timeout = patience * 2 / 3;
                common.response_limit_bytes = 20_000;
                if tls {
                    common.tls.ca_file = Some(trust.authority.pem_file(folder.path()));
                    common.tls.identity = Some(trust.client.identity(folder.path()));
                }
            }
            change(config);
        })
        .await;
        Self { app, fault: row.fault, tls, trust: Arc::clone(trust), place, _folder: folder }
    }

    /// The next connections show the fault.
    pub(crate) fn break_down(&self, kind: Kind, times: usize) {
        let turn = self.trust.turn(self.fault, self.tls, kind.soap());
        self.next(turn.into_iter().cycle().take(times));
    }

    /// Plans the next connections.
    pub(crate) fn next(&self, turns: impl IntoIterator<Item = Turn>) {
        if let Place::Served(upstream) = &self.place {
            upstream.then(turns);
        }
    }

    /// Waits until the upstream has left the connections that it wanted to leave.
    pub(crate) async fn idle(&self) {
        tokio::time::sleep(A_MOMENT).await;
    }

    /// The upstream becomes what it should be.
    pub(crate) async fn recover(&mut self) {
        let well = self.trust.well(self.tls, usual());
        self.place = match std::mem::replace(&mut self.place, Place::Nobody(nobody())) {
            Place::Served(upstream) => Place::Served(upstream),
            Place::Nobody(socket) => Place::Served(Hostile::serving(socket.listen(16).unwrap(), well)),
            Place::Full { listener, .. } => {
                while timeout(A_MOMENT, listener.accept()).await.is_ok() {}
                Place::Served(Hostile::serving(listener, well))
            }
        };
    }

    /// Connections that the upstream took, and requests that it read.
    pub(crate) fn seen(&self) -> (usize, usize) {
        match &self.place {
            Place::Served(upstream) => (upstream.connections(), upstream.requests()),
            Place::Nobody(_) | Place::Full { .. } => (0, 0),
        }
    }

    pub(crate) async fn call(&self, kind: Kind, key: Option<&str>) -> Answer {
        let route = kind.route();
        let Request { path, body, .. } = request(route, Extent::Minimal);
        let mut call = self.app.call_of(route, &path);
        if kind.writes() {
            call = call.json(&body);
        }
        if let Some(key) = key {
            call = call.header("Idempotency-Key", key);
        }
        call.send().await
    }
}

/// What the upstreams answer when nothing is wrong.
pub(crate) fn usual() -> Answers {
    Arc::new(|body| {
        let received = Received { path: String::new(), headers: Default::default(), body: body.to_owned() };
        match usual_reply(&received) {
            Reply::Answer { body, .. } => ("text/xml; charset=utf-8", String::from_utf8(body).unwrap()),
            other => panic!("{other:?}"),
        }
    })
}

async fn free() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").await.unwrap()
}

async fn full() -> Place {
    let listener = nobody().listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    // Linux lets one more wait than it was told; a machine that is busy must not look like a queue that is full.
    let mut waiting = Vec::new();
    while waiting.len() < 2 {
        waiting.push(TcpStream::connect(address).await.unwrap());
    }
    while let Ok(stream) = timeout(A_MOMENT, TcpStream::connect(address)).await {
        waiting.push(stream.unwrap());
    }
    Place::Full { listener, _waiting: waiting }
}
