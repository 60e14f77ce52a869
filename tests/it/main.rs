//! The gateway from the outside: HTTP in front, a scripted SOAP upstream behind, the contract as the judge.

mod messages;
mod openapi;
mod pages;
mod support;
