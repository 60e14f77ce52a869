//! `ungebro sandbox` as a process of its own: it needs no file and makes none.

use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};

use crate::raw::request;

#[test]
fn the_sandbox_starts_in_an_empty_folder_that_cannot_be_written() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o555)).unwrap();
    let mut sandbox = Command::new(env!("CARGO_BIN_EXE_ungebro"))
        .args(["sandbox", "--listen=127.0.0.1:0"])
        .current_dir(folder.path())
        .env_clear()
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(sandbox.stdout.take().unwrap()).lines();
    let first = lines.next().unwrap().unwrap();
    let address = first.rsplit("http://").next().unwrap().trim_end_matches(':').parse().unwrap();
    let wsdl = request(address, "GET /9/PersonRegistrationService.svc?wsdl", &[], "");
    let page = request(address, "GET /sandbox", &[], "");
    sandbox.kill().unwrap();
    sandbox.wait().unwrap();
    assert_eq!((wsdl.status, page.status), (200, 200));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}
