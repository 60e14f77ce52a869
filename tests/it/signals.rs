//! What the system sends to a running process: none of it may cost an answer or a line of the trail.

use std::process::Command;

use crate::support::app::{App, token_for};
use crate::support::client::Call;
use crate::support::contract::route;
use crate::support::exchange::{CPR, usual_reply};
use crate::support::program::Program;
use crate::support::upstream::Upstream;

fn signal(name: &str, process: u32) {
    assert!(Command::new("kill").args([name, &process.to_string()]).status().unwrap().success());
}

/// The configuration is a named pipe, so that the program waits for it while it is starting.
#[tokio::test]
async fn a_hangup_while_starting_ends_nothing() {
    let upstream = Upstream::start().await;
    upstream.answers(usual_reply);
    let state = tempfile::tempdir().unwrap();
    let config = Program::configuration(&state, &upstream.url);
    let pipe = state.path().join("config.toml");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let mut command = Command::new(env!("CARGO_BIN_EXE_ungebro"));
    command.args(["serve", "--config"]).arg(&pipe);
    let starting = Program::spawn(state, &mut command);
    let process = starting.id();
    // Opens when the program has opened it, too.
    let mut writer =
        std::fs::File::options().write(true).open(starting.folder().join("config.toml")).unwrap();
    for _ in 0..3 {
        signal("-HUP", process);
    }
    std::io::Write::write_all(&mut writer, config.as_bytes()).unwrap();
    drop(writer);
    let program = starting.listening();
    let route = route("getYouthContacts");
    let client = App::client();
    let call = Call::new(&client, "GET", &program.url, &format!("/youth/{CPR}/contacts"));
    assert_eq!(call.bearer(&token_for(route).signed()).send().await.status, 200);
    program.end();
}

#[tokio::test]
async fn a_trail_at_the_file_size_limit_is_a_refusal_not_the_end() {
    let upstream = Upstream::start().await;
    upstream.answers(usual_reply);
    let state = tempfile::tempdir().unwrap();
    let file = state.path().join("config.toml");
    std::fs::write(&file, Program::configuration(&state, &upstream.url)).unwrap();
    let mut command = Command::new("sh");
    // Four blocks of 512 octets, or of 1024 in some shells.
    let script = "ulimit -f 4; exec \"$0\" serve --config \"$1\"";
    command.args(["-c", script, env!("CARGO_BIN_EXE_ungebro")]).arg(file);
    let program = Program::spawn(state, &mut command).listening();
    let client = App::client();
    let token = token_for(route("getYouthContacts")).signed();
    let mut refused = 0;
    for _ in 0..40 {
        let call = Call::new(&client, "GET", &program.url, &format!("/youth/{CPR}/contacts"));
        let answer = call.bearer(&token).send().await;
        if answer.status != 200 {
            assert_eq!(answer.refusal(), (503, "audit-unavailable".to_owned()));
            refused += 1;
        }
    }
    assert!((20..40).contains(&refused), "{refused} of 40");
    assert!(std::path::Path::new(&format!("/proc/{}", program.id())).exists());
    program.end();
}
