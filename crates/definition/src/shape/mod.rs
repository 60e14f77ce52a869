//! The JSON of a message, derived from a contract.
