//! How much one caller may ask for, and what is told of it.

mod limits;
mod policy;

pub use limits::{Ask, RateLimits};
pub use policy::RateState;
