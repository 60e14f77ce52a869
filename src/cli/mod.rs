//! The commands: each parses what it needs, builds, runs, and says how it ended.

mod audit;
mod check;
mod demo;
mod openapi;
mod routes;
mod sandbox;
mod serve;
mod signals;
mod token;

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

/// REST/JSON gateway in front of the SOAP services of Ungedatabasen and DFDG.
#[derive(Debug, Parser)]
#[command(name = "ungebro", version, about, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Gateway, sandbox upstreams and a token issuer in one process; needs no configuration.
    Demo(demo::DemoCommand),
    /// The gateway.
    Serve(serve::Serve),
    /// The simulated upstreams alone, as SOAP over HTTP.
    Sandbox(sandbox::SandboxCommand),
    /// A development token for a running demo.
    Token(token::Token),
    /// Prints the OpenAPI document.
    Openapi(openapi::Openapi),
    /// Prints the URL tree: every route with its method, operation, scopes and kinds of authority.
    Routes(routes::Routes),
    /// Says everything that is wrong with a configuration, its certificates and its WSDLs.
    Check(check::Check),
    /// Checks the audit trail, or lists one person's look-ups.
    Audit(audit::Audit),
    /// Prints a completion script for a shell.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
}

/// Runs the command that the arguments name.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    // One provider of cryptography for everything in the process.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    match arguments.command {
        Command::Demo(demo) => in_runtime(demo.run()),
        Command::Serve(serve) => in_runtime(serve.run()),
        Command::Sandbox(sandbox) => in_runtime(sandbox.run()),
        Command::Token(token) => finish(token.run()),
        Command::Openapi(openapi) => finish(openapi.run()),
        Command::Routes(routes) => finish(routes.run()),
        Command::Check(check) => in_runtime(check.run()),
        Command::Audit(audit) => audit.run(),
        Command::Completions { shell } => {
            clap_complete::generate(shell, &mut Arguments::command(), "ungebro", &mut std::io::stdout());
            ExitCode::SUCCESS
        }
    }
}

/// Why a command failed, in lines for a person.
type Failure = Box<dyn std::error::Error>;

/// Why an address cannot be listened on, and whom to ask.
fn cannot_listen(address: SocketAddr, error: &std::io::Error) -> String {
    let port = address.port();
    match error.kind() {
        ErrorKind::AddrInUse => format!(
            "{address}: another program listens on port {port}; `ss -ltnp 'sport = :{port}'` says which. Stop it, or choose another address"
        ),
        ErrorKind::PermissionDenied => {
            format!("{address}: this user may not listen on port {port}; choose one from 1024 on")
        }
        _ => format!("{address}: {error}"),
    }
}

fn in_runtime(command: impl Future<Output = Result<(), Failure>>) -> ExitCode {
    finish(actix_web::rt::System::new().block_on(command))
}

fn finish(result: Result<(), Failure>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::FAILURE
        }
    }
}

/// The operationIds, which `[routes]` may name.
fn route_ids() -> Vec<&'static str> {
    crate::services::specs().map(|spec| spec.id).collect()
}
