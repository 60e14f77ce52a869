//! The road of every call, a file a step: admit, read, claim, begin, send, settle, respond. Each step takes the value of
//! the step before; HTTP ends above it, XML begins below it.

mod admit;
mod begin;
mod claim;
pub mod event;
mod headers;
mod kept;
mod read;
mod reply;
mod request;
mod respond;
mod send;
mod settle;
mod supply;

pub use admit::{Admitted, admit};
pub use begin::{Begun, begin};
pub use claim::{Claimed, claim};
pub use read::Incoming;
pub use reply::Reply;
pub use request::{Headers, Request, RequestContext};
pub use respond::{Answer, CACHE_STATUS, CORRELATION_ID, Content, Location};
pub use send::send;
pub use settle::settle;
pub use supply::OnBehalf;
