//! Walks one part of the core path many times, for callgrind, or times the bare RSA operation:
//! `load_core_path PART COUNT`. For `rsa` it prints the CPU microseconds of one signature.

#[path = "../core_path/mod.rs"]
mod core_path;

use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use jiff::Timestamp;
use rustls_pki_types::PrivateKeyDer;
use rustls_pki_types::pem::PemObject as _;
use ungebro::shape::value::Value;

use self::core_path::{Core, INTERVIEW_ANSWER, INTERVIEW_JSON, RECEIPT, contacts_answer, numbers};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(part), Some(count)) = (arguments.next(), arguments.next()) else {
        return Err("usage: load_core_path PART COUNT".into());
    };
    let count: usize = count.parse()?;
    if part == "rsa" {
        println!("{:.1}", rsa(count)?);
        return Ok(());
    }
    let core = Core::new();
    let hundred = numbers(100);
    let contacts = contacts_answer(&hundred);
    let interview: Vec<_> = core.validate(INTERVIEW_JSON).into_iter().map(Value::into_owned).collect();
    let answered = core.decode_interview(INTERVIEW_ANSWER);
    let now = Timestamp::now();
    for _ in 0..count {
        match part.as_str() {
            "validate" => drop(black_box(core.validate(black_box(INTERVIEW_JSON)))),
            "encode" => drop(black_box(core.encode(black_box(&interview), now))),
            "decode" => drop(black_box(core.decode_interview(black_box(INTERVIEW_ANSWER)))),
            "answer" => drop(black_box(core.answer(black_box(&answered)))),
            "receipt" => drop(black_box(core.decode_receipt(black_box(RECEIPT)))),
            "look-up" => drop(black_box(core.encode_look_up(black_box(&hundred)))),
            "contacts" => drop(black_box(core.decode_contacts(black_box(&contacts)))),
            _ => return Err("parts: validate encode decode answer receipt look-up contacts rsa".into()),
        }
    }
    Ok(())
}

/// Microseconds of an RSA 3072 signature; the least of several batches, which the machine's other work disturbed least.
fn rsa(count: usize) -> Result<f64, Box<dyn std::error::Error>> {
    let identity = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/signed/identities/rsa-3072.pem");
    let key = match PrivateKeyDer::from_pem_slice(&std::fs::read(identity)?)? {
        PrivateKeyDer::Pkcs1(der) => RsaKeyPair::from_der(der.secret_pkcs1_der())?,
        other => RsaKeyPair::from_pkcs8(other.secret_der())?,
    };
    let mut signature = vec![0; key.public_modulus_len()];
    let batch = count.div_ceil(20).max(1);
    let mut least = f64::INFINITY;
    for _ in 0..20 {
        let begun = Instant::now();
        for _ in 0..batch {
            key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), black_box(b"message"), &mut signature)?;
        }
        least = least.min(begun.elapsed().as_secs_f64() * 1e6 / batch as f64);
    }
    Ok(least)
}
