//! The gateway from the outside: HTTP in front, a scripted SOAP upstream behind, the contract as the judge.

mod answers;
mod codes;
mod constraints;
mod cpr;
mod limits;
mod messages;
mod odd_xml;
mod order;
mod rights;
mod support;
mod times;
mod tokens;
mod wsdl_in_force;
mod youth;
