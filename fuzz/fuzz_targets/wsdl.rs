//! A folder of WSDL and XSD files, read as a contract, and every route bound to it: what would be sent is XML.
//!
//! The input holds files behind each other, divided by NUL; each begins with a line that is its name.
#![no_main]

use libfuzzer_sys::fuzz_target;
use roxmltree::Document;
use ungebro::route::Compiled;
use ungebro::services;
use ungebro::shape::value::Value;
use ungebro::soap::schema::{Contract, load_str};
use ungebro_fuzz::setting;

fuzz_target!(|text: &str| {
    let files: Vec<_> = text.split('\0').filter_map(|file| file.split_once('\n')).collect();
    match load_str(&files, None) {
        Ok(contracts) => contracts.iter().for_each(bind),
        Err(error) => assert!(!error.to_string().contains('\n'), "{error}"),
    }
});

fn bind(contract: &Contract) {
    for spec in services::specs().filter(|spec| contract.operation(spec.operation).is_some()) {
        match Compiled::new(spec, contract, setting()) {
            Ok(compiled) => {
                for difference in &compiled.differences {
                    assert!(!difference.to_string().is_empty());
                }
                for template in compiled.wire.headers.iter().chain([&compiled.wire.request]) {
                    let mut message = Vec::new();
                    template.write(&Value::Object(Vec::new()), &mut message);
                    let message = String::from_utf8(message).expect("UTF-8");
                    Document::parse(&message).unwrap_or_else(|error| panic!("{error}: {message}"));
                }
            }
            Err(unworkable) => assert!(!unworkable.to_string().is_empty()),
        }
    }
}
