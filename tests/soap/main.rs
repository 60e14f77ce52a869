//! Messages without HTTP: what is written for a schema, and what is read of an answer.

mod envelopes;
mod mutations;
mod reading;
mod writing;
