//! What the core path costs: checking JSON, writing envelopes, reading answers, accepting tokens.

mod core_path;

use std::hint::black_box;
use std::time::Duration;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use jiff::Timestamp;
use ungebro::auth::{DevelopmentIssuer, DevelopmentToken, Verifier};
use ungebro::config::Auth;
use ungebro::shape::value::Value;

use self::core_path::{Core, INTERVIEW_ANSWER, INTERVIEW_JSON, RECEIPT, contacts_answer, numbers};

fn validate(bench: &mut Criterion) {
    let core = Core::new();
    bench.bench_function("validate an interview", |bencher| {
        bencher.iter(|| core.validate(black_box(INTERVIEW_JSON)));
    });
}

fn encode(bench: &mut Criterion) {
    let core = Core::new();
    let interview: Vec<_> = core.validate(INTERVIEW_JSON).into_iter().map(Value::into_owned).collect();
    let now = Timestamp::now();
    bench.bench_function("encode an interview", |bencher| {
        bencher.iter(|| core.encode(black_box(&interview), now));
    });
    let hundred = numbers(100);
    bench.bench_function("encode a look-up of 100 numbers", |bencher| {
        bencher.iter(|| core.encode_look_up(black_box(&hundred)));
    });
}

fn decode(bench: &mut Criterion) {
    let core = Core::new();
    bench.bench_function("decode a receipt", |bencher| {
        bencher.iter(|| core.decode_receipt(black_box(RECEIPT)));
    });
    bench.bench_function("decode an interview", |bencher| {
        bencher.iter(|| core.decode_interview(black_box(INTERVIEW_ANSWER)));
    });
    let contacts = contacts_answer(&numbers(100));
    bench.bench_function("decode 100 contact persons", |bencher| {
        bencher.iter(|| core.decode_contacts(black_box(&contacts)));
    });
    let interview = core.decode_interview(INTERVIEW_ANSWER);
    bench.bench_function("answer with an interview", |bencher| {
        bencher.iter(|| core.answer(black_box(&interview)));
    });
}

fn tokens(bench: &mut Criterion) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let folder = tempfile::tempdir().expect("a folder");
    let issuer = DevelopmentIssuer::open(folder.path()).expect("an issuer");
    let config = Auth::new(vec![issuer.configuration()]);
    let verifier = runtime.block_on(Verifier::start(&config)).expect("a verifier");
    let token = |subject: String| {
        let token = DevelopmentToken {
            subject,
            name: "Dev Eloper".to_owned(),
            scope: "persons.interviews.write".to_owned(),
            authorities: vec!["jobcenter:15101".parse().expect("an authority")],
            lifetime: Duration::from_secs(3600),
        };
        issuer.issue(&token, Timestamp::now()).expect("a token")
    };
    let now = Timestamp::now();
    let mut count = 0;
    bench.bench_function("a token never seen before (ES256)", |bencher| {
        let fresh = || {
            count += 1;
            token(format!("developer-{count}"))
        };
        let verify = |token: String| runtime.block_on(verifier.verify(&token, now));
        bencher.iter_batched(fresh, verify, BatchSize::SmallInput);
    });
    let known = token("developer".to_owned());
    bench.bench_function("a token that is remembered", |bencher| {
        bencher.iter(|| runtime.block_on(verifier.verify(black_box(&known), now)));
    });
}

criterion_group!(benches, validate, encode, decode, tokens);
criterion_main!(benches);
