//! One process with the store in memory: it forgets its keys when it dies, but never sends one twice while it lives.

use std::collections::HashMap;

use crate::clients::Load;
use crate::counting::Upstream;
use crate::gateway::Gateway;
use crate::judge::{Promise, judge, lines};

#[test]
fn a_killed_process_loses_no_audit_line_and_nothing_that_it_acknowledged() {
    let (folder, upstream) = (tempfile::tempdir().unwrap(), Upstream::taking(20));
    let mut gateway = Gateway::start(folder.path(), "only", upstream.port, "store = \"memory\"");
    let load = Load::start(4, &[gateway.address()]);
    let rounds = crate::rounds();
    for _ in 0..rounds {
        crate::work_for_a_while(&upstream);
        gateway.kill_and_start();
        gateway.verify();
    }
    let writes = load.finish();
    gateway.verify();
    judge(rounds, Promise::OnceByEachProcess, &writes, &upstream, &[&gateway.trail()]);
}

#[test]
fn a_process_that_is_asked_to_end_under_load_begins_no_write_that_it_does_not_end() {
    let (folder, upstream) = (tempfile::tempdir().unwrap(), Upstream::taking(20));
    let mut gateway = Gateway::start(folder.path(), "only", upstream.port, "store = \"memory\"");
    let load = Load::start(8, &[gateway.address()]);
    let rounds = crate::rounds();
    for _ in 0..rounds {
        crate::work_for_a_while(&upstream);
        gateway.end_and_start();
        gateway.verify();
    }
    let writes = load.finish();
    gateway.verify();
    let mut open: HashMap<String, i32> = HashMap::new();
    for line in lines(&[&gateway.trail()]) {
        let step = match line["phase"].as_str().unwrap() {
            "begin" => 1,
            "end" => -1,
            _ => 0,
        };
        *open.entry(line["requestId"].as_str().unwrap().to_owned()).or_default() += step;
    }
    assert!(open.values().all(|open| *open == 0), "a begin line without its end");
    judge(rounds, Promise::OnceByEachProcess, &writes, &upstream, &[&gateway.trail()]);
}
