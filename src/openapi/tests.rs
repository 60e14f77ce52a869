//! The documents against the definitions and against themselves.
