//! x

pub mod soap;
