//! The gateway's HTTP edge from outside: limits, browsers, hostile clients, start and end.

mod alone;
mod attacks;
mod browsers;
mod gateway;
mod health;
mod limits;
mod panics;
mod paths;
mod raw;
mod shutdown;
mod slow;
mod tls;
