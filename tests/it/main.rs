//! The gateway from the outside: HTTP in front, a scripted SOAP upstream behind, the contract as the judge.

mod answers;
mod architecture;
mod changes;
mod check;
mod check_command;
mod codes;
mod constraints;
mod cpr;
mod limits;
mod logs;
mod messages;
mod odd_xml;
mod openapi;
mod order;
mod pages;
mod reports;
mod rights;
mod rollover;
mod round_trip;
mod secured;
mod signed;
mod support;
mod times;
mod tokens;
mod wsdl_in_force;
mod youth;
