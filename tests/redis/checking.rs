//! What `ungebro check --connect` says of a Redis.

use std::fs;
use std::process::Command;

use crate::server::{FIT, Server};

/// The lines about the idempotency store.
fn said(server: &Server) -> Vec<String> {
    let config = format!(
        "[[auth.issuers]]\nissuer = \"https://idp.example.dk/\"\naudience = \"a\"\njwks_file = \"{dir}/jwks.json\"\n\
         [upstreams.udb]\nsystem_name = \"test\"\nhent_institution_kontakt = \"http://127.0.0.1:9\"\n\
         indberetning_kontakt_job_og_udd_oensker = \"http://127.0.0.1:9\"\n\
         [upstreams.dfdg]\nendpoint = \"http://127.0.0.1:9\"\n\
         [audit]\nfile = \"-\"\ncpr_hash_key_file = \"{dir}/key\"\n\
         [idempotency]\nstore = \"redis\"\nredis_url = \"redis://127.0.0.1:{port}\"\nencryption_key_file = \"{dir}/key\"\n",
        dir = server.folder.path().display(),
        port = server.port
    );
    server.file("jwks.json", "{\"keys\":[]}");
    let file = server.file("ungebro.toml", &config);
    let mut program = Command::new(env!("CARGO_BIN_EXE_ungebro"));
    let output = program.args(["check", "--connect", "--config"]).arg(&file).output().unwrap();
    fs::remove_file(file).unwrap();
    let lines = String::from_utf8(output.stdout).unwrap();
    lines.lines().filter(|line| line.contains("idempotency:")).map(str::to_owned).collect()
}

#[test]
fn it_tells_whether_redis_keeps_what_it_confirms() {
    assert_eq!(said(&Server::fit()), ["ok: idempotency: Redis keeps what it confirms"]);
    let late = said(&Server::with(&["--appendonly", "yes", "--maxmemory-policy", "noeviction"]));
    assert_eq!(late.len(), 1, "{late:?}");
    assert!(late[0].starts_with("warning: idempotency: Redis runs without appendfsync always"), "{late:?}");
    let forgets = said(&Server::with(&["--appendonly", "no"]));
    assert_eq!(forgets, ["error: idempotency: Redis must run with appendonly yes"]);
}

#[test]
fn it_tells_of_a_redis_that_is_away() {
    let mut server = Server::with(&FIT);
    server.kill();
    let away = said(&server);
    assert!(away.len() == 1 && away[0].starts_with("error: idempotency: Redis is away"), "{away:?}");
}
