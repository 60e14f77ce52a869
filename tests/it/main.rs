//! The gateway from the outside: HTTP in front, a scripted SOAP upstream behind, the contract as the judge.

mod answers;
mod architecture;
mod cache;
mod changes;
mod check;
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
mod round_trip;
mod secured;
mod sharing;
mod stress;
mod support;
mod times;
mod tokens;
mod wsdl_in_force;
mod youth;
