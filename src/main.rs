//! The command `ungebro`; see [`ungebro::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    ungebro::cli::run()
}
