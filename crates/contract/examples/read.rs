//! Reads each path given and prints what is in it: `cargo run --example read -- PATH…`.

use std::path::Path;
use std::time::Instant;

use ungebro_contract::{Options, read};

fn main() {
    for path in std::env::args().skip(1) {
        let start = Instant::now();
        let wsdls = match read(Path::new(&path), &Options::default()) {
            Ok(wsdls) => wsdls,
            Err(error) => {
                println!("{path}\tREFUSED\t{error}");
                continue;
            }
        };
        for wsdl in &wsdls {
            let (mut carried, mut left_out) = (0, wsdl.left_out.len());
            for port in &wsdl.ports {
                carried += port.operations.len();
                left_out += port.left_out.len();
            }
            let spent = start.elapsed().as_millis();
            println!(
                "{path}\t{}\tports {}\tcarried {carried}\tleft out {left_out}\t{spent} ms",
                wsdl.name,
                wsdl.ports.len()
            );
            for (name, reason) in wsdl.ports.iter().flat_map(|port| &port.left_out).chain(&wsdl.left_out) {
                println!("\t{name}: {reason}");
            }
            for fault in &wsdl.faults {
                println!("\tfault {fault}");
            }
        }
    }
}
