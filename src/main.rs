//! The command `ungebro`; see [`ungebro::cli`].

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// A request makes some hundreds of small allocations, most of them freed on the thread that made them.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    ungebro::cli::run()
}
