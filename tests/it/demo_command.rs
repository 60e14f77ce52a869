//! `ungebro demo` and `ungebro token` as a person starts them.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

fn ungebro(state: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ungebro"));
    command.env("UNGEBRO_STATE_DIR", state).args(arguments);
    command
}

/// A demo, ended with its test.
struct Demo {
    process: Child,
    base: String,
    token: String,
    /// Kept open: a demo that cannot print ends.
    _output: Box<dyn Iterator<Item = String> + Send>,
}

impl Demo {
    fn start(state: &Path) -> Self {
        let mut process = ungebro(state, &["demo", "--listen=127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines().map_while(Result::ok);
        let base = lines.next().expect("a demo that starts").rsplit(' ').next().unwrap().to_owned();
        let token = lines.find_map(|line| line.strip_prefix("export TOKEN=").map(str::to_owned)).unwrap();
        Self { process, base, token, _output: Box::new(lines) }
    }

    async fn report(&self, key: &str) -> reqwest::Response {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let request = client.post(format!("{}/youth/0506085001/reports", self.base)).bearer_auth(&self.token);
        let body =
            serde_json::json!({ "jobWishes": { "text": "Gartner", "registeredAt": "2026-11-20T10:00:00Z" } });
        request
            .header("Idempotency-Key", key)
            .header("Content-Type", "application/json")
            .body(body.to_string())
            .send()
            .await
            .unwrap()
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn said(output: &Output) -> String {
    [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text)).join("")
}

#[tokio::test]
async fn two_demos_stand_side_by_side_and_a_reset_forgets_keys() {
    let state = tempfile::tempdir().unwrap();
    let (demo, other) = (Demo::start(state.path()), Demo::start(state.path()));
    assert_eq!(other.report("key").await.status(), 200);
    let replayed = |answer: &reqwest::Response| answer.headers().contains_key("idempotency-replayed");
    assert!(!replayed(&demo.report("key").await));
    assert!(replayed(&demo.report("key").await));
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    assert_eq!(client.post(format!("{}/sandbox/reset", demo.base)).send().await.unwrap().status(), 204);
    let again = demo.report("key").await;
    assert_eq!((again.status().as_u16(), replayed(&again)), (200, false));
    assert!(replayed(&other.report("key").await), "the other demo keeps its own");
}

#[test]
fn a_taken_port_is_named_with_whom_to_ask() {
    let state = tempfile::tempdir().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let port = taken.local_addr().unwrap().port();
    for command in ["demo", "sandbox"] {
        let output = ungebro(state.path(), &[command, "--listen", &address]).output().unwrap();
        let said = said(&output);
        assert!(!output.status.success(), "{command}");
        assert!(said.contains(&address) && said.contains(&format!("ss -ltnp 'sport = :{port}'")), "{said}");
    }
}

#[test]
fn a_token_has_scopes_that_exist() {
    let state = tempfile::tempdir().unwrap();
    let listed = ungebro(state.path(), &["token", "--list"]).output().unwrap();
    let listed = said(&listed);
    for expected in ["youth.contacts.read", "getYouthContacts", "persons.interviews.write"] {
        assert!(listed.contains(expected), "{expected}: {listed}");
    }
    let with = |scope| {
        ungebro(state.path(), &["token", "--authority=jobcenter:15101", "--scope", scope]).output().unwrap()
    };
    assert!(with("youth.contacts.read").status.success());
    let refused = with("youth.contacts.read youth.contact.read");
    assert!(!refused.status.success());
    assert!(
        said(&refused).contains("youth.contact.read") && said(&refused).contains("--list"),
        "{}",
        said(&refused)
    );
}
