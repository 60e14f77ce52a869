//! The gateway from the outside: HTTP in front, a scripted SOAP upstream behind, the contract as the judge.

mod codes;
mod constraints;
mod limits;
mod messages;
mod order;
mod rights;
mod support;
mod tokens;
mod wsdl_in_force;
