//! The configuration file: every text is read, or all that is wrong with it is named.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ungebro::config::Config;

const ROUTES: [&str; 3] = ["getYouthContacts", "reportYouth", "createInterview"];

fuzz_target!(|text: &str| {
    if let Err(faults) = Config::parse::<String, String>(text, [], &ROUTES) {
        assert!(!faults.to_string().is_empty());
    }
});
